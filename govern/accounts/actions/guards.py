"""Proving who one is: attempts are counted first, in transactions of their own, and survive a refused request.

Everything here must run before the request's writing transaction begins (``database.short_write`` refuses otherwise):
passwords are compared while no lock is held, counters never wait for our own lock.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern import database
from govern.accounts import keys, rules
from govern.accounts.models import RateWindow, RecoveryCode, User
from govern.accounts.rules import Limit
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.errors import TooManyError


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who proved the first step. ``seal`` changes with the password and the authenticator."""

    user_id: int
    second_step: bool
    seal: str


def count_attempt(*counted: tuple[Limit, str]) -> None:
    """Count one attempt under each (limit, key); TooManyError saying when to try again once one is used up."""
    now = clock.now()
    with database.short_write() as connection:
        waits = [_hit(connection, limit, key, now) for limit, key in counted]
    longest = max(wait for wait in waits)
    if longest > now:
        wait = longest - now
        raise TooManyError(rules.wait_message(wait), seconds=int(wait.total_seconds()))


def _key(limit: Limit, key: str) -> str:
    # Hashed: what a stranger typed as an address is nobody's business, and has no length we chose.
    return f"{limit.name}:{keys.token_hash(key)[:32]}"


def _hit(connection: Connection, limit: Limit, key: str, now: datetime) -> datetime:
    """Count one; returns until when to wait (``now`` when the limit is not used up)."""
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    over = RateWindow.started_at <= now - limit.window
    statement = (
        make(RateWindow)
        .values(key=_key(limit, key), started_at=now, hits=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "hits": case((over, 1), else_=RateWindow.hits + 1),
                "started_at": case((over, now), else_=RateWindow.started_at),
            },
        )
        .returning(RateWindow.hits, RateWindow.started_at)
    )
    hits, started_at = connection.execute(statement).one()
    return now if hits <= limit.hits else started_at + limit.window


def _forget(connection: Connection, *counted: tuple[Limit, str]) -> None:
    """A success ends the account's windows; those by address go on, or one good account would excuse all guesses."""
    connection.execute(delete(RateWindow).where(RateWindow.key.in_([_key(*one) for one in counted])))


def check_password(email: str, password: str, *, address: str) -> Candidate | None:
    """The person behind ``email`` when ``password`` is right, otherwise None, after the same time for everybody."""
    email = email.strip().lower()
    by_account = ((rules.PASSWORD_BY_ACCOUNT, email), (rules.PASSWORD_BY_ACCOUNT_DAY, email))
    count_attempt(*by_account, (rules.PASSWORD_BY_ADDRESS, rules.address_key(address)))
    with database.short_read() as connection:
        wanted = select(User.id, User.password_hash, User.totp_secret).where(User.email == email, User.active.is_(True))
        found = connection.execute(wanted).first()
    stored = found.password_hash if found else None
    if not keys.password_fits(stored, password) or found is None or stored is None:
        return None
    newer = keys.hash_password(password) if keys.needs_rehash(stored) else None
    with database.short_write() as connection:
        _forget(connection, *by_account)
        if newer:
            unchanged = (User.id == found.id, User.password_hash == stored)
            connection.execute(update(User).where(*unchanged).values(password_hash=newer))
    seal = keys.seal_of(newer or stored, found.totp_secret)
    return Candidate(found.id, found.totp_secret is not None, seal)


def check_code(user_id: int, typed: str) -> bool:
    """Whether ``typed`` is a fresh code of the person's authenticator, or one of its recovery codes; either is used up.

    TooManyError after too many guesses.
    """
    account = str(user_id)
    by_account = ((rules.CODE_BY_ACCOUNT, account), (rules.CODE_BY_ACCOUNT_DAY, account))
    count_attempt(*by_account)
    code = keys.plain_code(typed)
    with database.short_write() as connection:
        is_totp = len(code) == rules.TOTP_DIGITS and code.isascii() and code.isdigit()
        good = (_use_totp if is_totp else _use_recovery_code)(connection, user_id, code)
        if good:
            _forget(connection, *by_account)
    return good


def _use_totp(connection: Connection, user_id: int, code: str) -> bool:
    secret = connection.scalar(select(User.totp_secret).where(User.id == user_id, User.active.is_(True)))
    step = keys.totp_step(secret, code, clock.now()) if secret else None
    if step is None:
        return False
    # The comparison is part of the update: of two requests with the same code only one changes a row.
    newer = (User.id == user_id, User.totp_last_step < step)
    return connection.execute(update(User).where(*newer).values(totp_last_step=step)).rowcount == 1


def _use_recovery_code(connection: Connection, user_id: int, code: str) -> bool:
    unused = (
        RecoveryCode.user_id == user_id,
        RecoveryCode.code_hash == keys.token_hash(code),
        RecoveryCode.used_at.is_(None),
    )
    return connection.execute(update(RecoveryCode).where(*unused).values(used_at=clock.now())).rowcount == 1
