"""Settings: each wrong or missing value stops the start with one line that names its variable."""

from __future__ import annotations

import base64
import pickle
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import REAL_LINE_API, REAL_LINE_DATA, Settings, load_settings

KEY = base64.b64encode(bytes(range(32))).decode()
LEAST = {
    "LINE_CHANNEL_SECRET": "0123456789abcdef0123456789abcdef",
    "LINE_CHANNEL_ACCESS_TOKEN": "a-token-of-the-real-line",
    "MASTER_KEY": KEY,
}
PLAY = {**LEAST, "LINE_CHANNEL_ACCESS_TOKEN": "sandbox-token"}


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def load(env_file: Path, **changes: str) -> Settings:
    return load_settings({**LEAST, **changes}, env_file)


def refused(env_file: Path, environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(environment, env_file)
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_three_values_are_enough(env_file: Path) -> None:
    settings = load(env_file)
    assert settings.database_url == "sqlite:///var/wongraksa.db"
    assert settings.is_embedded
    assert (settings.line_api_base, settings.line_data_base) == (REAL_LINE_API, REAL_LINE_DATA)
    assert settings.master_key == bytes(range(32))
    assert settings.line_channel_secrets == (LEAST["LINE_CHANNEL_SECRET"],)


@pytest.mark.parametrize("name", LEAST)
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_what_is_missing_or_empty_is_named(env_file: Path, name: str, nothing: str | None) -> None:
    given = {key: value for key, value in LEAST.items() if key != name}
    if nothing is not None:
        given[name] = nothing
    assert refused(env_file, given).startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MASTER_KEY", "short"),
        ("MASTER_KEY", base64.b64encode(bytes(31)).decode()),
        ("MASTER_KEY", KEY[:-2]),
        ("MASTER_KEY", "กุญแจ"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "โทเค็น"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "two words"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "zero\u200bwidth"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "line\nbreak"),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "wongraksa.db"),
        ("DATABASE_URL", "sqlite://var/wongraksa.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://user:secret@host:port/db"),
        ("DATABASE_URL", "postgresql://[::1/db"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "redis://localhost:zero"),
        ("LINE_API_BASE", "api.line.me"),
        ("LINE_API_BASE", "ftp://api.line.me"),
        ("LINE_DATA_BASE", "https://"),
        ("PUBLIC_BASE_URL", "hospital.example"),
        ("PUBLIC_BASE_URL", "http://hospital.example"),
        ("PUSH_BUDGET_PER_MONTH", "-1"),
        ("PUSH_BUDGET_PER_MONTH", "many"),
        ("PUSH_BUDGET_PER_MONTH", "1.5"),
        ("PUSH_BUDGET_PER_MONTH", "9" * 5000),
        ("PUSH_REMINDERS", "maybe"),
        ("WORK_THREADS", "0"),
        ("WORK_THREADS", "65"),
        ("TELL_THREADS", "0"),
        ("LINE_TIMEOUT_SECONDS", "0"),
        ("LINE_TIMEOUT_SECONDS", "forever"),
        ("MAX_BODY_BYTES", "10"),
        ("SANDBOX_PORT", "0"),
        ("SANDBOX_PORT", "65536"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is_repeated(
    env_file: Path, name: str, value: str
) -> None:
    said = refused(env_file, {**LEAST, name: value})
    assert said.startswith(f"{name}:")
    assert "secret@" not in said
    assert name not in {"MASTER_KEY", "LINE_CHANNEL_ACCESS_TOKEN"} or value not in said


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DATABASE_URL", "postgres://u@h/db", "postgresql+psycopg://u@h/db"),
        ("DATABASE_URL", "postgresql://u@h:5433/db?x=1", "postgresql+psycopg://u@h:5433/db?x=1"),
        ("DATABASE_URL", "postgresql+psycopg://u@h/db", "postgresql+psycopg://u@h/db"),
        ("DATABASE_URL", "sqlite:////srv/w.db", "sqlite:////srv/w.db"),
        ("REDIS_URL", "rediss://cache:6380/1", "rediss://cache:6380/1"),
        ("PUBLIC_BASE_URL", "https://wongraksa.example/", "https://wongraksa.example"),
        ("PUSH_BUDGET_PER_MONTH", "0", 0),
        ("PUSH_REMINDERS", "ON", True),
        ("PUSH_REMINDERS", "no", False),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("HOSPITAL_NAME", " โรงพยาบาลตัวอย่าง ", "โรงพยาบาลตัวอย่าง"),
        ("LINE_TIMEOUT_SECONDS", "5", 5),
    ],
)
def test_a_good_value_is_read(env_file: Path, name: str, value: str, read: object) -> None:
    assert getattr(load(env_file, **{name: value}), name.lower()) == read


