"""Background work: jobs, mails, and what the clock brings about."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import click
import structlog
from flask import Flask

from govern.cli import refuse
from govern.cli.checking import require_database
from govern.cli.running import make_app, opened

PAUSE_SECONDS = 3
STOP_SECONDS = 30
log = structlog.get_logger()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end (for a timer).")
def work(once: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Send mails, run jobs, declare votes that closed and reviews that lapsed."""
    app = make_app()
    with opened(app):
        require_database()
    if once:
        failed = run_round(app)
        if failed:
            refuse(*failed)
        return
    worker = Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    click.echo("Working. Stop with Ctrl+C.")
    worker.run()


def run_round(app: Flask) -> list[str]:
    """Run every entry of govern.areas.PERIODIC once, each in its own transaction; returns what failed, in words."""
    from govern.areas import PERIODIC

    return [failure for one in PERIODIC if (failure := _run_one(app, one))]


def _run_one(app: Flask, act: Callable[[], object]) -> str:
    from govern import database
    from govern.extensions import db

    name = getattr(act, "__qualname__", repr(act))
    with app.app_context():
        database.set_mode(database.WRITE)
        try:
            act()
            db.session.commit()
        except Exception as error:
            db.session.rollback()
            log.exception("work failed", work=name)
            return f"{name}: {type(error).__name__}: {error}"
        return ""


@dataclass
class Worker:
    """Rounds of work until it is told to stop."""

    app: Flask
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def run(self) -> None:
        """Work round after round; after a failure wait as long as after a round without."""
        while not self.stopping.is_set():
            run_round(self.app)
            self.stopping.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        """End after the present round; waits for it for half a minute at most."""
        self.stopping.set()
        if self.thread is not None:
            self.thread.join(STOP_SECONDS)


def start_worker_thread(app: Flask) -> Worker:
    """Work beside a server of the same process (the demo); the thread ends with the process."""
    worker = Worker(app)
    worker.thread = threading.Thread(target=worker.run, name="govern-work", daemon=True)
    worker.thread.start()
    return worker
