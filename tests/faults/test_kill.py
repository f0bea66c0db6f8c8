"""kill -9 of the server while 16 clients cast ballots: what was acknowledged is there, once; the record checks out."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from secrets import token_hex
from urllib.parse import urlencode, urlsplit

import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from govern import config, database
from govern.accounts.models import SignInSession
from govern.accounts.queries import token_hash
from govern.app import create_app
from govern.bodies.models import Body
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import SYSTEM
from govern.votes.actions import adopt_profile, draft_motion, open_vote, prepare_vote
from govern.votes.models import Ballot, Elector
from tests import factories
from tests.journeys.conftest import free_port, wait_until_up

ELECTORS = 320
CLIENTS = 16
KILL_AFTER = 60
SECRET = "k" * 40
RULE = {
    "criteria": [{"name": "members", "count": "heads", "base": "cast", "threshold": "1/2", "comparison": "more_than"}],
    "quorum": [],
}


def environment(instance):
    base = {key: value for key, value in os.environ.items() if not key.startswith("GOVERN_")}
    return base | {"GOVERN_INSTANCE": str(instance), "GOVERN_SECRET_KEY": SECRET}


def serve(instance, port):
    command = [sys.executable, "-m", "govern", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(instance), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until_up(f"http://127.0.0.1:{port}/help", process)
    return process


def run(instance, *arguments):
    command = [sys.executable, "-m", "govern", *arguments]
    return subprocess.run(command, env=environment(instance), capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def room(tmp_path):
    """An installation with one open vote; yields its id and the (cookie, form token) of every delegate."""
    assert run(tmp_path, "upgrade").returncode == 0
    app = create_app(config.load({"GOVERN_INSTANCE": str(tmp_path), "GOVERN_SECRET_KEY": SECRET}))
    database.set_mode(database.WRITE)
    with app.app_context():
        factories.cluster()
        category = factories.category(in_college=factories.college())
        people = [factories.delegate(factories.member(category)) for _ in range(ELECTORS)]
        body = factories.body()
        profile = adopt_profile(
            SYSTEM,
            code="plain",
            name="Plain",
            body=db.session.get(Body, body.id),
            rule=RULE,
            counting="heads",
            opening_days=14,
            review_days=0,
            source="test",
            in_force_from=(clock.now() - timedelta(days=9)).date(),
        )
        motion = draft_motion(SYSTEM, title="A motion", text="Text.", mover="Board", subjects=[])
        vote = prepare_vote(SYSTEM, motion, profile)
        open_vote(SYSTEM, vote, closes_at=clock.now() + timedelta(days=3))
        pairs = [sign_in(app, person) for person in people]
        vote_id = vote.id
        db.session.commit()
        yield vote_id, pairs
        db.session.remove()
        db.engine.dispose()


def sign_in(app, person):
    """A browser's cookie and form token for ``person``."""
    token, raw, now = token_hex(16), token_hex(20), clock.now()
    db.session.add(
        SignInSession(
            token_hash=token_hash(token),
            user_id=person.id,
            hat_key="",
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    cookie = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": raw})
    return f"govern={cookie}", URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw)


def cast(address, vote_id, pair, choice):
    """POST one ballot; True when the server acknowledged it."""
    body = urlencode({"choice": choice, "csrf_token": pair[1]})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": pair[0]}
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    try:
        connection.request("POST", f"/votes/{vote_id}/ballots", body, headers)
        return connection.getresponse().status == 303
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def test_no_acknowledged_ballot_is_lost_to_a_kill(room, tmp_path):
    vote_id, pairs = room
    port = free_port()
    address = urlsplit(f"http://127.0.0.1:{port}")
    server = serve(tmp_path, port)
    acknowledged, lock = {}, threading.Lock()

    def client(number):
        for index in range(number, ELECTORS, CLIENTS):
            choice = ("yes", "no", "abstain")[index % 3]
            if cast(address, vote_id, pairs[index], choice):
                with lock:
                    acknowledged[index] = choice

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    while len(acknowledged) < KILL_AFTER and time.monotonic() < end:
        time.sleep(0.005)
    server.send_signal(signal.SIGKILL)
    server.wait()
    for thread in threads:
        thread.join()
    assert KILL_AFTER <= len(acknowledged) < ELECTORS

    again = serve(tmp_path, port)
    try:
        assert cast(address, vote_id, pairs[ELECTORS - 1], "yes")
    finally:
        again.terminate()
        again.wait(20)
    acknowledged[ELECTORS - 1] = "yes"
    electors = select(Elector.id).where(Elector.vote_id == vote_id).order_by(Elector.member_id)
    ids = db.session.scalars(electors).all()
    stored = {row.elector_id: row.choice.value for row in db.session.scalars(select(Ballot))}
    assert {ids[index]: choice for index, choice in acknowledged.items()}.items() <= stored.items()
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == len(stored)
    db.session.rollback()
    found = run(tmp_path, "check")
    assert found.returncode == 0, found.stderr
