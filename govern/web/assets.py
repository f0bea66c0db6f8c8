"""Static files under addresses that carry their content's hash, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, abort, send_from_directory
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from govern.web.access import public
from govern.web.headers import HEADERS

STATIC = Path(__file__).parents[1] / "static"
YEAR = 31_536_000


@cache
def asset(name: str) -> str:
    """``css/app.css`` -> ``/static/css/app.css?v=<hash>``; KeyError-free: a missing file raises FileNotFoundError."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@public("style, script and icons")
def static(filename: str) -> Response:
    """Serve one file; in production WhiteNoise answers before this view is reached."""
    if not (STATIC / filename).is_file():
        abort(404)
    return send_from_directory(STATIC, filename, max_age=YEAR)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def init_app(app: Flask) -> None:
    """Install the ``asset`` global, the fallback route and WhiteNoise in front."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=STATIC,
        prefix="static/",
        max_age=YEAR,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
