"""Mail really travels: a server with TLS and accounts, good and bad certificates, crashes and refusals."""

import smtplib
import socket
import ssl
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from govern.config import SettingsError
from govern.extensions import db
from govern.kernel import clock
from govern.notifications.actions import queue_mail, send_due
from govern.notifications.actions.queue import claim
from govern.notifications.actions.sending import compose, read_server
from govern.notifications.models import Mail
from govern.notifications.rules import LEASE, MOST_TRIES, WIPED, wait_before_next

USER, PASSWORD = "govern", "p@ss/word"
ENCODED = "p%40ss%2Fword"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate of localhost: (certificate file, key file)."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


class Inbox:
    """What the server took."""

    def __init__(self):
        self.got, self.refuse = [], set()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refuse:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        encrypted = session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
        self.got.append((encrypted, session.authenticated, envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture(params=["smtp+starttls", "smtps"])
def server(request, certificate):
    """A running server: (inbox, address for GOVERN_MAIL_URL without the account)."""
    yield from serve(request.param, certificate)


def serve(scheme, certificate):
    inbox = Inbox()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def authenticate(_server, _session, _envelope, _mechanism, data):
        right = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=right, handled=False)

    common = {"hostname": "127.0.0.1", "port": port, "authenticator": authenticate, "auth_required": True}
    with warnings.catch_warnings():
        # The test server warns about accounts without STARTTLS, also where the whole connection is encrypted.
        warnings.simplefilter("ignore", UserWarning)
        if scheme == "smtps":
            controller = Controller(inbox, ssl_context=context, auth_require_tls=False, **common)
        else:
            controller = Controller(inbox, tls_context=context, **common)
        controller.start()
        try:
            yield inbox, f"{scheme}://{USER}:{{}}@localhost:{port}"
        finally:
            controller.stop()


def settings(app, address, certificate=None, password=ENCODED, **given):
    trusted = str(certificate[0]) if certificate else ""
    values = {"mail_url": address.format(password), "mail_ca_file": trusted, "mail_from": "Govern <govern@example.org>"}
    return replace(app.config["GOVERN"], **values, **given)


def queue(key="vote:1:opened", to="rep@example.org", **given):
    queue_mail(key=key, to=to, subject="Vote opens: Ärzte\r\nBcc: x@example.org", text="Grüße\n", **given)
    db.session.commit()


def rows():
    """All mails; no transaction is left open, as the worker would find it."""
    found = db.session.execute(select(*Mail.__table__.columns).order_by(Mail.id)).all()
    db.session.rollback()
    return found


def test_a_mail_travels_encrypted_and_signed_in(app, server, certificate):
    inbox, address = server
    queue()
    assert send_due(settings(app, address, certificate)) == 1
    ((encrypted, authenticated, to, message),) = inbox.got
    assert (encrypted, authenticated, to) == (True, True, ["rep@example.org"])
    assert message["From"] == "Govern <govern@example.org>"
    assert message["Subject"] == "Vote opens: Ärzte Bcc: x@example.org"
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Date"]
    assert message.get_content().strip() == "Grüße"
    assert rows()[0].sent_at is not None
    assert send_due(settings(app, address, certificate)) == 0
    assert len(inbox.got) == 1


def test_a_certificate_nobody_vouches_for_is_refused(app, server):
    inbox, address = server
    queue()
    assert send_due(settings(app, address)) == 0
    assert inbox.got == []
    (mail,) = rows()
    assert "CERTIFICATE_VERIFY_FAILED" in mail.last_error
    assert (mail.sent_at, mail.leased_until, mail.tries) == (None, None, 1)


def test_a_certificate_of_another_name_is_refused(app, server, certificate):
    inbox, address = server
    queue()
    send_due(settings(app, address.replace("@localhost", "@localhost.localdomain"), certificate))
    assert inbox.got == []
    assert rows()[0].sent_at is None


def test_a_wrong_password_is_not_written_anywhere(app, server, certificate):
    inbox, address = server
    queue()
    assert send_due(settings(app, address, certificate, password="Wr0ngSecret")) == 0
    assert inbox.got == []
    assert "535" in rows()[0].last_error
    assert "Wr0ngSecret" not in rows()[0].last_error
    assert "Wr0ngSecret" not in repr(read_server(address.format("Wr0ngSecret")))


def test_one_refused_recipient_does_not_stop_the_others(app, server, certificate):
    inbox, address = server
    inbox.refuse.add("gone@example.org")
    queue("1", "gone@example.org")
    queue("2", "no address at all")
    queue("3", "rep@example.org")
    assert send_due(settings(app, address, certificate)) == 1
    assert [got[2] for got in inbox.got] == [["rep@example.org"]]
    refused, broken, sent = rows()
    assert "550" in refused.last_error
    assert broken.last_error
    assert broken.sent_at is None
    assert sent.sent_at is not None


def test_an_address_the_server_has_no_letters_for_does_not_stop_the_others(app, server, certificate, monkeypatch):
    inbox, address = server
    offers = smtplib.SMTP.has_extn
    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda self, name: name != "smtputf8" and offers(self, name))
    queue("1", "rep@jörg.example")
    queue("2", "rep@example.org")
    assert send_due(settings(app, address, certificate)) == 1
    assert [got[2] for got in inbox.got] == [["rep@example.org"]]
    assert "SMTPNotSupported" in rows()[0].last_error


