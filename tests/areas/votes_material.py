"""The cluster of the demo story as far as votes need it: 24 members, a board of nine, and its by-laws."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from govern.bodies.rules import BodyKind
from govern.dues.models import Assessment, Tariff, WeightBand
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.members.rules import MemberStatus
from govern.votes import actions
from govern.votes.rules import Choice
from tests import factories

COLLEGES = {"I": "Care", "II": "Hospitality and travel", "III": "Public and knowledge"}
CATEGORIES = {"HOS": "I", "CLI": "I", "PRO": "I", "REC": "II", "TOU": "II", "GOV": "III", "KNO": "III"}
# Dues of the year in major units; the votes follow from BANDS.
DUES = {
    "HOS": {"M01": 7040, "M02": 4160, "M03": 3080, "M04": 2720},
    "CLI": {"M05": 1560, "M06": 2040, "M07": 1680, "M08": 1800, "M09": 600},
    "PRO": {"M10": 1500, "M11": 1020, "M12": 800},
    "REC": {"M13": 1512, "M14": 1304, "M15": 2200, "M16": 1576},
    "TOU": {"M17": 1380, "M18": 1620, "M19": 450},
    "GOV": {"M20": 4000, "M21": 4000, "M22": 4000},
    "KNO": {"M23": 1500, "M24": 1500},
}
BANDS = ((1000_00, 1), (2000_00, 2), (4000_00, 3), (None, 4))
NO, ABSTAIN, YES = Choice.NO, Choice.ABSTAIN, Choice.YES
BOARD = ("chair", "M01", "M03", "M06", "M10", "M13", "M17", "M20", "M23")

HEADS = {"count": "heads", "base": "cast"}
STANDARD = {
    "criteria": [
        HEADS | {"name": "Two thirds of the members", "threshold": "2/3", "comparison": "at_least"},
        HEADS | {"name": "The bound college", "within": "college:I", "threshold": "1/2", "comparison": "more_than"},
    ],
    "quorum": [{"count": "heads", "share": "1/2"}, {"count": "heads", "share": "1/3", "within": "each_college"}],
}
BUDGET = {
    "criteria": [
        {"name": "Votes", "count": "weight", "base": "cast", "threshold": "1/2", "comparison": "more_than"},
    ],
    "colleges": {"needed": 2},
    "quorum": [{"count": "weight", "share": "1/2"}],
    "category_cap": "1/3",
}
ADMISSION = {
    "criteria": [HEADS | {"name": "Two thirds", "threshold": "2/3", "comparison": "at_least"}],
    "quorum": [{"count": "heads", "share": "1/2"}],
}
STATUTES = {
    "criteria": [HEADS | {"name": "Three quarters", "threshold": "3/4", "comparison": "at_least"}],
    "quorum": [{"count": "heads", "share": "2/3"}],
}


def simple(threshold="1/2", comparison="more_than", **more):
    """A majority of the heads without quorum."""
    criterion = HEADS | {"name": "Majority", "threshold": threshold, "comparison": comparison}
    return {"criteria": [criterion], "quorum": []} | more


@dataclass
class House:
    """What a test gets: members and delegates by code, seats and holders by BOARD name, staff, bodies."""

    members: dict = field(default_factory=dict)
    delegates: dict = field(default_factory=dict)
    seats: dict = field(default_factory=dict)
    holders: dict = field(default_factory=dict)
    staff_user: object = None
    assembly: object = None
    board: object = None

    @property
    def staff(self):
        return factories.actor_of(self.staff_user, HatKind.STAFF, Role.SECRETARIAT)

    def delegate(self, code, role=Role.DELEGATE):
        member = self.members[code]
        return factories.actor_of(self.delegates[code], HatKind.MEMBER, role, member_id=member.id)

    def seat(self, name):
        role = Role.CHAIR if name == "chair" else Role.SEAT
        seat = self.seats[name]
        return factories.actor_of(self.holders[name], HatKind.SEAT, role, seat_id=seat.id, body_id=seat.body_id)

    def voter(self, name):
        return self.delegate(name) if name in self.members and name not in self.seats else self.seat(name)


def found(*, members=None, weights=True, board=False):
    """A cluster with these members (all 24 by default), each with a delegate; M19 is suspended."""
    factories.cluster()
    house = House(staff_user=factories.staff())
    colleges = {code: factories.college(code, name) for code, name in COLLEGES.items()}
    house.assembly = factories.body()
    tariff = _tariff() if weights else None
    for category_code, dues in DUES.items():
        category = factories.category(category_code, category_code, colleges[CATEGORIES[category_code]])
        for code, amount in dues.items():
            if members is not None and code not in members:
                continue
            status = MemberStatus.SUSPENDED if code == "M19" else MemberStatus.ACTIVE
            member = factories.member(category, code, f"Member {code}", status=status)
            house.members[code], house.delegates[code] = member, factories.delegate(member, f"Delegate {code}")
            if tariff:
                assess(member, tariff, amount * 100)
    if board:
        seat_board(house)
    db.session.flush()
    return house


def _tariff():
    year = clock.now().year
    tariff = factories.add(Tariff(name="Scale", from_year=year, currency="EUR", category_cap="1/3"))
    for below, votes in BANDS:
        factories.add(WeightBand(tariff_id=tariff.id, below_minor=below, votes=votes))
    return tariff


def assess(member, tariff, minor):
    year, now = clock.now().year, clock.now()
    values = {"tariff_id": tariff.id, "amount_minor": minor, "computation": "[]", "assessed_at": now}
    factories.add(Assessment(member_id=member.id, year=year, **values))


def seat_board(house):
    house.board = factories.body("BOARD", "Board", BodyKind.BOARD)
    for position, name in enumerate(BOARD, 1):
        member = house.members.get(name)
        member_id = member.id if member else None
        seat = factories.seat(house.board, position, f"Seat of {name}", member_id=member_id, is_chair=name == "chair")
        role = Role.CHAIR if name == "chair" else Role.SEAT
        house.seats[name], house.holders[name] = seat, factories.seat_holder(seat, f"Holder {name}", role)


def adopt(house, rule, **given):
    """A rule profile; ``given``: code, counting, body, in_force_from, mandate_days where they matter."""
    code = given.get("code", "rule")
    values = {
        "code": code,
        "name": f"Rule {code}",
        "body": house.assembly,
        "rule": rule,
        "counting": "heads",
        "opening_days": 14,
        "review_days": 15,
        "source": "Statutes, article 1",
        "in_force_from": date(2020, 1, 1),
    }
    return actions.adopt_profile(house.staff, **values | given)


def prepare(house, profile, **given):
    """A prepared vote on a new motion; ``given``: title, text, subjects, follows where they matter."""
    values = {"title": "A motion", "text": "The assembly decides.\n\nAt once.", "mover": "Board", "subjects": []}
    return actions.prepare_vote(house.staff, actions.draft_motion(house.staff, **values | given), profile)


def open_now(house, vote, *, days=14, recusals=None):
    """Open at the clock's now; the closing lies whole days later."""
    actions.open_vote(house.staff, vote, closes_at=clock.now() + timedelta(days=days), recusals=recusals or {})
    return vote


def cast_all(house, vote, default, **others):
    """Everybody entitled votes ``default`` except those named; None stays away."""
    for code in (*house.members,):
        choice = others.get(code, None if code == "M19" else default)
        if choice is not None:
            actions.cast_ballot(house.delegate(code), vote, choice)


def after_closing(vote):
    return clock.frozen_at(vote.closes_at)
