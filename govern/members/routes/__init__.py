"""URLs of members: the register, a member's page and what is kept on it, categories and colleges, imports."""

from flask import Blueprint

bp = Blueprint("members", __name__, url_prefix="/members")

from govern.members.routes import details, importing, people, register, settings  # noqa: E402 - they hang on bp

__all__ = ["bp", "details", "importing", "people", "register", "settings"]
