"""What is done to reviews."""

from govern.reviews.actions.answering import answer, ask, reply
from govern.reviews.actions.starting import record_deemings, start_reviews

__all__ = ["answer", "ask", "record_deemings", "reply", "start_reviews"]
