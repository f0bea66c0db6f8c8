"""What every way in shares: the half-way state between two steps, the new session, and where to go then."""

from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from govern.accounts import actions, keys, queries, rules
from govern.accounts.models import User
from govern.kernel import clock

HALF_WAY = "half_way"


def home() -> str:
    """The page to start from."""
    return url_for("desk.home") if "desk.home" in current_app.view_functions else "/"


def onward(next_url: str | None) -> Response:
    """Go to ``next_url`` when it is a page of this site, otherwise home."""
    return redirect(rules.local_path(next_url) or home(), code=303)


def remote_address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def _end_present_session() -> None:
    if current_user.is_authenticated:
        me = current_user.actor
        actions.end_session(me, queries.get_session(me, current_user.session_id))


def let_in(user: User, *, method: str, next_url: str | None = "", hat_key: str = "") -> Response:
    """A new session for this browser; the one it had ends, and with it everything the old cookie held."""
    _end_present_session()
    token = actions.open_session(
        user,
        hat_key=hat_key,
        method=method,
        address=remote_address(),
        browser=rules.browser_name(request.user_agent.string),
    )
    session.clear()
    login_user(queries.load_signed_in(token))
    session.permanent = True
    return onward(next_url)


def first_step_done(candidate: actions.Candidate, *, method: str, next_url: str | None) -> Response:
    """Let the person in, or ask for the second step where it is set up."""
    if not candidate.second_step:
        return let_in(queries.get_user(candidate.user_id), method=method, next_url=next_url)
    _end_present_session()
    session.clear()
    session[HALF_WAY] = {
        "user": candidate.user_id,
        "seal": candidate.seal,
        "until": (clock.now() + rules.SECOND_STEP_LIFETIME).timestamp(),
        "method": method,
        "next": rules.local_path(next_url),
    }
    return redirect(url_for("accounts.second_step"), code=303)


def half_way() -> dict[str, Any] | None:
    """What the first step left in the cookie, while it is good."""
    found: dict[str, Any] | None = session.get(HALF_WAY)
    return found if found and found["until"] >= clock.now().timestamp() else None


def still_sealed(user: User, state: dict[str, Any]) -> bool:
    """Nobody changed the password or the authenticator between the two steps."""
    return user.active and keys.seal_of(user.password_hash, user.totp_secret) == state["seal"]


def candidate_of(user: User) -> actions.Candidate:
    """``user`` after a first step other than the password."""
    return actions.Candidate(user.id, user.totp_secret is not None, keys.seal_of(user.password_hash, user.totp_secret))
