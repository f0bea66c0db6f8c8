"""One request, one transaction: unsafe method and success commit, everything else rolls back.

The commit happens inside ``dispatch_request``, where Flask still maps errors to answers: a constraint that fails at
commit becomes a clear page, never a success shown for something that was not stored.
"""

from flask import Flask, request
from werkzeug.wrappers import Response

from govern import database
from govern.extensions import db

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR = 400


class GovernApp(Flask):
    """Flask whose dispatch ends the request's transaction."""

    def dispatch_request(self) -> Response:
        """Run the view, then commit or roll back."""
        response = self.make_response(super().dispatch_request())
        if not db.session.registry.has():
            return response
        if request.method not in SAFE and response.status_code < FIRST_ERROR:
            db.session.commit()
        else:
            db.session.rollback()
        return response


def release() -> None:
    """Give the write lock back before slow work or a transaction of its own; only while nothing was written yet."""
    db.session.rollback()


def init_app(app: Flask) -> None:
    """Choose reading or writing before anything touches the database."""

    @app.before_request
    def choose_mode() -> None:
        database.set_mode(database.READ if request.method in SAFE else database.WRITE)
