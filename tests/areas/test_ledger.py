# ruff: noqa: S608 - statements of a tamperer
"""The database keeps the books: what does not balance is not posted, what is posted does not change."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from govern.dues.queries.invariants import CHECKS as DUES_CHECKS
from govern.extensions import db
from govern.kernel.actor import SYSTEM, Role
from govern.kernel.errors import RuleBrokenError
from govern.ledger.actions import post_entry, reverse_entry, seed_chart
from govern.ledger.models import Entry
from govern.ledger.queries import CHECKS, balance_of, check_books, trial_balance
from govern.ledger.rules import BANK, DUES_INCOME, RECEIVABLES, LegDraft, sums_by_account
from tests import factories

DAY = date(2026, 3, 1)
LEGS = [LegDraft(BANK, 100_00), LegDraft(DUES_INCOME, -60_00), LegDraft(RECEIVABLES, -40_00)]


@pytest.fixture
def books(app, at_d):
    factories.cluster()
    seed_chart(SYSTEM)


@pytest.fixture
def posted(books):
    entry = post_entry(SYSTEM, booked_on=DAY, text="Payment", source="test", currency="EUR", legs=LEGS)
    db.session.commit()
    return entry.id


def refused(statement, match):
    """The database itself says no."""
    with pytest.raises(DatabaseError, match=match):
        db.session.execute(text(statement))
    db.session.rollback()


def half_written():
    entry = Entry(booked_on=DAY, text="x", source="test", recorded_at=factories.clock.now())
    db.session.add(entry)
    db.session.flush()
    return entry.id


def leg(entry, minor, currency="EUR"):
    db.session.execute(
        text("INSERT INTO leg (entry_id, account_code, minor, currency) VALUES (:entry, '1000', :minor, :currency)"),
        {"entry": entry, "minor": minor, "currency": currency},
    )


def test_an_entry_is_written_balanced_and_reversed_by_its_opposite(posted):
    assert balance_of(BANK) == 100_00
    entry = db.session.get(Entry, posted)
    again = reverse_entry(SYSTEM, entry, booked_on=DAY, text="Reversal", currency="EUR")
    assert again.reverses_id == posted
    assert {row.balance for row in trial_balance()} == {0}
    with pytest.raises(IntegrityError):
        reverse_entry(SYSTEM, entry, booked_on=DAY, text="Again", currency="EUR")
    db.session.rollback()


def test_the_chart_is_laid_out_once(books):
    seed_chart(SYSTEM)
    assert db.session.scalar(text("SELECT count(*) FROM account")) == 5


@pytest.mark.parametrize(
    ("legs", "match"),
    [
        ([LegDraft(BANK, 5)], "two legs"),
        ([LegDraft(BANK, 5), LegDraft(DUES_INCOME, -4)], "their sum is 1"),
        ([LegDraft(BANK, 0), LegDraft(DUES_INCOME, 0)], "books nothing"),
    ],
)
def test_the_rule_refuses_what_does_not_balance(books, legs, match):
    with pytest.raises(RuleBrokenError, match=match):
        post_entry(SYSTEM, booked_on=DAY, text="x", source="test", currency="EUR", legs=legs)


@pytest.mark.parametrize("legs", [[], [(5, "EUR")], [(5, "EUR"), (-4, "EUR")], [(5, "EUR"), (-5, "USD")]])
def test_the_database_posts_only_what_balances_in_every_currency(books, legs):
    entry = half_written()
    for minor, currency in legs:
        leg(entry, minor, currency)
    refused(f"UPDATE entry SET posted = true WHERE id = {entry}", "two legs or more whose sum is 0")


def test_nothing_is_inserted_posted(books):
    values = "VALUES (900, '2026-01-01', 'x', 'x', '2026-01-01', true)"
    refused(f"INSERT INTO entry (id, booked_on, text, source, recorded_at, posted) {values}", "after its legs")


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("UPDATE entry SET text = 'other' WHERE id = {id}", "never changes"),
        ("UPDATE entry SET posted = false WHERE id = {id}", "never changes"),
        ("DELETE FROM entry WHERE id = {id}", "never"),
        ("UPDATE leg SET minor = 1 WHERE entry_id = {id}", "never changes"),
        ("DELETE FROM leg WHERE entry_id = {id}", "never removed"),
        ("INSERT INTO leg (entry_id, account_code, minor, currency) VALUES ({id}, '1000', 5, 'EUR')", "no further leg"),
    ],
)
def test_a_posted_entry_never_changes(posted, statement, match):
    refused(statement.format(id=posted), match)
    assert balance_of(BANK) == 100_00


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("guarded", [True, False])
def test_replacing_rows_does_not_walk_past_the_triggers(posted, guarded):
    if not guarded:  # as in a file opened by hand
        db.session.execute(text("PRAGMA recursive_triggers=OFF"))
    entry = "INSERT OR REPLACE INTO entry (id, booked_on, text, source, recorded_at, posted)"
    refused(f"{entry} VALUES ({posted}, '2026-01-01', 'x', 'x', '2026-01-01', 0)", "never")
    columns = "account_code, 1, currency FROM leg"
    refused(
        "INSERT OR REPLACE INTO leg (id, entry_id, account_code, minor, currency) "
        f"SELECT id, {half_written()}, {columns} WHERE entry_id = {posted}",
        "never",
    )
    refused(f"UPDATE OR REPLACE entry SET id = {posted} WHERE id = {half_written()}", "never changes")
    assert balance_of(BANK) == 100_00
    db.session.execute(text("PRAGMA recursive_triggers=ON"))
    db.session.rollback()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_leg_is_a_whole_number(books):
    entry = half_written()
    values = f"VALUES ({entry}, '1000', 1.5, 'EUR')"
    refused(f"INSERT INTO leg (entry_id, account_code, minor, currency) {values}", "whole number")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_truncate_is_refused(posted):
    for tables in ("leg", "entry CASCADE", "invoice CASCADE"):
        refused(f"TRUNCATE {tables}", "never changed or removed")


def test_the_self_check_holds_and_names_a_missing_trigger(posted, engine_name):
    db.session.rollback()
    for check in (*CHECKS, *DUES_CHECKS):
        assert check().faults == (), check.__name__
    assert check_books().count == 1
    name = "leg_no_update" if engine_name == "sqlite" else "leg_kept"
    db.session.execute(text(f"DROP TRIGGER {name}" + ("" if engine_name == "sqlite" else " ON leg")))
    assert f"The trigger {name} on leg is missing" in CHECKS[1]().faults[0]
    db.session.rollback()


def test_an_unposted_entry_is_a_fault(books):
    half_written()
    assert "never posted" in check_books().faults[0]


def test_sums_by_account():
    assert sums_by_account([*LEGS, LegDraft(BANK, -1)]) == {BANK: 99_99, DUES_INCOME: -60_00, RECEIVABLES: -40_00}


def test_the_books_are_read_by_those_who_audit(app, posted):
    auditor = app.test_client().as_user(factories.officer(Role.AUDITOR), "office")
    assert "Trial balance" in auditor.get("/ledger/").text
    assert "Payment" in auditor.get("/ledger/accounts/1000").text
    assert "100.00" in auditor.get(f"/ledger/entries/{posted}").text
    assert auditor.get("/ledger/accounts/9999").status_code == 404
    observer = app.test_client().as_user(factories.officer(Role.OBSERVER), "office")
    assert observer.get("/ledger/").status_code == 403
