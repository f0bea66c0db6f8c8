"""Secrets of people: passwords, tokens, one-time codes. Nothing here touches the database."""

import base64
import hashlib
import hmac
import io
import secrets
from datetime import datetime
from functools import cache

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TOTP_SECONDS = 30
# A code is taken one step early or late: clocks of phones drift.
DRIFT = (0, -1, 1)
TOKEN_BYTES = 32
CODE_BYTES = 10
CODE_GROUP = 4
_hasher = PasswordHasher()  # argon2id; the package's defaults follow RFC 9106's low-memory profile


def hash_password(password: str) -> str:
    """The argon2id hash to store. Slow on purpose (some 50 ms): never inside a writing transaction."""
    return _hasher.hash(password)


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_hex(TOKEN_BYTES))


def password_fits(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``; takes the same time when there is none to compare with."""
    decoy = _decoy()
    try:
        return _hasher.verify(stored or decoy, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """True when the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def new_token() -> str:
    """A random token for a cookie or a link (256 bits)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """How tokens and recovery codes are kept; they are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_totp_secret() -> str:
    """A secret for an authenticator (base32)."""
    return pyotp.random_base32()


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step ``code`` belongs to, or None when it is no code of ``secret`` around ``now``.

    The caller stores the step and refuses it and all earlier ones: a code is good once.
    """
    present = int(now.timestamp()) // TOTP_SECONDS
    totp = pyotp.TOTP(secret)
    for drift in DRIFT:
        if hmac.compare_digest(totp.generate_otp(present + drift).encode(), code.encode()):
            return present + drift
    return None


def totp_address(secret: str, *, email: str, issuer: str) -> str:
    """The ``otpauth://`` address an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def qr_svg(text: str) -> bytes:
    """``text`` as a QR code: an SVG file without styles, so that the content security policy lets it pass."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=5, border=4, light="#fff", svgclass=None, lineclass=None)
    return out.getvalue()


def new_recovery_code() -> str:
    """A code for a lost authenticator, ``abcd-efgh-ijkl-mnop`` (80 random bits)."""
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(text[start : start + CODE_GROUP] for start in range(0, len(text), CODE_GROUP))


def plain_code(typed: str) -> str:
    """A code as typed, without blanks, dashes and capitals."""
    return "".join(typed.split()).replace("-", "").lower()


def seal_of(password_hash: str | None, totp_secret: str | None) -> str:
    """Changes whenever a person's password or authenticator changes; ties a half-finished sign-in to both."""
    return token_hash(f"{password_hash}\n{totp_secret}")[:16]
