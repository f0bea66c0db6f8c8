"""Who acts for a member: appointing, replacing, ending."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from govern.accounts.actions import add_user
from govern.accounts.queries import Appointment, User, find_user_by_email, get_appointment, get_user
from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.kernel.actor import Role
from govern.kernel.errors import InputError
from govern.members import actions, queries, rules
from govern.members.forms import ROLE_MEANINGS, ROLE_NAMES, EndForm, ReplaceForm, RepresentativeForm, a_day, typed
from govern.members.models import Member
from govern.members.routes import bp
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


def _back(member: Member) -> Response:
    return redirect(url_for("members.show", member_id=member.id) + "#people", code=303)


def _person(email: str, name: str) -> User:
    """The person with this address, added under ``name`` when new."""
    found = find_user_by_email(email)
    if found is None and not name:
        raise InputError(_("Nobody with this address is known yet. Type the person's full name as well."))
    return found or add_user(actor(), email=email, name=name)


@bp.get("/<int:member_id>/representatives/new")
@allow(rules.may_keep, member=queries.get_member)
def new_representative(member: Member) -> Response:
    """A form for an appointment."""
    form = RepresentativeForm(formdata=None).offer()
    form.valid_from.data = clock.today(get_cluster().zone)
    form.role.data = request.args.get("role", Role.DELEGATE.value)
    return _new_page(member, form)


def _new_page(member: Member, form: RepresentativeForm) -> Response:
    return page("members/new_representative.html", form=form, member=member, meanings=ROLE_MEANINGS)


@bp.post("/<int:member_id>/representatives/new")
@allow(rules.may_keep, member=queries.get_member)
def create_representative(member: Member) -> Response:
    """Appoint the person."""
    form = RepresentativeForm().offer()
    if form.validate_on_submit() and attempt(form, lambda: _appoint(member, form)):
        say(_("The appointment is recorded; the person can sign in with this e-mail address."))
        return _back(member)
    return _new_page(queries.get_member(member.id), form)


def _appoint(member: Member, form: RepresentativeForm) -> Appointment:
    role = Role(form.role.data)
    return actions.appoint_representative(
        actor(),
        member,
        _person(typed(form.email), typed(form.name)),
        role=role,
        valid_from=a_day(form.valid_from),
        valid_to=form.valid_to.data,
        document=typed(form.document),
        rank=(form.rank.data or 1) if role is Role.ALTERNATE else 0,
    )


@bp.get("/<int:member_id>/representatives/<int:appointment_id>/replace")
@allow(rules.may_keep, member=queries.get_member, appointment=get_appointment)
def replace_representative(member: Member, appointment: Appointment) -> Response:
    """What replacing means, and who takes over."""
    form = ReplaceForm(formdata=None)
    form.valid_from.data = clock.today(get_cluster().zone)
    return _replace_page(member, appointment, form)


def _replace_page(member: Member, appointment: Appointment, form: ReplaceForm) -> Response:
    return page(
        "members/replace_representative.html",
        form=form,
        member=member,
        appointment=appointment,
        person=get_user(appointment.user_id),
        role_name=ROLE_NAMES.get(appointment.role, appointment.role),
    )


@bp.post("/<int:member_id>/representatives/<int:appointment_id>/replace")
@allow(rules.may_keep, member=queries.get_member, appointment=get_appointment)
def replace_create(member: Member, appointment: Appointment) -> Response:
    """End the old appointment and begin the new one, in one act."""
    form = ReplaceForm()
    if form.validate_on_submit() and attempt(form, lambda: _replace(member, appointment, form)):
        say(_("The change is recorded. Votes already cast stay valid."))
        return _back(member)
    return _replace_page(queries.get_member(member.id), get_appointment(appointment.id), form)


def _replace(member: Member, appointment: Appointment, form: ReplaceForm) -> Appointment:
    person = _person(typed(form.email), typed(form.name))
    day, document = a_day(form.valid_from), typed(form.document)
    return actions.replace_representative(actor(), member, appointment, person, document=document, valid_from=day)


@bp.get("/<int:member_id>/representatives/<int:appointment_id>/end")
@allow(rules.may_keep, member=queries.get_member, appointment=get_appointment)
def end_representative(member: Member, appointment: Appointment) -> Response:
    """What ending means, and by which document."""
    return _end_page(member, appointment, EndForm(formdata=None))


def _end_page(member: Member, appointment: Appointment, form: EndForm) -> Response:
    return page(
        "members/end_representative.html",
        form=form,
        member=member,
        appointment=appointment,
        person=get_user(appointment.user_id),
        role_name=ROLE_NAMES.get(appointment.role, appointment.role),
    )


@bp.post("/<int:member_id>/representatives/<int:appointment_id>/end")
@allow(rules.may_keep, member=queries.get_member, appointment=get_appointment)
def end_create(member: Member, appointment: Appointment) -> Response:
    """End it now."""
    form = EndForm()
    if form.validate_on_submit() and attempt(form, lambda: _end(member, appointment, typed(form.document))):
        say(_("The appointment has ended. Votes already cast stay valid."))
        return _back(member)
    return _end_page(queries.get_member(member.id), get_appointment(appointment.id), form)


def _end(member: Member, appointment: Appointment, document: str) -> bool:
    actions.end_representative(actor(), member, appointment, document=document)
    return True
