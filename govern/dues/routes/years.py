"""Opening a fiscal year with a preview, issuing its invoices; tariffs."""

from datetime import date

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.dues import actions, queries, rules
from govern.dues.forms import IssueForm, PlainForm, TariffForm, a_day, a_number, typed
from govern.dues.models import Assessment, Invoice, Tariff
from govern.dues.queries import FiscalYear
from govern.dues.routes import bp
from govern.kernel import clock
from govern.kernel.errors import InputError
from govern.members.queries import list_categories
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page

FIRST_YEAR, LAST_YEAR = 1900, 2200
FAULTS_SHOWN = 20
LEAP_YEAR = 2000
"""Any year that has every day, to show a yearly day."""


def get_fiscal_year(year: int) -> FiscalYear:
    """What the year's page shows; years that the books cannot hold are shown as the next possible one."""
    return queries.get_year(min(max(year, FIRST_YEAR), LAST_YEAR))


@bp.get("/years")
@allow(rules.may_read_ledger)
def go_to_year() -> Response:
    """The page of the year that was chosen, or of the next one."""
    year = request.args.get("year", type=int) or clock.today(get_cluster().zone).year + 1
    return redirect(url_for("dues.year", year_id=year), code=303)


@bp.get("/years/<int:year_id>")
@allow(rules.may_read_ledger, year=get_fiscal_year)
def year(year: FiscalYear) -> Response:
    """Every member's computation before anything is written, and what is assessed and invoiced already."""
    return _year_page(year, PlainForm(formdata=None))


def _year_page(found: FiscalYear, form: PlainForm | IssueForm) -> Response:
    issue = form if isinstance(form, IssueForm) else IssueForm(formdata=None)
    issue.issued_on.data = issue.issued_on.data or clock.today(get_cluster().zone)
    return page(
        "dues/year.html",
        form=form,
        issue=issue,
        found=found,
        currency=get_cluster().currency,
        keeps=rules.may_keep_dues(actor()),
    )


@bp.post("/years/<int:year_id>/open")
@allow(rules.may_keep_dues, year=get_fiscal_year)
def open_year(year: FiscalYear) -> Response:
    """Assess everybody who is not assessed yet, or nobody and say whose data are missing."""
    form = PlainForm()
    made = attempt(form, lambda: _open(year)) if form.validate_on_submit() else None
    if made is None:
        return _year_page(queries.get_year(year.year), form)
    say(ngettext("%(num)s assessment made.", "%(num)s assessments made.", len(made)))
    return redirect(url_for("dues.year", year_id=year.year), code=303)


def _open(year: FiscalYear) -> list[Assessment]:
    try:
        return actions.open_year(actor(), year.year)
    except InputError as refused:
        raise InputError(few(refused.faults)) from None


def few(faults: list[str]) -> list[str]:
    """The first faults and how many more there are: nobody reads hundreds of them above a page."""
    more = len(faults) - FAULTS_SHOWN
    return faults if more <= 0 else [*faults[:FAULTS_SHOWN], _("and %(count)s more", count=more)]


@bp.post("/years/<int:year_id>/invoices")
@allow(rules.may_keep_dues, year=get_fiscal_year)
def issue(year: FiscalYear) -> Response:
    """Issue an invoice for every assessment that has none."""
    form = IssueForm()
    issued = attempt(form, lambda: _issue(year, form)) if form.validate_on_submit() else None
    if issued is None:
        return _year_page(queries.get_year(year.year), form)
    say(ngettext("%(num)s invoice issued.", "%(num)s invoices issued.", len(issued)))
    return redirect(url_for("dues.index", year=year.year), code=303)


def _issue(year: FiscalYear, form: IssueForm) -> list[Invoice]:
    return actions.issue_invoices(actor(), year.year, issued_on=a_day(form.issued_on))


@bp.get("/tariffs")
@allow(rules.may_read_tariffs)
def tariffs() -> Response:
    """The tariff in force with its scales and bands, and the ones before."""
    every = queries.list_tariffs()
    shown = next((tariff for tariff in every if str(tariff.id) == request.args.get("tariff")), None)
    shown = shown or (every[0] if every else None)
    return page(
        "dues/tariffs.html",
        tariffs=every,
        shown=shown,
        scales=queries.list_scales(shown) if shown else {},
        bands=queries.list_bands(shown) if shown else [],
        categories=list_categories(),
        due_on=date(LEAP_YEAR, shown.due_month, shown.due_day) if shown else None,
        half_after=date(LEAP_YEAR, shown.half_after_month, shown.half_after_day)
        if shown and shown.half_after_month
        else None,
        keeps=rules.may_keep_dues(actor()),
    )


@bp.get("/tariffs/new")
@allow(rules.may_keep_dues)
def new_tariff() -> Response:
    """A form that begins with the newest tariff."""
    return _tariff_page(_blank_tariff())


def _tariff_page(form: TariffForm) -> Response:
    return page("dues/new_tariff.html", form=form, currency=get_cluster().currency, categories=list_categories())


def _blank_tariff() -> TariffForm:
    form, every = TariffForm(formdata=None), queries.list_tariffs()
    form.from_year.data = clock.today(get_cluster().zone).year + 1
    form.name.data = _("Tariff %(year)s", year=form.from_year.data)
    if every:
        form.fill(queries.list_scales(every[0]), queries.list_bands(every[0]), list_categories(), every[0].currency)
    return form


@bp.post("/tariffs/new")
@allow(rules.may_keep_dues)
def create_tariff() -> Response:
    """Adopt it, unless one category would hold too many votes (S01)."""
    form = TariffForm()
    if form.validate_on_submit() and attempt(form, lambda: _adopt(form)):
        say(_("The tariff is recorded."))
        return redirect(url_for("dues.tariffs"), code=303)
    return _tariff_page(form)


def _adopt(form: TariffForm) -> Tariff:
    cluster = get_cluster()
    return actions.draft_tariff(
        actor(),
        name=typed(form.name),
        from_year=a_number(form.from_year),
        currency=cluster.currency,
        rules=form.read_scales(list_categories(), cluster.currency),
        bands=form.read_bands(cluster.currency),
        adopted_by=typed(form.adopted_by),
        as_of=clock.today(cluster.zone),
    )
