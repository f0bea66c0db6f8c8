"""What entries say, for areas that compare their tables with the log."""

from collections.abc import Collection, Iterator
from json import loads
from typing import Any

from sqlalchemy import select

from govern.audit.models import AuditEntry
from govern.extensions import db

AT_ONCE = 1000


def read_afterwards(actions: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(object's key, values after the deed) of all entries with one of ``actions``, oldest first, read as asked for."""
    statement = select(AuditEntry.payload).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id)
    for payload in db.session.scalars(statement.execution_options(yield_per=AT_ONCE)):
        said = loads(payload)
        yield said["object"][1], said["with"]["after"]
