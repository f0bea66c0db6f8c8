"""What every form shares."""

from collections.abc import Callable
from json import dumps
from typing import TypeVar

from flask import flash
from flask_wtf import FlaskForm

from govern.extensions import db
from govern.kernel.errors import InputError, RuleBrokenError

T = TypeVar("T")


def attempt(form: FlaskForm, act: Callable[[], T]) -> T | None:
    """Run ``act``; when a by-law or the input refuses, roll back, keep what was typed and show why on the form.

    Returns what ``act`` returned, or None after a refusal (``form.errors`` is then not empty, so ``page(form=form)``
    answers 422).
    """
    try:
        return act()
    except InputError as refused:
        messages = refused.faults
    except RuleBrokenError as refused:
        messages = [str(refused)]
    db.session.rollback()
    form.form_errors = [*form.form_errors, *messages]
    return None


def say(text: str, *, kind: str = "ok", href: str | None = None, href_text: str | None = None) -> None:
    """Put one message at the top of the next page; it stays until dismissed. ``kind``: ok, info, warn, bad."""
    flash(dumps({"text": text, "href": href, "href_text": href_text}), kind)
