"""Drafting motions, withdrawing votes, declaring results."""

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from govern.cluster.queries import list_departments
from govern.kernel import clock
from govern.kernel.errors import InputError
from govern.votes import actions, queries, rules
from govern.votes.forms import MotionForm, ReasonForm, motion_form, subject_data
from govern.votes.models import RuleProfile, Vote
from govern.votes.queries import Sheet
from govern.votes.routes import bp
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.get("/new")
@allow(rules.may_manage)
def new() -> Response:
    """A form for a motion, prefilled from the vote that ``?follows=`` names."""
    earlier = request.args.get("follows", type=int)
    data = _kept(queries.get_sheet(earlier)) | {"follows": str(earlier)} if earlier else {}
    return _form_page(_form(data), None)


@bp.post("/new")
@allow(rules.may_manage)
def create() -> Response | Redirect:
    """Draft a motion and prepare the vote on it."""
    form = _form()
    vote = attempt(form, lambda: _draft(form)) if form.validate_on_submit() else None
    if vote is None:
        return _form_page(form, None)
    say(_("The vote is prepared. Check it, then open it."))
    return redirect(url_for(".show", vote_id=vote.id), code=303)


@bp.get("/<int:vote_id>/edit")
@allow(rules.may_manage_prepared, vote=queries.get_sheet)
def edit(vote: Sheet) -> Response:
    """The form with what is stored."""
    return _form_page(_form(_kept(vote)), vote)


@bp.post("/<int:vote_id>/edit")
@allow(rules.may_manage_prepared, vote=queries.get_sheet)
def update(vote: Sheet) -> Response | Redirect:
    """Change the motion or its rule while the vote is only prepared."""
    form = _form()
    if not form.validate_on_submit() or attempt(form, lambda: _revise(form, vote)) is None:
        return _form_page(form, vote)
    say(_("The changes are saved."))
    return redirect(url_for(".show", vote_id=vote.vote.id), code=303)


@bp.get("/<int:vote_id>/withdraw")
@allow(rules.may_withdraw, vote=queries.get_sheet)
def ask_withdraw(vote: Sheet) -> Response:
    """What withdrawing means, before it is done."""
    return page("votes/withdraw.html", form=ReasonForm(), vote=vote)


@bp.post("/<int:vote_id>/withdraw")
@allow(rules.may_withdraw, vote=queries.get_sheet)
def withdraw(vote: Sheet) -> Response | Redirect:
    """Take the vote back."""
    form = ReasonForm()
    if form.validate_on_submit():
        actions.withdraw_vote(actor(), vote.vote, reason=form.reason.data or "")
        say(_("The vote is withdrawn. Its ballots are not counted."))
        return redirect(url_for(".show", vote_id=vote.vote.id), code=303)
    return page("votes/withdraw.html", form=form, vote=vote)


@bp.post("/<int:vote_id>/declare")
@allow(rules.may_declare, vote=queries.get_sheet)
def declare(vote: Sheet) -> Redirect:
    """Declare the result, which has been computed and shown since the closing."""
    decision = actions.declare(actor(), vote.vote)
    say(_("Decision %(number)s is in the register.", number=decision.number))
    return redirect(url_for(".show", vote_id=vote.vote.id), code=303)


def _kept(vote: Sheet) -> dict[str, object]:
    motion = vote.motion
    subjects = subject_data(queries.subjects_of(motion.id), current_user.cluster.currency)
    kept = {"title": motion.title, "text": motion.text, "mover": motion.mover, "profile": vote.profile.code}
    return kept | {"subjects": subjects}


def _form(data: dict[str, object] | None = None) -> MotionForm:
    """The form with the rules that are in force today."""
    lines = queries.list_profiles()
    chosen = queries.in_force(lines, clock.today(current_user.cluster.zone)).values()
    profiles = [(each.profile.code, f"{each.profile.name} ({each.body_name})") for each in lines if each in chosen]
    return motion_form(list_departments(), profiles, data=data)


def _profile(form: MotionForm) -> RuleProfile:
    found = queries.find_profile_in_force(form.profile.data, clock.today(current_user.cluster.zone))
    if found is None:
        raise InputError(_("Choose a rule that is in force."))
    return found


def _draft(form: MotionForm) -> Vote:
    follows = queries.get_sheet(int(form.follows.data)).motion if form.follows.data else None
    motion = actions.draft_motion(
        actor(),
        title=form.title.data or "",
        text=form.text.data or "",
        mover=form.mover.data or "",
        subjects=form.drafts(current_user.cluster.currency),
        follows=follows,
    )
    return actions.prepare_vote(actor(), motion, _profile(form))


def _revise(form: MotionForm, vote: Sheet) -> Vote:
    actions.revise_motion(
        actor(),
        vote.motion,
        title=form.title.data or "",
        text=form.text.data or "",
        mover=form.mover.data or "",
        subjects=form.drafts(current_user.cluster.currency),
    )
    actions.change_profile(actor(), vote.vote, _profile(form))
    return vote.vote


def _form_page(form: MotionForm, vote: Sheet | None) -> Response:
    return page("votes/edit.html", form=form, vote=vote, currency=current_user.cluster.currency)
