"""What is kept on a member's page: declared units, licences, sites."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.members import actions, queries, rules
from govern.members.forms import LicenceEndForm, LicenceForm, PlainForm, SiteForm, UnitsForm, a_day, a_number, typed
from govern.members.models import Licence, Member, Site, UnitReport
from govern.members.queries import Card
from govern.members.routes import bp
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


def _back(member_id: int, place: str) -> Response:
    return redirect(url_for("members.show", member_id=member_id) + f"#{place}", code=303)


@bp.get("/<int:member_id>/units/new")
@allow(rules.may_keep, member=queries.get_card)
def new_units(member: Card) -> Response:
    """A form for a declared figure."""
    form = UnitsForm(formdata=None)
    form.year.data = clock.today(get_cluster().zone).year
    return page("members/new_units.html", form=form, card=member)


@bp.post("/<int:member_id>/units/new")
@allow(rules.may_keep, member=queries.get_card)
def create_units(member: Card) -> Response:
    """Record or correct the figure of a year."""
    form = UnitsForm()
    if form.validate_on_submit() and attempt(form, lambda: _report(member.member, form)):
        say(_("The figure is recorded."))
        return _back(member.member.id, "units")
    return page("members/new_units.html", form=form, card=queries.get_card(member.member.id))


def _report(member: Member, form: UnitsForm) -> UnitReport:
    today = clock.today(get_cluster().zone)
    year, units, evidence = a_number(form.year), a_number(form.units), typed(form.evidence)
    return actions.report_units(actor(), member, year=year, units=units, evidence=evidence, reported_on=today)


@bp.get("/<int:member_id>/licences/new")
@allow(rules.may_keep, member=queries.get_member)
def new_licence(member: Member) -> Response:
    """A form for a licence."""
    return page("members/new_licence.html", form=LicenceForm(formdata=None), member=member)


@bp.post("/<int:member_id>/licences/new")
@allow(rules.may_keep, member=queries.get_member)
def create_licence(member: Member) -> Response:
    """Add the licence."""
    form = LicenceForm()
    if form.validate_on_submit() and attempt(form, lambda: _licence(member, form)):
        say(_("The licence is recorded."))
        return _back(member.id, "licences")
    return page("members/new_licence.html", form=form, member=queries.get_member(member.id))


def _licence(member: Member, form: LicenceForm) -> Licence:
    return actions.add_licence(
        actor(),
        member,
        number=typed(form.number),
        issuer=typed(form.issuer),
        scope=typed(form.scope),
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
    )


@bp.get("/licences/<int:licence_id>/end")
@allow(rules.may_keep, licence=queries.get_licence)
def end_licence(licence: Licence) -> Response:
    """Ask for the last day."""
    return page("members/end_licence.html", form=LicenceEndForm(formdata=None, obj=licence), licence=licence)


@bp.post("/licences/<int:licence_id>/end")
@allow(rules.may_keep, licence=queries.get_licence)
def end_licence_create(licence: Licence) -> Response:
    """Set the last day."""
    form = LicenceEndForm()
    if form.validate_on_submit() and attempt(form, lambda: _end_licence(licence, form)):
        say(_("The last day is recorded."))
        return _back(licence.member_id, "licences")
    return page("members/end_licence.html", form=form, licence=queries.get_licence(licence.id))


def _end_licence(licence: Licence, form: LicenceEndForm) -> bool:
    actions.end_licence(actor(), licence, valid_to=a_day(form.valid_to))
    return True


@bp.get("/<int:member_id>/sites/new")
@allow(rules.may_keep, member=queries.get_member)
def new_site(member: Member) -> Response:
    """A form for a site."""
    return page("members/new_site.html", form=SiteForm(formdata=None), member=member)


@bp.post("/<int:member_id>/sites/new")
@allow(rules.may_keep, member=queries.get_member)
def create_site(member: Member) -> Response:
    """Add the site."""
    form = SiteForm()
    if form.validate_on_submit() and attempt(form, lambda: _site(member, form)):
        say(_("The site is recorded."))
        return _back(member.id, "sites")
    return page("members/new_site.html", form=form, member=queries.get_member(member.id))


def _site(member: Member, form: SiteForm) -> Site:
    name, address, inside = typed(form.name), typed(form.address), bool(form.inside_territory.data)
    return actions.add_site(actor(), member, name=name, address=address, inside_territory=inside)


@bp.get("/sites/<int:site_id>/remove")
@allow(rules.may_keep, site=queries.get_site)
def remove_site(site: Site) -> Response:
    """Ask once more."""
    return page("members/remove_site.html", site=site, member=queries.get_member(site.member_id))


@bp.post("/sites/<int:site_id>/remove")
@allow(rules.may_keep, site=queries.get_site)
def remove_site_create(site: Site) -> Response:
    """The member no longer works there."""
    if PlainForm().validate_on_submit():
        actions.remove_site(actor(), site)
        say(_("The site is removed."))
    return _back(site.member_id, "sites")
