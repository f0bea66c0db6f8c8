"""Static files under addresses that carry their content's hash, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, abort, send_from_directory
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from govern.web.access import public

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


def init_app(app: Flask) -> None:
    """Install the ``asset`` global, the fallback route and WhiteNoise in front."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=STATIC, prefix="static/", max_age=YEAR)  # type: ignore[method-assign]
