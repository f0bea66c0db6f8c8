"""Bookings. Only here are entries written; the database refuses whatever does not balance."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select

from govern.audit.actions import record
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.ledger.models import Account, Entry, Leg
from govern.ledger.queries import legs_of
from govern.ledger.rules import CHART, LegDraft, check_balanced, opposite


def seed_chart(actor: Actor) -> None:
    """Add the accounts of the chart that are missing."""
    there = set(db.session.scalars(select(Account.code)))
    missing = [{"code": code, "name": name, "kind": kind} for code, name, kind in CHART if code not in there]
    if missing:
        db.session.execute(insert(Account), missing)
        record(actor, "accounts.added", "chart", "accounts", after={row["code"]: row["name"] for row in missing})


def post_entry(  # noqa: PLR0913 - the fields of a booking
    actor: Actor,
    *,
    booked_on: date,
    text: str,
    source: str,
    currency: str,
    legs: Sequence[LegDraft],
    reverses: Entry | None = None,
) -> Entry:
    """Write and post a balanced entry; ``source`` names what it books ("invoice 2026-0001").

    RuleBrokenError when the legs do not balance.
    """
    check_balanced(legs)
    entry = Entry(
        booked_on=booked_on,
        text=text,
        source=source,
        reverses_id=reverses.id if reverses else None,
        recorded_at=clock.now(),
        posted=False,
    )
    db.session.add(entry)
    db.session.flush()
    db.session.execute(
        insert(Leg),
        [
            {
                "entry_id": entry.id,
                "account_code": leg.account,
                "member_id": leg.member_id,
                "minor": leg.minor,
                "currency": currency,
            }
            for leg in legs
        ],
    )
    entry.posted = True
    db.session.flush()
    after = {"on": booked_on, "text": text, "currency": currency, "legs": [(leg.account, leg.minor) for leg in legs]}
    record(actor, "entry.posted", "entry", entry.id, after=after)
    return entry


def reverse_entry(actor: Actor, entry: Entry, *, booked_on: date, text: str, currency: str) -> Entry:
    """Undo ``entry`` by its opposite; IntegrityError when it was reversed already."""
    return post_entry(
        actor,
        booked_on=booked_on,
        text=text,
        source=f"entry {entry.id}",
        currency=currency,
        legs=opposite(legs_of(entry)),
        reverses=entry,
    )
