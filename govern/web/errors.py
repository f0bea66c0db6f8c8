"""Business errors become responses here and nowhere else."""

from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from govern.extensions import db
from govern.kernel.errors import InputError, NotAllowedError, NotFoundError, RuleBrokenError, TooManyError
from govern.web.access import declared
from govern.web.pages import wants_fragment
from govern.web.shell import Shell, build_shell

log = structlog.get_logger()
Handler = Callable[[Exception], Response]


def _ask_nothing() -> None:
    """Go on as for a visitor: name, language and zone of the reader would have to be asked of what has just failed."""
    g._login_user = AnonymousUserMixin()


def _answer(status: int, title: str, message: str, *, sign_in: str = "") -> Response:
    """An error page inside the frame; for an htmx swap only its main part. ``sign_in``: where to, and back again."""
    db.session.rollback()
    shell = Shell() if status >= 500 else build_shell()  # noqa: PLR2004 - a broken server must not query again
    template = "errors/fragment.html" if wants_fragment() else "errors/error.html"
    response = make_response(
        render_template(template, code=status, title=title, message=message, shell=shell, sign_in=sign_in), status
    )
    response.vary.add("HX-Request")
    return response


def _not_found(_error: Exception) -> Response:
    return _answer(404, _("Page not found"), _("The address may be mistyped, or you may not be allowed to see this."))


def _not_allowed(error: Exception) -> Response:
    told = str(error) or _("Your present role does not allow this. Switch whom you act for, or ask the secretariat.")
    return _answer(403, _("You cannot do this"), told)


def _rule_broken(error: Exception) -> Response:
    return _answer(409, _("The rules do not allow this"), str(error))


def _conflict(error: Exception) -> Response:
    # The first line names the constraint; what follows may repeat the row, and a row may be a ballot.
    told = str(error.orig).partition("\n")[0] if isinstance(error, IntegrityError) else type(error).__name__
    log.warning("constraint", path=request.path, error=told)
    return _answer(
        409, _("Somebody was faster"), _("The record changed while you were working. Go back, reload, try again.")
    )


def _too_many(error: Exception) -> Response:
    response = _answer(429, _("Too many attempts"), str(error))
    if isinstance(error, TooManyError) and error.seconds:
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _bad_input(error: Exception) -> Response:
    return _answer(422, _("This input cannot be taken"), str(error))


def _unstorable(_error: Exception) -> Response:
    return _answer(
        422,
        _("This input cannot be taken"),
        _("A number is too large, a day is too far away, or a text holds a character that cannot be stored."),
    )


def _busy(error: Exception) -> Response:
    log.error("busy", path=request.path, error=str(error))
    _ask_nothing()
    response = _answer(
        503, _("Too much is being written at once"), _("Nothing was changed. Wait a minute, then send it again.")
    )
    response.headers["Retry-After"] = "60"
    return response


def _came_from() -> str:
    """Path of our own page that held the form, or ""."""
    parts = urlsplit(request.referrer or "")
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts.netloc == request.host else ""


def _forged(_error: Exception) -> Response:
    rule = declared(current_app, request.endpoint) if request.endpoint else None
    private = rule is not None and not rule.startswith("public")
    if private and not current_user.is_authenticated:
        return _answer(
            400,
            _("This page is too old"),
            _("Your session has ended. Sign in again and send the form once more: what you typed is kept in this tab."),
            sign_in=url_for(current_app.config["SIGN_IN_ENDPOINT"], next=_came_from()),
        )
    return _answer(
        400,
        _("This page is too old"),
        _("Go back, reload the page and send the form again. What you typed is kept by your browser."),
    )


def _http(error: Exception) -> Response:
    code = error.code or 500 if isinstance(error, HTTPException) else 500
    if code < 400:  # noqa: PLR2004 - a redirect raised as an exception
        return error.get_response()  # type: ignore[attr-defined, no-any-return]
    titles = {
        401: _("Sign in first"),
        404: _("Page not found"),
        405: _("This address only takes forms"),
        413: _("The file is too large"),
    }
    if code == 404:  # noqa: PLR2004
        return _not_found(error)
    return _answer(code, titles.get(code, _("This did not work")), _("Go back and try again, or start from home."))


def _broken(error: Exception) -> Response:
    log.error("failure", path=request.path, exc_info=error)
    _ask_nothing()
    return _answer(
        500, _("Something went wrong here"), _("Nothing was changed. Try again; if it stays, tell the secretariat.")
    )


def init_app(app: Flask) -> None:
    """Install the handlers."""
    table: dict[type[Exception], Handler] = {
        NotFoundError: _not_found,
        NotAllowedError: _not_allowed,
        RuleBrokenError: _rule_broken,
        TooManyError: _too_many,
        InputError: _bad_input,
        IntegrityError: _conflict,
        DataError: _unstorable,
        OverflowError: _unstorable,
        TimeoutError: _busy,
        CSRFError: _forged,
        HTTPException: _http,
    }
    for kind, handler in table.items():
        app.register_error_handler(kind, handler)
    if not app.testing:
        app.register_error_handler(Exception, _broken)
