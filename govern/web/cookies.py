"""The session cookie, with what signs it made once: Flask makes it anew at every reading and writing."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Cookies(SecureCookieSessionInterface):
    """Flask's signed session cookie."""

    def __init__(self) -> None:
        """One for each application."""
        self._made: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and verifies; None without a secret key."""
        if self._made is None:
            self._made = super().get_signing_serializer(app)
        return self._made


def init_app(app: Flask) -> None:
    """Use it."""
    app.session_interface = Cookies()
