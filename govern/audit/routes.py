"""URLs of the audit log. All of them read; nothing here writes."""

from typing import Any

from flask import Blueprint, Response, current_app, make_response, request
from flask import url_for as address_of
from sqlalchemy import Row

from govern.audit import queries, rules
from govern.audit.forms import read_filters
from govern.audit.models import AuditEntry
from govern.audit.queries.verification import fault_texts, verify_log
from govern.audit.rules.entries import details_of
from govern.audit.rules.heads import head_text
from govern.kernel.errors import NotFoundError
from govern.web.access import actor, allow
from govern.web.pages import page
from govern.web.paging import cut, keyset

bp = Blueprint("audit", __name__, url_prefix="/audit")

OBJECT_PAGES: dict[str, str] = {}
"""Endpoint of an object's page by its kind (``vote`` takes ``vote_id``); govern.areas fills it."""


@bp.get("/")
@allow(rules.may_see_hashes)
def index() -> Response:
    """The newest entries, or only the hashes of the sealed ones for who may not read entries."""
    if not rules.may_read_log(actor()):
        return _hashes()
    filters = read_filters(request.args)
    statement, backwards = keyset(queries.list_entries(filters), queries.ENTRY_KEY)
    return page(
        "audit/index.html",
        fragment="list",
        found=cut(queries.run(statement), backwards=backwards),
        asked={name: request.args.get(name, "").strip() for name in ("q", "action", "object")},
        head=queries.find_latest_head(),
        details_of=details_of,
        page_of=page_of,
    )


def _hashes() -> Response:
    statement, backwards = keyset(queries.list_hashes(), queries.HASH_KEY)
    found = cut(queries.run(statement), backwards=backwards)
    return page("audit/hashes.html", fragment="list", found=found, head=queries.find_latest_head())


@bp.get("/<int:entry_id>")
@allow(rules.may_read_entry, entry=queries.get_entry)
def show(entry: Row[AuditEntry, int | None, bytes | None]) -> Response:
    """One entry with what changed and its proof."""
    record, position, leaf = entry
    covering = None if position is None else queries.find_head_covering(position)
    return page(
        "audit/show.html",
        entry=record,
        position=position,
        leaf=leaf,
        head=covering,
        details=details_of(record.payload),
        page_of=page_of,
    )


@bp.get("/verification")
@allow(rules.may_see_hashes)
def verify() -> Response:
    """Recompute everything now and say what was found."""
    report = verify_log()
    return page("audit/verify.html", report=report, faults=list(fault_texts(report)))


@bp.get("/head.json")
@allow(rules.may_see_hashes)
def head() -> Response:
    """The newest signed head as a file to keep elsewhere."""
    found = queries.find_latest_head()
    if found is None:
        raise NotFoundError
    response = make_response(head_text(found))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="govern-head-{found.size}.json"'
    return response


def page_of(kind: str, key: str) -> str | None:
    """Where the object of an entry has a page, or None."""
    endpoint = OBJECT_PAGES.get(kind, "")
    if endpoint not in current_app.view_functions or not key.isdigit():
        return None
    arguments: dict[str, Any] = {f"{kind}_id": int(key)}
    return address_of(endpoint, **arguments)
