"""Composition root: the one list of blueprints, of navigation and of handlers that run upwards."""

from collections.abc import Callable

from flask import Flask, current_app
from flask_babel import gettext as _

from govern.accounts import actions as account_actions
from govern.accounts import rules as account_rules
from govern.accounts.routes import bp as accounts
from govern.accounts.routes import people_bp as people
from govern.audit import rules as audit_rules
from govern.audit.actions import seal
from govern.audit.queries import invariants as audit_invariants
from govern.audit.routes import OBJECT_PAGES
from govern.audit.routes import bp as audit
from govern.bodies import rules as body_rules
from govern.bodies.routes import bp as bodies
from govern.cluster import queries as cluster
from govern.desk import rules as desk_rules
from govern.desk.queries.needs import badge_counts
from govern.desk.routes import bp as desk
from govern.dues import queries as dues_queries
from govern.dues import rules as dues_rules
from govern.dues.queries import invariants as dues_invariants
from govern.dues.routes import bp as dues
from govern.jobs.actions import forget_done, handler, plan_daily, run_due
from govern.kernel.actor import HatKind
from govern.kernel.findings import Check
from govern.ledger import queries as ledger_queries
from govern.ledger import rules as ledger_rules
from govern.ledger.routes import bp as ledger
from govern.meetings import rules as meeting_rules
from govern.meetings.queries import check_minutes
from govern.meetings.routes import bp as meetings
from govern.members import rules as member_rules
from govern.members.handlers import DuesReader, show_dues
from govern.members.routes import bp as members
from govern.notifications.actions import send_due
from govern.reviews import rules as review_rules
from govern.reviews.actions import record_deemings, start_reviews
from govern.reviews.handlers import on_objected
from govern.reviews.queries import check_ends
from govern.reviews.routes import bp as reviews
from govern.tasks import rules as task_rules
from govern.tasks.handlers import task_of_objection
from govern.tasks.routes import SOURCE_PAGES
from govern.tasks.routes import bp as tasks
from govern.votes import rules as vote_rules
from govern.votes.actions import declare_due
from govern.votes.handlers import on_declared
from govern.votes.queries import invariants as vote_invariants
from govern.votes.routes import bp as votes
from govern.web.shell import Frame, NavEntry
from govern.web.styleguide import bp as styleguide

BLUEPRINTS = (
    accounts,
    people,
    members,
    ledger,
    dues,
    bodies,
    votes,
    tasks,
    meetings,
    reviews,
    desk,
    audit,
    styleguide,
)
NAVIGATION = (
    NavEntry(
        label=lambda: _("Home"),
        icon="house",
        endpoint="desk.home",
        rule=desk_rules.may_open_home,
        tab_for=frozenset(HatKind),
    ),
    NavEntry(
        label=lambda: _("Votes"),
        icon="vote",
        endpoint="votes.index",
        rule=vote_rules.may_read,
        count_key="votes",
        tab_for=frozenset({HatKind.MEMBER, HatKind.SEAT, HatKind.STAFF, HatKind.OFFICE}),
    ),
    NavEntry(
        label=lambda: _("Decisions"),
        icon="gavel",
        endpoint="desk.decisions",
        rule=desk_rules.may_read_register,
        tab_for=frozenset({HatKind.LIAISON, HatKind.OFFICE}),
    ),
    NavEntry(
        label=lambda: _("Meetings"),
        icon="calendar",
        endpoint="meetings.index",
        rule=meeting_rules.acts,
        count_key="meetings",
        tab_for=frozenset({HatKind.MEMBER, HatKind.SEAT, HatKind.LIAISON, HatKind.OFFICE}),
    ),
    NavEntry(
        label=lambda: _("Tasks"),
        icon="list-checks",
        endpoint="tasks.index",
        rule=task_rules.may_read,
        count_key="tasks",
        tab_for=frozenset({HatKind.MEMBER, HatKind.STAFF}),
    ),
    NavEntry(
        label=lambda: _("Reviews"),
        icon="hourglass",
        endpoint="reviews.index",
        rule=review_rules.may_read,
        count_key="reviews",
        tab_for=frozenset({HatKind.LIAISON}),
    ),
    NavEntry(
        label=lambda: _("Our dues"),
        icon="wallet",
        endpoint="dues.mine",
        rule=dues_rules.may_read_own_dues,
        count_key="dues",
    ),
    NavEntry(
        label=lambda: _("Members"),
        icon="building-2",
        endpoint="members.index",
        rule=member_rules.may_read,
        group="cluster",
    ),
    NavEntry(
        label=lambda: _("Bodies"),
        icon="landmark",
        endpoint="bodies.index",
        rule=body_rules.may_read,
        group="cluster",
    ),
    NavEntry(
        label=lambda: _("Audit log"),
        icon="scroll-text",
        endpoint="audit.index",
        rule=audit_rules.may_see_hashes,
        group="cluster",
    ),
    NavEntry(
        label=lambda: _("People"),
        icon="users",
        endpoint="people.index",
        rule=account_rules.may_invite,
        group="cluster",
    ),
    NavEntry(
        label=lambda: _("Dues"),
        icon="wallet",
        endpoint="dues.index",
        rule=dues_rules.may_read_ledger,
        group="secretariat",
        tab_for=frozenset({HatKind.STAFF}),
    ),
    NavEntry(
        label=lambda: _("Books"),
        icon="scale",
        endpoint="ledger.index",
        rule=ledger_rules.may_read_books,
        group="secretariat",
    ),
)
GROUPS = {"cluster": lambda: _("Cluster"), "secretariat": lambda: _("Secretariat")}
LINKS = {
    "home": "desk.home",
    "search": "desk.search",
    "help": "desk.help",
    "accessibility": "desk.accessibility",
    "privacy": "desk.privacy",
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "switch_hat": "accounts.switch_hat",
    "account": "accounts.account",
}
"""What the frame of every page links to: the layout's name of it -> endpoint."""
PERIODIC: tuple[Callable[[], object], ...] = (
    plan_daily,
    run_due,
    declare_due,
    record_deemings,
    seal,
    lambda: send_due(current_app.config["GOVERN"]),
)
"""What ``govern work`` does in every round, each in a transaction of its own; mails go last, after what causes them."""
CHECKS: tuple[Check, ...] = (
    *audit_invariants.CHECKS,
    *vote_invariants.CHECKS,
    check_ends,
    check_minutes,
    *ledger_queries.CHECKS,
    *dues_invariants.CHECKS,
)
"""What ``govern check`` verifies, in this order."""


def init_app(app: Flask) -> None:
    """Register every area and give the page frame what it shows of them."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    handler(account_actions.LINK_JOB)(account_actions.mail_sign_in_link)
    handler("accounts.forget_expired", daily=True)(account_actions.forget_expired)
    handler("jobs.forget_done", daily=True)(forget_done)
    SOURCE_PAGES.update({"review": "reviews.show", "agenda_item": "meetings.item"})
    show_dues(
        DuesReader(
            dues_queries.standing_of, dues_queries.list_late, dues_queries.list_invoices_of, dues_queries.list_payments
        )
    )
    kinds = {"vote": "votes", "task": "tasks", "review": "reviews", "member": "members", "meeting": "meetings"}
    OBJECT_PAGES.update({kind: f"{area}.show" for kind, area in kinds.items()} | {"body": "bodies.show"})
    on_declared("reviews", start_reviews)
    on_objected("tasks", task_of_objection)
    app.extensions["govern_frame"] = Frame(
        nav=NAVIGATION,
        group_labels=GROUPS,
        counter=badge_counts,
        links=LINKS,
        visitor_cluster=cluster.find_cluster,
    )
