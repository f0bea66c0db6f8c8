"""The dues ledger of the secretariat, and the page on which a member sees what it owes and why."""

import csv
import io
from datetime import date

from flask import Response as FileResponse
from flask import request
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.dues import queries, rules
from govern.dues.queries import InvoiceFilter, InvoiceRow
from govern.dues.routes import bp
from govern.dues.rules import lines_of
from govern.kernel import clock
from govern.kernel.money import major_text
from govern.members.queries import get_card, list_categories
from govern.web.access import actor, allow
from govern.web.pages import page
from govern.web.paging import PAGE_SIZE, cut

FORMULA = ("=", "+", "-", "@", "\t", "\r")
ALL_YEARS = "all"


def _filter(today: date) -> InvoiceFilter:
    """What the address asks for; without a year the present one."""
    wanted = request.args.get("year", "")
    year = None if wanted == ALL_YEARS else int(wanted) if wanted.isascii() and wanted.isdigit() else today.year
    return InvoiceFilter(
        view=request.args.get("show", ""),
        year=year,
        text=request.args.get("q", "").strip(),
        category=request.args.get("category", ""),
    )


def _cursor() -> tuple[tuple[int, date, int] | None, bool]:
    """The edge of the page asked for ("0_2026-06-23_19") and whether the list runs backwards; None for a broken one."""
    backwards = "after" in request.args
    try:
        settled, day, key = request.args.get("after" if backwards else "before", "").split("_")
        return (int(settled), date.fromisoformat(day), int(key)), backwards
    except ValueError:
        return None, False


@bp.get("/")
@allow(rules.may_read_ledger)
def index() -> Response:
    """Everybody's invoices, the oldest due day first, with the figures of the year."""
    today = clock.today(get_cluster().zone)
    chosen, (cursor, backwards) = _filter(today), _cursor()
    rows = queries.list_invoices(actor(), chosen, on=today, cursor=cursor, backwards=backwards, limit=PAGE_SIZE + 1)
    return page(
        "dues/index.html",
        fragment="list",
        found=cut(rows, backwards=backwards, key="cursor"),
        chosen=chosen,
        today=today,
        figures=queries.overview(actor(), chosen.year, today),
        years=queries.list_fiscal_years(),
        categories=list_categories(),
        currency=get_cluster().currency,
        keeps=rules.may_keep_dues(actor()),
    )


@bp.get("/export.csv")
@allow(rules.may_read_ledger)
def export() -> FileResponse:
    """The same list as a file."""
    today = clock.today(get_cluster().zone)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        (
            "invoice",
            "member",
            "name",
            "category",
            "text",
            "issued",
            "due",
            "amount",
            "paid",
            "open",
            "currency",
            "state",
        )
    )
    writer.writerows(_cells(row) for row in queries.list_invoices(actor(), _filter(today), on=today))
    headers = {"Content-Disposition": f'attachment; filename="dues-{today.isoformat()}.csv"'}
    return FileResponse("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def _cells(row: InvoiceRow) -> list[str]:
    """Cells of a row: ISO days, plain amounts; text that a spreadsheet would run as a formula is quoted."""
    texts = (row.number, row.member_code, row.member_name, row.category_name, row.text)
    money = (row.amount_minor, row.paid_minor, row.open_minor)
    return [
        *("'" + text if text.startswith(FORMULA) else text for text in texts),
        row.issued_on.isoformat(),
        row.due_on.isoformat(),
        *(major_text(minor, row.currency) for minor in money),
        row.currency,
        row.state.value,
    ]


@bp.get("/mine")
@allow(rules.may_read_own_dues)
def mine() -> Response:
    """What our organisation owes and why, its invoices, its payments, its standing and the way out."""
    today, member_id = clock.today(get_cluster().zone), actor().member_id or 0
    share = queries.find_share(member_id, today.year)
    return page(
        "dues/mine.html",
        card=get_card(member_id),
        today=today,
        standing=queries.standing_of(member_id, today),
        invoices=queries.list_invoices(actor(), InvoiceFilter(member_id=member_id), on=today),
        payments=queries.list_payments(actor(), member_id),
        share=share,
        lines=lines_of(share.assessment.computation) if share else [],
        currency=get_cluster().currency,
    )
