"""Composition root: the one list of blueprints, of navigation and of handlers that run upwards."""

from flask import Flask
from flask_babel import gettext as _

from govern.accounts.routes import bp as accounts
from govern.cluster import queries as cluster
from govern.kernel.actor import HatKind
from govern.reviews import rules as review_rules
from govern.reviews.actions import start_reviews
from govern.reviews.handlers import on_objected
from govern.reviews.routes import bp as reviews
from govern.tasks import rules as task_rules
from govern.tasks.handlers import task_of_objection
from govern.tasks.routes import SOURCE_PAGES
from govern.tasks.routes import bp as tasks
from govern.votes.handlers import on_declared
from govern.web.shell import Frame, NavEntry
from govern.web.styleguide import bp as styleguide

BLUEPRINTS = (
    accounts,
    tasks,
    reviews,
    styleguide,
)
NAVIGATION = (
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
)


def init_app(app: Flask) -> None:
    """Register every area and give the page frame what it shows of them."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    SOURCE_PAGES.update({"review": "reviews.show"})
    on_declared("reviews", start_reviews)
    on_objected("tasks", task_of_objection)
    app.extensions["govern_frame"] = Frame(nav=NAVIGATION, visitor_cluster=cluster.find_cluster)
