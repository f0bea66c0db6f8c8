"""URLs of the desk."""

from flask import Blueprint

bp = Blueprint("desk", __name__)

from govern.desk.routes import home, register, search, statements  # noqa: E402 - they hang their views on bp

__all__ = ["bp", "home", "register", "search", "statements"]
