"""A vote's page: its ballot while it is open, its result afterwards."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from govern.bodies.rules import BodyKind
from govern.counting.motion import Roll, count_motion_groups
from govern.counting.rule_text import describe_rule
from govern.kernel.actor import HatKind
from govern.kernel.canonical import canonical_bytes
from govern.kernel.errors import NotAllowedError
from govern.prepared import swift_write
from govern.votes import actions, queries, rules
from govern.votes.forms import BallotForm, read_choice
from govern.votes.queries import OwnLine, Sheet
from govern.votes.routes import bp, words
from govern.votes.rules import VoteState
from govern.web.access import actor, allow
from govern.web.pages import page

COUNTED = {VoteState.CLOSED, VoteState.DECLARED}


@bp.get("/<int:vote_id>")
@allow(rules.may_see, vote=queries.get_sheet)
def show(vote: Sheet) -> Response:
    """The ballot, the result, or what a prepared vote still lacks."""
    return show_vote(vote)


@bp.post("/<int:vote_id>/ballots")
@allow(rules.may_cast)
def cast(vote_id: int) -> Response:
    """Cast or replace a ballot: the one route that trades style for speed.

    It takes the key, not the object, because the action reads all it needs in one statement; and it writes in a
    transaction of its own, stored before this view returns, because a session costs as much as the ballot.
    """
    choice = read_choice(request.form.get("choice"))
    if choice is None:
        return _ask_again(queries.get_sheet(vote_id))
    with swift_write() as work:
        receipt = actions.cast_by_key(actor(), vote_id, choice, work)
    return Response(status=303, headers={"Location": url_for(".show", vote_id=vote_id, receipt=receipt)})


@bp.get("/<int:vote_id>/roll")
@allow(rules.may_see_roll, vote=queries.get_sheet)
def roll(vote: Sheet) -> Response:
    """The frozen roll by code, with who took part; once closed, how."""
    closed = vote.state in COUNTED
    after, size = request.args.get("after", ""), queries.MOST_SHOWN
    lines = (
        queries.list_named_ballots(vote.vote, after=after, limit=size + 1)
        if closed
        else queries.list_electors(vote.vote.id, after=after, limit=size + 1)
    )
    more = lines[size - 1][0].code if len(lines) > size else None
    return page("votes/roll.html", lines=lines[:size], closed=closed, after=after, more=more, **_common(vote))


@bp.get("/<int:vote_id>/count-file")
@allow(rules.may_see_ballots, vote=queries.get_sheet)
def count_file(vote: Sheet) -> Response:
    """The file that ``govern count`` recounts."""
    response = Response(canonical_bytes(queries.count_file(vote.vote)) + b"\n", mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename=vote-{vote.vote.id}.json"
    return response


def show_vote(vote: Sheet, form: BallotForm | None = None) -> Response:
    """The page for the vote's state and this reader; ``form``: a ballot that was sent without a choice."""
    own = queries.find_own_line(actor(), vote.vote.id)
    if vote.state in COUNTED:
        return _result(vote, own)
    if vote.state is VoteState.OPEN:
        return _ballot(vote, own, form)
    return page("votes/prepared.html", own=own, **_common(vote), **_papers(vote, own))


def _ask_again(vote: Sheet) -> Response:
    if not rules.may_see(actor(), vote):
        raise NotAllowedError
    rules.check_open(vote.state)
    form = BallotForm()
    form.choice.errors = [_("Choose For, Against or Abstain.")]
    return show_vote(vote, form)


def _ballot(vote: Sheet, own: OwnLine, form: BallotForm | None) -> Response:
    ballot, may_cast = own.ballot, rules.may_cast(actor())
    shown = form or BallotForm(data={"choice": ballot.choice.value if ballot else None})
    assembly = vote.body_kind is BodyKind.ASSEMBLY
    is_voter = actor().hat is HatKind.MEMBER if assembly else actor().body_id == vote.body_id
    return page(
        "votes/ballot.html",
        form=shown,
        own=own,
        ballot=ballot,
        locked=words.locked(own, may_cast=may_cast, is_voter=is_voter, help_email=current_user.cluster.help_email),
        turnout=queries.turnout_of(vote.vote),
        just_cast=ballot is not None and request.args.get("receipt") == ballot.receipt,
        **_common(vote),
        **_papers(vote, own),
    )


def _result(vote: Sheet, own: OwnLine) -> Response:
    groups = queries.groups_of(vote.vote)
    result, sums = count_motion_groups(vote.rule, groups), Roll(groups)
    named = rules.may_see_ballots(actor(), vote)
    lines = queries.list_named_ballots(vote.vote, limit=queries.MOST_SHOWN + 1) if named else []
    return page(
        "votes/result.html",
        own=own,
        result=result,
        sums=sums,
        headline=words.headline(vote.rule, result),
        outcome=words.OUTCOMES[result.outcome],
        bars=[
            words.bar_of(criterion, found, sums.within(criterion.within).of(criterion.count, None))
            for criterion, found in zip(vote.rule.criteria, result.criteria, strict=True)
        ],
        lines=lines[: queries.MOST_SHOWN],
        more=len(lines) > queries.MOST_SHOWN,
        may_see_ballots=named,
        decision_href=words.decision_href(vote.decision.number) if vote.decision else None,
        **_common(vote),
        **_papers(vote, own),
    )


def _common(vote: Sheet) -> dict[str, Any]:
    noun = _("members") if vote.body_kind is BodyKind.ASSEMBLY else _("seats")
    return {
        "vote": vote,
        "state": words.STATES[vote.state],
        "rule": describe_rule(vote.rule, noun),
        "noun": noun,
        "words": words,
        "may_manage": rules.may_manage(actor()),
        "may_declare": rules.may_declare(actor(), vote),
        "may_see_roll": rules.may_see_roll(actor(), vote),
        "sees_reasons": rules.sees_reasons(actor()),
        "currency": current_user.cluster.currency,
    }


def _papers(vote: Sheet, own: OwnLine) -> dict[str, Any]:
    """Text and subjects of the motion; nothing of them for whoever is recused (domain.md I5)."""
    if own.recused:
        return {"hidden": True, "paragraphs": [], "subjects": []}
    return {
        "hidden": False,
        "paragraphs": vote.text.split("\n\n"),
        "subjects": queries.list_subject_lines(vote.motion.id),
    }
