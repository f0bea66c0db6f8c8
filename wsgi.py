"""Entry point for a production WSGI server; refuses to start with a demo's secrets."""

from govern import config
from govern.app import create_app

app = create_app(config.load_production())
