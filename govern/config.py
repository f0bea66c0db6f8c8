"""Settings, read from GOVERN_* variables only. No secret has a default; production refuses to start without one."""

import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from flask import current_app

DEMO = "demo"
PRODUCTION = "production"
MODES = (PRODUCTION, DEMO, "test")
SHORTEST_SECRET = 32
WRITING_TRIES, WRITING_PAUSE = 50, 0.02
SECOND_STEPS = ("", "staff", "all")
ROOT = Path(__file__).parent
MIGRATIONS = ROOT.parent / "migrations"
TRANSLATIONS = ROOT / "translations"


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the installation decides.

    ``instance``: folder for the database, keys and logs. ``proxies``: how many stand before Govern, each adding its
    X-Forwarded headers. ``second_step``: who must sign in with one (staff, all, "" = nobody).
    """

    mode: str
    instance: Path
    database_url: str
    secret_key: str
    origin: str = "http://127.0.0.1:8000"
    mail_url: str = ""
    mail_from: str = "govern@localhost"
    mail_ca_file: str = ""
    https: bool = False
    proxies: int = 0
    second_step: str = ""

    @property
    def is_demo(self) -> bool:
        """True for the demonstration, where sign-in without a password is offered on this machine only."""
        return self.mode == DEMO


def load(environ: Mapping[str, str] | None = None, *, mode: str | None = None) -> Settings:
    """Read the environment; SettingsError when production lacks what it needs."""
    env = os.environ if environ is None else environ
    chosen = mode or env.get("GOVERN_MODE", PRODUCTION)
    if chosen not in MODES:
        raise SettingsError(f"GOVERN_MODE is {chosen!r}; use one of {', '.join(MODES)}.")
    instance = Path(env.get("GOVERN_INSTANCE", "instance")).absolute()
    origin = env.get("GOVERN_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
    return Settings(
        mode=chosen,
        instance=instance,
        database_url=database_url(env.get("GOVERN_DATABASE_URL", ""), instance),
        secret_key=_secret_key(env.get("GOVERN_SECRET_KEY", ""), instance, chosen),
        origin=origin,
        mail_url=env.get("GOVERN_MAIL_URL", ""),
        mail_from=env.get("GOVERN_MAIL_FROM", "govern@localhost"),
        mail_ca_file=env.get("GOVERN_MAIL_CA_FILE", ""),
        https=origin.startswith("https://"),
        proxies=_count(env.get("GOVERN_PROXIES", "0")),
        second_step=_whose(env.get("GOVERN_SECOND_STEP", "")),
    )


def load_production(environ: Mapping[str, str] | None = None) -> Settings:
    """``load`` for serving others; SettingsError in any other mode: its secrets are made up, its doors open."""
    env = os.environ if environ is None else environ
    if (mode := env.get("GOVERN_MODE", PRODUCTION)) != PRODUCTION:
        raise SettingsError(
            f"GOVERN_MODE is {mode!r}, and only {PRODUCTION} is served to others. To see the demonstration: govern demo"
        )
    return load(env)


def address(path: str) -> str:
    """The full address of a page of this installation, for mails and files: its origin and ``path`` ("/tasks/7")."""
    settings: Settings = current_app.config["GOVERN"]
    return settings.origin + path


def private_file(path: Path, make: str) -> str:
    """The text of ``path``, written with ``make`` and mode 0600 when it does not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(f"{path} can be read by others; run: chmod 600 {path}") from None
        return _written(path)
    with os.fdopen(handle, "w") as file:
        file.write(make)
    return make


def _written(path: Path) -> str:
    """The text of a file that another process may be writing at this instant; an empty key is no key."""
    for _try in range(WRITING_TRIES):
        if text := path.read_text().strip():
            return text
        time.sleep(WRITING_PAUSE)
    raise SettingsError(f"{path} is empty: whoever made it did not finish. Remove it and start again.")


def database_url(given: str, instance: Path) -> str:
    """``given`` as SQLAlchemy wants it, or the file in ``instance`` when empty; SettingsError for another kind."""
    if not given:
        return f"sqlite:///{instance / 'govern.db'}"
    if given.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + given.split("://", 1)[1]
    if given.startswith(("sqlite:///", "postgresql+psycopg://")):
        return given
    raise SettingsError("GOVERN_DATABASE_URL must start with sqlite:/// or postgresql://.")


def _secret_key(given: str, instance: Path, mode: str) -> str:
    if mode == PRODUCTION:
        if len(given) < SHORTEST_SECRET or (instance / "demo.key").exists():
            raise SettingsError(
                "GOVERN_SECRET_KEY must hold at least 32 characters, and the instance folder must not be a demo's. "
                "Make a key with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return given
    return given or private_file(instance / f"{mode}.key", token_hex(32))


def _count(text: str) -> int:
    if not text.isdigit():
        raise SettingsError("GOVERN_PROXIES must be a whole number: how many proxies stand before Govern.")
    return int(text)


def _whose(text: str) -> str:
    if text not in SECOND_STEPS:
        raise SettingsError("GOVERN_SECOND_STEP says who must use one: staff, all, or empty for nobody.")
    return text
