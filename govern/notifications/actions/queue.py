"""The queue: one row per mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern import database
from govern.extensions import db
from govern.kernel import clock
from govern.notifications.models import Mail
from govern.notifications.rules import BATCH, LEASE, MOST_TRIES, WIPED, one_line, wait_before_next


@dataclass(frozen=True, slots=True)
class Due:
    """A mail this worker has claimed until ``lease``; ``tries`` counts this attempt."""

    id: int
    key: str
    to: str
    subject: str
    text: str
    secret: bool
    created_at: datetime
    tries: int
    lease: datetime


def queue_mail(  # noqa: PLR0913 - the parts of a mail
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    user_id: int | None = None,
    not_before: datetime | None = None,
    secret: bool = False,
) -> None:
    """Queue one mail in the caller's transaction; nothing happens when ``key`` was queued before.

    ``secret``: the text holds a way to sign in and is wiped once sent. ``not_before``: the earliest instant.
    """
    now = clock.now()
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = make(Mail).values(
        key=key,
        user_id=user_id,
        to=to.strip(),
        subject=one_line(subject),
        text=text,
        secret=secret,
        created_at=now,
        not_before=not_before or now,
        tries=0,
        last_error="",
    )
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))


def claim() -> list[Due]:
    """Take the mails that are due for this worker, oldest first."""
    now = clock.now()
    with database.short_read() as connection:  # an idle worker asks often and must not take the write lock each time
        if connection.execute(select(Mail.id).where(*_due(now)).limit(1)).first() is None:
            return []
    with database.short_write() as connection:
        columns = (Mail.id, Mail.key, Mail.to, Mail.subject, Mail.text, Mail.secret, Mail.created_at, Mail.tries)
        wanted = select(*columns).where(*_due(now)).order_by(Mail.not_before, Mail.id).limit(BATCH)
        rows = connection.execute(wanted.with_for_update(skip_locked=True)).all()
        taken = update(Mail).where(Mail.id.in_([row.id for row in rows]))
        connection.execute(taken.values(leased_until=now + LEASE, tries=Mail.tries + 1))
    return [Due(*row[:-1], tries=row.tries + 1, lease=now + LEASE) for row in rows]


def _due(now: datetime) -> Any:
    free = or_(Mail.leased_until.is_(None), Mail.leased_until < now)
    return (Mail.sent_at.is_(None), Mail.not_before <= now, Mail.tries < MOST_TRIES, free)


def mark_sent(mail: Due) -> None:
    """The server has taken it."""
    text = {"text": WIPED} if mail.secret else {}
    _change(mail, sent_at=clock.now(), leased_until=None, last_error="", **text)


def mark_failed(mail: Due, why: str) -> None:
    """Try again later; after the last try the row stays, unsent, with the reason."""
    _change(mail, leased_until=None, not_before=clock.now() + wait_before_next(mail.tries), last_error=why)


def _change(mail: Due, **values: Any) -> None:
    with database.short_write() as connection:
        connection.execute(update(Mail).where(Mail.id == mail.id, Mail.leased_until == mail.lease).values(**values))
