"""One template serves the full page and its htmx fragment."""

from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, make_response, render_template
from flask_wtf import FlaskForm
from jinja2_fragments.flask import render_block

from govern.extensions import htmx
from govern.web.shell import build_shell


def wants_fragment() -> bool:
    """True for an htmx swap; boosted and history-restore requests need the whole page."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(
    template: str,
    *,
    fragment: str | None = None,
    status: int = 200,
    form: FlaskForm | None = None,
    badges: dict[str, int] | None = None,
    **context: Any,
) -> Response:
    """Render ``template``, or only its block ``fragment`` when htmx asked for a swap.

    ``badges``: what the navigation counts, where the page knows it already. A ``form`` with errors turns the answer
    into 422 and fills the error summary above the heading.
    """
    errors = form_errors(form) if form is not None else []
    if errors and status == 200:  # noqa: PLR2004 - the default above
        status = 422
    if fragment and wants_fragment():
        html = render_block(template, fragment, form=form, errors=errors, **context)
    else:
        html = render_template(template, form=form, errors=errors, shell=build_shell(errors, badges), **context)
    response = make_response(html, status)
    response.vary.add("HX-Request")
    return response


def form_errors(form: FlaskForm) -> list[tuple[str, str]]:
    """(field id, message) for each error, in the order of the fields; whole-form errors first with the form's id."""
    found = [("main", str(message)) for message in form.form_errors]
    for field in form:
        # Messages may be lazily translated; lists and mappings are the errors of nested fields.
        found += [(field.id, str(message)) for message in field.errors if not isinstance(message, list | dict)]
    return found


def init_app(app: Flask) -> None:
    """Make the macros of templates/ui available everywhere: a fragment cannot see its file's top-level imports."""
    macros = SimpleNamespace()
    for name in app.jinja_env.list_templates(filter_func=lambda n: n.startswith("ui/") and n.endswith(".html")):
        module = app.jinja_env.get_template(name, globals={"ui": macros}).module
        for key, value in vars(module).items():
            if not key.startswith("_"):
                setattr(macros, key, value)
    app.jinja_env.globals["ui"] = macros
