"""The installation's secret for entries not yet under a signed head. From GOVERN_AUDIT_KEY or a 0600 file beside the database."""

import os

from flask import current_app

from govern.config import private_file


def mac_key() -> bytes:
    """The HMAC key, read once per application."""
    found: bytes | None = current_app.extensions.get("govern_mac_key")
    if found is None:
        settings = current_app.config["GOVERN"]
        given = os.environ.get("GOVERN_AUDIT_KEY", "") or private_file(settings.instance / "audit.key", os.urandom(32).hex())
        found = current_app.extensions["govern_mac_key"] = given.encode()
    return found
