"""The cluster, its organs, its members and its people come into being."""

from dataclasses import dataclass, field
from datetime import date

from govern.accounts.actions import add_user, appoint
from govern.accounts.queries import User, find_user_by_email
from govern.bodies.actions import add_body, add_seat
from govern.bodies.queries import Body, Seat
from govern.bodies.rules import BodyKind
from govern.cluster.actions import add_department, add_holiday, found_cluster
from govern.cluster.queries import Department
from govern.demo.people import (
    AUDITORS,
    BOARD,
    CATEGORIES,
    CHAIR,
    COLLEGES,
    COMMITTEE,
    FINANCE,
    GUIDE,
    HEALTH_LIAISON,
    OBSERVER,
    ORGANISATIONS,
    RECORDS,
    SECRETARY,
    TOURISM_DEPUTY,
    TOURISM_LIAISON,
    TREASURER,
    Organisation,
    email_of,
)
from govern.demo.timeline import HOLIDAYS, ZONE, Timeline
from govern.kernel.actor import SYSTEM, Actor, HatKind, Role
from govern.members.actions import (
    add_category,
    add_college,
    add_licence,
    add_member,
    add_site,
    appoint_representative,
    report_units,
)
from govern.members.queries import Category, Member


@dataclass
class World:
    """What later chapters refer to, by code."""

    timeline: Timeline
    categories: dict[str, Category] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def staff(self, name: str = SECRETARY) -> Actor:
        """A member of the secretariat at work."""
        return Actor(
            user_id=self.people[name].id,
            name=name,
            hat=HatKind.STAFF,
            hat_key="staff",
            label="Secretariat",
            roles=frozenset({Role.SECRETARIAT}),
        )

    def delegate(self, code: str) -> Actor:
        """The delegate of member ``code``."""
        member = self.members[code]
        name = next(o.delegate for o in ORGANISATIONS if o.code == code)
        return Actor(
            user_id=self.people[name].id,
            name=name,
            hat=HatKind.MEMBER,
            hat_key=f"member:{member.id}",
            label=member.name,
            roles=frozenset({Role.DELEGATE}),
            member_id=member.id,
        )

    def seat(self, code: str) -> Actor:
        """The holder of the board seat ``code`` ("chair" or a member's code)."""
        seat = self.seats[code]
        name = CHAIR if code == "chair" else next(o.delegate for o in ORGANISATIONS if o.code == code)
        return Actor(
            user_id=self.people[name].id,
            name=name,
            hat=HatKind.SEAT,
            hat_key=f"seat:{seat.id}",
            label=seat.label,
            roles=frozenset({Role.CHAIR, Role.SEAT} if code == "chair" else {Role.SEAT}),
            seat_id=seat.id,
            body_id=seat.body_id,
        )

    def liaison(self, department: str, name: str) -> Actor:
        """A liaison of a department."""
        found = self.departments[department]
        return Actor(
            user_id=self.people[name].id,
            name=name,
            hat=HatKind.LIAISON,
            hat_key=f"liaison:{found.id}",
            label=found.name,
            roles=frozenset({Role.LIAISON}),
            department_id=found.id,
        )

    def person(self, name: str) -> User:
        """The user called ``name``, added when new."""
        if name not in self.people:
            self.people[name] = find_user_by_email(email_of(name)) or add_user(SYSTEM, email=email_of(name), name=name)
        return self.people[name]


def found(world: World) -> None:
    """Profile, departments, organs, members with their people, staff and liaisons."""
    founded = date(world.timeline.day.year - 7, 3, 1)
    found_cluster(
        SYSTEM,
        name="Aurel Coast Health Cluster",
        zone=ZONE,
        currency="EUR",
        legal_form="Association",
        territory="Aurel Coast, Republic of Calandria",
        founded_on=founded,
        help_email="secretariat@example.org",
    )
    for month, day in HOLIDAYS:
        add_holiday(SYSTEM, month=month, day=day)
    world.departments["tourism"] = add_department(SYSTEM, code="tourism", name="Department of Tourism")
    world.departments["health"] = add_department(SYSTEM, code="health", name="Department of Health")
    colleges = {code: add_college(SYSTEM, code=code, name=name) for code, name in COLLEGES.items()}
    for code, (name, unit, college, *_rest) in CATEGORIES.items():
        world.categories[code] = add_category(SYSTEM, code=code, name=name, unit=unit, college=colleges[college])
    for organisation in ORGANISATIONS:
        _join(world, organisation)
    # The demo's sign-in page offers whoever was appointed first to a role: somebody whose vote still waits.
    for organisation in sorted(ORGANISATIONS, key=lambda o: o.code != GUIDE):
        _represent(world, organisation)
    _organs(world)
    _posts(world, founded)


