"""The application factory."""

from flask import Flask
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from govern import areas, config, database
from govern.accounts.rules import SESSION_LIFETIME
from govern.config import Settings
from govern.extensions import Migrations, babel, csrf, db, htmx, login_manager
from govern.web import access, assets, cookies, errors, formats, headers, logs, pages, shell, texts, transaction

SIZE_LIMIT = 8 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; RuntimeError if a route lacks an access rule, SettingsError if a setting is missing."""
    logs.configure()
    chosen = settings or config.load()
    app = transaction.GovernApp(__name__, static_folder=None, instance_path=str(chosen.instance))
    app.config.update(_flask_config(chosen))
    db.init_app(app)
    app.extensions["migrate"] = Migrations(str(config.MIGRATIONS))
    for extension in (login_manager, csrf, htmx):
        extension.init_app(app)
    babel.init_app(app, locale_selector=_locale, timezone_selector=_zone)
    with app.app_context():
        database.prepare(db.engine)
    for part in (transaction, cookies, shell, assets, formats, texts, headers, errors, areas, pages):
        part.init_app(app)
    if behind := chosen.proxies:  # only then: the sender of these headers would choose its own address
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]
    access.seal(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "GOVERN": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # An error's text goes to the log; the values of a refused statement may be a ballot or a token.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "TESTING": settings.mode == "test",
        # The prefix makes browsers refuse the cookie from another host or over plain HTTP.
        "SESSION_COOKIE_NAME": "__Host-govern" if settings.https else "govern",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFETIME,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": SIZE_LIMIT,
        "SIGN_IN_ENDPOINT": "accounts.sign_in",
        "BABEL_TRANSLATION_DIRECTORIES": str(config.TRANSLATIONS),
    }


def _locale() -> str:
    return current_user.locale if current_user and current_user.is_authenticated else "en"


def _zone() -> str:
    return current_user.cluster.zone if current_user and current_user.is_authenticated else "UTC"
