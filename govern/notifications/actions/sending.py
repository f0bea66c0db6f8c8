"""Delivery: over SMTP with verified TLS, or into files in the demo."""

import hashlib
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog

from govern.config import Settings, SettingsError
from govern.notifications.actions.queue import Due, claim, mark_failed, mark_sent

log = structlog.get_logger()
Deliver = Callable[[EmailMessage], None]
STARTTLS = "smtp+starttls"
TLS = "smtps"
PLAIN = "smtp"
PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT_SECONDS = 20
LONGEST_ERROR = 500
# Refused recipient, sender or text, an address this server has no letters for, a header that cannot be written.
# Everything else is about the connection.
ABOUT_ONE_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    MessageError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes, read from GOVERN_MAIL_URL."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def read_server(url: str) -> Server:
    """``smtp+starttls://host:587`` or ``smtps://host``, name and password before the host; SettingsError otherwise.

    Unencrypted ``smtp://`` is for a relay on this machine only.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingsError("GOVERN_MAIL_URL must be smtp+starttls://HOST:PORT or smtps://HOST:PORT.")
    if parts.scheme == PLAIN and parts.hostname not in LOCAL:
        raise SettingsError("GOVERN_MAIL_URL: smtp:// sends unencrypted; use smtp+starttls:// or smtps://.")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise SettingsError(f"GOVERN_MAIL_URL: {error}.") from None
    return Server(parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))


def send_due(settings: Settings) -> int:
    """Send the mails that are due; returns how many a server has taken.

    For the worker: commits by itself and must not be called inside a transaction. The network is spoken to while no
    transaction is open. Without a mail server the queue waits; in the demo it goes to ``instance/mail``.
    """
    if not settings.mail_url and not settings.is_demo:
        return 0
    mails = claim()
    if not mails:
        return 0
    waiting, sent = list(mails), 0
    try:
        with _deliverer(settings) as deliver:
            while waiting:
                sent += _sent_one(waiting[0], settings, deliver)
                waiting.pop(0)
    except (OSError, SettingsError) as error:  # no connection, or it broke: all that are left wait
        log.warning("mail server not reached", error=told(error), waiting=len(waiting))
        for mail in waiting:
            mark_failed(mail, told(error))
    return sent


def _sent_one(mail: Due, settings: Settings, deliver: Deliver) -> bool:
    """Whether the server took it; what is wrong with this mail alone does not stop the others."""
    try:
        deliver(compose(mail, settings.mail_from))
    except ABOUT_ONE_MAIL as error:
        mark_failed(mail, told(error))
        return False
    mark_sent(mail)
    return True


def compose(mail: Due, sender: str) -> EmailMessage:
    """The message as it travels. The same mail has the same Message-ID at every try."""
    domain = sender.rpartition("@")[2].strip(" >") or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def told(error: BaseException) -> str:
    """One line about a failure, short enough to store. Servers' answers never hold our password."""
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:LONGEST_ERROR]


def check_server(settings: Settings) -> None:
    """Connect, check the certificate, sign in and leave; OSError or SettingsError says why that did not work."""
    with _connect(read_server(settings.mail_url), settings.mail_ca_file):
        return


@contextmanager
def _deliverer(settings: Settings) -> Iterator[Deliver]:
    if not settings.mail_url:
        yield _to_files(settings.instance / "mail")
        return
    with _connect(read_server(settings.mail_url), settings.mail_ca_file) as connection:

        def send(message: EmailMessage) -> None:
            connection.send_message(message)

        yield send


def _connect(server: Server, ca_file: str) -> smtplib.SMTP:
    """An open connection, signed in; the server's certificate and name are checked before anything is said."""
    context = ssl.create_default_context(cafile=ca_file or None)
    if server.scheme == TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        if server.scheme == STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _to_files(folder: Path) -> Deliver:
    def write(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        handle = os.open(folder / f"{name}.eml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(message))

    return write
