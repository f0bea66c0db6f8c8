"""Canonical JSON and hashes: the same thing always gives the same bytes, on every machine."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_UNCHANGED = frozenset({str, int, bool, type(None)})


def canonical_bytes(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; floats are refused (TypeError), instants must be aware."""
    return _ENCODER.encode(_plain(value)).encode()


def canonical_text(value: object) -> str:
    """``canonical_bytes`` as text, for a text column."""
    return canonical_bytes(value).decode()


def sha256_hex(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def digest(value: object) -> str:
    """Hash of the canonical bytes of ``value``."""
    return sha256_hex(canonical_bytes(value))


def _plain(value: object) -> Any:
    if type(value) in _UNCHANGED:  # nearly everything; the checks below cost far more
        return value
    if isinstance(value, float):
        raise TypeError("no floats in the record")
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> str | bool | int | None:
    if isinstance(value, Enum):
        return _scalar(value.value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not canonical: {type(value).__name__}")


def instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC with microseconds and Z, so that text order is time order."""
    if instant.tzinfo is None:
        raise TypeError("instants are aware")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
