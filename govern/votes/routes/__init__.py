"""URLs of votes."""

from flask import Blueprint

bp = Blueprint("votes", __name__, url_prefix="/votes")

from govern.votes.routes import ballots, keeping, lists, opening  # noqa: E402 - they hang their views on bp

__all__ = ["ballots", "bp", "keeping", "lists", "opening"]
