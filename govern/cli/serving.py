"""Serve with waitress: one process, several threads, the worker beside them in the demo."""

import errno
import socket
import sys

import click
from flask import Flask

from govern import config

THREADS = 8


def serve_demo(app: Flask, port: int) -> None:
    """Seed when empty, print where to go and as whom, then serve on this machine only, the worker beside."""
    from govern.cli.work import start_worker_thread
    from govern.demo.seed import seed_demo

    _check_port("127.0.0.1", port)
    with app.app_context():
        seed_demo()
        people = _sign_ins()
    click.echo(f"Govern is at http://127.0.0.1:{port}")
    click.echo("Sign in there with one press as:")
    for name, role, label in people:
        click.echo(f"  {name:22} {role:14} {label}")
    click.echo("Stop with Ctrl+C.")
    worker = start_worker_thread(app)
    try:
        _serve(app, "127.0.0.1", port)
    finally:
        worker.stop()


def _sign_ins() -> list[tuple[str, str, str]]:
    from govern import database
    from govern.accounts.queries import list_demo_people
    from govern.cluster.queries import get_cluster
    from govern.extensions import db
    from govern.kernel import clock

    database.set_mode(database.READ)
    people = list_demo_people(clock.today(get_cluster().zone))
    db.session.rollback()
    return [(person.name, person.role.value.replace("_", " "), person.label) for person in people]


def serve_production(app: Flask, host: str, port: int) -> None:
    """Serve until stopped; SettingsError for an application with a demonstration's secrets and open doors."""
    if (mode := app.config["GOVERN"].mode) != config.PRODUCTION:
        raise config.SettingsError(f"The mode is {mode}, and only production is served to others. Use: govern demo")
    _check_port(host, port)
    _serve(app, host, port)


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror
            click.echo(f"Port {port} cannot be used: {reason}. Choose another with --port {port + 1}.", err=True)
            sys.exit(1)


def _serve(app: Flask, host: str, port: int) -> None:
    from waitress import serve

    # With proxies in front the application itself reads as many of their headers as there are proxies.
    direct = not app.config["GOVERN"].proxies
    serve(app, host=host, port=port, threads=THREADS, ident="govern", clear_untrusted_proxy_headers=direct)
