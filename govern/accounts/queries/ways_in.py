"""Sessions, links and codes of a person."""

from collections.abc import Sequence

from sqlalchemy import Row, func, select

from govern.accounts.keys import token_hash
from govern.accounts.models import RecoveryCode, SignInLink, SignInSession, User
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import NotFoundError


def list_sessions(actor: Actor) -> Sequence[SignInSession]:
    """The actor's own sessions that still hold, newest first."""
    statement = select(SignInSession).where(
        SignInSession.user_id == actor.user_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > clock.now(),
    )
    return db.session.scalars(statement.order_by(SignInSession.id.desc())).all()


def get_session(actor: Actor, session_id: int) -> SignInSession:
    """One of the actor's own sessions that was not ended yet; NotFoundError for every other."""
    found = db.session.get(SignInSession, session_id)
    if found is None or found.user_id != actor.user_id or found.revoked_at is not None:
        raise NotFoundError
    return found


def find_link(token: str, purpose: str) -> Row[SignInLink, User] | None:
    """The link and its person while it can be used; reading it does not use it up."""
    statement = (
        select(SignInLink, User)
        .join(User, User.id == SignInLink.user_id)
        .where(
            SignInLink.token_hash == token_hash(token),
            SignInLink.purpose == purpose,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > clock.now(),
            User.active.is_(True),
        )
    )
    return db.session.execute(statement).first()


def count_recovery_codes(user_id: int) -> int:
    """How many recovery codes are left."""
    statement = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(statement) or 0
