"""Composition root: the one list of blueprints, of navigation and of handlers that run upwards."""

from flask import Flask

from govern.accounts.routes import bp as accounts
from govern.cluster import queries as cluster
from govern.web.shell import Frame

BLUEPRINTS = (accounts,)
NAVIGATION = ()


def init_app(app: Flask) -> None:
    """Register every area and give the page frame what it shows of them."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["govern_frame"] = Frame(nav=NAVIGATION, visitor_cluster=cluster.find_cluster)
