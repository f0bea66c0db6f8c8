"""Signing in and out."""

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from govern.accounts import actions, queries, rules
from govern.accounts.forms import ROLE_NAMES, CodeForm, LinkForm, PlainForm, SignInForm, typed
from govern.accounts.routes import bp
from govern.accounts.routes.door import (
    candidate_of,
    first_step_done,
    half_way,
    home,
    let_in,
    onward,
    remote_address,
    still_sealed,
)
from govern.cluster.queries import find_cluster
from govern.kernel import clock
from govern.kernel.errors import NotFoundError
from govern.web.access import public
from govern.web.forms import say
from govern.web.pages import page
from govern.web.transaction import release


def _demo_here() -> bool:
    here = rules.is_this_machine(remote_address(), request.host)
    return bool(current_app.config["GOVERN"].is_demo and here)


def _door(form: SignInForm) -> Response:
    people, others = [], []
    if _demo_here() and (cluster := find_cluster()):
        people = queries.list_demo_people(clock.today(cluster.zone))
        shown = {person.appointment_id for person in people}
        everybody = queries.list_demo_appointments(clock.today(cluster.zone))
        others = [person for person in everybody if person.appointment_id not in shown]
    return page("accounts/sign_in.html", form=form, people=people, others=others, role_names=ROLE_NAMES)


@bp.get("/sign-in")
@public("the door itself")
def sign_in() -> Response:
    """Ask who it is."""
    next_url = rules.local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return onward(next_url)
    return _door(SignInForm(formdata=None, next=next_url))


@bp.post("/sign-in")
@public("the door itself")
def sign_in_create() -> Response:
    """Check address and password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _door(form)
    release()
    candidate = actions.check_password(typed(form.email), typed(form.password), address=remote_address())
    if candidate is None:
        form.form_errors.append(_("The address or the password is not right. Try again, or ask for a link by e-mail."))
        return _door(form)
    return first_step_done(candidate, method="password", next_url=form.next.data)


@bp.post("/sign-in/link")
@public("somebody who cannot sign in yet")
def link_create() -> Response:
    """Send a link. Known and unknown addresses get the same answer after the same work."""
    form = LinkForm()
    if not form.validate_on_submit():
        filled = SignInForm(formdata=None, email=typed(form.email), next=typed(form.next))
        filled.email.errors = form.email.errors
        return _door(filled)
    email, address = typed(form.email).strip().lower(), rules.address_key(remote_address())
    release()
    actions.count_attempt((rules.LINK_BY_ACCOUNT, email), (rules.LINK_BY_ADDRESS, address))
    base = current_app.config["GOVERN"].origin + url_for("accounts.link", token="")
    actions.ask_for_link(email, address_of_links=base, next_url=rules.local_path(form.next.data))
    return redirect(url_for("accounts.link_sent"), code=303)


@bp.get("/sign-in/link-sent")
@public("somebody who cannot sign in yet")
def link_sent() -> Response:
    """What to do now."""
    return page("accounts/link_sent.html", minutes=int(rules.LINK_LIFETIME.total_seconds() // 60))


@bp.get("/sign-in/link/", defaults={"token": ""})
@bp.get("/sign-in/link/<token>")
@public("a link from a mail; looking at it changes nothing")
def link(token: str) -> Response:
    """One button: mail programs open links by themselves, so opening one must not use it up."""
    found = queries.find_link(token, actions.SIGN_IN)
    status = 200 if found else 410
    return page("accounts/link.html", status=status, token=token, person=found.User if found else None)


@bp.post("/sign-in/link/<token>")
@public("a link from a mail")
def link_use(token: str) -> Response:
    """Sign in by the link; it works once."""
    used = actions.use_link(token, actions.SIGN_IN)
    if used is None:
        return page("accounts/link.html", status=410, token=token, person=None)
    user, next_url = used
    return first_step_done(candidate_of(user), method="link", next_url=next_url)


@bp.get("/sign-in/second-step")
@public("somebody half-way in")
def second_step() -> Response:
    """Ask for the code."""
    if half_way() is None:
        return redirect(url_for("accounts.sign_in"), code=303)
    return page("accounts/second_step.html", form=CodeForm(formdata=None))


@bp.post("/sign-in/second-step")
@public("somebody half-way in")
def second_step_create() -> Response:
    """Check the code."""
    form, state = CodeForm(), half_way()
    if state is None:
        say(_("Signing in took too long. Start again."), kind="warn")
        return redirect(url_for("accounts.sign_in"), code=303)
    if form.validate_on_submit():
        release()
        if actions.check_code(state["user"], typed(form.code)):
            user = queries.get_user(state["user"])
            if still_sealed(user, state):
                return let_in(user, method=f"{state['method']}+code", next_url=state["next"])
        form.code.errors = [_("This code is not right, or was used before. Type the one your authenticator shows now.")]
    return page("accounts/second_step.html", form=form)


@bp.post("/sign-out")
@public("ends the session of whoever asks, if there is one")
def sign_out() -> Response:
    """End this session."""
    if PlainForm().validate_on_submit() and current_user.is_authenticated:
        me = current_user.actor
        actions.end_session(me, queries.get_session(me, current_user.session_id))
        logout_user()
        session.clear()
        say(_("You are signed out."))
    return redirect(url_for("accounts.sign_in"), code=303)


def _demo_let_in(appointment_id: int) -> Response:
    if not _demo_here():
        raise NotFoundError
    appointment = queries.get_appointment(appointment_id)
    user = queries.get_user(appointment.user_id)
    next_url = request.form.get("next")
    return let_in(user, method="demo", next_url=next_url or home(), hat_key=queries.hat_of(appointment))


@bp.post("/demo-sign-in/<int:appointment_id>")
@public("the demonstration, on this machine only; refused everywhere else")
def demo_sign_in(appointment_id: int) -> Response:
    """Sign in as somebody of the story."""
    return _demo_let_in(appointment_id)


@bp.post("/demo-sign-in")
@public("the demonstration, on this machine only; refused everywhere else")
def demo_sign_in_other() -> Response:
    """Sign in as the person chosen in the list."""
    return _demo_let_in(request.form.get("appointment", 0, type=int))
