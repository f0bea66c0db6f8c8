"""URLs of reviews."""

from fractions import Fraction
from json import loads
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect

from govern.cluster.queries import list_departments
from govern.kernel import clock
from govern.kernel.errors import NotFoundError
from govern.reviews import actions, queries, rules
from govern.reviews.forms import ASK, GROUNDS, AnswerForm, ReplyForm, review_filter
from govern.reviews.models import Review
from govern.reviews.queries import ReviewLine
from govern.reviews.rules import Answer
from govern.votes.queries import Sheet, get_sheet
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page
from govern.web.paging import cut, keyset

bp = Blueprint("reviews", __name__, url_prefix="/reviews")


@bp.get("/")
@allow(rules.may_read)
def index() -> Response:
    """The register: what waits for this hat first, then every review."""
    chosen = review_filter(request.args, actor())
    statement, backwards = keyset(queries.reviews_statement(chosen), queries.REVIEW_KEY)
    return page(
        "reviews/index.html",
        fragment="list",
        waiting=queries.list_waiting(actor()),
        lines=cut(queries.read_lines(statement), backwards=backwards),
        chosen=chosen,
        departments=list_departments(),
        is_liaison=rules.acts_as_liaison(actor()),
        department_id=actor().department_id,
    )


@bp.get("/<int:review_id>")
@allow(rules.may_read, review=queries.get_line)
def show(review: ReviewLine) -> Response:
    """One review: the decision, the clock, what was said, and the answer form for its own department."""
    return _show(review)


@bp.post("/<int:review_id>/answer")
@allow(rules.may_answer, review=queries.get_review)
def answer(review: Review) -> Response | Redirect:
    """Record the department's answer or question, then open the next clock that waits."""
    form = AnswerForm()
    if form.validate_on_submit():
        attempt(form, lambda: _record(review, form))
    if form.errors:
        return _show(queries.get_line(review.id), form)
    return redirect(_next_href(), code=303)


@bp.post("/<int:review_id>/reply")
@allow(rules.may_reply, review=queries.get_review)
def reply(review: Review) -> Response | Redirect:
    """Answer the question that waits; the clock goes on."""
    form = ReplyForm()
    pause = next((pause for pause in queries.pauses_of(review.id) if pause.answered_at is None), None)
    if pause is None:
        raise NotFoundError
    if form.validate_on_submit():
        attempt(form, lambda: actions.reply(actor(), pause, form.reply.data or ""))
    if form.errors:
        return _show(queries.get_line(review.id), form)
    say(_("The reply is sent. The clock runs again."))
    return redirect(url_for(".show", review_id=review.id), code=303)


@bp.get("/<int:review_id>/certificate")
@allow(rules.may_read, review=queries.get_line)
def certificate(review: ReviewLine) -> Response:
    """That the department did not object, with the computation; made for printing."""
    found = queries.get_certificate(review, current_user.cluster.zone)
    return page("reviews/certificate.html", certificate=found, line=found.line, reading=found.reading)


def _record(review: Review, form: AnswerForm) -> None:
    remark = form.remark.data or ""
    if form.answer.data == ASK:
        actions.ask(actor(), review, remark)
        say(_("The question is sent. The clock stands still until the reply."))
        return
    late = actions.answer(
        actor(),
        review,
        answer=Answer(form.answer.data),
        ground=form.chosen_ground,
        remark=remark,
        remedy=form.remedy.data or "",
    )
    if late:
        say(_("The clock had ended: your reaction is kept as late, without effect."), kind="warn")
    else:
        say(_("Your answer on %(subject)s is recorded.", subject=review.subject_title))


def _bar(sheet: Sheet) -> dict[str, Any] | None:
    """The first criterion of the declared result as ui.result_bar draws it; the decision page shows them all."""
    told = loads(sheet.decision.result).get("criteria") if sheet.decision else None
    if not told:
        return None
    first = {name: Fraction(told[0][name]) for name in ("yes", "no", "abstain", "base", "needed")}
    share = first["needed"] / first["base"] if first["base"] else Fraction(0)
    yes, no, abstain = (int(first[name]) for name in ("yes", "no", "abstain"))
    return {
        "headline": _("Adopted: %(yes)s for, %(no)s against", yes=yes, no=no),
        "sentence": _("%(yes)s votes for, %(no)s against, %(abstain)s abstained.", yes=yes, no=no, abstain=abstain),
        "parts": [("for", _("For"), yes), ("against", _("Against"), no)],
        "threshold": (share.numerator, share.denominator) if share else None,
        "outside": [("abstain", _("Abstained"), abstain)],
    }


def _next_href() -> str:
    waiting = queries.list_waiting(actor())
    running = [line for line in waiting if not line.paused]
    return url_for(".show", review_id=running[0].id) if running else url_for(".index")


def _show(line: ReviewLine, tried: FlaskForm | None = None) -> Response:
    """The review's page; ``tried`` is the form that was refused, so that what was typed stays."""
    pauses, now = queries.pauses_of(line.id), clock.now()
    waiting, sheet = queries.list_waiting(actor()), get_sheet(line.vote_id)
    return page(
        "reviews/show.html",
        form=tried,
        line=line,
        reading=rules.clock_of(line.review, pauses, now, current_user.cluster.zone),
        pauses=pauses,
        late=queries.late_of(line.id) if line.state in rules.CERTIFIED else (),
        sheet=sheet,
        bar=_bar(sheet),
        sees_text=rules.sees_text(actor()),
        waiting=waiting,
        place=next((n for n, other in enumerate(waiting, 1) if other.id == line.id), None),
        may_answer=rules.may_answer(actor(), line.review),
        may_reply=rules.may_reply(actor()) and line.paused and line.review.answer is None,
        answer_form=tried if isinstance(tried, AnswerForm) else AnswerForm(formdata=None),
        reply_form=tried if isinstance(tried, ReplyForm) else ReplyForm(formdata=None),
        grounds=GROUNDS,
        currency=current_user.cluster.currency,
    )
