"""Sends e-mail by the hospital's own server: checkpoints to be kept, and alarms of breaches."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import NotSentError

if TYPE_CHECKING:
    from email.message import EmailMessage

_SECONDS = 20


@dataclass(frozen=True, slots=True)
class MailServer:
    """`security` is STARTTLS, TLS or NONE."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


class Mailer:
    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._context = context

    def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken it; NotSentError says the class of what went wrong."""
        try:
            with self._connected() as connection:
                if self._server.user:
                    connection.login(self._server.user, self._server.password)
                connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"the mail server did not take it ({_named(error)})") from None

    def _connected(self) -> smtplib.SMTP:
        """The certificate is checked against the authorities that this machine trusts."""
        server, context = self._server, self._context or ssl.create_default_context()
        if server.security == "TLS":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
        connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        if server.security == "STARTTLS":
            try:
                connection.starttls(context=context)
            except BaseException:
                connection.close()
                raise
        return connection


def _named(error: Exception) -> str:
    """The class, and SMTP's own code: never the words, which may hold addresses."""
    code = getattr(error, "smtp_code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
