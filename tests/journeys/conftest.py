"""A real server with the seeded demo, and a real browser."""

import email
import email.policy
import os
import re
import shutil
import socket
import threading
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from govern import config, database
from govern.accounts.queries import list_representatives
from govern.app import create_app
from govern.cli.work import run_round
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.members.models import Member
from govern.votes.actions import cast_by_key
from govern.votes.rules import Choice

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-core-*/axe.min.js"))
ARGUMENTS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(url, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer in {seconds} s")


class House:
    """The seeded demo behind a real server in this process, with a clock that can be put forward."""

    def __init__(self, folder, monkeypatch):
        self.ahead = timedelta()
        self.folder = folder
        real = clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.ahead)
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        env = {"GOVERN_INSTANCE": str(folder), "GOVERN_SECRET_KEY": "t" * 40, "GOVERN_ORIGIN": self.address}
        self.app = create_app(config.load(env, mode=config.DEMO))
        self.server = create_server(self.app, host="127.0.0.1", port=port, threads=4)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def work(self):
        """One round of the worker."""
        assert run_round(self.app) == []

    def mails(self):
        """Texts of all mails that are due, however many rounds of work they take."""
        sent = -1
        while sent < (sent := len(list((self.folder / "mail").glob("*.eml")))):
            self.work()
        return [path.read_text() for path in sorted((self.folder / "mail").glob("*.eml"))]

    def cast(self, code, vote_id, choice):
        """A ballot of member ``code`` by its delegate, as its browser would send it."""
        with self.app.app_context():
            database.set_mode(database.WRITE)
            member = db.session.scalar(select(Member).where(Member.code == code))
            rows = list_representatives(member.id, clock.today("Europe/Lisbon"))
            user = next(person for appointment, person in rows if appointment.role is Role.DELEGATE)
            actor = Actor(
                user_id=user.id,
                name=user.name,
                hat=HatKind.MEMBER,
                hat_key=f"member:{member.id}",
                label=member.name,
                roles=frozenset({Role.DELEGATE}),
                member_id=member.id,
            )
            cast_by_key(actor, vote_id, Choice(choice))
            db.session.commit()

    def stop(self):
        self.server.close()
        self.thread.join(10)
        with self.app.app_context():
            db.engine.dispose()


@pytest.fixture
def house(demo_file, tmp_path, monkeypatch):
    """The demo, served; every test has a copy of its own."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_file.parent, folder)
    made = House(folder, monkeypatch)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        reason = "Chromium is not installed (apt-get install chromium)"
        if os.environ.get("GOVERN_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


class Visitor:
    """One person at one browser window: signs in, walks, and has every page checked."""

    def __init__(self, browser, address, *, width=1280, javascript=True, dark=False):
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 844},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.javascript = javascript
        self.page = self.context.new_page()
        self.noise = []
        self.page.on("console", lambda message: self.noise.append(message.text) if message.type != "info" else None)
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.set_default_timeout(10_000)

    def goto(self, path):
        self.page.goto(self.address + path)
        self.check()
        return self.page

    def sign_in(self, name):
        """With the demo's one-press sign-in."""
        self.page.goto(self.address + "/sign-in")
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()
        self.check()
        return self

    def follow_mailed_link(self, house, address):
        """Without a password: ask for a link, open the mail, press the button."""
        page = self.goto("/sign-in")
        page.get_by_label("E-mail").fill(address)
        self.press("E-mail me a link")
        mail = next(text for text in reversed(house.mails()) if address in text)
        plain = email.message_from_string(mail, policy=email.policy.default).get_body(("plain",)).get_content()
        self.goto(re.search(r"/sign-in/link/\S+", plain).group(0))
        self.press("Sign in")

    def press(self, name, *, role="button", exact=False):
        """Press a button or link, then check the page it leads to."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.check()

    def check(self):
        """No console message, no axe violation, no sideways scrolling."""
        noise = [text for text in self.noise if "status of 4" not in text]
        assert not noise, f"{self.page.url}: {noise}"
        self.noise.clear()
        if not self.javascript:
            return
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{self.page.url} scrolls sideways by {wide} px"
        found = axe(self.page)
        assert not found, f"{self.page.url}: {found}"

    def close(self):
        self.context.close()


def axe(page):
    """axe-core's violations as short texts. Evaluated by the browser's debugger, so the page's CSP stays strict."""
    page.evaluate(AXE.read_text() + "; 0")
    levels = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']"
    result = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], runOnly: {levels}}})")
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in result["violations"]]


@pytest.fixture
def visitor(browser, house):
    """Makes visitors; closes their windows afterwards."""
    made = []

    def make(**options):
        made.append(Visitor(browser, house.address, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