# --- files ----------------------------------------------------------------------------------------


def write(env_file: Path, **values: str) -> None:
    text = "\n".join(f"{name}={value}" for name, value in values.items())
    env_file.write_text(text, encoding="utf-8")


def test_the_env_file_is_read_and_the_environment_wins_over_it(env_file: Path) -> None:
    write(env_file, **LEAST, HOSPITAL_NAME="จากไฟล์", CONTACT="โทร 0000")
    settings = load_settings({"HOSPITAL_NAME": "จากระบบ"}, env_file)
    assert (settings.hospital_name, settings.contact) == ("จากระบบ", "โทร 0000")


def test_a_dollar_in_the_env_file_is_a_dollar(env_file: Path) -> None:
    write(env_file, **LEAST, CONTACT="${HOME}$1")
    assert load_settings({}, env_file).contact == "${HOME}$1"


def test_an_env_file_that_an_editor_gave_a_mark_at_its_beginning_is_read(env_file: Path) -> None:
    write(env_file, **LEAST)
    env_file.write_bytes(b"\xef\xbb\xbf" + env_file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_settings({}, env_file).master_key == bytes(range(32))


@pytest.mark.parametrize("encoding", ["cp874", "utf-16"])
def test_an_env_file_in_another_encoding_is_refused_in_one_line(
    env_file: Path, encoding: str
) -> None:
    env_file.write_bytes("HOSPITAL_NAME=โรงพยาบาลตัวอย่าง\n".encode(encoding))
    assert refused(env_file, LEAST).startswith(f"{env_file}:")


@pytest.mark.parametrize(
    "name",
    [
        "LINE_CHANNEL_SECRET",
        "LINE_CHANNEL_SECRET_NEXT",
        "LINE_CHANNEL_ACCESS_TOKEN",
        "MASTER_KEY",
        "DATABASE_URL",
    ],
)
def test_a_secret_may_come_from_a_file(env_file: Path, tmp_path: Path, name: str) -> None:
    value = {**LEAST, "DATABASE_URL": "sqlite:////srv/w.db"}.get(name, "a-second-secret")
    (tmp_path / "secret").write_text(f"{value}\n", encoding="utf-8")
    others = {key: other for key, other in LEAST.items() if key != name}

    settings = load_settings({**others, f"{name}_FILE": str(tmp_path / "secret")}, env_file)

    found = getattr(settings, name.lower())
    assert found == (bytes(range(32)) if name == "MASTER_KEY" else value)


def test_a_secret_file_that_cannot_be_read_is_named(env_file: Path, tmp_path: Path) -> None:
    given = {**LEAST, "MASTER_KEY_FILE": str(tmp_path / "nothing")}
    assert refused(env_file, given).startswith("MASTER_KEY_FILE:")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    given["MASTER_KEY_FILE"] = str(tmp_path / "bytes")
    assert refused(env_file, given).startswith("MASTER_KEY_FILE:")


def test_an_empty_secret_file_is_no_secret(env_file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    given = {**LEAST, "LINE_CHANNEL_SECRET_FILE": str(tmp_path / "empty")}
    assert refused(env_file, given).startswith("LINE_CHANNEL_SECRET_FILE:")


def test_two_channel_secrets_are_accepted_during_rotation(env_file: Path) -> None:
    settings = load(env_file, LINE_CHANNEL_SECRET_NEXT="the-new-one")
    assert settings.line_channel_secrets == (LEAST["LINE_CHANNEL_SECRET"], "the-new-one")


# --- play and earnest -----------------------------------------------------------------------------


def test_a_play_token_talks_to_the_sandbox_of_this_machine(env_file: Path) -> None:
    settings = load_settings({**PLAY, "SANDBOX_PORT": "9001"}, env_file)
    assert settings.is_sandbox
    assert settings.line_api_base == settings.line_data_base == "http://127.0.0.1:9001"


@pytest.mark.parametrize("name", ["LINE_API_BASE", "LINE_DATA_BASE"])
@pytest.mark.parametrize(
    "address",
    [
        "https://api.line.me",
        "https://api.line.me/",
        "https://API.LINE.ME",
        "https://api.line.me:443",
        "http://api.line.me",
        "https://api.line.me./",
        "https://someone@api.line.me",
        "https://api-data.line.me/v2",
        "https://api.line.me/elsewhere",
    ],
)
def test_a_play_token_never_reaches_the_real_line(env_file: Path, name: str, address: str) -> None:
    assert refused(env_file, {**PLAY, name: address}).startswith(f"{name}:")


def test_a_real_token_may_go_to_a_stand_in(env_file: Path) -> None:
    settings = load(env_file, LINE_API_BASE="http://127.0.0.1:9000/")
    assert settings.line_api_base == "http://127.0.0.1:9000"
    assert not settings.is_sandbox


@pytest.mark.parametrize("name", ["LINE_API_BASE", "LINE_DATA_BASE"])
@pytest.mark.parametrize("host", ["api.line.me", "10.0.0.7:8081", "127.0.0.1.example.org"])
def test_a_real_token_never_travels_in_the_open(env_file: Path, name: str, host: str) -> None:
    assert refused(env_file, {**LEAST, name: f"http://{host}"}).startswith(f"{name}:")


@pytest.mark.parametrize(
    ("values", "has_own"),
    [
        (PLAY, True),
        (PLAY | {"LINE_API_BASE": "http://localhost:8081/"}, True),
        (PLAY | {"LINE_API_BASE": "http://127.0.0.1:9000", "SANDBOX_PORT": "9000"}, True),
        (PLAY | {"LINE_API_BASE": "http://127.0.0.1:9000"}, False),
        (PLAY | {"LINE_API_BASE": "http://10.0.0.7:8081"}, False),
        (LEAST, False),
        (LEAST | {"LINE_API_BASE": "http://127.0.0.1:8081"}, False),
    ],
)
def test_a_sandbox_of_our_own_is_what_the_play_token_talks_to(
    env_file: Path, values: dict[str, str], *, has_own: bool
) -> None:
    assert load_settings(values, env_file).has_own_sandbox is has_own


def test_settings_show_no_secret(env_file: Path) -> None:
    settings = load(
        env_file,
        LINE_CHANNEL_SECRET_NEXT="next-secret",
        DATABASE_URL="postgresql://user:password@host/db",
        REDIS_URL="redis://:redis-password@host/0",
    )
    shown = repr(settings) + str(settings)
    for secret in ("0123456789abcdef", "next-secret", "a-token", "password", "\\x01", KEY):
        assert secret not in shown


def test_settings_cannot_be_changed(env_file: Path) -> None:
    settings = load(env_file)
    with pytest.raises(AttributeError):
        settings.contact = "x"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own bytes


def test_copies_are_served_over_https_or_to_the_sandbox_of_this_machine(env_file: Path) -> None:
    near = "http://127.0.0.1:8000"
    assert load_settings({**PLAY, "PUBLIC_BASE_URL": near}, env_file).public_base_url == near
    for environment in (
        {**LEAST, "PUBLIC_BASE_URL": near},
        {**PLAY, "PUBLIC_BASE_URL": "http://h"},
    ):
        assert "https://" in refused(env_file, environment)
