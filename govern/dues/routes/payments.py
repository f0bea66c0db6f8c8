"""Recording money that came in, and taking a payment back."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.dues import actions, queries, rules
from govern.dues.forms import PaymentForm, ReasonForm, a_day, minor_of, typed
from govern.dues.models import Payment
from govern.dues.routes import bp
from govern.kernel import clock
from govern.kernel.errors import InputError, NotFoundError
from govern.kernel.money import major_text
from govern.members.queries import Member, get_card, get_member, get_member_by_code
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.get("/payments/new")
@allow(rules.may_keep_dues)
def new_payment() -> Response:
    """A form for money that came in; ``?invoice=`` fills in what is open of it."""
    form = PaymentForm(formdata=None)
    form.received_on.data = clock.today(get_cluster().zone)
    row = next(iter(_row_of(request.args.get("invoice", ""))), None)
    if row is not None:
        form.member.data = form.reference.data = row.number
        form.amount.data = major_text(row.open_minor, row.currency)
    return _form_page(form)


def _row_of(number: str) -> list[queries.InvoiceRow]:
    if not number:
        return []
    found = queries.list_invoices(actor(), queries.InvoiceFilter(text=number))
    return [row for row in found if row.number == number]


def _form_page(form: PaymentForm) -> Response:
    return page("dues/new_payment.html", form=form, currency=get_cluster().currency)


@bp.post("/payments/new")
@allow(rules.may_keep_dues)
def create_payment() -> Response:
    """Record it; it settles what is due oldest first."""
    form = PaymentForm()
    if form.validate_on_submit() and (payment := attempt(form, lambda: _record(form))):
        say(_("The payment is recorded."))
        return redirect(url_for("members.show", member_id=payment.member_id) + "#dues", code=303)
    return _form_page(form)


def _record(form: PaymentForm) -> Payment:
    return actions.record_payment(
        actor(),
        _payer(typed(form.member)),
        received_on=a_day(form.received_on),
        amount_minor=minor_of(typed(form.amount), get_cluster().currency),
        reference=typed(form.reference),
    )


def _payer(text: str) -> Member:
    """The member whose code or invoice number was typed."""
    rows = _row_of(text)
    if rows:
        return get_member(rows[0].member_id)
    try:
        return get_member_by_code(text)
    except NotFoundError:
        raise InputError(_("No member has the code %(text)s, and no invoice this number.", text=text)) from None


@bp.get("/payments/<int:payment_id>/reverse")
@allow(rules.may_keep_dues, payment=queries.get_payment)
def reverse_payment(payment: Payment) -> Response:
    """What taking a payment back means, and why."""
    form = ReasonForm(formdata=None)
    form.on.data = clock.today(get_cluster().zone)
    return _reverse_page(payment, form)


def _reverse_page(payment: Payment, form: ReasonForm) -> Response:
    return page("dues/reverse_payment.html", form=form, payment=payment, card=get_card(payment.member_id))


@bp.post("/payments/<int:payment_id>/reverse")
@allow(rules.may_keep_dues, payment=queries.get_payment)
def reverse_payment_create(payment: Payment) -> Response:
    """Take it back by a reversing entry."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(form, lambda: _reverse(payment, form)):
        say(_("The payment is taken back; what it settled is owed again."))
        return redirect(url_for("members.show", member_id=payment.member_id) + "#dues", code=303)
    return _reverse_page(queries.get_payment(payment.id), form)


def _reverse(payment: Payment, form: ReasonForm) -> bool:
    actions.reverse_payment(actor(), payment, on=a_day(form.on), reason=typed(form.reason))
    return True
