"""A small cluster that meets: an assembly of three members, a board of a chair and two members' seats."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from govern.bodies.rules import BodyKind
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.meetings import actions
from govern.meetings.queries import list_attendance, list_items
from govern.meetings.rules import ItemKind, Presence
from tests import factories as make

START = datetime(2026, 11, 30, 14, tzinfo=UTC)
AGENDA = (
    ("Room for the secretariat", ItemKind.DECISION, "Choose between two offers."),
    ("Calendar", ItemKind.INFORMATION, "Take note of the dates."),
)


@dataclass
class House:
    """What a test gets: keys of people, and the hats they wear."""

    people: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    seats: dict = field(default_factory=dict)
    board: object = None
    assembly: object = None
    hats: dict = field(default_factory=dict)

    def __getitem__(self, name):
        return self.hats[name]


def found():
    """petra: staff; irene: chair; hana (M01) and owen (M02): delegates with a seat; grace (M03): delegate alone."""
    make.cluster()
    house = House()
    care = make.category(in_college=make.college())
    house.assembly, house.board = make.body(), make.body("BOARD", "Board", BodyKind.BOARD)
    petra = make.staff()
    house.people["petra"] = petra.id
    house.hats["staff"] = make.actor_of(petra, HatKind.STAFF, Role.SECRETARIAT, label="Secretariat")
    for code, name in (("M01", "hana"), ("M02", "owen"), ("M03", "grace")):
        member = make.member(care, code, f"Clinic {code}")
        person = make.delegate(member, name.title())
        house.members[code], house.people[name] = member.id, person.id
        house.hats[name] = make.actor_of(person, HatKind.MEMBER, Role.DELEGATE, member_id=member.id, label=member.name)
        if code != "M03":
            _seat(house, person, len(house.seats) + 2, f"Board: {member.name}", member_id=member.id)
    irene = make.user("Irene")
    house.people["irene"] = irene.id
    _seat(house, irene, 1, "Board: independent chair", is_chair=True)
    return house


def _seat(house, person, position, label, **given):
    seat = make.seat(house.board, position, label, **given)
    roles = (Role.SEAT, Role.CHAIR) if given.get("is_chair") else (Role.SEAT,)
    for role in roles:
        make.appointment(person, HatKind.SEAT, role, seat_id=seat.id)
    name = "chair" if given.get("is_chair") else f"{person.name.lower()}_seat"
    house.seats[name] = seat.id
    house.hats[name] = make.actor_of(person, HatKind.SEAT, *roles, seat_id=seat.id, body_id=house.board.id, label=label)


def plan(house, body=None, start=START, agenda=AGENDA, title="Board meeting"):
    """A planned meeting of two hours with its agenda."""
    meeting = actions.plan_meeting(
        house["staff"],
        body or house.board,
        title=title,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        place="Rua do Cais 4",
    )
    for item_title, kind, purpose in agenda:
        actions.add_item(house["staff"], meeting, title=item_title, kind=kind, purpose=purpose)
    return meeting


def hold(house, **given):
    """A meeting that was called and has begun: to be used under ``clock.frozen_at(START + ...)``."""
    with clock.frozen_at(given.get("start", START) - timedelta(days=10)):
        meeting = plan(house, **given)
        actions.call_meeting(house["staff"], meeting)
    return meeting


def minute(house, meeting):
    """Everybody present, every item minuted."""
    marks = {line.id: Presence.PRESENT for line in list_attendance(meeting.id)}
    actions.record_attendance(house["staff"], meeting, marks)
    for item in list_items(meeting.id):
        actions.write_minute(house["staff"], item, f"Minutes of {item.title}.")


def circulated(house, **given):
    """A meeting whose minutes went out at the present instant."""
    meeting = hold(house, **given)
    minute(house, meeting)
    actions.circulate(house["staff"], meeting)
    return meeting
