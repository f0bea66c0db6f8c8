"""Serve with waitress: one process, several threads, the worker beside them in the demo."""

import errno
import socket
import sys

import click
from flask import Flask

THREADS = 8


def serve_demo(app: Flask, port: int) -> None:
    """Seed when empty, print where to go and as whom, then serve on this machine only."""
    _check_port("127.0.0.1", port)
    click.echo(f"Govern is at http://127.0.0.1:{port}")
    _serve(app, "127.0.0.1", port)


def serve_production(app: Flask, host: str, port: int) -> None:
    """Serve until stopped."""
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

    serve(app, host=host, port=port, threads=THREADS, ident="govern", clear_untrusted_proxy_headers=True)
