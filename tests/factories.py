"""One factory per model: rows with sensible values, for tests that need them to exist.

They add and flush; they do not go through actions, so use them only for what the test is not about.
"""

from datetime import date, timedelta
from itertools import count

from govern.accounts.models import Appointment, User
from govern.bodies.models import Body, Seat
from govern.bodies.rules import BodyKind
from govern.cluster.models import Cluster, Department
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor, HatKind, Role
from govern.members.models import Category, College, Member
from govern.members.rules import MemberStatus

_next = count(1)


def add(row):
    db.session.add(row)
    db.session.flush()
    return row


def cluster(**given):
    values = {
        "id": 1,
        "name": "Aurel Coast Health Cluster",
        "zone": "Europe/Lisbon",
        "currency": "EUR",
        "help_email": "help@example.org",
    }
    return add(Cluster(**values | given))


def department(code="tourism", name="Department of Tourism"):
    return add(Department(code=code, name=name))


def college(code="I", name="Care"):
    return add(College(code=code, name=name))


def category(code="HOS", name="Hospitals", in_college=None, unit="licensed bed"):
    return add(Category(code=code, name=name, unit=unit, college_id=in_college.id if in_college else None))


def member(in_category, code=None, name=None, **given):
    code = code or f"M{next(_next):02}"
    values = {"status": MemberStatus.ACTIVE, "joined_on": date(2019, 3, 1)}
    return add(Member(code=code, name=name or f"Member {code}", category_id=in_category.id, **values | given))


def user(name=None, email=None):
    number = next(_next)
    name = name or f"Person {number}"
    return add(User(name=name, email=email or f"person{number}@example.org", created_at=clock.now()))


def appointment(user, kind, role, **given):
    values = {"valid_from": (clock.now() - timedelta(days=900)).date(), "recorded_at": clock.now()}
    return add(Appointment(user_id=user.id, kind=kind, role=role, **values | given))


def delegate(member, name=None, role=Role.DELEGATE, **given):
    """A person who represents ``member``; returns the user."""
    person = user(name)
    appointment(person, HatKind.MEMBER, role, member_id=member.id, **given)
    return person


def staff(name="Petra Lund", role=Role.SECRETARIAT):
    person = user(name)
    appointment(person, HatKind.STAFF, role, title="Secretariat")
    return person


def officer(role, name=None, title=""):
    """A person with an office (auditor, treasurer, observer)."""
    person = user(name)
    appointment(person, HatKind.OFFICE, role, title=title or role.value)
    return person


def liaison(department, name="Helena Voss"):
    person = user(name)
    appointment(person, HatKind.LIAISON, Role.LIAISON, department_id=department.id)
    return person


def body(code="GA", name="General assembly", kind=BodyKind.ASSEMBLY):
    return add(Body(code=code, name=name, kind=kind))


def seat(body, position, label, **given):
    return add(Seat(body_id=body.id, position=position, label=label, **given))


def seat_holder(seat, name=None, role=Role.SEAT):
    person = user(name)
    appointment(person, HatKind.SEAT, role, seat_id=seat.id)
    return person


def actor_of(user, hat=HatKind.NONE, *roles, **given):
    """The Actor a signed-in ``user`` would be under that hat."""
    return Actor(user_id=user.id, name=user.name, hat=hat, hat_key=hat.value, roles=frozenset(roles), **given)
