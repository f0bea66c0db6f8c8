"""What a signed-in person's browser sends: the session cookie signed with the application's key, and a CSRF token."""

import hashlib
import os
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from govern.accounts.queries import load_signed_in


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an open session; ``token`` is what the cookie holds."""

    user_id: int
    token: str


class Browsers:
    """Makes cookies and forms for many people, as signing in and reading a page would."""

    def __init__(self, app: Flask, anybody: Person) -> None:
        """``anybody`` is signed in once through the application, to see what it keeps in the cookie."""
        self.name = app.config["SESSION_COOKIE_NAME"]
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        if serializer is None:
            raise RuntimeError("the application has no secret key")
        self.sign = serializer.dumps
        with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            login_user(load_signed_in(anybody.token))
            session.permanent = True
            generate_csrf()
            self.kept = dict(session)
        self.form_tokens = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")

    def cookie(self, person: Person, secret: str = "") -> str:
        """The Cookie header of somebody who has read a page with a form; ``secret`` is what the form's token signs."""
        held = self.kept | {"_user_id": person.token, "csrf_token": secret or new_secret()}
        return f"{self.name}={self.sign(held)}"

    def form(self, person: Person, **fields: str) -> tuple[str, str]:
        """The Cookie header, and the body of a form with its token."""
        secret = new_secret()
        body = urlencode({"csrf_token": self.form_tokens.dumps(secret), **fields})
        return self.cookie(person, secret), body


def new_secret() -> str:
    """What Flask-WTF puts into a session."""
    return hashlib.sha1(os.urandom(64), usedforsecurity=False).hexdigest()
