"""Opening a vote: when it closes, who is recused, a last check, and then it is frozen."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from govern.counting.electors import Elector
from govern.counting.rule_text import describe_rule, needed_today
from govern.kernel import clock
from govern.votes import actions, queries, rules
from govern.votes.forms import OpeningForm
from govern.votes.queries import Opening, Sheet
from govern.votes.routes import bp, words
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.get("/<int:vote_id>/opening")
@allow(rules.may_manage_prepared, vote=queries.get_sheet)
def opening(vote: Sheet) -> Response:
    """The form, with the closing the rule proposes."""
    last = clock.today(current_user.cluster.zone) + timedelta(days=vote.profile.opening_days)
    return page("votes/opening.html", vote=vote, form=OpeningForm(data={"closes_on": last}))


@bp.post("/<int:vote_id>/check")
@allow(rules.may_manage_prepared, vote=queries.get_sheet)
def check(vote: Sheet) -> Response:
    """Everything that opening would freeze; nothing is written."""
    form = OpeningForm()
    planned = attempt(form, lambda: _plan(form, vote)) if form.validate_on_submit() else None
    if planned is None:
        return page("votes/opening.html", vote=vote, form=form)
    return page("votes/check.html", vote=vote, form=form, **_shown(planned))


@bp.post("/<int:vote_id>/open")
@allow(rules.may_manage_prepared, vote=queries.get_sheet)
def open_now(vote: Sheet) -> Response | Redirect:
    """Freeze and open."""
    form = OpeningForm()
    if form.validate_on_submit() and attempt(form, lambda: _open(form, vote)):
        say(_("The vote is open. Rule, text and roll are frozen."))
        return redirect(url_for(".show", vote_id=vote.vote.id), code=303)
    return page("votes/opening.html", vote=vote, form=form)


def _plan(form: OpeningForm, vote: Sheet) -> Opening:
    closes_at = form.closing(current_user.cluster.zone)
    return queries.plan_opening(vote.vote, closes_at=closes_at, recusals=form.recused())


def _open(form: OpeningForm, vote: Sheet) -> bool:
    closes_at = form.closing(current_user.cluster.zone)
    actions.open_vote(actor(), vote.vote, closes_at=closes_at, recusals=form.recused())
    return True


def _shown(planned: Opening) -> dict[str, Any]:
    voting = [line for line in planned.roll if line.entitled and not line.recused]
    electors = [
        Elector(line.code, None, line.label, line.kind.value, line.college, line.category, weight=Fraction(line.weight))
        for line in voting
    ]
    return {
        "planned": planned,
        "voting": voting,
        "votes": sum(line.weight for line in voting),
        "recused": [line for line in planned.roll if line.recused],
        "without": [line for line in planned.roll if not line.entitled],
        "sentences": describe_rule(planned.rule, "members" if voting[0].member_id else "seats"),
        "needed": needed_today(planned.rule, electors),
        "words": words,
    }
