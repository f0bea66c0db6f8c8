"""People of the cluster or of one member: who acts as what, inviting, ending; and accepting an invitation."""

from flask import current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from govern.accounts import actions, keys, queries, rules
from govern.accounts.forms import ROLE_NAMES, AcceptForm, EndForm, InvitationForm, typed
from govern.accounts.models import Appointment
from govern.accounts.routes import bp, people_bp
from govern.accounts.routes.door import candidate_of, first_step_done
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.kernel.errors import RuleBrokenError
from govern.web.access import actor, allow, public
from govern.web.forms import attempt, say
from govern.web.pages import page
from govern.web.paging import cut, keyset
from govern.web.transaction import release


@people_bp.get("/people")
@allow(rules.may_invite)
def index() -> Response:
    """Who acts as what today."""
    words = request.args.get("q", "").strip()
    statement = queries.people_statement(actor(), clock.today(current_user.cluster.zone), words=words)
    ordered, backwards = keyset(statement, Appointment.id)
    found = cut(db.session.execute(ordered).all(), backwards=backwards)
    may_end = [row.id for row in found.rows if rules.may_end_appointment(actor(), row.Appointment)]
    return page(
        "accounts/index.html", fragment="list", found=found, words=words, role_names=ROLE_NAMES, may_end=may_end
    )


def _invitation(*, typed: bool) -> InvitationForm:
    """The form with the roles and targets this actor may choose; a target is written ``member:3``."""
    form = InvitationForm() if typed else InvitationForm(formdata=None)
    roles = {role.value: str(ROLE_NAMES[role]) for role in rules.roles_to_give(actor())}
    form.role.choices = {"": _("Choose a role")} | roles
    nobody = {"": _("The cluster (staff and offices)")} if actor().is_staff else {}
    form.target.choices = nobody | _targets()
    return form


def _targets() -> dict[str, str]:
    return {rules.hat_key(kind, key): name for kind, key, name in queries.list_targets(actor())}


@people_bp.get("/people/invite")
@allow(rules.may_invite)
def new() -> Response:
    """Invite somebody."""
    return page("accounts/new.html", form=_invitation(typed=False))


@people_bp.post("/people/invite")
@allow(rules.may_invite)
def create() -> Response:
    """Appoint and write to the person."""
    form = _invitation(typed=True)
    if form.validate_on_submit() and attempt(form, lambda: _invite(form)):
        say(_("%(name)s is appointed and gets a mail.", name=typed(form.name)))
        return redirect(url_for("people.index"), code=303)
    return page("accounts/new.html", form=form)


def _invite(form: InvitationForm) -> Appointment:
    kind, _colon, key = typed(form.target).partition(":")
    role = Role(form.role.data)
    if key and rules.KIND_OF[role] is not HatKind(kind):
        raise RuleBrokenError(
            _("This role is not for what you chose. Choose a member, a seat or a department that fits.")
        )
    origin = current_app.config["GOVERN"].origin
    return actions.invite(
        actor(),
        email=typed(form.email),
        name=typed(form.name),
        role=role,
        target=int(key) if key else None,
        target_name=_targets()[typed(form.target)] if key else "",
        role_name=str(ROLE_NAMES[role]),
        day=clock.today(current_user.cluster.zone),
        document=typed(form.document),
        link_address=origin + url_for("accounts.invitation", token=""),
        sign_in_address=origin + url_for("accounts.sign_in"),
    )


@people_bp.get("/appointments/<int:appointment_id>/end")
@allow(rules.may_end_appointment, appointment=queries.get_appointment)
def end(appointment: Appointment) -> Response:
    """Say what ending means, and ask for the document."""
    return _end_page(appointment, EndForm(formdata=None))


def _end_page(appointment: Appointment, form: EndForm) -> Response:
    return page(
        "accounts/end.html",
        form=form,
        appointment=appointment,
        person=queries.get_user(appointment.user_id),
        label=queries.get_appointment_label(appointment),
        role_name=ROLE_NAMES[appointment.role],
    )


@people_bp.post("/appointments/<int:appointment_id>/end")
@allow(rules.may_end_appointment, appointment=queries.get_appointment)
def end_create(appointment: Appointment) -> Response:
    """End it now: the rights go at once."""
    form = EndForm()
    if not form.validate_on_submit():
        return _end_page(appointment, form)
    actions.end_appointment(actor(), appointment, document=typed(form.document))
    say(_("The appointment has ended. Votes already cast stay valid."))
    return redirect(url_for("people.index"), code=303)


@bp.get("/invitations/", defaults={"token": ""})
@bp.get("/invitations/<token>")
@public("somebody invited, holding the link from the mail; looking changes nothing")
def invitation(token: str) -> Response:
    """Ask for the name, and for a password if wanted."""
    return _invitation_page(token, None)


def _invitation_page(token: str, form: AcceptForm | None) -> Response:
    found = queries.find_link(token, actions.INVITATION)
    if found is None:
        return page("accounts/invitation.html", status=410, token=token, person=None)
    form = form or AcceptForm(formdata=None, obj=found.User)
    return page("accounts/invitation.html", form=form, token=token, person=found.User, shortest=rules.SHORTEST_PASSWORD)


@bp.post("/invitations/<token>")
@public("somebody invited, holding the link from the mail")
def invitation_accept(token: str) -> Response:
    """Use the link up and let the person in."""
    form = AcceptForm()
    hashed = _chosen_hash(form, token) if form.validate_on_submit() else None
    if form.errors:
        return _invitation_page(token, form)
    user = actions.accept_invitation(token, name=typed(form.name), hashed=hashed)
    if user is None:
        return _invitation_page(token, None)
    return first_step_done(candidate_of(user), method="invitation", next_url="")


def _chosen_hash(form: AcceptForm, token: str) -> str | None:
    """Hash of the chosen password, None when none was chosen or it is too weak (the reason is on the form)."""
    if not typed(form.password):
        return None
    found = queries.find_link(token, actions.INVITATION)
    email = found.User.email if found else ""
    release()
    try:
        rules.check_password(typed(form.password), email=email, name=typed(form.name))
    except RuleBrokenError as broken:
        form.password.errors = [str(broken)]
        return None
    return keys.hash_password(typed(form.password))
