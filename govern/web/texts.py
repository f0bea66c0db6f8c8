"""Translated texts in templates, looked up once: a list calls for the same few words hundreds of times.

Flask-Babel finds out who reads and which catalogue that means anew for every text.
"""

from typing import Any

from flask import Flask, g
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

Known = dict[str, Markup]


def _known() -> tuple[Any, Known]:
    """The reader's catalogue, and what was taken from it in this request."""
    kept: tuple[Any, Any, Known] | None = g.get("_texts")
    if kept is None or kept[0] is not _language():  # mails change the language for a while
        catalogue = get_translations()  # which also settles the language
        kept = g._texts = (_language(), catalogue, {})
    return kept[1], kept[2]


def _language() -> Any:
    return getattr(g.get("_flask_babel"), "babel_locale", None)


@pass_eval_context
def gettext(context: EvalContext, text: str, **variables: object) -> str:
    """What ``_("...")`` in a template gives: as Jinja's own, ``%(name)s`` is filled in, and escaped."""
    catalogue, known = _known()
    if not context.autoescape:
        return str(catalogue.ugettext(text)) % variables
    found = known.get(text)
    if found is None:
        found = known[text] = Markup(catalogue.ugettext(text))  # noqa: S704 - catalogues are part of the program
    return found % variables if variables or "%" in found else found


def init_app(app: Flask) -> None:
    """Stand in for what Flask-Babel gave the templates."""
    app.jinja_env.globals.update(_=gettext, gettext=gettext)
