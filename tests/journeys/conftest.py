"""A real server with the seeded demo, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

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


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory):
    """`govern demo` as a user starts it, on its own instance folder; yields its address."""
    instance = tmp_path_factory.mktemp("demo-instance")
    port = free_port()
    command = [sys.executable, "-m", "govern", "demo", "--port", str(port), "--instance", str(instance)]
    env = {k: v for k, v in os.environ.items() if not k.startswith("GOVERN_")}
    with (instance / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_up(f"http://127.0.0.1:{port}/sign-in", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


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
def visitor(browser, demo_server):
    """Makes visitors; closes their windows afterwards."""
    made = []

    def make(**options):
        made.append(Visitor(browser, demo_server, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
