"""Setting the second step up, and taking it away."""

from flask import abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from govern.accounts import actions, keys, queries, rules
from govern.accounts.forms import CodeForm, PlainForm, typed
from govern.accounts.routes import bp
from govern.kernel import clock
from govern.kernel.errors import NotAllowedError
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page
from govern.web.transaction import release

WAITING = "authenticator_waiting"


@bp.before_app_request
def ask_for_second_step() -> Response | None:
    """Where the installation demands a second step, nothing else opens before it is set up."""
    wanted_of = current_app.config["GOVERN"].second_step
    area = (request.endpoint or "").partition(".")[0]
    if not wanted_of or area in {"accounts", "static"}:  # the account stays open, or nobody could set it up
        return None
    if not current_user.is_authenticated:
        return None
    if not rules.owes_second_step(actor(), wanted_of, has_one=current_user.has_second_step):
        return None
    say(_("Set up a second step first: in this cluster your role needs one."), kind="warn")
    return redirect(url_for("accounts.account", _anchor="ways-in"), code=303)


def _address(secret: str) -> str:
    user = queries.get_user(actor().user_id)
    return keys.totp_address(secret, email=user.email, issuer=current_user.cluster.name)


@bp.post("/account/second-step/start")
@allow(rules.is_signed_in)
def second_step_start() -> Response:
    """Make a secret; it waits in this browser's cookie until a first code proves that it arrived."""
    if not rules.is_fresh(current_user.signed_in_at, clock.now()):
        raise NotAllowedError(_("Sign out and in again first: this needs a sign-in of the last half hour."))
    if PlainForm().validate_on_submit() and not current_user.has_second_step:
        session[WAITING] = keys.new_totp_secret()
        return redirect(url_for("accounts.second_step_new"), code=303)
    return redirect(url_for("accounts.account"), code=303)


@bp.get("/account/second-step/new")
@allow(rules.is_signed_in)
def second_step_new() -> Response:
    """Show the code to scan and ask for the first code."""
    if WAITING not in session:
        return redirect(url_for("accounts.account"), code=303)
    return page("accounts/second_step_new.html", form=CodeForm(formdata=None), secret=session[WAITING])


@bp.get("/account/second-step/qr.svg")
@allow(rules.is_signed_in)
def second_step_qr() -> Response:
    """The code to scan, as a file: the content security policy allows no inline images."""
    if WAITING not in session:
        abort(404)
    return current_app.response_class(keys.qr_svg(_address(session[WAITING])), mimetype="image/svg+xml")


@bp.post("/account/second-step")
@allow(rules.is_signed_in)
def second_step_save() -> Response:
    """Switch it on and show the recovery codes, this once."""
    form, secret = CodeForm(), session.get(WAITING)
    if secret is None or current_user.has_second_step:
        return redirect(url_for("accounts.account"), code=303)
    if form.validate_on_submit():
        user = queries.get_user(actor().user_id)
        codes = attempt(form, lambda: actions.start_second_step(actor(), user, secret=secret, code=typed(form.code)))
        if codes is not None:
            session.pop(WAITING)
            return page("accounts/recovery_codes.html", codes=codes)
    return page("accounts/second_step_new.html", form=form, secret=secret)


@bp.get("/account/second-step/change")
@allow(rules.is_signed_in)
def second_step_edit() -> Response:
    """New recovery codes, or no second step any more; both ask for one more code."""
    if not current_user.has_second_step:
        return redirect(url_for("accounts.account"), code=303)
    return _change_page(CodeForm(formdata=None))


def _change_page(form: CodeForm) -> Response:
    left = queries.count_recovery_codes(actor().user_id)
    return page("accounts/second_step_edit.html", form=form, codes_left=left)


def _code_is_right(form: CodeForm) -> bool:
    if not form.validate_on_submit():
        return False
    user_id = actor().user_id
    release()
    if actions.check_code(user_id, typed(form.code)):
        return True
    form.code.errors = [_("This code is not right, or was used before. Type the one your authenticator shows now.")]
    return False


@bp.post("/account/second-step/codes")
@allow(rules.is_signed_in)
def second_step_codes() -> Response:
    """New recovery codes instead of the old ones."""
    form = CodeForm()
    if not _code_is_right(form):
        return _change_page(form)
    codes = actions.renew_recovery_codes(actor(), queries.get_user(actor().user_id))
    return page("accounts/recovery_codes.html", codes=codes)


@bp.post("/account/second-step/stop")
@allow(rules.is_signed_in)
def second_step_stop() -> Response:
    """Sign in without a code from now on."""
    form = CodeForm()
    if not _code_is_right(form):
        return _change_page(form)
    actions.stop_second_step(actor(), queries.get_user(actor().user_id))
    say(_("Signing in no longer asks for a code."), kind="warn")
    return redirect(url_for("accounts.account"), code=303)
