"""Who may do what with accounts, and how much trying is allowed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from govern.kernel.actor import VOTING_ROLES, Actor, HatKind, Role
from govern.kernel.errors import RuleBrokenError


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``hits`` attempts within ``window`` of the first one."""

    name: str
    hits: int
    window: timedelta


# Attempts are counted before the secret is looked at, so guesses sent at the same time cannot pass together. The long
# windows bound what a patient guesser gets; the limits by address are wide because an office shares one address.
PASSWORD_BY_ACCOUNT = Limit("password-account", 10, timedelta(minutes=15))
PASSWORD_BY_ACCOUNT_DAY = Limit("password-account-day", 50, timedelta(days=1))
PASSWORD_BY_ADDRESS = Limit("password-address", 60, timedelta(minutes=15))
LINK_BY_ACCOUNT = Limit("link-account", 5, timedelta(minutes=30))
LINK_BY_ADDRESS = Limit("link-address", 30, timedelta(minutes=30))
CODE_BY_ACCOUNT = Limit("code-account", 8, timedelta(minutes=15))
CODE_BY_ACCOUNT_DAY = Limit("code-account-day", 40, timedelta(days=1))
LONGEST_WINDOW = timedelta(days=1)

LINK_LIFETIME = timedelta(minutes=15)
INVITATION_LIFETIME = timedelta(days=14)
SESSION_LIFETIME = timedelta(days=14)
SECOND_STEP_LIFETIME = timedelta(minutes=5)
FRESH = timedelta(minutes=30)

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
FEWEST_CHARACTERS = 5
LONGEST_EMAIL = 254
RECOVERY_CODES = 10
TOTP_DIGITS = 6

KIND_OF = {
    Role.DELEGATE: HatKind.MEMBER,
    Role.ALTERNATE: HatKind.MEMBER,
    Role.DUES_CONTACT: HatKind.MEMBER,
    Role.MEMBER_ADMIN: HatKind.MEMBER,
    Role.SEAT: HatKind.SEAT,
    Role.CHAIR: HatKind.SEAT,
    Role.SECRETARIAT: HatKind.STAFF,
    Role.ADMIN: HatKind.STAFF,
    Role.TREASURER: HatKind.OFFICE,
    Role.AUDITOR: HatKind.OFFICE,
    Role.OBSERVER: HatKind.OFFICE,
    Role.LIAISON: HatKind.LIAISON,
}
"""As what a person acts who has the role."""

KINDS_WITH_TARGET = frozenset({HatKind.MEMBER, HatKind.SEAT, HatKind.LIAISON})
MEMBER_ROLES = (Role.DELEGATE, Role.ALTERNATE, Role.DUES_CONTACT, Role.MEMBER_ADMIN)

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def is_signed_in(actor: Actor) -> bool:
    """Everybody with a valid session, whatever the hat."""
    return True


def may_invite(actor: Actor) -> bool:
    """The secretariat for everybody; a member's administrator for the own member."""
    return actor.is_staff or actor.has(Role.MEMBER_ADMIN)


def may_end_appointment(actor: Actor, appointment: object) -> bool:
    """The secretariat ends any; a member's administrator those of the own member, but not the own right to do so."""
    if actor.is_staff:
        return True
    same_member = actor.member_id is not None and getattr(appointment, "member_id", None) == actor.member_id
    return actor.has(Role.MEMBER_ADMIN) and same_member and getattr(appointment, "user_id", None) != actor.user_id


def roles_to_give(actor: Actor) -> tuple[Role, ...]:
    """The roles ``actor`` may invite others to; administrators are made by administrators only."""
    if actor.has(Role.ADMIN):
        return tuple(KIND_OF)
    if actor.is_staff:
        return tuple(role for role in KIND_OF if role is not Role.ADMIN)
    return MEMBER_ROLES if actor.has(Role.MEMBER_ADMIN) else ()


def needs_document(role: Role) -> bool:
    """Who votes or answers for others does so by a document of appointment (S33)."""
    return role in VOTING_ROLES or role is Role.LIAISON


def hat_key(kind: HatKind, target: int | None) -> str:
    """Name of a hat: ``member:3``, ``seat:2``, ``liaison:1``; without a target the kind alone (``staff``)."""
    return f"{kind.value}:{target}" if target else kind.value


def owes_second_step(actor: Actor, wanted_of: str, *, has_one: bool) -> bool:
    """The installation asks this person for a second step that it has not set up; ``wanted_of``: staff, all or ""."""
    return not has_one and (wanted_of == "all" or (wanted_of == "staff" and actor.is_staff))


def is_fresh(signed_in_at: datetime, now: datetime) -> bool:
    """The person proved who it is so recently that it may change how it signs in."""
    return now - signed_in_at <= FRESH


def check_password(password: str, *, email: str, name: str) -> None:
    """RuleBrokenError saying what is wrong with a new password.

    Length is what protects (NIST SP 800-63B); rules about kinds of characters only make people write it down.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBrokenError(f"Choose a password of at least {SHORTEST_PASSWORD} characters.")
    if len(password) > LONGEST_PASSWORD:
        raise RuleBrokenError(f"Choose a password of at most {LONGEST_PASSWORD} characters.")
    known = {email.lower(), name.lower(), email.partition("@")[0].lower()}
    if len(set(password)) < FEWEST_CHARACTERS or password.lower() in known:
        raise RuleBrokenError("Choose a password that is harder to guess: not your name, not the same few characters.")


def looks_like_email(text: str) -> bool:
    """Good enough to send to: one @, something on both sides, nothing that could break a header."""
    local, at, domain = text.strip().rpartition("@")
    clean = not any(
        character.isspace() or ord(character) < ord(" ") or character in '<>,;:"\\' for character in text.strip()
    )
    return bool(at and local and "@" not in local and domain.strip(".") and len(text) <= LONGEST_EMAIL and clean)


def local_path(text: str | None) -> str:
    """``text`` when it is a path within this site, otherwise "": nobody is sent elsewhere after signing in.

    Browsers drop tabs and line breaks and read ``\\`` as ``/``, so ``/\\t/host`` would leave the site too.
    """
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text:
        return ""
    if any(ord(character) <= ord(" ") or ord(character) == 0x7F for character in text):  # noqa: PLR2004 - DEL
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text


def address_key(address: str) -> str:
    """What attempts are counted under: an IPv4 address, or the /64 of an IPv6 one (a household has all of it)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_this_machine(address: str, host: str) -> bool:
    """The request comes from this computer and was addressed to it by a local name.

    The name matters: a web site of somebody else can make its own name point here.
    """
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    try:
        return ip_address(address).is_loopback and name in {"localhost", "127.0.0.1", "[::1]"}
    except ValueError:
        return False


def browser_name(user_agent: str) -> str:
    """``Firefox on Linux``, as a person recognises its own devices."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def wait_message(wait: timedelta) -> str:
    """When to try again, in whole minutes (rounded up)."""
    minutes = max(1, -int(-wait.total_seconds() // 60))
    unit = "minute" if minutes == 1 else "minutes"
    return f"There were too many attempts from here or for this account. Try again in {minutes} {unit}."
