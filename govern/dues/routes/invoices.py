"""One invoice: why this amount, its instalments, cancelling, reissuing, payment plans; charging a new member."""

from datetime import date

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.dues import actions, queries, rules
from govern.dues.forms import IssueForm, PlanForm, ReasonForm, a_day, typed
from govern.dues.models import Invoice
from govern.dues.queries import InvoiceFilter
from govern.dues.routes import bp
from govern.dues.rules import lines_of
from govern.kernel import clock
from govern.kernel.money import major_text
from govern.ledger.rules import may_read_books
from govern.members.queries import Card, get_card
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


def _today() -> date:
    return clock.today(get_cluster().zone)


def _to(invoice_id: int) -> Response:
    return redirect(url_for("dues.invoice", invoice_id=invoice_id), code=303)


@bp.get("/invoices/<int:invoice_id>")
@allow(rules.may_read_invoice, invoice=queries.get_invoice)
def invoice(invoice: Invoice) -> Response:
    """The invoice with its computation and what is open of it."""
    today = _today()
    rows = queries.list_invoices(actor(), InvoiceFilter(member_id=invoice.member_id), on=today)
    return page(
        "dues/invoice.html",
        invoice=invoice,
        row=next(row for row in rows if row.id == invoice.id),
        card=get_card(invoice.member_id),
        lines=lines_of(invoice.computation),
        parts=queries.list_instalments(invoice, today),
        related=queries.find_related(invoice),
        cluster=get_cluster(),
        today=today,
        keeps=rules.may_keep_dues(actor()),
        reads_books=may_read_books(actor()),
    )


@bp.get("/invoices/<int:invoice_id>/cancel")
@allow(rules.may_keep_dues, invoice=queries.get_invoice)
def cancel(invoice: Invoice) -> Response:
    """What cancelling means, and the reason."""
    form = ReasonForm(formdata=None)
    form.on.data = _today()
    return page("dues/cancel.html", form=form, invoice=invoice)


@bp.post("/invoices/<int:invoice_id>/cancel")
@allow(rules.may_keep_dues, invoice=queries.get_invoice)
def cancel_create(invoice: Invoice) -> Response:
    """Answer the invoice with a credit note."""
    form = ReasonForm()
    if form.validate_on_submit() and (note := attempt(form, lambda: _cancel(invoice, form))):
        say(_("Credit note %(number)s answers the invoice.", number=note.number))
        return _to(invoice.id)
    return page("dues/cancel.html", form=form, invoice=queries.get_invoice(invoice.id))


def _cancel(invoice: Invoice, form: ReasonForm) -> Invoice:
    return actions.cancel_invoice(actor(), invoice, reason=typed(form.reason), on=a_day(form.on))


@bp.get("/invoices/<int:invoice_id>/reissue")
@allow(rules.may_keep_dues, invoice=queries.get_invoice)
def reissue(invoice: Invoice) -> Response:
    """What reissuing means."""
    form = IssueForm(formdata=None)
    form.issued_on.data = _today()
    return page("dues/reissue.html", form=form, invoice=invoice)


@bp.post("/invoices/<int:invoice_id>/reissue")
@allow(rules.may_keep_dues, invoice=queries.get_invoice)
def reissue_create(invoice: Invoice) -> Response:
    """Assess again from what is declared now, and issue the right invoice."""
    form = IssueForm()
    if form.validate_on_submit() and (
        again := attempt(form, lambda: actions.reissue_invoice(actor(), invoice, issued_on=a_day(form.issued_on)))
    ):
        say(_("Invoice %(number)s is issued.", number=again.number))
        return _to(again.id)
    return page("dues/reissue.html", form=form, invoice=queries.get_invoice(invoice.id))


@bp.get("/invoices/<int:invoice_id>/plan")
@allow(rules.may_keep_dues, invoice=queries.get_invoice)
def plan(invoice: Invoice) -> Response:
    """The instalments as they are, to be rewritten."""
    form = PlanForm(formdata=None)
    form.on.data = _today()
    parts = queries.list_instalments(invoice, _today())
    form.parts.data = "\n".join(
        f"{part.due_on.isoformat()} {major_text(part.amount_minor, invoice.currency)}" for part in parts
    )
    return page("dues/plan.html", form=form, invoice=invoice)


@bp.post("/invoices/<int:invoice_id>/plan")
@allow(rules.may_keep_dues, invoice=queries.get_invoice)
def plan_create(invoice: Invoice) -> Response:
    """Agree other instalments."""
    form = PlanForm()
    if form.validate_on_submit() and attempt(form, lambda: _plan(invoice, form)):
        say(_("The payment plan is recorded; standing follows it from that day on."))
        return _to(invoice.id)
    return page("dues/plan.html", form=form, invoice=queries.get_invoice(invoice.id))


def _plan(invoice: Invoice, form: PlanForm) -> bool:
    parts = form.read(invoice.currency)
    actions.agree_plan(actor(), invoice, parts, on=a_day(form.on), document=typed(form.document))
    return True


@bp.get("/joiners/<int:member_id>")
@allow(rules.may_keep_dues, member=get_card)
def joiner(member: Card) -> Response:
    """What a new member will be charged."""
    form = IssueForm(formdata=None)
    form.issued_on.data = _today()
    return page("dues/joiner.html", form=form, card=member)


@bp.post("/joiners/<int:member_id>")
@allow(rules.may_keep_dues, member=get_card)
def joiner_create(member: Card) -> Response:
    """Charge first dues and joining fee."""
    form = IssueForm()
    if form.validate_on_submit() and attempt(form, lambda: _charge(member, form)):
        say(_("The first dues and the joining fee are invoiced."))
        return redirect(url_for("members.show", member_id=member.member.id) + "#dues", code=303)
    return page("dues/joiner.html", form=form, card=get_card(member.member.id))


def _charge(card: Card, form: IssueForm) -> list[Invoice]:
    return actions.charge_joiner(actor(), card.member, issued_on=a_day(form.issued_on))
