"""The installation's two secrets: the code of entries not yet sealed, and the key that signs heads.

Each comes from the environment (GOVERN_AUDIT_KEY, GOVERN_SIGNING_KEY) or from a 0600 file in the instance folder, which
is made when it is first needed.
"""

import os
from typing import TYPE_CHECKING

from flask import current_app

from govern.config import SettingsError, private_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED_BYTES = 32


def mac_key() -> bytes:
    """The HMAC key, read once per application."""
    found: bytes | None = current_app.extensions.get("govern_mac_key")
    if found is None:
        settings = current_app.config["GOVERN"]
        given = os.environ.get("GOVERN_AUDIT_KEY", "") or private_file(
            settings.instance / "audit.key", os.urandom(32).hex()
        )
        found = current_app.extensions["govern_mac_key"] = given.encode()
    return found


def signing_key() -> "Ed25519PrivateKey":
    """The Ed25519 key that signs heads, read once per application; SettingsError when what is given is no key."""
    # Loaded here: 5 MB that only the process that seals or verifies needs.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    found: Ed25519PrivateKey | None = current_app.extensions.get("govern_signing_key")
    if found is None:
        settings = current_app.config["GOVERN"]
        path = settings.instance / "signing.key"
        given = os.environ.get("GOVERN_SIGNING_KEY", "") or private_file(path, os.urandom(SEED_BYTES).hex())
        found = Ed25519PrivateKey.from_private_bytes(_seed(given))
        current_app.extensions["govern_signing_key"] = found
    return found


def _seed(given: str) -> bytes:
    try:
        seed = bytes.fromhex(given)
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise SettingsError(
            "GOVERN_SIGNING_KEY (or signing.key in the instance folder) must be 64 hexadecimal digits. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return seed
