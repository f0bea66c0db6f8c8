"""The shortest way to the database, for what every request does and for casting a ballot.

SQLAlchemy composes, compiles and pools for everybody else; measured, that costs several times what these few statements
do. Nothing else may come here: see bench/RESULTS.md for what it buys.
"""

import os
import threading
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Dialect, Engine, Executable, event
from sqlalchemy.exc import DBAPIError

from govern.database import WriteQueue, queues, set_up_sqlite, short_write
from govern.extensions import db


class Work(Protocol):
    """A driver's connection, or SQLAlchemy's wrapping of one, inside a transaction."""

    def cursor(self) -> Any:
        """A new cursor."""


@contextmanager
def swift_write() -> Iterator[Work]:
    """``short_write`` for ``Prepared`` statements alone: on SQLite without SQLAlchemy's connection in between."""
    lane = _lane_of(db.engine)
    if lane is None:
        with short_write() as connection:
            yield connection.connection
    else:
        with lane.writing() as driver:
            yield driver


class Prepared:
    """A statement compiled once that then runs on the driver's own cursor: for what every request pays for.

    The engine's listeners for ``before_cursor_execute`` hear of it, and errors are SQLAlchemy's, as of any other.
    """

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        """``columns``: those an INSERT gives values for. Compiling waits for the first use, which knows the dialect."""
        self._statement = statement
        self._columns = columns
        self._plans: dict[str, _Plan] = {}

    def all(self, values: Mapping[str, Any], work: Work | None = None) -> list[Any]:
        """The rows as named tuples, read inside ``work`` (of ``swift_write``) or else the session's transaction."""
        return self._run(work or db.session.connection().connection, values)

    def run(self, values: Mapping[str, Any], work: Work | None = None) -> None:
        """Write inside ``work`` or else the session's transaction."""
        self._run(work or db.session.connection().connection, values)

    def all_at_once(self, values: Mapping[str, Any]) -> list[Any]:
        """As ``all``, but without a transaction while the session has none: one statement is consistent by itself.

        On SQLite a writing request then waits for the write lock only when it comes to what it writes.
        """
        if db.session.registry.has() and db.session().in_transaction():
            return self.all(values)
        lane = _lane_of(db.engine)
        if lane is not None:
            return self._run(lane.connection(), values)
        borrowed = db.engine.raw_connection()
        driver: Any = borrowed.dbapi_connection
        driver.autocommit = True
        try:
            return self._run(borrowed, values)
        finally:
            driver.autocommit = False
            borrowed.close()

    def _run(self, work: Work, values: Mapping[str, Any]) -> list[Any]:
        engine = db.engine
        plan = self._plans.get(engine.dialect.name)
        if plan is None:
            plan = self._plans[engine.dialect.name] = _Plan(self._statement, self._columns, engine.dialect)
        parameters = plan.bind(values)
        cursor: Any = work.cursor()
        try:
            for listener in engine.dispatch.before_cursor_execute:
                listener(work, cursor, plan.sql, parameters, None, False)  # noqa: FBT003 - the event's signature
            cursor.execute(plan.sql, parameters)
            return [plan.row(found) for found in cursor.fetchall()] if plan.reads else []
        except engine.dialect.loaded_dbapi.Error as error:
            kind = engine.dialect.loaded_dbapi.Error
            raise DBAPIError.instance(plan.sql, parameters, error, kind, dialect=engine.dialect) from error
        finally:
            cursor.close()


class _Plan:
    """A statement for one dialect: its text, and what its types do to values on their way in and out."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        self.order: Sequence[str] | None = compiled.positiontup
        self.fixed = dict(compiled.params)
        self.going_in = {
            name: process
            for bind, name in compiled.bind_names.items()
            if (process := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        self.reads = columns is None
        found = list(statement.selected_columns) if self.reads else []
        self.coming_out = [
            (place, process)
            for place, column in enumerate(found)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        names = [column.name for column in found]
        shape: Any = namedtuple("Found", names)  # type: ignore[misc]  # the names are those of the statement
        self.make = shape._make

    def bind(self, values: Mapping[str, Any]) -> Any:
        """``values`` as the driver wants them."""
        bound = {**self.fixed, **values}
        for name, process in self.going_in.items():
            bound[name] = process(bound[name])
        return bound if self.order is None else [bound[name] for name in self.order]

    def row(self, found: Sequence[Any]) -> Any:
        """What the driver gave, as a named tuple of Python values."""
        values = list(found)
        for place, process in self.coming_out:
            values[place] = process(values[place])
        return self.make(values)


class _Own:
    """A thread's connection in a lane; closed with its thread."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.pid = os.getpid()

    def __del__(self) -> None:
        self.connection.close()


class _Lane:
    """SQLite: one more connection for each thread, outside the pool, for what every request does.

    Taking a connection out of the pool and putting it back costs several times what the statement does.
    """

    def __init__(self, engine: Engine, queue: WriteQueue) -> None:
        self._arguments = engine.dialect.create_connect_args(engine.url)
        self._connect = engine.dialect.connect
        self._queue = queue
        self._thread = threading.local()
        self._opened = WeakSet[_Own]()
        event.listen(engine, "engine_disposed", self.close)

    def connection(self) -> Any:
        """This thread's connection; every statement is a transaction by itself unless ``writing``."""
        own: _Own | None = getattr(self._thread, "own", None)
        if own is None or own.pid != os.getpid():  # a forked child must not use its parent's
            positional, named = self._arguments
            own = self._thread.own = _Own(self._connect(*positional, **{**named, "check_same_thread": False}))
            set_up_sqlite(own.connection, None)
            self._opened.add(own)
        return own.connection

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A writing transaction on it: committed at the end of the block, rolled back by an error."""
        driver = self.connection()
        self._queue.take(id(driver))
        try:
            driver.execute("BEGIN IMMEDIATE")
            try:
                yield driver
                driver.execute("COMMIT")
            except BaseException:
                driver.rollback()
                raise
        finally:
            self._queue.drop(id(driver))

    def close(self, _engine: Engine) -> None:
        """Close what was opened."""
        for own in list(self._opened):
            own.connection.close()
        self._thread = threading.local()


_lanes = WeakKeyDictionary[Engine, _Lane]()


def _lane_of(engine: Engine) -> _Lane | None:
    """The engine's lane; None on PostgreSQL, where the server queues and connections are dear."""
    lane = _lanes.get(engine)
    if lane is None and (queue := queues.get(engine)) is not None:
        lane = _lanes.setdefault(engine, _Lane(engine, queue))
    return lane
