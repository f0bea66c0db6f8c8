"""How a person signs in: password, authenticator, recovery codes."""

from flask_babel import gettext as _
from sqlalchemy import delete

from govern.accounts import keys, rules
from govern.accounts.actions import mails
from govern.accounts.actions.sessions import end_links, end_sessions
from govern.accounts.models import RecoveryCode, User
from govern.audit.actions import record
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.errors import RuleBrokenError


def set_password(user: User, password: str) -> None:
    """Give ``user`` a password and end its sessions; RuleBrokenError when it is too weak.

    Hashes inside the caller's transaction: for the command line and the demo. Requests hash first and then call
    ``change_password``.
    """
    rules.check_password(password, email=user.email, name=user.name)
    store_password(Actor(user_id=user.id, name=user.name), user, keys.hash_password(password), keep=None)


def store_password(actor: Actor, user: User, hashed: str, *, keep: int | None) -> int:
    """Store a password's hash; every session but ``keep`` and every open link ends. Returns how many sessions ended."""
    user.password_hash = hashed
    db.session.flush()
    end_links(user.id)
    record(actor, "password.changed", "user", user.id)
    return end_sessions(actor, user.id, keep=keep)


def change_password(actor: Actor, user: User, hashed: str, *, keep: int) -> int:
    """``store_password`` at the person's own wish, with a mail to the owner of the account."""
    ended = store_password(actor, user, hashed, keep=keep)
    mails.account_changed(user, _("Your password was changed. All other devices were signed out."))
    return ended


def start_second_step(actor: Actor, user: User, *, secret: str, code: str) -> list[str]:
    """Ask for a code of this authenticator from now on; returns the recovery codes, which are shown once.

    RuleBrokenError when ``code`` is not what the authenticator shows.
    """
    step = keys.totp_step(secret, keys.plain_code(code), clock.now())
    if step is None:
        raise RuleBrokenError(
            "This is not the code your authenticator shows now. Check its clock and type the next one."
        )
    user.totp_secret = secret
    user.totp_last_step = step
    db.session.flush()
    record(actor, "second_step.started", "user", user.id)
    mails.account_changed(user, _("Signing in now asks for a code of your authenticator."))
    return _new_codes(user)


def stop_second_step(actor: Actor, user: User) -> None:
    """Sign in without a code again. The caller has checked one last code."""
    user.totp_secret = None
    db.session.flush()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    record(actor, "second_step.stopped", "user", user.id)
    mails.account_changed(user, _("Signing in no longer asks for a code of your authenticator."))


def renew_recovery_codes(actor: Actor, user: User) -> list[str]:
    """New codes instead of all old ones; shown once. The caller has checked a code."""
    record(actor, "recovery_codes.renewed", "user", user.id)
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [keys.new_recovery_code() for _number in range(rules.RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=keys.token_hash(keys.plain_code(code))) for code in codes
    )
    db.session.flush()
    return codes


def save_profile(actor: Actor, user: User, *, name: str, theme: str, locale: str) -> None:
    """The person's own name, theme (auto, light, dark) and language ("" = the cluster's)."""
    before = {"name": user.name, "theme": user.theme, "locale": user.locale}
    after = {"name": name.strip(), "theme": theme, "locale": locale}
    if before == after:
        return
    user.name, user.theme, user.locale = after["name"], theme, locale
    db.session.flush()
    record(actor, "user.changed", "user", user.id, before=before, after=after)
