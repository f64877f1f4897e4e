"""Settings: read once from the environment and `.env`, checked, then frozen.

A wrong or missing value stops the start with one line that names the variable. A secret may
come from a file instead: `MASTER_KEY_FILE=/run/secrets/master` is read where `MASTER_KEY`
would be.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REAL_LINE_API = "https://api.line.me"
REAL_LINE_DATA = "https://api-data.line.me"
SANDBOX_TOKEN_PREFIX = "sandbox-"  # noqa: S105 - a mark that tells real tokens from play ones
MASTER_KEY_BYTES = 32
HN_FORMAT_DIGITS = 5
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HN_FORMAT = re.compile(r"[9A][9A/.\-]*[9A]")


@dataclass(frozen=True, slots=True)
class LookSettings:
    """What one look at a picture or a file may cost."""

    seconds: int
    memory_mb: int
    max_mb: int
    pages: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Field names are the variables in lower case."""

    line_channel_secret: str = field(repr=False)
    line_channel_access_token: str = field(repr=False)
    master_key: bytes = field(repr=False)
    database_url: str = field(repr=False)
    line_channel_secret_next: str = field(default="", repr=False)
    master_key_previous: bytes = field(default=b"", repr=False)
    redis_url: str = field(default="", repr=False)
    line_api_base: str = REAL_LINE_API
    line_data_base: str = REAL_LINE_DATA
    public_base_url: str = ""
    hospital_name: str = ""
    contact: str = ""
    hn_formats: tuple[str, ...] = ()
    push_budget_per_month: int = 200
    push_reminders: bool = False
    work_threads: int = 4
    tell_threads: int = 2
    line_timeout_seconds: float = 10.0
    max_body_bytes: int = 2_000_000
    look_seconds: int = 60
    look_memory_mb: int = 1500
    look_max_mb: int = 50
    look_pages: int = 30
    evidence: bool = False
    retention_days: int = 730
    severity_scale: str = "A-I"
    erasures_file: str = "var/erasures.jsonl"
    dpo_email: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "STARTTLS"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    sandbox_port: int = 8081
    log_level: str = "INFO"

    @property
    def look(self) -> LookSettings:
        return LookSettings(
            self.look_seconds, self.look_memory_mb, self.look_max_mb, self.look_pages
        )

    @property
    def is_embedded(self) -> bool:
        """SQLite: one process does everything."""
        return self.database_url.startswith("sqlite")

    @property
    def deployment(self) -> str:
        """What tells this installation from others, for whoever reads its files."""
        return self.public_base_url or self.hospital_name or "wongraksa"

    @property
    def is_sandbox(self) -> bool:
        return self.line_channel_access_token.startswith(SANDBOX_TOKEN_PREFIX)

    @property
    def has_own_sandbox(self) -> bool:
        """The token is a play one and LINE_API_BASE is the sandbox that `run` can start."""
        address = urlsplit(self.line_api_base)
        is_ours = address.hostname in _LOOPBACK and address.port == self.sandbox_port
        return self.is_sandbox and is_ours

    @property
    def master_keys(self) -> tuple[bytes, ...]:
        """The one that wraps, then the one that it replaced, while that is still needed."""
        return tuple(filter(None, (self.master_key, self.master_key_previous)))

    @property
    def line_channel_secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.line_channel_secret, self.line_channel_secret_next)))


def load_settings(
    environment: Mapping[str, str] | None = None, env_file: Path | None = None
) -> Settings:
    """The environment wins over `.env`; an empty value counts as not set."""
    from_file = _read(env_file or Path(".env"))
    from_process = os.environ if environment is None else environment
    return _Reader({**from_file, **from_process}).settings()


