"""Lists of votes and of rules."""

from datetime import date
from json import dumps

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from govern.bodies.queries import get_body_by_id, list_bodies
from govern.bodies.rules import BodyKind
from govern.counting.rule import parse_rule
from govern.counting.rule_text import describe_rule
from govern.extensions import db
from govern.kernel import clock
from govern.votes import actions, queries, rules
from govern.votes.forms import SIMPLE_MAJORITY, RuleForm
from govern.votes.models import RuleProfile
from govern.votes.queries import ProfileLine, VoteFilter
from govern.votes.routes import bp, words
from govern.web import paging
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


@bp.get("/")
@allow(rules.may_read)
def index() -> Response:
    """Votes this person may see, newest first."""
    view = request.args.get("view", "open")
    chosen = VoteFilter(view if view in queries.VIEWS else "all", request.args.get("q", "").strip())
    statement, backwards = paging.keyset(queries.votes_statement(actor(), chosen), queries.VOTE_KEY)
    rows = paging.cut(db.session.execute(statement).all(), backwards=backwards, key="key")
    return page(
        "votes/index.html",
        fragment="list",
        chosen=chosen,
        found=rows,
        words=words,
        state_of=lambda vote: rules.state_of(vote, clock.now()),
        may_manage=rules.may_manage(actor()),
    )


@bp.get("/rules")
@allow(rules.may_read)
def rule_list() -> Response:
    """Every rule in plain sentences, with its versions."""
    profiles = queries.list_profiles()
    in_force = {line.profile.id for line in queries.in_force(profiles, _today()).values()}
    return page(
        "votes/rules.html",
        profiles=profiles,
        today=_today(),
        in_force=in_force,
        sentences={line.profile.id: _sentences(line) for line in profiles},
        may_manage=rules.may_manage(actor()),
    )


@bp.get("/rules/new")
@allow(rules.may_manage)
def new_rule() -> Response:
    """A form for a rule, or for the next version of ``?code=``."""
    form = RuleForm(data=_start(request.args.get("code", "")))
    return page("votes/new_rule.html", form=_with_bodies(form))


@bp.post("/rules/new")
@allow(rules.may_manage)
def create_rule() -> Response | Redirect:
    """Adopt a rule or its next version."""
    form = _with_bodies(RuleForm())
    if form.validate_on_submit() and attempt(form, lambda: _adopt(form)):
        say(_("The rule is adopted. Votes already open keep the version they froze."))
        return redirect(url_for(".rule_list"), code=303)
    return page("votes/new_rule.html", form=form)


def _adopt(form: RuleForm) -> RuleProfile:
    return actions.adopt_profile(
        actor(),
        code=form.code.data or "",
        name=form.name.data or "",
        body=get_body_by_id(form.body.data),
        rule=form.parsed_rule(),
        counting=form.counting.data,
        opening_days=form.opening_days.data or 0,
        review_days=form.review_days.data or 0,
        mandate_days=form.mandate_days.data or 0,
        source=form.source.data or "",
        in_force_from=form.in_force_from.data or _today(),
    )


def _start(code: str) -> dict[str, object]:
    """What the form begins with: the newest version of the rule, or a simple majority."""
    newest = queries.find_newest_profile(code) if code else None
    if newest is None:
        return {"rule": SIMPLE_MAJORITY, "in_force_from": _today()}
    kept = ("code", "name", "source", "counting", "opening_days", "review_days", "mandate_days")
    start = {key: getattr(newest, key) for key in kept}
    rule = dumps(queries.rule_data(newest), indent=2)
    return start | {"rule": rule, "body": newest.body_id, "in_force_from": _today()}


def _with_bodies(form: RuleForm) -> RuleForm:
    form.offer([(body.id, body.name) for body in list_bodies()])
    return form


def _sentences(line: ProfileLine) -> list[str]:
    noun = _("members") if line.body_kind == BodyKind.ASSEMBLY else _("seats")
    return describe_rule(parse_rule(queries.rule_data(line.profile)), noun)


def _today() -> date:
    return clock.today(current_user.cluster.zone)
