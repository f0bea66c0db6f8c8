"""Signed tree heads: what is signed, with what, and the file in which a witness keeps one. Pure.

A head says: at this instant the log had ``size`` entries whose tree has this ``root``. It is signed with Ed25519 over
the canonical JSON of those facts, so that anybody with the public key can check it without Govern.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from govern.audit.rules.merkle import HASH_BYTES
from govern.kernel.canonical import canonical_bytes, instant_text, sha256_hex
from govern.kernel.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "govern-head/1"
KEY_BYTES = 32
SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Head:
    """A signed tree head. ``root`` 32 bytes, ``signed_at`` aware, ``key_id`` the hex SHA-256 of ``public_key``."""

    size: int
    root: bytes
    signed_at: datetime
    key_id: str
    public_key: bytes
    signature: bytes


def fingerprint(public_key: bytes) -> str:
    """Name of a key: lower-case hex SHA-256 of its 32 raw bytes."""
    return sha256_hex(public_key)


def public_bytes(key: "Ed25519PrivateKey") -> bytes:
    """The 32 raw bytes of the public half."""
    return key.public_key().public_bytes_raw()


def signed_bytes(size: int, root: bytes, signed_at: datetime, key_id: str) -> bytes:
    """What the signature covers."""
    return canonical_bytes(
        {"format": FORMAT, "size": size, "root": root.hex(), "signed_at": signed_at, "key_id": key_id}
    )


def sign_head(key: "Ed25519PrivateKey", size: int, root: bytes, signed_at: datetime) -> Head:
    """The head of a tree of ``size`` leaves with this ``root``."""
    public = public_bytes(key)
    key_id = fingerprint(public)
    return Head(size, root, signed_at, key_id, public, key.sign(signed_bytes(size, root, signed_at, key_id)))


def is_signed(head: Head) -> bool:
    """Whether the signature is that of the head's own public key, and the key has the name it is given."""
    # Loaded here: 5 MB that a web process needs only when somebody verifies.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    if fingerprint(head.public_key) != head.key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(head.public_key).verify(
            head.signature, signed_bytes(head.size, head.root, head.signed_at, head.key_id)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def head_document(head: Head) -> dict[str, Any]:
    """The head as a witness keeps it, ready for JSON."""
    return {
        "format": FORMAT,
        "size": head.size,
        "root": head.root.hex(),
        "signed_at": instant_text(head.signed_at),
        "key_id": head.key_id,
        "public_key": head.public_key.hex(),
        "signature": head.signature.hex(),
    }


def head_text(head: Head) -> str:
    """The text of a witness file."""
    return json.dumps(head_document(head), indent=2, sort_keys=True) + "\n"


def parse_head(text: str | bytes) -> Head:
    """A head out of a witness file; InputError saying what is wrong. A wrong signature counts as wrong."""
    try:
        given = json.loads(text)
    except ValueError:
        raise InputError("The witness is not JSON. Use a file written by govern check or the audit page.") from None
    if not isinstance(given, Mapping) or given.get("format") != FORMAT:
        raise InputError(f"The witness is not a signed head: its format must be {FORMAT}.")
    head = Head(
        size=_size(given),
        root=_hex(given, "root", HASH_BYTES),
        signed_at=_instant(given),
        key_id=str(given.get("key_id", "")),
        public_key=_hex(given, "public_key", KEY_BYTES),
        signature=_hex(given, "signature", SIGNATURE_BYTES),
    )
    if not is_signed(head):
        raise InputError("The witness does not carry a valid signature: the file was changed after it was signed.")
    return head


def _size(given: Mapping[str, Any]) -> int:
    size = given.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise InputError("The witness has no size: a whole number from 0 is needed.")
    return size


def _hex(given: Mapping[str, Any], name: str, length: int) -> bytes:
    try:
        found = bytes.fromhex(given[name])
    except (KeyError, TypeError, ValueError):
        found = b""
    if len(found) != length:
        raise InputError(f"The witness has no usable {name}: {length * 2} hexadecimal digits are needed.")
    return found


def _instant(given: Mapping[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(given["signed_at"])
    except (KeyError, TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise InputError(
            "The witness has no usable signed_at: an instant such as 2026-11-20T09:00:00.000000Z is needed."
        )
    return found.astimezone(UTC)
