"""Append to the log. Nothing else in Govern writes it, and the database refuses to change it."""

import hmac
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from govern.audit.keys import mac_key
from govern.audit.models import AuditEntry
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import canonical_bytes


def record(  # noqa: PLR0913 - the fields of an entry
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: int | str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append what ``actor`` did to an object, in the caller's transaction.

    ``action`` is ``noun.past_verb``; ``before`` and ``after`` hold the values that changed (never a ballot's content).
    """
    at = clock.now()
    payload = canonical_bytes(
        {
            "at": at,
            "user": actor.user_id,
            "name": actor.name,
            "hat": actor.hat_key,
            "label": actor.label,
            "action": action,
            "object": [object_kind, str(object_id)],
            "before": before,
            "after": after,
        }
    )
    db.session.execute(
        insert(AuditEntry).values(
            at=at,
            user_id=actor.user_id,
            hat=actor.hat_key,
            actor_name=actor.name,
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            payload=payload,
            mac=hmac.digest(mac_key(), payload, "sha256"),
        )
    )
