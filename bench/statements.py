"""How many statements a request sends: SELECT, INSERT, UPDATE, DELETE; not BEGIN, PRAGMA, SET."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from sqlalchemy import event

from govern import database
from govern.extensions import db

COUNTED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", re.IGNORECASE)
OK, FIRST_ERROR = 200, 400


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and what it sent to the database."""

    status: int
    media: str
    statements: int

    @property
    def is_page(self) -> bool:
        """Whether a page was shown."""
        return self.status == OK and self.media == "text/html"


def asked(app: Flask, method: str, path: str, cookie: str, body: str = "") -> Asked:
    """Send one request to ``app`` in this process."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if COUNTED.match(statement):
            seen.append(statement)

    db.session.remove()
    for name in list(g):  # the block's own context would lend its signed-in person to the request
        g.pop(name)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client = app.test_client(use_cookies=False)
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        answer = client.open(path, method=method, data=body or None, headers=headers)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        db.session.remove()
        database.set_mode(database.WRITE)  # the request chose its own
    return Asked(answer.status_code, answer.mimetype or "", len(seen))


def counted(app: Flask, method: str, path: str, cookie: str, body: str = "") -> int:
    """Statements of one request; RuntimeError when the answer is an error, because then it proves nothing."""
    found = asked(app, method, path, cookie, body)
    if found.status >= FIRST_ERROR:
        raise RuntimeError(f"{method} {path} answered {found.status}")
    return found.statements
