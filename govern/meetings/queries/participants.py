"""Who is invited to a meeting."""

from collections.abc import Sequence
from datetime import date

from govern.accounts.queries import list_seat_holders, people_statement
from govern.bodies.queries import Body, list_seats
from govern.bodies.rules import BodyKind
from govern.extensions import db
from govern.kernel.actor import Actor, HatKind, Role
from govern.meetings.rules import Participant
from govern.members.queries import list_roll


def list_participants(actor: Actor, body: Body, day: date) -> Sequence[Participant]:
    """Delegates of the members on the roll of ``day``, by member code; elsewhere the holders of the seats, by seat.

    Everybody once. ``actor`` is the secretariat, which looks after everybody's appointments. At most two statements.
    """
    found = _delegates(actor, day) if body.kind is BodyKind.ASSEMBLY else _holders(body, day)
    once: dict[tuple[int, str], Participant] = {}
    for participant in found:
        once.setdefault((participant.user_id, participant.organisation), participant)
    return list(once.values())


def _delegates(actor: Actor, day: date) -> list[Participant]:
    people = db.session.execute(people_statement(actor, day)).all()
    delegates: dict[int, list[Participant]] = {}
    for _id, appointment, user, label in people:
        if appointment.kind is HatKind.MEMBER and appointment.role is Role.DELEGATE:
            invited = Participant(user.id, user.name, user.email, user.locale, label, appointment.member_id)
            delegates.setdefault(appointment.member_id, []).append(invited)
    return [person for member in list_roll(day) for person in delegates.get(member.id, ())]


def _holders(body: Body, day: date) -> list[Participant]:
    seats = {seat.id: seat for seat in list_seats(body.id)}
    holders = [
        (seats[appointment.seat_id], user)
        for appointment, user in list_seat_holders(list(seats), day)
        if appointment.seat_id is not None
    ]
    holders.sort(key=lambda holder: holder[0].position)
    return [
        Participant(user.id, user.name, user.email, user.locale, _short(seat.label, body.name), seat.member_id)
        for seat, user in holders
    ]


def _short(label: str, body_name: str) -> str:
    """``Board: independent chair`` -> ``independent chair``: in its own minutes a body need not be named."""
    return label.removeprefix(f"{body_name}: ")
