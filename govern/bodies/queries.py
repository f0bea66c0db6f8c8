"""Reads of bodies and seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import FromClause, func, select

from govern.accounts.queries import list_seat_holders
from govern.bodies.models import Body, Seat
from govern.extensions import db
from govern.kernel.errors import NotFoundError

__all__ = ["BODIES", "SEATS", "Body", "Seat"]

BODIES: FromClause = Body.__table__
"""For joins of other areas: id, code, name, kind."""
SEATS: FromClause = Seat.__table__
"""For joins of other areas: id, body_id, position, label."""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat and who holds it on a day; ``holders`` is empty while it is vacant."""

    seat: Seat
    holders: tuple[str, ...]


def get_body(code: str) -> Body:
    """The body with this code, or NotFoundError."""
    found = db.session.scalar(select(Body).where(Body.code == code))
    if found is None:
        raise NotFoundError
    return found


def get_body_by_id(body_id: int) -> Body:
    """The body, or NotFoundError."""
    found = db.session.get(Body, body_id)
    if found is None:
        raise NotFoundError
    return found


def list_bodies() -> Sequence[Body]:
    """All bodies in the order in which they were added."""
    return db.session.scalars(select(Body).order_by(Body.id)).all()


def count_seats() -> dict[int, tuple[int, int]]:
    """Seats and voting seats of each body that has any."""
    voting = func.count().filter(Seat.votes.is_(True))
    rows = db.session.execute(select(Seat.body_id, func.count(), voting).group_by(Seat.body_id)).all()
    return {body_id: (seats, votes) for body_id, seats, votes in rows}


def list_seats(body_id: int) -> Sequence[Seat]:
    """The seats of a body by position."""
    return db.session.scalars(select(Seat).where(Seat.body_id == body_id).order_by(Seat.position)).all()


def list_seat_lines(body_id: int, day: date) -> list[SeatLine]:
    """The seats of a body by position with the names of those who hold them on ``day``. Two statements."""
    seats = list_seats(body_id)
    holders: dict[int | None, list[str]] = {}
    for appointment, user in list_seat_holders([seat.id for seat in seats], day):
        holders.setdefault(appointment.seat_id, []).append(user.name)
    return [SeatLine(seat, tuple(holders.get(seat.id, ()))) for seat in seats]
