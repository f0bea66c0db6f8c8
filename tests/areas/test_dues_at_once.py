"""Two bookings at once. PostgreSQL only: on SQLite writers stand in line from their first read."""

import threading
from contextvars import copy_context
from datetime import date

import pytest
from sqlalchemy import func, select

from govern.dues.actions import issue_invoices, open_year, record_payment, reverse_payment
from govern.dues.models import Invoice, Payment
from govern.dues.queries import standing_of
from govern.extensions import db
from govern.kernel.actor import SYSTEM
from govern.kernel.errors import RuleBrokenError
from govern.ledger.queries import balance_of
from govern.ledger.rules import PREPAYMENTS, RECEIVABLES
from govern.members.models import Member
from tests.areas.test_dues import cluster  # noqa: F401 - a fixture

DAY = date(2026, 1, 15)
SOON = 10


@pytest.fixture(params=["postgresql"])
def engine_name(request):
    return request.param


@pytest.fixture
def books(app, cluster):  # noqa: F811 - the fixture imported above
    open_year(SYSTEM, 2026)
    db.session.commit()
    return app


def meanwhile(app, act):
    """Start ``act`` in a transaction of its own, which this transaction keeps waiting; returns how to let it end."""
    refused = []

    def work():
        with app.app_context():
            try:
                act()
                db.session.commit()
            except RuleBrokenError as error:
                refused.append(error)
            finally:
                db.session.remove()

    other = threading.Thread(target=copy_context().run, args=(work,))
    other.start()
    other.join(1)
    assert other.is_alive(), "it did not wait"

    def end():
        db.session.commit()
        other.join(SOON)
        assert not other.is_alive()
        return refused

    return end


def test_a_year_is_billed_once(books):
    issued = issue_invoices(SYSTEM, 2026, issued_on=DAY)
    meanwhile(books, lambda: issue_invoices(SYSTEM, 2026, issued_on=DAY))()
    assert db.session.scalar(select(func.count()).select_from(Invoice)) == len(issued) == 24


def test_two_payments_at_once_pay_no_more_than_is_owed(books):
    issue_invoices(SYSTEM, 2026, issued_on=DAY)
    db.session.commit()
    key = db.session.scalars(select(Member.id).order_by(Member.id)).first()

    def pay():
        record_payment(SYSTEM, db.session.get_one(Member, key), received_on=DAY, amount_minor=owed)

    owed = standing_of(key, DAY).owed_minor
    pay()
    meanwhile(books, pay)()
    assert balance_of(RECEIVABLES, member_id=key) == 0
    assert balance_of(PREPAYMENTS, member_id=key) == -owed


def test_a_payment_is_taken_back_once(books):
    key = db.session.scalars(select(Member.id).order_by(Member.id)).first()
    record_payment(SYSTEM, db.session.get_one(Member, key), received_on=DAY, amount_minor=500)
    db.session.commit()

    def take_back():
        reverse_payment(SYSTEM, db.session.scalars(select(Payment)).one(), on=DAY, reason="Returned by the bank")

    take_back()
    (refused,) = meanwhile(books, take_back)()
    assert "taken back already" in str(refused)
    assert balance_of(RECEIVABLES, member_id=key) == balance_of(PREPAYMENTS, member_id=key) == 0
