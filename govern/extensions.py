"""Flask extensions, unbound. Imports nothing from govern."""

from functools import cache
from typing import Any

import flask_wtf.csrf
from flask import session
from flask_babel import Babel
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Model(DeclarativeBase):
    """Base of every table; the naming convention keeps constraint names equal on both databases."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class SignIns(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login without what Govern does not use: the remember-me cookie, sign-in by header, binding to an address.

    The session's token is what protects it; binding it to an address would sign out every phone that changes networks.
    """

    def _load_user(self) -> None:
        token = session.get("_user_id")
        self._update_request_context_with_user(self._user_callback(token) if token else None)


class Migrations:
    """What Flask-Migrate looks for in the application, made when a command asks: Alembic is 12 MB no server needs."""

    def __init__(self, directory: str) -> None:
        """``directory``: where the history lies."""
        self.db = db
        self.directory = directory
        self.configure_args = {"compare_type": True, "render_as_batch": True}

    @property
    def migrate(self) -> Any:
        """Flask-Migrate's own object."""
        from flask_migrate import Migrate  # noqa: PLC0415

        return Migrate(db=db, directory=self.directory)


# Flask-WTF makes what signs a form's token anew for every request; from the same secret it is always the same.
flask_wtf.csrf.URLSafeTimedSerializer = cache(URLSafeTimedSerializer)

db = SQLAlchemy(model_class=Model, disable_autonaming=True)
login_manager = SignIns()
csrf = CSRFProtect()
htmx = HTMX()
babel = Babel()