def _join(world: World, organisation: Organisation) -> None:
    year = world.timeline.day.year
    joined = date(year - organisation.joined, 3, 1)
    member = add_member(
        SYSTEM,
        code=organisation.code,
        name=organisation.name,
        category=world.categories[organisation.category],
        joined_on=joined,
        start_up=organisation.start_up,
        public_body=organisation.public_body,
        needs_mandate=organisation.code == "M20",
    )
    world.members[organisation.code] = member
    if organisation.licence:
        add_licence(SYSTEM, member, number=organisation.licence, issuer="Republic of Calandria", valid_from=joined)
    add_site(SYSTEM, member, name=organisation.name, address="Port Aurel", inside_territory=True)
    if organisation.units:
        for reported in (year - 1, year, year + 1):
            report_units(
                SYSTEM,
                member,
                year=reported,
                units=organisation.units,
                evidence=f"Licence {organisation.licence}",
                reported_on=world.timeline.on(-320),
            )


def _represent(world: World, organisation: Organisation) -> None:
    member = world.members[organisation.code]
    joined = date(world.timeline.day.year - organisation.joined, 3, 1)
    roles = (
        (organisation.delegate, Role.DELEGATE),
        (organisation.alternate, Role.ALTERNATE),
        (organisation.dues_contact or organisation.delegate, Role.DUES_CONTACT),
        (organisation.delegate, Role.MEMBER_ADMIN),
    )
    for name, role in roles:
        if name:
            appoint_representative(
                SYSTEM,
                member,
                world.person(name),
                role=role,
                valid_from=joined,
                document=f"Letter of appointment, {joined:%d %b %Y}",
                rank=1 if role is Role.ALTERNATE else 0,
            )


def _organs(world: World) -> None:
    make = (
        ("GA", "General assembly", BodyKind.ASSEMBLY),
        ("BOARD", "Board", BodyKind.BOARD),
        ("STD", "Standards committee", BodyKind.COMMITTEE),
    )
    for code, name, kind in make:
        world.bodies[code] = add_body(SYSTEM, code=code, name=name, kind=kind)
    started = world.timeline.on(-400)
    chair = add_seat(SYSTEM, world.bodies["BOARD"], position=1, label="Board: independent chair", is_chair=True)
    world.seats["chair"] = chair
    for role in (Role.SEAT, Role.CHAIR):
        appoint(SYSTEM, world.person(CHAIR), HatKind.SEAT, role, valid_from=started, seat_id=chair.id)
    for body, codes in (("BOARD", BOARD), ("STD", COMMITTEE)):
        for position, code in enumerate(codes, 2):
            organisation = next(o for o in ORGANISATIONS if o.code == code)
            label = f"{world.bodies[body].name}: {organisation.name}"
            seat = add_seat(SYSTEM, world.bodies[body], position=position, label=label, member=world.members[code])
            holder = world.person(organisation.delegate)
            appoint(SYSTEM, holder, HatKind.SEAT, Role.SEAT, valid_from=started, seat_id=seat.id)
            if body == "BOARD":
                world.seats[code] = seat


def _posts(world: World, founded: date) -> None:
    for name, title in ((SECRETARY, "Director"), (FINANCE, "Finance and membership"), (RECORDS, "Records")):
        person = world.person(name)
        appoint(SYSTEM, person, HatKind.STAFF, Role.SECRETARIAT, valid_from=founded, title=f"Secretariat: {title}")
    offices = [
        (TREASURER, Role.TREASURER, "Treasurer"),
        (OBSERVER, Role.OBSERVER, "Competition Council, observer"),
        *((name, Role.AUDITOR, "Internal auditor") for name in AUDITORS),
    ]
    for name, role, title in offices:
        appoint(SYSTEM, world.person(name), HatKind.OFFICE, role, valid_from=founded, title=title)
    liaisons = ((TOURISM_LIAISON, "tourism"), (TOURISM_DEPUTY, "tourism"), (HEALTH_LIAISON, "health"))
    for name, department in liaisons:
        appoint(
            SYSTEM,
            world.person(name),
            HatKind.LIAISON,
            Role.LIAISON,
            valid_from=founded,
            department_id=world.departments[department].id,
            document="Letter of the minister",
        )
