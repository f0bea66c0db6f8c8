"""Sessions and sign-in links."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, select, update

from govern.accounts import keys, rules
from govern.accounts.actions import mails
from govern.accounts.models import RateWindow, SignInLink, SignInSession, User
from govern.accounts.queries import find_user_by_email
from govern.audit.actions import record
from govern.extensions import db
from govern.jobs.actions import enqueue
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import RuleBrokenError

SIGN_IN = "sign_in"
INVITATION = "invitation"
LINK_JOB = "accounts.mail_sign_in_link"
KEPT_ENDED = rules.SESSION_LIFETIME


def open_session(user: User, *, hat_key: str = "", method: str, address: str, browser: str) -> str:
    """A new session of ``user``; returns the token for the cookie. Without ``hat_key`` the hat worn last is taken.

    ``method``: password, link, invitation, demo; ``+code`` when a second step followed.
    """
    now = clock.now()
    token = keys.new_token()
    opened = SignInSession(
        token_hash=keys.token_hash(token),
        user_id=user.id,
        hat_key=hat_key or _hat_worn_last(user.id),
        created_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
        address=address,
        browser=browser,
        method=method,
    )
    db.session.add(opened)
    db.session.flush()
    # Address and browser stay out of the log: it is never deleted, the list of sessions is.
    record(_as(user), "session.opened", "session", opened.id, after={"method": method})
    return token


def _as(user: User) -> Actor:
    return Actor(user_id=user.id, name=user.name)


def _hat_worn_last(user_id: int) -> str:
    newest = select(SignInSession.hat_key).where(SignInSession.user_id == user_id).order_by(SignInSession.id.desc())
    return db.session.scalar(newest.limit(1)) or ""


def end_session(actor: Actor, session: SignInSession) -> None:
    """From now on the browser is signed out."""
    session.revoked_at = clock.now()
    db.session.flush()
    record(actor, "session.ended", "session", session.id)


def end_sessions(actor: Actor, user_id: int, *, keep: int | None = None) -> int:
    """End every session of a person but ``keep`` (a session's id); returns how many."""
    statement = (
        update(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > clock.now(),
            SignInSession.id != (keep or 0),
        )
        .values(revoked_at=clock.now())
        .returning(SignInSession.id)
    )
    ended = list(db.session.scalars(statement))
    if ended:
        record(actor, "session.ended", "user", user_id, after={"sessions": sorted(ended)})
    return len(ended)


def switch_hat(actor: Actor, session_id: int, hat_key: str, own: frozenset[str]) -> None:
    """Wear another hat in this session; RuleBrokenError when it is none of the person's ``own``."""
    if hat_key not in own:
        raise RuleBrokenError("You cannot act for that any more. Choose one of the entries in the list.")
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(hat_key=hat_key))
    record(actor, "session.hat_changed", "session", session_id, before={"hat": actor.hat_key}, after={"hat": hat_key})


def ask_for_link(email: str, *, address_of_links: str, next_url: str) -> None:
    """Queue the making of a sign-in link. The same work is done for an unknown address: nobody can tell them apart."""
    arguments = {"email": email.strip().lower(), "address": address_of_links, "next": next_url}
    enqueue(f"link:{keys.new_token()}", LINK_JOB, arguments)


def mail_sign_in_link(arguments: Mapping[str, Any]) -> None:
    """The job behind ``ask_for_link``: make the link and queue its mail; nothing for an unknown address."""
    user = find_user_by_email(arguments["email"])
    if user is None or not user.active:
        return
    link, token = make_link(user, SIGN_IN, next_url=arguments["next"])
    mails.sign_in_link(user, link, arguments["address"] + token)


def make_link(user: User, purpose: str, *, next_url: str = "") -> tuple[SignInLink, str]:
    """A one-time link and its token; the table keeps only the token's hash."""
    token = keys.new_token()
    now = clock.now()
    lifetime = rules.INVITATION_LIFETIME if purpose == INVITATION else rules.LINK_LIFETIME
    link = SignInLink(
        token_hash=keys.token_hash(token),
        user_id=user.id,
        purpose=purpose,
        next_url=rules.local_path(next_url),
        created_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def use_link(token: str, purpose: str) -> tuple[User, str] | None:
    """Use a link up: its person and where it leads, or None when it is unknown, used or too old."""
    now = clock.now()
    statement = (
        update(SignInLink)
        .where(
            SignInLink.token_hash == keys.token_hash(token),
            SignInLink.purpose == purpose,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInLink.user_id, SignInLink.next_url)
    )
    # The update itself decides: of two requests with the same link only one changes a row.
    used = db.session.execute(statement).first()
    user = db.session.get(User, used.user_id) if used else None
    return (user, used.next_url) if used and user and user.active else None


def end_links(user_id: int) -> None:
    """Links not yet used stop working."""
    statement = update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None))
    db.session.execute(statement.values(used_at=clock.now()))


def forget_expired(_arguments: Mapping[str, Any]) -> None:
    """Daily job: delete what only helps to sign in and helps no more (addresses and browsers among it)."""
    now = clock.now()
    ended = or_(SignInSession.expires_at < now - KEPT_ENDED, SignInSession.revoked_at < now - KEPT_ENDED)
    db.session.execute(delete(SignInSession).where(ended))
    db.session.execute(delete(SignInLink).where(SignInLink.expires_at < now - KEPT_ENDED))
    db.session.execute(delete(RateWindow).where(RateWindow.started_at < now - rules.LONGEST_WINDOW))
