"""Pages that must be readable before signing in, and the style guide."""

from flask import Response

from govern.desk.routes import bp
from govern.web.access import public
from govern.web.pages import page


@bp.get("/help", endpoint="help")
@public("help must be readable before signing in")
def help_page() -> Response:
    """Where to turn and how things work."""
    return page("desk/help.html")


@bp.get("/accessibility")
@public("an accessibility statement is for everybody")
def accessibility() -> Response:
    """What is promised and how to complain."""
    return page("desk/accessibility.html")


@bp.get("/privacy")
@public("a privacy notice is for everybody")
def privacy() -> Response:
    """What is kept about persons and why."""
    return page("desk/privacy.html")
