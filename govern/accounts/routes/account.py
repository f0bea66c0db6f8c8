"""My account: profile, password, sessions, and for whom I act."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from govern.accounts import actions, keys, queries, rules
from govern.accounts.forms import EndSessionForm, PasswordForm, ProfileForm, typed
from govern.accounts.routes import bp
from govern.accounts.routes.door import onward, remote_address
from govern.extensions import babel
from govern.kernel import clock
from govern.kernel.errors import NotAllowedError, RuleBrokenError
from govern.web.access import actor, allow
from govern.web.forms import say
from govern.web.pages import page
from govern.web.transaction import release


def _languages() -> dict[str, str]:
    known = {"en": "English"}
    known |= {str(locale): str(locale.get_display_name(locale)) for locale in babel.list_translations()}
    return {"": _("As the cluster")} | known


def _profile(*, sent: bool) -> ProfileForm:
    user = queries.get_user(actor().user_id)
    form = ProfileForm(obj=user) if sent else ProfileForm(formdata=None, obj=user)
    return form.offer(_languages())


def _account(form: ProfileForm) -> Response:
    me = actor()
    return page(
        "accounts/account.html",
        form=form,
        user=queries.get_user(me.user_id),
        hats=current_user.hats,
        sessions=queries.list_sessions(me),
        this_session=current_user.session_id,
        codes_left=queries.count_recovery_codes(me.user_id) if current_user.has_second_step else 0,
    )


@bp.get("/account")
@allow(rules.is_signed_in)
def account() -> Response:
    """Everything about the own account on one page."""
    return _account(_profile(sent=False))


@bp.post("/account")
@allow(rules.is_signed_in)
def account_update() -> Response:
    """Save name, colours and language."""
    form = _profile(sent=True)
    if not form.validate_on_submit():
        return _account(form)
    user = queries.get_user(actor().user_id)
    actions.save_profile(actor(), user, name=typed(form.name), theme=typed(form.theme), locale=typed(form.locale))
    say(_("Your account is saved."))
    return redirect(url_for("accounts.account"), code=303)


@bp.post("/switch-hat")
@allow(rules.is_signed_in)
def switch_hat() -> Response:
    """Act for somebody else from the next page on."""
    own = frozenset(hat.key for hat in current_user.hats)
    actions.switch_hat(actor(), current_user.session_id, request.form.get("hat", ""), own)
    return onward(request.form.get("next"))


@bp.get("/account/password")
@allow(rules.is_signed_in)
def password() -> Response:
    """Change the password, or choose the first one."""
    return _password_page(PasswordForm(formdata=None))


def _password_page(form: PasswordForm) -> Response:
    return page(
        "accounts/password.html",
        form=form,
        user=queries.get_user(actor().user_id),
        fresh=rules.is_fresh(current_user.signed_in_at, clock.now()),
        shortest=rules.SHORTEST_PASSWORD,
    )


@bp.post("/account/password")
@allow(rules.is_signed_in)
def password_update() -> Response:
    """Compare and hash while no lock is held, then store."""
    form, me = PasswordForm(), actor()
    if form.validate_on_submit() and (hashed := _new_hash(form)):
        user = queries.get_user(me.user_id)
        ended = actions.change_password(me, user, hashed, keep=current_user.session_id)
        say(_("Your password is changed. Other devices signed out: %(count)d.", count=ended))
        return redirect(url_for("accounts.account"), code=303)
    return _password_page(form)


def _new_hash(form: PasswordForm) -> str:
    """The hash of the new password, or "" with the reason on the form."""
    user = queries.get_user(actor().user_id)
    email, name, has_one = user.email, user.name, user.password_hash is not None
    release()
    if has_one and actions.check_password(email, typed(form.current), address=remote_address()) is None:
        form.current.errors = [_("This is not your present password.")]
        return ""
    if not has_one and not rules.is_fresh(current_user.signed_in_at, clock.now()):
        raise NotAllowedError(
            _("Sign in again by a link first: your first password needs a sign-in of this half hour.")
        )
    try:
        rules.check_password(typed(form.password), email=email, name=name)
    except RuleBrokenError as broken:
        form.password.errors = [str(broken)]
        return ""
    return keys.hash_password(typed(form.password))


@bp.post("/account/sessions/end")
@allow(rules.is_signed_in)
def session_end() -> Response:
    """Sign one device out, or all others."""
    form, me = EndSessionForm(), actor()
    if not form.validate_on_submit():
        profile = _profile(sent=False)
        profile.form_errors.extend(str(error) for error in form.session.errors)
        return _account(profile)
    if typed(form.session) == "others":
        ended = actions.end_sessions(me, me.user_id, keep=current_user.session_id)
        say(_("Other devices signed out: %(count)d.", count=ended))
    else:
        chosen = queries.get_session(me, int(typed(form.session)))
        actions.end_session(me, chosen)
        say(_("%(browser)s is signed out.", browser=chosen.browser or _("The device")))
    return redirect(url_for("accounts.account", _anchor="sessions"), code=303)
