"""What gunicorn loads: the application, and the floor beside it in the same processes.

The floor is a second, bare Flask application under ``/floor``: none of Govern's hooks run for it, so nothing of Govern
makes it slower than it has to be. ``bench.floor`` says how its durable insert is written.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from bench import floor

PREFIX = "/floor/"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def make_app() -> Wsgi:
    """Build both from the environment; the settings are those of a production server."""
    # structlog loads it (6 MB) where development tools are installed, which is not so in production.
    sys.modules["rich"] = None  # type: ignore[assignment]
    from govern import config  # noqa: PLC0415
    from govern.app import create_app  # noqa: PLC0415

    settings = config.load()
    govern = create_app(settings)
    bare = make_floor(settings.database_url)

    def choose(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen: Wsgi = bare if environ["PATH_INFO"].startswith(PREFIX) else govern
        return chosen(environ, start_response)

    return choose


def make_floor(database_url: str) -> Flask:
    """Two routes without any duty: ``hello``, and one durable row."""
    app = Flask("floor", static_folder=None)
    insert = floor.inserter(database_url)

    @app.get("/floor/hello")
    def hello() -> str:
        return "hello"

    @app.get("/floor/worker")
    def worker() -> str:
        return str(os.getpid())

    @app.post("/floor/insert")
    def bare_insert() -> str:
        insert()
        return "stored"

    return app