def test_a_mail_is_tried_again_later_and_later_with_the_same_number(app, certificate):
    queue()
    start = clock.now()
    nobody = settings(app, "smtps://localhost:9", certificate)
    at, waits, numbers = start, [], set()
    for _try in range(4):
        with clock.frozen_at(at):
            assert send_due(nobody) == 0
            assert send_due(nobody) == 0, "not before its time"
            (mail,) = rows()
            waits.append(mail.not_before - at)
            at = mail.not_before
        with clock.frozen_at(at):
            (due,) = claim()
            numbers.add(compose(due, "govern@example.org")["Message-ID"])
        at += LEASE + timedelta(seconds=1)
    assert len(numbers) == 1
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert sum((wait_before_next(n) for n in range(1, MOST_TRIES)), timedelta()) > timedelta(days=2)


def test_the_last_try_is_the_last(app, certificate):
    queue()
    db.session.execute(update(Mail).values(tries=MOST_TRIES))
    db.session.commit()
    assert claim() == []


def test_the_mail_of_a_worker_that_died_comes_back_after_its_lease(app):
    queue()
    start = clock.now()
    with clock.frozen_at(start):
        assert len(claim()) == 1
        assert claim() == []
    with clock.frozen_at(start + LEASE + timedelta(seconds=1)):
        assert len(claim()) == 1


def test_a_key_is_queued_once_and_with_its_transaction(app):
    queue()
    queue()
    assert len(rows()) == 1
    queue_mail(key="2", to="a@example.org", subject="s", text="t")
    db.session.rollback()
    assert len(rows()) == 1


def test_a_mail_waits_for_its_time(app):
    queue(not_before=clock.now() + timedelta(hours=1))
    assert claim() == []
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert len(claim()) == 1


def test_a_way_in_is_wiped_once_it_is_out(app, server, certificate):
    inbox, address = server
    queue(secret=True)
    send_due(settings(app, address, certificate))
    assert inbox.got[0][3].get_content().strip() == "Grüße"
    assert rows()[0].text == WIPED


def test_without_a_server_production_waits_and_the_demo_writes_files(app, tmp_path):
    queue()
    assert send_due(replace(app.config["GOVERN"], mail_url="")) == 0
    assert rows()[0].tries == 0
    demo = replace(app.config["GOVERN"], mail_url="", mode="demo", instance=tmp_path)
    assert send_due(demo) == 1
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert file.stat().st_mode & 0o777 == 0o600
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "rep@example.org"


@pytest.mark.parametrize(
    "address",
    [
        "smtp://mail.example.org",
        "http://mail.example.org",
        "smtps://",
        "smtps://mail.example.org:99999",
        "mail.example.org",
    ],
)
def test_an_address_that_cannot_be_trusted_is_refused(address):
    with pytest.raises(SettingsError, match="GOVERN_MAIL_URL"):
        read_server(address)


def test_a_relay_on_this_machine_may_be_plain():
    assert (read_server("smtp://localhost").port, read_server("smtps://m.example.org").port) == (25, 465)
    assert read_server(f"smtp+starttls://{USER}:{ENCODED}@m.example.org").password == PASSWORD


def test_a_server_without_starttls_gets_nothing(app, certificate):
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        queue()
        assert send_due(settings(app, f"smtp+starttls://localhost:{port}", certificate)) == 0
    finally:
        controller.stop()
    assert inbox.got == []
    assert "STARTTLS" in rows()[0].last_error
