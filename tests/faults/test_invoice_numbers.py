"""Eight processes issue invoices at once and one in five fails: no number is missing, none is drawn twice."""

import os
from datetime import date
from multiprocessing import get_context

import pytest
from sqlalchemy import func, select

from govern.dues.actions.invoicing import _draw
from govern.dues.models import Invoice
from govern.dues.queries.invariants import check_numbers
from govern.extensions import db
from govern.kernel.actor import SYSTEM
from govern.ledger.actions import post_entry, seed_chart
from govern.ledger.rules import DUES_INCOME, RECEIVABLES, LegDraft
from tests import factories
from tests.conftest import make_app

PROCESSES, EACH = 8, 60
ONE_IN = 5
DAY = date(2026, 1, 15)


class Fails(Exception):  # noqa: N818 - it is no error of the product
    """What goes wrong after a number was drawn."""


def fails(seed, turn):
    return (seed + turn) % ONE_IN == 0


def issue_one(member_id, *, fail):
    sequence, number = _draw(DAY)
    legs = [LegDraft(RECEIVABLES, 100, member_id), LegDraft(DUES_INCOME, -100, member_id)]
    entry = post_entry(SYSTEM, booked_on=DAY, text="Dues", source=number, currency="EUR", legs=legs)
    values = {"number": number, "year": DAY.year, "sequence": sequence, "member_id": member_id, "entry_id": entry.id}
    more = {
        "fiscal_year": 2026,
        "kind": "dues",
        "text": "Dues",
        "issued_on": DAY,
        "amount_minor": 100,
        "currency": "EUR",
    }
    db.session.add(Invoice(**values, **more))
    db.session.flush()
    if fail:
        raise Fails
    db.session.commit()


def work(instance, url, member_id, seed):
    """Issue invoices in a process of its own; one in five of them fails."""
    app = make_app(instance, url)
    with app.app_context():
        for turn in range(EACH):
            try:
                issue_one(member_id, fail=fails(seed, turn))
            except Fails:
                db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    os._exit(0)


@pytest.mark.filterwarnings("ignore:This process")
def test_no_gap_and_no_double_under_load(app, database_url, tmp_path):
    factories.cluster()
    member = factories.member(factories.category())
    seed_chart(SYSTEM)
    db.session.commit()
    key = member.id
    db.session.remove()
    context = get_context("spawn")
    workers = [context.Process(target=work, args=(tmp_path, database_url, key, seed)) for seed in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(180)
        assert worker.exitcode == 0
    expected = sum(not fails(seed, turn) for seed in range(PROCESSES) for turn in range(EACH))
    count, distinct, last = db.session.execute(
        select(func.count(), func.count(Invoice.number.distinct()), func.max(Invoice.sequence))
    ).one()
    assert (count, distinct, last) == (expected, expected, expected)
    assert check_numbers().faults == ()
