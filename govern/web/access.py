"""Access rules: every route declares one, the application refuses to start otherwise.

``@allow(rule)``            the rule sees the actor.
``@allow(rule, x=load)``    ``load`` turns the URL's ``x_id`` into an object; the rule sees it and the view receives the
                            object, never the id - so no view can forget to check.
``@public("why")``          no sign-in needed; the reason is part of the access table under test.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from govern.extensions import htmx
from govern.kernel.actor import Actor
from govern.kernel.errors import NotAllowedError, NotFoundError

View = Callable[..., Any]
Rule = Callable[..., bool]
DECLARED = "__govern_access__"
LARGEST_KEY = 2**31 - 1
"""No row has a larger key; the databases would answer one with an error instead of with no row."""


def actor() -> Actor:
    """The signed-in person under the hat now worn."""
    found: Actor = current_user.actor
    return found


def find_actor() -> Actor | None:
    """The actor, or None for a visitor."""
    found: Actor | None = getattr(current_user._get_current_object() if current_user else None, "actor", None)
    return found


def allow(rule: Rule, **loaders: Callable[[Any], Any]) -> Callable[[View], View]:
    """Let the view run only when ``rule(actor, *loaded objects)`` is true."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> Any:
            me = find_actor()
            if me is None:
                return _ask_to_sign_in()
            if any(isinstance(value, int) and value > LARGEST_KEY for value in kwargs.values()):
                raise NotFoundError
            loaded = {name: load(kwargs.pop(f"{name}_id")) for name, load in loaders.items()}
            if not rule(me, *loaded.values()):
                raise NotAllowedError
            return view(**kwargs, **loaded)

        setattr(guarded, DECLARED, rule.__name__)
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """Declare that anybody may call the view, and why."""

    def decorate(view: View) -> View:
        setattr(view, DECLARED, f"public: {reason}")
        return view

    return decorate


def declared(app: Flask, endpoint: str) -> str | None:
    """The access rule an endpoint declared, or None."""
    found: str | None = getattr(app.view_functions[endpoint], DECLARED, None)
    return found


def seal(app: Flask) -> None:
    """Refuse to start while a route has no access rule (RuntimeError naming the endpoints)."""
    bare = {rule.endpoint for rule in app.url_map.iter_rules() if declared(app, rule.endpoint) is None}
    if bare:
        raise RuntimeError(f"routes without an access rule: {sorted(bare)}")


def _ask_to_sign_in() -> Response:
    if request.method not in {"GET", "HEAD"}:
        raise Unauthorized
    sign_in = url_for(current_app.config["SIGN_IN_ENDPOINT"], next=request.full_path.rstrip("?"))
    if htmx:
        return current_app.response_class(status=204, headers={"HX-Redirect": sign_in})
    return redirect(sign_in, code=303)
