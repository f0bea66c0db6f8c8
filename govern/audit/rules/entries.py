"""What an entry says, byte for byte, and how to tell that nobody else wrote it. Pure.

The payload is canonical JSON, so its keys stand in alphabetical order: first everything that the table repeats in
columns (action, at, hat, name, object, user), then ``with``. Verification leans on that order: one comparison of the
beginning of the payload covers all repeated columns.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from govern.kernel.actor import Actor
from govern.kernel.canonical import canonical_bytes

COLUMNS = ("action", "at", "hat", "actor_name", "object_kind", "object_id", "user_id")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the log's proof does not allow. ``entry_id`` names the row where there is one."""

    text: str
    entry_id: int | None = None


def payload_of(  # noqa: PLR0913 - the fields of an entry
    at: datetime,
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    salt: str,
) -> bytes:
    """The bytes that are hashed and sealed.

    ``salt`` is random: two entries are never equal, and who sees a hash cannot find the entry by guessing.
    """
    return canonical_bytes(
        {
            "action": action,
            "at": at,
            "hat": actor.hat_key,
            "name": actor.name,
            "object": [object_kind, str(object_id)],
            "user": actor.user_id,
            "with": {"label": actor.label, "before": before, "after": after, "salt": salt},
        }
    )


def code_of(key: bytes, payload: bytes) -> bytes:
    """The keyed code (HMAC-SHA-256) an entry carries until it is sealed, and afterwards."""
    return hmac.digest(key, payload, "sha256")


def differing_columns(payload: bytes, columns: Mapping[str, object]) -> list[str]:
    """Names of the columns (``COLUMNS``, ``at`` as canonical text) that do not say what the payload says."""
    said = columns_of(payload)
    return [name for name in COLUMNS if said.get(name) != columns[name]]


def details_of(payload: bytes) -> dict[str, Any]:
    """``label`` (as whom), ``before`` and ``after`` (name -> value, maybe empty) of an entry; empty for no payload."""
    try:
        said = json.loads(payload)["with"]
        return {"label": said["label"], "before": said["before"] or {}, "after": said["after"] or {}}
    except (ValueError, KeyError, TypeError):
        return {"label": "", "before": {}, "after": {}}


def columns_of(payload: bytes) -> dict[str, Any]:
    """What the payload says for each repeated column; empty when it is not the payload of an entry."""
    try:
        said = json.loads(payload)
        kind, key = said["object"]
        return {
            "action": said["action"],
            "at": said["at"],
            "hat": said["hat"],
            "actor_name": said["name"],
            "object_kind": kind,
            "object_id": key,
            "user_id": said["user"],
        }
    except (ValueError, KeyError, TypeError):
        return {}
