"""The decision register and one decision's dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from json import loads
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_login import current_user

from govern.counting.rule_text import describe_rule
from govern.desk import rules
from govern.desk.queries.dossier import Dossier, get_declared_sheet, list_register, load_dossier
from govern.desk.routes import bp
from govern.desk.routes.words import EFFECTS, OUTCOMES, decision_row, decision_rows
from govern.reviews.queries import ReviewLine, states_of
from govern.reviews.rules import ReviewState
from govern.votes.queries import DECISION_KEY, Decision, DecisionFilter, Sheet, decisions_statement
from govern.web import formats
from govern.web.access import actor, allow
from govern.web.pages import page
from govern.web.paging import cut, keyset

REVIEW_WORDS = {
    ReviewState.RUNNING: ("info", lazy("Clock running")),
    ReviewState.PAUSED: ("warn", lazy("Clock paused")),
    ReviewState.NO_OBJECTION: ("ok", lazy("No objection")),
    ReviewState.DEEMED: ("ok", lazy("Deemed, no objection")),
    ReviewState.OBJECTED: ("bad", lazy("Objected")),
}


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A line or standard as the dossier shows it; amounts in minor units."""

    code: str
    title: str
    own: int
    shares: int
    tone: str
    word: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as the dossier shows it."""

    title: str
    href: str
    sub: str
    tone: str
    word: str

    @property
    def icon_tone(self) -> str:
        """The icon's colour: only what needs somebody is coloured."""
        return self.tone if self.tone in {"warn", "bad"} else ""


@bp.get("/decisions")
@allow(rules.may_read_register)
def decisions() -> Response:
    """Every declared decision with its effect, newest first."""
    words, outcome = request.args.get("q", "").strip(), request.args.get("outcome", "")
    chosen = DecisionFilter(text=words, outcome=outcome if outcome in OUTCOMES else "")
    statement, backwards = keyset(decisions_statement(chosen), DECISION_KEY)
    shown = cut(list_register(statement), backwards=backwards, key="Decision.id")
    here: dict[str, Any] = {"q": words or None, "outcome": chosen.outcome or None}
    return page(
        "desk/decisions.html",
        fragment="list",
        rows=decision_rows(shown.rows, states_of([row.Decision.id for row in shown.rows])),
        newer=url_for(".decisions", after=shown.newer, **here) if shown.newer else None,
        older=url_for(".decisions", before=shown.older, **here) if shown.older else None,
        q=words,
        outcome=chosen.outcome,
        outcome_choices=[("", _("All results")), *((key, str(word)) for key, (_tone, word) in OUTCOMES.items())],
    )


@bp.get("/decisions/<string:decision_id>")
@allow(rules.may_read_register, decision=get_declared_sheet)
def decision(decision: Sheet) -> Response:
    """One dossier: text, rule, result, reviews, minutes, tasks."""
    return _dossier(decision, decision.decision)


def _dossier(sheet: Sheet, decision: Decision | None) -> Response:
    if decision is None:
        raise AssertionError("a sheet found by its decision has one")
    dossier = load_dossier(actor(), sheet, decision)
    return page(
        "desk/decision.html",
        decision=decision,
        dossier=dossier,
        row=decision_row(decision, dossier.sheet.body_name, dossier.effect),
        rule=describe_rule(dossier.sheet.rule),
        counted=[(step,) for step in loads(decision.result)["steps"]],
        lines=_lines(dossier, adopted=decision.outcome == "adopted"),
        reviews=[_review(line) for line in dossier.reviews],
        currency=current_user.cluster.currency,
    )


def _lines(dossier: Dossier, *, adopted: bool) -> Sequence[SubjectRow]:
    rows = []
    for subject in dossier.subjects:
        state = str(dossier.effect.of(subject.code).state) if adopted else "none"
        tone, word = EFFECTS[state]
        rows.append(
            SubjectRow(subject.code, subject.title, subject.own_minor, sum(subject.shares.values()), tone, str(word))
        )
    return rows


def _review(line: ReviewLine) -> ReviewRow:
    tone, word = REVIEW_WORDS[line.state]
    # The clock ends at 24:00: people call that the day before.
    until = _("until the end of %(day)s", day=formats.current().day(line.review.ends_at - timedelta(seconds=1)))
    return ReviewRow(
        f"{line.review.subject_code} {line.review.subject_title}",
        url_for("reviews.show", review_id=line.review.id),
        f"{word} · {line.department} · {until}",
        tone,
        str(word),
    )
