"""URLs of meetings."""

from flask import Blueprint

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

from govern.meetings.routes import agenda, calling, corrections, lists, minutes  # noqa: E402 - they hang their views on bp

__all__ = ["agenda", "bp", "calling", "corrections", "lists", "minutes"]
