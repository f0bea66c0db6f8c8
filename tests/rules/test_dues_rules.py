"""The arithmetic of dues and standing, without a database."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.dues.rules import (
    Assessable,
    Band,
    Due,
    Policy,
    Scale,
    Terms,
    allocate,
    category_shares,
    check_bands,
    check_category_cap,
    check_instalments,
    check_scale,
    compute,
    due_day,
    joining_fee,
    label_of,
    lines_of,
    may_keep_dues,
    may_read_invoice,
    may_read_ledger,
    plural,
    standing,
    state_of,
    votes_for,
)
from govern.dues.rules.assessment import fault_of
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import RuleBrokenError

EUR = Terms("EUR")
HOSPITAL = Scale("licensed bed", 2000_00, 12_00, 8000_00)
TRAVEL = Scale("employee", 900_00, 40_00, 2000_00)
BANDS = [Band(1000_00, 1), Band(2000_00, 2), Band(4000_00, 3), Band(None, 4)]
LATE = Policy("EUR")
ON = date(2026, 11, 20)


def member(units=180, joined=date(2019, 3, 1), *, start_up=False):
    return Assessable(1, "M02", "St. Brannoc", 1, "Hospitals", joined, start_up, units)


def texts(computed):
    return [(line.text, line.minor) for line in computed.lines]


def test_a_hospital_below_its_cap():
    computed = compute(member(), HOSPITAL, 2027, EUR)
    assert computed.amount_minor == 4160_00
    assert texts(computed) == [
        ("Fixed part 2,000.00", 2000_00),
        ("180 licensed beds x 12.00 = 2,160.00", 2160_00),
        ("Cap 8,000.00 not reached", None),
        ("No rounding needed", None),
    ]


def test_a_cap_takes_off_what_lies_above_it():
    computed = compute(member(600), HOSPITAL, 2027, EUR)
    assert computed.amount_minor == 8000_00
    assert ("Cap 8,000.00 reached", -1200_00) in texts(computed)
    assert sum(minor or 0 for _text, minor in texts(computed)) == 8000_00


@pytest.mark.parametrize(("year", "amount"), [(2025, 450_00), (2026, 450_00), (2027, 450_00), (2028, 1020_00)])
def test_start_up_relief_holds_for_three_annual_fees(year, amount):
    young = member(3, date(2025, 3, 1), start_up=True)
    assert compute(young, TRAVEL, year, EUR).amount_minor == amount


def test_a_start_up_of_an_unknown_day_has_no_relief():
    assert compute(member(3, None, start_up=True), TRAVEL, 2026, EUR).amount_minor == 1020_00


@pytest.mark.parametrize(
    ("joined", "amount"),
    [
        (date(2026, 7, 1), 4160_00),
        (date(2026, 7, 2), 2080_00),
        (date(2026, 7, 15), 2080_00),
        (date(2025, 7, 15), 4160_00),
    ],
)
def test_F04b_half_of_each_part_after_1_july(joined, amount):
    assert compute(member(joined=joined), HOSPITAL, 2026, EUR).amount_minor == amount


def test_F04b_halves_round_up_and_the_cap_comes_last():
    odd = Scale("bed", 1000_01, 33, 700_00)
    computed = compute(member(3, date(2026, 7, 15)), odd, 2026, EUR)
    assert texts(computed)[:2] == [
        ("Fixed part 1,000.01, of which 1/2 = 500.01", 500_01),
        ("3 beds x 0.33 = 0.99, of which 1/2 = 0.50", 50),
    ]
    assert computed.amount_minor == 500_51
    assert ("Halves of a minor unit are rounded up", None) in texts(computed)
    capped = compute(member(400, date(2026, 7, 15)), HOSPITAL, 2026, EUR)
    assert capped.amount_minor == 3400_00


def test_F04b_the_joining_fee_is_one_full_annual_fee():
    joiner = member(5, date(2026, 7, 15))
    clinic = Scale("licensed room or chair", 1200_00, 60_00, 3000_00)
    assert compute(joiner, clinic, 2026, EUR).amount_minor == 750_00
    assert joining_fee(joiner, clinic, 2026, EUR, 1).amount_minor == 1500_00
    assert joining_fee(joiner, clinic, 2026, EUR, 2).amount_minor == 3000_00
    assert joining_fee(joiner, clinic, 2026, EUR, 0).amount_minor == 0


def test_without_the_half_year_rule_everybody_pays_the_whole_year():
    assert compute(member(joined=date(2026, 12, 31)), HOSPITAL, 2026, Terms("EUR", None)).amount_minor == 4160_00


@pytest.mark.parametrize(
    ("who", "scale", "words"),
    [
        (member(None), HOSPITAL, "M02 St. Brannoc: no count of licensed beds for 2027"),
        (member(0), HOSPITAL, "0 licensed beds for 2027 is not possible"),
        (member(-1), HOSPITAL, "-1 licensed beds"),
        (member(2_000_000), HOSPITAL, "2000000 licensed beds"),
        (member(), None, "no rule for the category Hospitals"),
    ],
)
def test_a_member_that_cannot_be_assessed_is_named(who, scale, words):
    assert words in fault_of(who, scale, 2027, EUR)


def test_a_flat_fee_needs_no_units():
    assert fault_of(member(None), Scale("", 4000_00, 0, 4000_00), 2027, EUR) is None


def test_plurals():
    assert plural("licensed room or chair", 8) == "licensed rooms or chairs"
    assert plural("room", 1) == "room"
    assert plural("", 3) == ""


def test_lines_are_read_back():
    assert lines_of('[{"text":"Fixed part","minor":5},{"text":"No cap","minor":null}]')[0].minor == 5


@pytest.mark.parametrize(
    ("amount", "votes"), [(0, 1), (999_99, 1), (1000_00, 2), (1999_99, 2), (2000_00, 3), (3999_99, 3), (4000_00, 4)]
)
def test_bands(amount, votes):
    assert votes_for(amount, BANDS) == votes


@pytest.mark.parametrize(
    "bands",
    [
        [],
        [Band(1000, 1)],
        [Band(None, 1), Band(None, 2)],
        [Band(2000, 1), Band(1000, 2), Band(None, 3)],
        [Band(1000, 2), Band(None, 1)],
        [Band(0, 1), Band(None, 2)],
    ],
)
def test_a_weight_table_rises_and_is_open_at_the_top(bands):
    with pytest.raises(RuleBrokenError):
        check_bands(bands)


def test_scales_that_cannot_work():
    for scale in (Scale("bed", -1, 0, 0), Scale("bed", 100, 0, 50)):
        with pytest.raises(RuleBrokenError):
            check_scale(scale)


def test_S01_no_category_above_its_share_of_the_votes():
    shares = category_shares([("HOS", 14), ("CLI", 10), ("GOV", 12), ("REC", 9), ("PRO", 5), ("TOU", 4), ("KNO", 4)])
    assert sum(shares.values()) == 58
    check_category_cap(shares, Fraction(1, 3))
    check_category_cap({"A": 1, "B": 2}, Fraction(2, 3))
    with pytest.raises(RuleBrokenError, match=r"HOS would hold 30 of 74 votes\. .*1/3 of the votes, here 74/3"):
        check_category_cap(shares | {"HOS": 30}, Fraction(1, 3))
    check_category_cap({"A": 5}, None)
    check_category_cap({}, Fraction(1, 3))


def due(days_ago, amount=225_00, what="second 2026 instalment"):
    return Due(what, ON - timedelta(days=days_ago), amount)


def test_nothing_owed_is_good_standing():
    assert standing([], 0, LATE, ON).good
    assert standing([due(400)], 225_00, LATE, ON).reason == "Nothing is owed."
    assert standing([due(400)], 265_00, LATE, ON).credit_minor == 40_00


@pytest.mark.parametrize(("days", "good"), [(0, True), (1, True), (90, True), (91, False), (150, False)])
def test_the_vote_is_suspended_after_more_than_90_days(days, good):
    found = standing([due(days)], 0, LATE, ON)
    assert (found.good, found.days_overdue) == (good, days)
    assert found.overdue_minor == (225_00 if days else 0)


def test_sentences_say_cause_and_way_out():
    suspended = standing([due(150)], 0, LATE, ON)
    assert suspended.reason.startswith("The second 2026 instalment of EUR 225.00 is 150 days late, and the vote is")
    assert suspended.way_out.startswith("Pay EUR 225.00 or ask the secretariat for a payment plan; the right to vote")
    late = standing([due(1)], 100_00, LATE, ON)
    assert late.reason == "The second 2026 instalment of EUR 225.00, EUR 125.00 of it still open, is 1 day late."
    assert late.way_out.endswith("by Wed 17 Feb 2027; after that day the vote is suspended.")
    assert standing([due(0)], 0, LATE, ON).reason.endswith("is due today.")
    coming = standing([due(-10)], 0, LATE, ON)
    assert (coming.reason, coming.way_out) == (
        "The second 2026 instalment of EUR 225.00 is due on Mon 30 Nov 2026.",
        "",
    )


def test_labels():
    assert label_of("dues", 2026, 2, 2) == "second 2026 instalment"
    assert label_of("dues", 2026, 1, 1) == "2026 dues"
    assert label_of("joining", 2026, 1, 1) == "joining fee"
    assert label_of("joining", 2026, 1, 2) == "first instalment of the joining fee"
    assert label_of("dues", 2026, 12, 12) == "12th 2026 instalment"


amounts = st.lists(st.integers(1, 10_000), max_size=8)


@given(amounts, st.integers(0, 100_000))
def test_allocation_gives_out_what_was_paid_and_never_more_than_is_due(due_amounts, paid):
    parts = allocate(due_amounts, paid)
    assert sum(parts) == min(paid, sum(due_amounts))
    assert all(0 <= part <= amount for part, amount in zip(parts, due_amounts, strict=True))
    # Nothing is settled after something that is still open.
    still_open = [part < amount for part, amount in zip(parts, due_amounts, strict=True)]
    first = still_open.index(True) if True in still_open else len(parts)
    assert not any(parts[first + 1 :])


@given(st.lists(st.tuples(st.integers(-50, 400), st.integers(1, 10_000)), max_size=8), st.integers(0, 50_000))
def test_standing_does_not_depend_on_the_order_of_the_facts(facts, paid):
    dues = [due(days, amount) for days, amount in facts]
    found = standing(dues, paid, LATE, ON)
    back = standing(dues[::-1], paid, LATE, ON)
    assert (found.good, found.days_overdue, found.owed_minor, found.overdue_minor, found.credit_minor) == (
        back.good,
        back.days_overdue,
        back.owed_minor,
        back.overdue_minor,
        back.credit_minor,
    )
    assert found.owed_minor - found.credit_minor == sum(d.amount_minor for d in dues) - paid


def test_instalments_are_checked():
    day = date(2026, 1, 15)
    check_instalments([(day, 5), (day + timedelta(days=1), 6)], 11, day)
    for parts, words in (
        ([], "above 0"),
        ([(day, 0)], "above 0"),
        ([(day, 5)], "sum to 5"),
        ([(day + timedelta(days=2), 5), (day, 6)], "one after the other"),
        ([(day - timedelta(days=1), 11)], "No instalment falls due before Thu 15 Jan 2026"),
    ):
        with pytest.raises(RuleBrokenError, match=words):
            check_instalments(parts, 11, day)


def test_due_days_and_states():
    assert due_day(2026, 2, 28, date(2026, 1, 15)) == date(2026, 2, 28)
    assert due_day(2026, 2, 28, date(2026, 11, 9)) == date(2026, 12, 9)
    assert [state_of(10, paid, late).value for paid, late in ((0, 0), (4, 0), (4, 6), (10, 0))] == [
        "open",
        "part_paid",
        "overdue",
        "paid",
    ]


def test_who_may():
    staff = Actor(1, "Petra", HatKind.STAFF, roles=frozenset({Role.SECRETARIAT}))
    auditor = Actor(2, "Walter", HatKind.OFFICE, roles=frozenset({Role.AUDITOR}))
    contact = Actor(3, "Teresa", HatKind.MEMBER, roles=frozenset({Role.DUES_CONTACT}), member_id=6)
    invoice = type("Invoice", (), {"member_id": 6})
    assert [may_keep_dues(who) for who in (staff, auditor, contact)] == [True, False, False]
    assert [may_read_ledger(who) for who in (staff, auditor, contact)] == [True, True, False]
    assert [may_read_invoice(who, invoice) for who in (staff, auditor, contact)] == [True, True, True]
    invoice.member_id = 7
    assert not may_read_invoice(contact, invoice)
