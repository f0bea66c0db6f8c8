"""How many SQL statements a request sends, counted in this process on an application of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from bench.installation import Installation
from govern import config
from govern.app import create_app
from govern.extensions import db

COUNTED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", re.IGNORECASE)


def second_app(inst: Installation) -> Flask:
    """Another application on the same database: a request to it does not share the context that is open here."""
    return create_app(config.load(inst.environment))


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the SELECT, INSERT, UPDATE and DELETE statements ``app`` sends inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if COUNTED.match(statement):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