def _read(env_file: Path) -> Mapping[str, str | None]:
    """Editors on Windows put a mark at the beginning of UTF-8, which 'utf-8-sig' passes over."""
    try:
        return dotenv_values(env_file, interpolate=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        msg = f"{env_file}: must be saved as UTF-8"
        raise SettingsError(msg) from None
    except OSError as error:
        msg = f"{env_file}: cannot be read ({type(error).__name__}); does it belong to this user?"
        raise SettingsError(msg) from None


def load_hn_formats() -> tuple[str, ...]:
    """For commands that read texts and need nothing else of the settings."""
    from_file = dotenv_values(Path(".env"), interpolate=False)
    return _Reader({**from_file, **os.environ}).hn_formats()


def load_look() -> LookSettings:
    """Likewise, for pictures and files."""
    from_file = dotenv_values(Path(".env"), interpolate=False)
    return _Reader({**from_file, **os.environ}).look()


class _Reader:
    """Takes values out of a mapping, complaining by name."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        stripped = {name: (value or "").strip() for name, value in values.items()}
        self._values = {name: value for name, value in stripped.items() if value}

    def settings(self) -> Settings:
        token = self._token()
        port = self._number("SANDBOX_PORT", 8081, 1, 65535)
        api_base, data_base = self._line_bases(token, port)
        look = self.look()
        return Settings(
            line_channel_secret=self._secret("LINE_CHANNEL_SECRET"),
            line_channel_secret_next=self._secret("LINE_CHANNEL_SECRET_NEXT", ""),
            line_channel_access_token=token,
            master_key=_master_key("MASTER_KEY", self._secret("MASTER_KEY")),
            master_key_previous=_master_key(
                "MASTER_KEY_PREVIOUS", self._secret("MASTER_KEY_PREVIOUS", "")
            ),
            database_url=self._database_url(),
            redis_url=self._url("REDIS_URL", "", ("redis", "rediss", "unix")),
            line_api_base=api_base,
            line_data_base=data_base,
            public_base_url=self._public_base_url(is_play=token.startswith(SANDBOX_TOKEN_PREFIX)),
            hospital_name=self._text("HOSPITAL_NAME", ""),
            contact=self._text("CONTACT", ""),
            hn_formats=self.hn_formats(),
            push_budget_per_month=self._number("PUSH_BUDGET_PER_MONTH", 200, 0, 10_000_000),
            push_reminders=self._switch("PUSH_REMINDERS", default=False),
            work_threads=self._number("WORK_THREADS", 4, 1, 64),
            tell_threads=self._number("TELL_THREADS", 2, 1, 64),
            line_timeout_seconds=self._number("LINE_TIMEOUT_SECONDS", 10, 1, 120),
            max_body_bytes=self._number("MAX_BODY_BYTES", 2_000_000, 10_000, 50_000_000),
            look_seconds=look.seconds,
            look_memory_mb=look.memory_mb,
            look_max_mb=look.max_mb,
            look_pages=look.pages,
            evidence=self._switch("EVIDENCE", default=False),
            # Not below what the Computer Crime Act asks of records of traffic (s.26).
            retention_days=self._number("RETENTION_DAYS", 730, 90, 36_500),
            severity_scale=self._choice("SEVERITY_SCALE", "A-I", ("A-I", "1-5")),
            erasures_file=self._text("ERASURES_FILE", "var/erasures.jsonl"),
            **self._mail(),
            sandbox_port=port,
            log_level=self._choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        )

    def look(self) -> LookSettings:
        return LookSettings(
            seconds=self._number("LOOK_SECONDS", 60, 5, 600),
            memory_mb=self._number("LOOK_MEMORY_MB", 1500, 600, 64_000),
            max_mb=self._number("LOOK_MAX_MB", 50, 1, 300),
            pages=self._number("LOOK_PAGES", 30, 1, 1000),
        )

    def _mail(self) -> dict[str, Any]:
        """Where checkpoints go by e-mail. A password never travels in the open."""
        security = self._choice("SMTP_SECURITY", "STARTTLS", ("STARTTLS", "TLS", "NONE"))
        host, password = self._text("SMTP_HOST", ""), self._secret("SMTP_PASSWORD", "")
        dpo = self._address("DPO_EMAIL", "")
        if dpo and not host:
            raise SettingsError("SMTP_HOST: is needed where DPO_EMAIL is set")
        if password and security == "NONE" and host not in _LOOPBACK:
            raise SettingsError("SMTP_SECURITY: NONE would send SMTP_PASSWORD in the open")
        return {
            "dpo_email": dpo,
            "smtp_host": host,
            "smtp_port": self._number("SMTP_PORT", 587, 1, 65535),
            "smtp_security": security,
            "smtp_user": self._text("SMTP_USER", ""),
            "smtp_password": password,
            "smtp_from": self._address("SMTP_FROM", dpo),
        }

    def _address(self, name: str, default: str) -> str:
        value = self._text(name, default)
        if value and re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", value) is None:
            raise SettingsError(f"{name}: must be one e-mail address")
        return value

    def hn_formats(self) -> tuple[str, ...]:
        """Nine for a digit, A for a letter: enough of them that ordinary numbers do not fit."""
        formats = tuple(filter(None, map(str.strip, self._text("HN_FORMATS", "").split(","))))
        for form in formats:
            if not _HN_FORMAT.fullmatch(form) or form.count("9") < HN_FORMAT_DIGITS:
                msg = (
                    f"HN_FORMATS: {form} must be of 9 (a digit), A (a letter) and - / . only, "
                    f"with at least {HN_FORMAT_DIGITS} digits"
                )
                raise SettingsError(msg)
        return formats

    def _line_bases(self, token: str, port: int) -> tuple[str, str]:
        """A play token never reaches the real LINE, whatever else is set."""
        is_play = token.startswith(SANDBOX_TOKEN_PREFIX)
        sandbox = f"http://127.0.0.1:{port}"
        api = self._url("LINE_API_BASE", sandbox if is_play else REAL_LINE_API, ("https", "http"))
        data = self._url("LINE_DATA_BASE", api if is_play else REAL_LINE_DATA, ("https", "http"))
        for name, address in (("LINE_API_BASE", api), ("LINE_DATA_BASE", data)):
            if is_play and _is_of_line(address):
                msg = f"{name}: a token that begins with 'sandbox-' cannot be used with LINE"
                raise SettingsError(msg)
            if not is_play and _is_open(address):
                msg = f"{name}: a real token travels by https:// only, except on this machine"
                raise SettingsError(msg)
        return api, data

    def _public_base_url(self, *, is_play: bool) -> str:
        """LINE shows a picture from https:// only; the simulated one also from this machine."""
        address = self._url("PUBLIC_BASE_URL", "", ("https", "http"))
        parts = urlsplit(address)
        is_near = is_play and parts.hostname in _LOOPBACK
        if address and parts.scheme != "https" and not is_near:
            msg = "PUBLIC_BASE_URL: must begin with https://, since LINE shows no picture otherwise"
            raise SettingsError(msg)
        return address

    def _token(self) -> str:
        """It travels in a header, where a character that was copied along stops every call."""
        token = self._secret("LINE_CHANNEL_ACCESS_TOKEN")
        if re.fullmatch(r"[!-~]+", token) is None:
            msg = "LINE_CHANNEL_ACCESS_TOKEN: must be ASCII without spaces; copy it again"
            raise SettingsError(msg)
        return token

    def _text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, default)
        if value is None:
            msg = f"{name}: is not set; .env.example says what it is"
            raise SettingsError(msg)
        return value

    def _secret(self, name: str, default: str | None = None) -> str:
        path = self._values.get(f"{name}_FILE")
        if path is None:
            return self._text(name, default)
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            msg = f"{name}_FILE: {path} cannot be read ({type(error).__name__})"
            raise SettingsError(msg) from None
        if not value:
            msg = f"{name}_FILE: {path} is empty"
            raise SettingsError(msg)
        return value

    def _database_url(self) -> str:
        url = self._secret("DATABASE_URL", "sqlite:///var/wongraksa.db")
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in _DATABASE_SCHEMES:
            msg = "DATABASE_URL: must begin with sqlite:/// or postgresql://"
            raise SettingsError(msg)
        if scheme == "sqlite" and re.match(r"/[^?]", rest) is None:
            msg = "DATABASE_URL: a SQLite file is written sqlite:///relative or sqlite:////absolute"
            raise SettingsError(msg)
        if rest.startswith("/:memory:") or not _is_url(url, tuple(_DATABASE_SCHEMES)):
            msg = "DATABASE_URL: is no address of a database that can be kept"
            raise SettingsError(msg)
        return f"{_DATABASE_SCHEMES[scheme]}://{rest}"

    def _url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self._text(name, default).rstrip("/")
        if value and not _is_url(value, schemes):
            msg = f"{name}: must be an address that begins with {' or '.join(schemes)}://"
            raise SettingsError(msg)
        return value

    def _number(self, name: str, default: int, least: int, most: int) -> int:
        value = self._values.get(name, str(default))
        return _checked(name, value, int, lambda n: least <= n <= most, f"{least} to {most}")

    def _switch(self, name: str, *, default: bool) -> bool:
        value = self._values.get(name, "on" if default else "off").lower()
        if value not in _SWITCHES:
            msg = f"{name}: must be on or off"
            raise SettingsError(msg)
        return _SWITCHES[value]

    def _choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self._values.get(name, default).upper()
        if value not in choices:
            msg = f"{name}: must be one of {', '.join(choices)}"
            raise SettingsError(msg)
        return value


_DATABASE_SCHEMES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_SWITCHES = {"on": True, "1": True, "true": True, "yes": True} | {
    "off": False,
    "0": False,
    "false": False,
    "no": False,
}


def _master_key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if text and len(key) != MASTER_KEY_BYTES:
        msg = f"{name}: must be 32 random bytes in base64 (make one: openssl rand -base64 32)"
        raise SettingsError(msg)
    return key


def _is_of_line(address: str) -> bool:
    """Any spelling of a host of LINE's: capitals, a port, a user, a dot at its end."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    return host == "line.me" or host.endswith(".line.me")


def _is_open(address: str) -> bool:
    """Whoever is on the way could read the token."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc or parts.path)


def _checked(
    name: str, value: str, kind: type[int], is_fine: Callable[[int], bool], wanted: str
) -> int:
    try:
        number = kind(value)
    except ValueError:
        number = None
    if number is None or not is_fine(number):
        msg = f"{name}: must be a whole number from {wanted}"
        raise SettingsError(msg)
    return number
