"""Checkpoints by e-mail, to a real mail server that belongs to the test."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from bot.bootstrap import Parts
from bot.errors import NotSentError, UsageError
from bot.ledger import stranger
from bot.mail import Mailer, MailServer
from bot.storage.tables import ledger_entries, ledger_kept
from bot.worker.checkpoint_post import CheckpointPost
from tests.ledger.book import enter_and_seal, faults, newest_note
from tests.services.server import free_port
from tests.storage.stage import Stage

DPO = "dpo@hospital.example"


class Box:
    """Takes letters, or refuses them with a code."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return self.answer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a mail server on this machine, signed by itself."""
    secret = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, None)
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    private = secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def box() -> Box:
    return Box()


def allowed(*given: object) -> AuthResult:
    login = given[-1]
    assert isinstance(login, LoginPassword)
    return AuthResult(success=(login.login, login.password) == (b"ward", b"secret"))


@pytest.fixture
def server(box: Box, certificate: Path) -> Iterator[MailServer]:
    """STARTTLS and a password, as mail servers want them today."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=allowed,
    )
    controller.start()
    yield MailServer("127.0.0.1", controller.port, "STARTTLS", "ward", "secret")
    controller.stop()


def post(stage: Stage, server: MailServer, certificate: Path) -> CheckpointPost:
    settings = replace(stage.settings, dpo_email=DPO, smtp_host=server.host, smtp_from=DPO)
    parts = Parts(settings, stage.clock)
    trusting = ssl.create_default_context(cafile=certificate)
    return CheckpointPost(parts, Mailer(server, trusting))


def test_a_letter_arrives_with_a_checkpoint_that_is_genuine(
    on_sqlite: Stage, box: Box, server: MailServer, certificate: Path
) -> None:
    enter_and_seal(on_sqlite, 3)
    sent = newest_note(on_sqlite)
    assert post(on_sqlite, server, certificate).send(by="operator:somchai") == 4
    (letter,) = box.letters
    (attached,) = letter.iter_attachments()
    assert stranger.read_checkpoint(attached.get_content()) == stranger.read_checkpoint(sent)
    assert letter["To"] == DPO
    body = letter.get_body()
    assert isinstance(body, EmailMessage)
    assert "เจ้าหน้าที่คุ้มครองข้อมูล" in body.get_content()
    assert [(row.size, row.way) for row in on_sqlite.rows(ledger_kept)] == [(4, "mail")]
    assert "checkpoint.kept" in [row.kind for row in on_sqlite.rows(ledger_entries)]
    assert faults(on_sqlite, sent) == []


def test_it_goes_once_a_day_by_bangkoks_calendar(
    on_sqlite: Stage, box: Box, server: MailServer, certificate: Path
) -> None:
    enter_and_seal(on_sqlite, 1)
    daily = post(on_sqlite, server, certificate)
    for hours in (0, 6, 8, 1, 3):  # from 08:00: 14:00, 22:00, 23:00, and 02:00 of the next day
        on_sqlite.clock.advance(hours=hours)
        daily.run()
    assert len(box.letters) == 2


def test_what_the_server_refused_is_tried_again_and_not_on_record_before(
    on_sqlite: Stage,
    box: Box,
    server: MailServer,
    certificate: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("wongraksa"), "propagate", True)
    enter_and_seal(on_sqlite, 1)
    daily, box.answer = post(on_sqlite, server, certificate), "451 later"
    with caplog.at_level(logging.WARNING, "wongraksa"):
        daily.run()
    refused = "reason=the mail server did not take it (SMTPDataError 451)"
    assert f"checkpoint.not_sent {refused}" in caplog.text
    assert DPO not in caplog.text
    assert on_sqlite.rows(ledger_kept) == []
    box.answer = "250 OK"
    on_sqlite.clock.advance(minutes=10)
    daily.run()
    assert len(box.letters) == len(on_sqlite.rows(ledger_kept)) == 1


def test_a_server_that_cannot_show_who_it_is_gets_no_password(
    on_sqlite: Stage, box: Box, server: MailServer
) -> None:
    enter_and_seal(on_sqlite, 1)
    settings = replace(on_sqlite.settings, dpo_email=DPO, smtp_host=server.host, smtp_from=DPO)
    wary = CheckpointPost(Parts(settings, on_sqlite.clock), Mailer(server))
    with pytest.raises(NotSentError, match="SSLCertVerificationError"):
        wary.send(by="operator:somchai")
    assert box.letters == []


@pytest.mark.parametrize("security", ["TLS", "STARTTLS", "NONE"])
def test_a_server_that_is_away_or_wants_a_password_is_a_clear_refusal(
    server: MailServer, certificate: Path, security: str
) -> None:
    message = EmailMessage()
    message["From"] = message["To"] = DPO
    for other in (replace(server, port=free_port()), replace(server, user="", password="")):
        mailer = Mailer(
            replace(other, security=security), ssl.create_default_context(cafile=certificate)
        )
        with pytest.raises(NotSentError, match="did not take it"):
            mailer.send(message)


def test_before_there_is_anything_nothing_is_sent(
    on_sqlite: Stage, box: Box, server: MailServer, certificate: Path
) -> None:
    daily = post(on_sqlite, server, certificate)
    assert daily.send(by="operator:somchai") is None
    assert daily.run() == 0
    assert box.letters == []


def test_without_an_address_the_loop_does_nothing_and_a_person_is_told(on_sqlite: Stage) -> None:
    assert CheckpointPost(on_sqlite.parts).run() == 0
    with pytest.raises(UsageError, match="DPO_EMAIL"):
        CheckpointPost(on_sqlite.parts).send(by="operator:somchai")


def test_of_two_clocks_that_look_at_once_one_sends(on_sqlite: Stage) -> None:
    """The second one looks while the first one's letter is on its way."""
    enter_and_seal(on_sqlite, 3)
    settings = replace(on_sqlite.settings, dpo_email=DPO, smtp_host="mail", smtp_from=DPO)
    sent: list[EmailMessage] = []

    class Slow(Mailer):
        def send(self, message: EmailMessage) -> None:
            sent.append(message)
            CheckpointPost(Parts(settings, on_sqlite.clock), self).run()

    slow = Slow(MailServer("mail", 25, "STARTTLS", "", ""))
    for _ in range(2):
        CheckpointPost(Parts(settings, on_sqlite.clock), slow).run()
    assert len(sent) == 1

    on_sqlite.clock.advance(days=1)
    CheckpointPost(Parts(settings, on_sqlite.clock), slow).run()
    assert len(sent) == 2
