"""URLs of bodies."""

from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from govern.bodies import actions, queries, rules
from govern.bodies.forms import KINDS, BodyForm, SeatForm
from govern.bodies.models import Body, Seat
from govern.bodies.rules import BodyKind
from govern.kernel import clock
from govern.members.queries import get_member, list_colleges, list_roll
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page

bp = Blueprint("bodies", __name__, url_prefix="/bodies")


@bp.get("/")
@allow(rules.may_read)
def index() -> Response:
    """All bodies with their seats counted."""
    may_change = rules.may_change(actor())
    bodies, seats = queries.list_bodies(), queries.count_seats()
    return page("bodies/index.html", bodies=bodies, seats=seats, kinds=KINDS, may_change=may_change)


@bp.get("/new")
@allow(rules.may_change)
def new() -> Response:
    """A form for a body."""
    return page("bodies/new.html", form=BodyForm())


@bp.post("/new")
@allow(rules.may_change)
def create() -> Response | Redirect:
    """Add a body."""
    form = BodyForm()
    body = attempt(form, lambda: _add(form)) if form.validate_on_submit() else None
    if body is None:
        return page("bodies/new.html", form=form)
    say(_("The body is added."))
    return redirect(url_for(".show", body_id=body.id), code=303)


@bp.get("/<int:body_id>")
@allow(rules.may_read_body, body=queries.get_body_by_id)
def show(body: Body) -> Response:
    """A body, its seats and who holds them today."""
    lines = queries.list_seat_lines(body.id, clock.today(current_user.cluster.zone))
    colleges = {college.id: college for college in list_colleges()}
    may_change = rules.may_change(actor()) and body.kind is not BodyKind.ASSEMBLY
    return page("bodies/show.html", body=body, lines=lines, colleges=colleges, kinds=KINDS, may_change=may_change)


@bp.get("/<int:body_id>/seats/new")
@allow(rules.may_change_body, body=queries.get_body_by_id)
def new_seat(body: Body) -> Response:
    """A form for a seat."""
    form = SeatForm(data={"position": len(queries.list_seats(body.id)) + 1, "votes": True})
    return page("bodies/new_seat.html", form=_offered(form), body=body)


@bp.post("/<int:body_id>/seats/new")
@allow(rules.may_change_body, body=queries.get_body_by_id)
def create_seat(body: Body) -> Response | Redirect:
    """Add a seat."""
    form = _offered(SeatForm())
    if not form.validate_on_submit() or attempt(form, lambda: _seat(form, body)) is None:
        return page("bodies/new_seat.html", form=form, body=body)
    say(_("The seat is added. Appoint somebody to it under accounts."))
    return redirect(url_for(".show", body_id=body.id), code=303)


def _add(form: BodyForm) -> Body:
    given = {"code": form.code.data or "", "name": form.name.data or ""}
    return actions.add_body(actor(), kind=BodyKind(form.kind.data), **given)


def _seat(form: SeatForm, body: Body) -> Seat:
    college = next((each for each in list_colleges() if each.id == form.college.data), None)
    return actions.add_seat(
        actor(),
        body,
        position=form.position.data or 0,
        label=form.label.data or "",
        member=get_member(form.member.data) if form.member.data else None,
        college=college,
        votes=form.votes.data,
        is_chair=form.is_chair.data,
    )


def _offered(form: SeatForm) -> SeatForm:
    members = list_roll(clock.today(current_user.cluster.zone))
    colleges = [(each.id, f"{each.code} {each.name}") for each in list_colleges()]
    form.offer([(member.id, f"{member.code} {member.name}") for member in members], colleges)
    return form
