"""The list of members, a member's page, and the member's own fields."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from govern.accounts.queries import list_representatives
from govern.cluster.queries import get_cluster
from govern.kernel import clock
from govern.members import actions, queries, rules
from govern.members.forms import ROLE_NAMES, STATUS_NAMES, MemberForm, NewMemberForm, StatusForm, a_day, typed
from govern.members.handlers import find_dues
from govern.members.models import Member
from govern.members.queries import Card, MemberFilter
from govern.members.routes import bp
from govern.members.rules import MEMBER_ROLES, TRANSITIONS, MemberStatus
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page

PAGE_SIZE = 50
FILTERS = ("show", "q", "category", "college", "status", "sort")
SORT_LABELS = {"name": _l("Member"), "category": _l("Category"), "joined": _l("Joined"), "status": _l("Status")}


@bp.get("/")
@allow(rules.may_read)
def index() -> Response:
    """Members by name, narrowed by words, category, college, status and standing."""
    today = clock.today(get_cluster().zone)
    dues = find_dues() if rules.may_see_state(actor()) else None
    late = dues.list_late(today) if dues else {}
    view, chosen = _chosen(late)
    number, sort = max(1, request.args.get("page", 1, type=int)), request.args.get("sort", "name")
    rows = queries.list_members(chosen, sort=sort, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    return page(
        "members/index.html",
        fragment="list",
        rows=rows[:PAGE_SIZE],
        more=len(rows) > PAGE_SIZE,
        late=late,
        sees_state=dues is not None,
        sees_days=rules.may_see_money(actor(), 0),
        view=view,
        counts=queries.count_views(),
        number=number,
        sort=sort,
        sort_labels=SORT_LABELS,
        categories=queries.list_categories(),
        colleges=queries.list_colleges(),
        status_names=STATUS_NAMES,
        keeps=rules.may_keep(actor()),
        query={name: request.args.get(name, "") for name in FILTERS},
    )


def _chosen(late: Any) -> tuple[str, MemberFilter]:
    """The saved view and what it and the filter fields leave."""
    view = request.args.get("show", "")
    suspended = frozenset(key for key, found in late.items() if found.suspended)
    return view, MemberFilter(
        text=request.args.get("q", "").strip(),
        category=request.args.get("category", ""),
        status=request.args.get("status", ""),
        college=queries.NO_COLLEGE if view == "no-college" else request.args.get("college", ""),
        gone=view == "former",
        ids=suspended if view == "suspended" else None,
    )


@bp.get("/<int:member_id>")
@allow(rules.may_read_member, member=queries.get_card)
def show(member: Card) -> Response:
    """Everything about one member that this hat may see."""
    today, who, key = clock.today(get_cluster().zone), actor(), member.member.id
    own = who.member_id == key
    dues = find_dues() if rules.may_see_state(who) or own else None
    sees_money = dues is not None and rules.may_see_money(who, key)
    return page(
        "members/show.html",
        card=member,
        own=own,
        today=today,
        standing=dues.standing_of(key, today) if dues else None,
        invoices=dues.list_invoices(who, key) if dues and sees_money else [],
        payments=dues.list_payments(who, key) if dues and sees_money else [],
        sees_money=sees_money,
        currency=get_cluster().currency,
        people=sorted(list_representatives(key, today), key=_place),
        details=queries.list_details(key),
        role_names=ROLE_NAMES,
        status_names=STATUS_NAMES,
        keeps=rules.may_keep(who),
    )


def _place(row: Any) -> tuple[int, int]:
    """Where a representative stands in the list: the delegate first, the alternates in their order."""
    return MEMBER_ROLES.index(row.Appointment.role), row.Appointment.rank


@bp.get("/new")
@allow(rules.may_keep)
def new() -> Response:
    """A form for a new member."""
    return page("members/new.html", form=_new_form(blank=True))


@bp.post("/new")
@allow(rules.may_keep)
def create() -> Response:
    """Add the member."""
    form = _new_form()
    if form.validate_on_submit() and (member := attempt(form, lambda: _add(form))):
        say(_("%(name)s is in the register.", name=member.name))
        return redirect(_at(member.id), code=303)
    return page("members/new.html", form=form)


def _new_form(*, blank: bool = False) -> NewMemberForm:
    form = NewMemberForm(formdata=None) if blank else NewMemberForm()
    form.offer(queries.list_categories())
    begins = (MemberStatus.ACTIVE, MemberStatus.APPLICANT, MemberStatus.ADMITTED)
    form.status.choices = {status.value: str(STATUS_NAMES[status]) for status in begins}
    return form


def _add(form: NewMemberForm) -> Member:
    category = queries.get_category(typed(form.category))
    return actions.add_member(actor(), category=category, status=MemberStatus(form.status.data), **form.values())


def _at(member_id: int) -> str:
    return url_for("members.show", member_id=member_id)


@bp.get("/<int:member_id>/edit")
@allow(rules.may_keep, member=queries.get_card)
def edit(member: Card) -> Response:
    """The member's fields."""
    form = MemberForm(formdata=None, obj=member.member)
    form.category.data = member.category.code
    return _edit_page(member, form)


def _edit_page(card: Card, form: MemberForm) -> Response:
    return page("members/edit.html", form=form.offer(queries.list_categories()), card=card)


@bp.post("/<int:member_id>/edit")
@allow(rules.may_keep, member=queries.get_card)
def update(member: Card) -> Response:
    """Change the member's fields."""
    form = MemberForm().offer(queries.list_categories())
    if form.validate_on_submit() and attempt(form, lambda: _change(member, form)):
        say(_("The change is recorded."))
        return redirect(_at(member.member.id), code=303)
    return _edit_page(queries.get_card(member.member.id), form)


def _change(card: Card, form: MemberForm) -> bool:
    category = queries.get_category(typed(form.category))
    actions.change_member(actor(), card.member, category_id=category.id, **form.values())
    return True


@bp.get("/<int:member_id>/status")
@allow(rules.may_keep, member=queries.get_card)
def status(member: Card) -> Response:
    """Where the member can go from where it stands."""
    form = StatusForm(formdata=None)
    form.on.data = clock.today(get_cluster().zone)
    return _status_page(member, form)


def _status_page(card: Card, form: StatusForm) -> Response:
    return page("members/status.html", form=_with_ways(form, card), card=card, status_names=STATUS_NAMES)


def _with_ways(form: StatusForm, card: Card) -> StatusForm:
    ways = sorted(TRANSITIONS[card.member.status], key=list(MemberStatus).index)
    form.status.choices = {"": _("Choose the new status")} | {way.value: str(STATUS_NAMES[way]) for way in ways}
    return form


@bp.post("/<int:member_id>/status")
@allow(rules.may_keep, member=queries.get_card)
def move(member: Card) -> Response:
    """Move the member to another status."""
    form = _with_ways(StatusForm(), member)
    if form.validate_on_submit() and attempt(form, lambda: _move(member, form)):
        say(_("The new status is recorded."))
        return redirect(_at(member.member.id), code=303)
    return _status_page(queries.get_card(member.member.id), form)


def _move(card: Card, form: StatusForm) -> bool:
    to = MemberStatus(form.status.data)
    actions.move_member(actor(), card.member, to, on=a_day(form.on), reason=typed(form.reason))
    return True
