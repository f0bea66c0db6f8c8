"""Adding bodies and seats, as the statutes say."""

from govern.audit.actions import record
from govern.bodies import queries, rules
from govern.bodies.models import Body, Seat
from govern.bodies.rules import BodyKind, Stored
from govern.extensions import db
from govern.kernel.actor import Actor
from govern.kernel.errors import InputError


def add_body(actor: Actor, *, code: str, name: str, kind: BodyKind) -> Body:
    """An organ; InputError when the code is taken."""
    code = code.strip().upper()
    if any(body.code == code for body in queries.list_bodies()):
        raise InputError(f"The code {code} is taken. Choose another one.")
    body = Body(code=code, name=name.strip(), kind=kind)
    db.session.add(body)
    db.session.flush()
    record(actor, "body.added", "body", body.id, after={"code": body.code, "name": body.name, "kind": kind})
    return body


def add_seat(  # noqa: PLR0913 - the fields of a seat
    actor: Actor,
    body: Body,
    *,
    position: int,
    label: str,
    member: Stored | None = None,
    college: Stored | None = None,
    votes: bool = True,
    is_chair: bool = False,
) -> Seat:
    """A seat of ``body``; RuleBrokenError for the assembly or a second chair, InputError for a taken position."""
    seats = queries.list_seats(body.id)
    has_chair = any(seat.is_chair for seat in seats)
    rules.check_seat(body.kind, votes=votes, is_chair=is_chair, has_chair=has_chair)
    if any(seat.position == position for seat in seats):
        raise InputError(f"Seat {position} exists already. The next free number is {len(seats) + 1}.")
    seat = Seat(
        body_id=body.id,
        position=position,
        label=label.strip(),
        member_id=member.id if member else None,
        college_id=college.id if college else None,
        votes=votes,
        is_chair=is_chair,
    )
    db.session.add(seat)
    db.session.flush()
    after = {"body": body.code, "position": position, "label": seat.label, "member": seat.member_id, "votes": votes}
    record(actor, "seat.added", "seat", seat.id, after=after | {"college": seat.college_id, "chair": is_chair})
    return seat
