"""By-laws of votes, without a database."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from govern.bodies.rules import BodyKind, check_seat
from govern.counting.rule import Criterion, Rule
from govern.dues.rules import Standing
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import InputError, NotAllowedError, RuleBrokenError
from govern.members.rules import MemberStatus, RollMember
from govern.votes import rules
from govern.votes.rules import ElectorKind, RollLine, SubjectDraft, VoteState

T = datetime(2026, 11, 24, 16, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MAJORITY = Rule((Criterion("Majority", "weight", "cast", Fraction(1, 2), "more_than"),))
MEMBER = RollMember(
    id=1,
    code="M01",
    name="Alpha",
    category_code="HOS",
    category_name="Hospitals",
    college_code="I",
    college_name="Care",
    status=MemberStatus.ACTIVE,
    needs_mandate=False,
    public_body=False,
)
GOOD = Standing(good=True, days_overdue=0, owed_minor=0, overdue_minor=0, reason="Nothing is owed.", way_out="")
OVERDUE = Standing(
    good=False,
    days_overdue=120,
    owed_minor=100,
    overdue_minor=100,
    reason="The dues are 120 days overdue.",
    way_out="Pay EUR 1.00 to vote again.",
)


@dataclass
class Dates:
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    withdrawn_at: datetime | None = None
    declared_at: datetime | None = None


@dataclass
class Head:
    state: VoteState
    opened: bool = True
    body_id: int = 1
    body_kind: BodyKind = BodyKind.ASSEMBLY


def line(code, weight=1, category=None, **given):
    return RollLine(code, code, ElectorKind.MEMBER, weight=weight, category=category, **given)


@pytest.mark.parametrize(
    ("now", "state"), [(T - TICK, VoteState.OPEN), (T, VoteState.CLOSED), (T + TICK, VoteState.CLOSED)]
)
def test_the_clock_alone_closes(now, state):
    assert rules.state_of(Dates(T - timedelta(days=1), T), now) is state


def test_stored_acts_come_before_the_clock():
    assert rules.state_of(Dates(), T) is VoteState.PREPARED
    assert rules.state_of(Dates(T, T, declared_at=T), T) is VoteState.DECLARED
    assert rules.state_of(Dates(T, T, withdrawn_at=T), T) is VoteState.WITHDRAWN


@pytest.mark.parametrize(
    ("member", "standing", "weight", "told"),
    [
        (MEMBER, GOOD, 2, ""),
        (replace(MEMBER, status=MemberStatus.SUSPENDED), GOOD, 2, "suspended"),
        (replace(MEMBER, college_code=None), GOOD, 2, "belongs to no college yet"),
        (MEMBER, OVERDUE, 2, "The dues are 120 days overdue. Pay EUR 1.00 to vote again."),
        (MEMBER, GOOD, 0, "no assessment of dues"),
    ],
)
def test_who_stands_on_the_roll_without_a_vote_is_told_why(member, standing, weight, told):
    found = rules.member_line(member, standing, weight)
    assert found.entitled is (told == "")
    assert told in found.reason


def test_the_cap_of_a_category_is_exact():
    third = Fraction(1, 3)
    even = [line("A", 2, "HOS"), line("B", 2, "CLI"), line("C", 2, "GOV")]
    rules.check_roll(even, MAJORITY, third)
    with pytest.raises(RuleBrokenError, match=r"Category GOV holds 3 of the 7 votes entitled, .* \(2 1/3\)"):
        rules.check_roll([*even[:2], line("C", 3, "GOV")], MAJORITY, third)
    rules.check_roll([*even[:2], line("C", 3, "GOV")], MAJORITY, None)
    with pytest.raises(RuleBrokenError):
        rules.check_roll([*even[:2], line("C", 3, "GOV")], replace(MAJORITY, category_cap=third), Fraction(1, 2))
    rules.check_roll([*even, line("D", 9, "GOV", entitled=False)], MAJORITY, third)


def test_opening_needs_somebody_to_vote():
    for nobody in ([], [line("A", entitled=False)], [line("A", recused=True)]):
        with pytest.raises(RuleBrokenError, match="Nobody"):
            rules.check_roll(nobody, MAJORITY, None)


@pytest.mark.parametrize(
    ("days", "last", "second_call", "refused"),
    [(30, 30, False, False), (30, 29, False, True), (30, 12, True, False), (0, 1, False, False)],
)
def test_time_for_a_mandate(days, last, second_call, refused):
    roll = [line("M20", needs_mandate=True), line("M21")]
    opens = date(2026, 10, 1)
    given = {"days": days, "opens": opens, "last": opens + timedelta(days=last), "second_call": second_call}
    if refused:
        with pytest.raises(RuleBrokenError, match="M20 needs at least 30 days"):
            rules.check_mandates(roll, **given)
    else:
        rules.check_mandates(roll, **given)
    rules.check_mandates([line("M20", needs_mandate=True, recused=True)], **given | {"last": opens})


@pytest.mark.parametrize("state", [s for s in VoteState if s is not VoteState.OPEN])
def test_ballots_only_while_open(state):
    with pytest.raises(RuleBrokenError):
        rules.check_open(state)
    rules.check_open(VoteState.OPEN)


def test_refusals_of_electors_say_why():
    fine = {"on_roll": True, "entitled": True, "reason": "", "recused": False, "ground": ""}
    rules.check_elector(**fine)
    told = {
        "frozen": {"on_roll": False},
        "Pay": {"entitled": False, "reason": "Pay"},
        "supplier": {"recused": True, "ground": "supplier"},
    }
    for message, change in told.items():
        with pytest.raises(NotAllowedError, match=message):
            rules.check_elector(**fine | change)


@pytest.mark.parametrize("state", list(VoteState))
def test_what_may_follow_each_state(state):
    def allowed(check):
        try:
            check(state)
        except RuleBrokenError:
            return False
        return True

    counted = {VoteState.CLOSED, VoteState.DECLARED}
    assert allowed(rules.check_closed) is (state in counted)
    assert allowed(rules.check_declaring) is (state in counted)
    assert allowed(rules.check_withdrawing) is (state in {VoteState.PREPARED, VoteState.OPEN})


def test_subjects_have_codes_of_their_own_and_no_negative_amounts():
    rules.check_subjects([SubjectDraft("budget_line", "L1", "A"), SubjectDraft("budget_line", "L2", "B", 5, {1: 0})])
    with pytest.raises(InputError) as refused:
        rules.check_subjects(
            [SubjectDraft("x", "L1", "A"), SubjectDraft("x", "L1", "B", -1), SubjectDraft("x", "", "", 0, {1: 5})]
        )
    assert len(refused.value.faults) == 3


def test_the_receipt_is_the_beginning_of_the_commitment():
    committed = rules.commitment(7, "M01", rules.Choice.YES, "salt")
    assert rules.receipt(committed).replace("-", "").lower() == committed[:16]
    assert committed != rules.commitment(7, "M01", rules.Choice.NO, "salt")


def test_decision_numbers_keep_three_places():
    assert [rules.decision_number(2026, n) for n in (1, 14, 1000)] == ["2026-001", "2026-014", "2026-1000"]


def actor(hat, *roles, **given):
    return Actor(1, "x", hat=hat, roles=frozenset(roles), **given)


DELEGATE = actor(HatKind.MEMBER, Role.DELEGATE, member_id=1)
HOLDER = actor(HatKind.SEAT, Role.SEAT, seat_id=1, body_id=2)
CHAIR = actor(HatKind.SEAT, Role.CHAIR, seat_id=2, body_id=2)
STAFF = actor(HatKind.STAFF, Role.SECRETARIAT)
AUDITOR = actor(HatKind.OFFICE, Role.AUDITOR)
LIAISON = actor(HatKind.LIAISON, Role.LIAISON, department_id=1)
NOBODY = actor(HatKind.NONE)


@pytest.mark.parametrize(
    ("state", "kind", "readers"),
    [
        (VoteState.PREPARED, BodyKind.ASSEMBLY, {STAFF, AUDITOR, CHAIR}),
        (VoteState.OPEN, BodyKind.ASSEMBLY, {STAFF, AUDITOR, CHAIR, DELEGATE}),
        (VoteState.OPEN, BodyKind.BOARD, {STAFF, AUDITOR, CHAIR, HOLDER}),
        (VoteState.CLOSED, BodyKind.BOARD, {STAFF, AUDITOR, CHAIR, HOLDER, DELEGATE, LIAISON}),
        (VoteState.DECLARED, BodyKind.ASSEMBLY, {STAFF, AUDITOR, CHAIR, HOLDER, DELEGATE, LIAISON}),
    ],
)
def test_who_sees_a_vote(state, kind, readers):
    head = Head(state, opened=state is not VoteState.PREPARED, body_id=2, body_kind=kind)
    everybody = (DELEGATE, HOLDER, CHAIR, STAFF, AUDITOR, LIAISON, NOBODY)
    assert {one for one in everybody if rules.may_see(one, head)} == readers
    named = {one for one in everybody if rules.may_see_ballots(one, head)}
    assert named == (readers - {LIAISON} if state in {VoteState.CLOSED, VoteState.DECLARED} else set())


def test_who_casts_manages_and_declares():
    assert {one for one in (DELEGATE, HOLDER, CHAIR, STAFF, AUDITOR, LIAISON) if rules.may_cast(one)} == {
        DELEGATE,
        HOLDER,
        CHAIR,
    }
    assert not rules.may_cast(actor(HatKind.MEMBER, Role.DUES_CONTACT, member_id=1))
    own, other = (
        Head(VoteState.CLOSED, body_id=2, body_kind=BodyKind.BOARD),
        Head(VoteState.CLOSED, body_kind=BodyKind.PANEL),
    )
    assert [rules.may_declare(who, own) for who in (STAFF, CHAIR, HOLDER, DELEGATE)] == [True, True, False, False]
    assert [rules.may_declare(who, other) for who in (STAFF, CHAIR)] == [True, False]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (BodyKind.ASSEMBLY, {"votes": True, "is_chair": False, "has_chair": False}),
        (BodyKind.BOARD, {"votes": True, "is_chair": True, "has_chair": True}),
        (BodyKind.BOARD, {"votes": False, "is_chair": True, "has_chair": False}),
    ],
)
def test_seats_that_cannot_be(kind, given):
    with pytest.raises(RuleBrokenError):
        check_seat(kind, **given)
    check_seat(BodyKind.BOARD, votes=True, is_chair=True, has_chair=False)
