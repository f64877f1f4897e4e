"""Documents promise things of the code; here the two are held together."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bot.cli import doctor
from bot.domain.actions import Purpose, Saying, TellState, Way
from bot.domain.audience import Movement
from bot.domain.breaches import AlarmStep, ClosedAs, Notified
from bot.domain.buttons import Button
from bot.domain.cases import CaseState, CaseStep
from bot.domain.decisions import Action, Verdict
from bot.domain.dossier import Agreement
from bot.domain.events import Outcome
from bot.domain.evidence import APPROVE_WITHIN, OPEN_WITHIN, Role
from bot.domain.exports import Realm, RecordKind
from bot.domain.findings import Strength
from bot.domain.fingerprints import FingerprintKind
from bot.domain.groups import Approval, GroupKind, KnownBy, SenderKind
from bot.domain.incidents import Answer, Basis, Channel, Standing
from bot.domain.looks import LedTo, LookEnd, LookTask
from bot.domain.questions import QuestionEnd
from bot.domain.sights import Unseen
from bot.domain.telling import SHARE_FOR_OTHERS
from bot.interchange.forms import Format
from bot.interchange.siem_form import siem_line
from bot.settings import Settings
from bot.storage.inbox import PARKED_KEPT, SETTLED_KEPT, WIPE_AFTER
from bot.storage.incidents import REWRITE_LIVES
from bot.storage.outbox_rows import KEPT as OUTBOX_KEPT
from bot.storage.queue import LEASE
from bot.storage.tell_queue import LEASE_BEYOND_CALL
from bot.worker.processing import MOST_ATTEMPTS, MOST_CLAIMS
from policies.breach_risk import RiskLevel, RiskReason
from tests.interchange.records import AT, NAMED_NURSE, about, disclosure

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
OURS = ("bot", "handlers", "policies")
FIXED_SPELLINGS: tuple[type[StrEnum], ...] = (
    Outcome,
    TellState,
    Saying,
    Purpose,
    Way,
    Standing,
    Verdict,
    Action,
    Answer,
    Button,
    GroupKind,
    Approval,
    SenderKind,
    KnownBy,
    Basis,
    CaseState,
    CaseStep,
    Movement,
    FingerprintKind,
    Channel,
    Strength,
    LookTask,
    LookEnd,
    LedTo,
    QuestionEnd,
    Role,
    Unseen,
    RecordKind,
    Realm,
    Format,
    AlarmStep,
    Notified,
    ClosedAs,
    RiskLevel,
    RiskReason,
    Agreement,
)
# Read by gunicorn's settings, from the environment only.
OF_GUNICORN = {"BIND", "PORT", "WEB_CONCURRENCY"}


def read(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


# Settings


def settings_in_example() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE))


def secrets_from_files() -> set[str]:
    """The variables whose value may be read from a file, as bot/settings.py asks for them."""
    return {f"{name}_FILE" for name in re.findall(r'_secret\("([A-Z_]+)"', read("bot/settings.py"))}


def test_every_setting_is_in_the_example_and_the_example_has_no_others() -> None:
    settings = {field.name.upper() for field in fields(Settings)}
    assert settings_in_example() == settings | secrets_from_files() | OF_GUNICORN


def test_the_example_names_the_variables_that_gunicorn_reads() -> None:
    read_by_gunicorn = set(re.findall(r"environ\.get\(['\"](\w+)", read("bot/web/gunicorn.py")))
    assert read_by_gunicorn == OF_GUNICORN


def test_the_defaults_in_the_example_are_the_real_ones() -> None:
    shown = dict(re.findall(r"^# ([A-Z_]+)=(\S+)$", read(".env.example"), re.MULTILINE))
    defaults = {field.name.upper(): field.default for field in fields(Settings)}
    for name in (shown.keys() & defaults.keys()) - {"DATABASE_URL"}:
        default = defaults[name]
        real = ("on" if default else "off") if isinstance(default, bool) else default
        assert shown[name] == (f"{real:g}" if isinstance(real, float) else str(real)), name


def test_every_setting_of_the_example_has_a_word_before_it() -> None:
    lines = read(".env.example").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"(# )?[A-Z][A-Z_]+=", line):
            assert before.startswith("#"), f"{line} has no explanation"


# Names in architecture.md


@cache
def defined_in(path: str) -> frozenset[str]:
    """Functions, classes, methods as 'Class.method', and names given at the top of a module."""
    return frozenset(_defined(ast.parse(read(path)).body, ""))


def _defined(body: Iterable[ast.stmt], inside: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield inside + node.name
            if isinstance(node, ast.ClassDef):
                yield from _defined(node.body, f"{inside}{node.name}.")
        elif isinstance(node, ast.Assign):
            yield from (inside + name.id for name in node.targets if isinstance(name, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield inside + node.target.id


@cache
def words_of_the_code() -> frozenset[str]:
    """Every name and every short text that the code itself uses."""
    words: set[str] = set()
    for path in [path for room in OURS for path in (ROOT / room).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str() as text) if len(text) < 60:
                    words.add(text)
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    words.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    words.add(name)
    return frozenset(words)


def seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def test_the_numbers_in_the_documents_are_those_of_the_code() -> None:
    page, glossary = read("docs/architecture.md"), read("docs/glossary.md")
    assert f"{seconds(LEASE)} seconds (`LEASE`)" in page
    assert seconds(LEASE_BEYOND_CALL) == 8, "'eight seconds more' in architecture.md"
    assert seconds(WIPE_AFTER) == 3 * 60, "'three minutes' in architecture.md and security.md"
    assert PARKED_KEPT.days == 7, "'seven days' in architecture.md and operations.md"
    assert SETTLED_KEPT.days == 14, "'14 days' in security.md"
    assert OUTBOX_KEPT.days == 90, "'90 days' in security.md"
    assert seconds(REWRITE_LIVES) == 60 * 60, "'60 minutes' in glossary.md and security.md"
    assert (MOST_ATTEMPTS, MOST_CLAIMS) == (5, 12), "'fifth' and 'twelve' in architecture.md"
    assert OPEN_WITHIN.total_seconds() == 30 * 60, "'30 minutes' in traceability.md"
    assert APPROVE_WITHIN.days == 7, "'seven days' in traceability.md"
    assert SHARE_FOR_OTHERS == 0.7, "'70 %' in glossary.md, '30 %' in operations.md"
    assert "70 %" in glossary


def in_backticks(text: str) -> list[str]:
    without_blocks = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", without_blocks)


PLACES = sorted({token for token in in_backticks(read("docs/architecture.md")) if ".py:" in token})
# Not names of ours: commands, parts of databases, keys of other people's formats.
NOT_OURS = re.compile(
    r"make \w+|python -m bot[\w .-]*|handle\(event, work\)|synchronous = FULL|"
    r"FOR UPDATE SKIP LOCKED|secure_delete|\.lock|release|(work|tell)-0"
)


def test_architecture_names_places_at_all() -> None:
    assert len(PLACES) > 30


@pytest.mark.parametrize("place", PLACES)
def test_every_place_that_architecture_names_exists(place: str) -> None:
    path, _, name = place.partition(":")
    assert name in defined_in(path)


def test_every_other_name_in_architecture_is_one_of_the_code() -> None:
    tokens = set(in_backticks(read("docs/architecture.md"))) - set(PLACES)
    strangers = {token for token in tokens if not _is_known(token)}
    assert strangers == set()


def _is_known(token: str) -> bool:
    if (
        (ROOT / token).exists()
        or NOT_OURS.fullmatch(token)
        or token in {*settings_in_example(), *processes()}
    ):
        return True
    return all(part in words_of_the_code() for part in token.rstrip(":").split(".")) or (
        token in words_of_the_code()
    )


def test_the_diagram_and_the_tree_of_architecture_name_files_that_exist() -> None:
    text = read("docs/architecture.md")
    for path in re.findall(r"\b((?:bot|handlers|policies)/[\w/]+\.py)\b", text):
        assert (ROOT / path).is_file(), path
    tree = text.split("## The tree")[1].split("```")[1]
    for line in tree.strip().splitlines():
        entry = line.split()[0]
        where = ROOT / "bot" if line.startswith("  ") else ROOT
        assert (where / entry).exists(), entry


def test_the_tree_of_architecture_leaves_no_room_out() -> None:
    tree = read("docs/architecture.md").split("## The tree")[1].split("```")[1]
    named = {line.split()[0].rstrip("/") for line in tree.strip().splitlines()}
    rooms = {path.name for path in (ROOT / "bot").iterdir() if path.is_dir()} - {"__pycache__"}
    assert rooms <= named


# Words


def section(text: str, heading: str) -> str:
    found = re.search(rf"^### {heading}$(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("kind", FIXED_SPELLINGS, ids=lambda kind: kind.__name__)
def test_the_glossary_explains_every_fixed_spelling_and_no_other(kind: type[StrEnum]) -> None:
    explained = re.findall(
        r"^\| `(\w+)` \|", section(read("docs/glossary.md"), kind.__name__), re.MULTILINE
    )
    assert explained == [member.value for member in kind]


def test_a_word_of_the_glossary_stands_there_once() -> None:
    words = read("docs/glossary.md").split("## Fixed spellings")[0]
    named = [
        cell
        for row in re.findall(r"^\| ([^|]+?) \|", words, re.MULTILINE)
        for cell in row.split(", ")
    ]
    heads = {"Word", "---"}
    twice = {word for word in named if named.count(word) > 1} - heads
    assert twice == set()


# operations.md


def test_operations_explains_every_reason_of_doctor_and_more() -> None:
    text = read("docs/operations.md")
    for reason in (*doctor._TODO, "no_reply_token", "incident_over", "no_free_reply"):
        assert f"`{reason}`" in text, reason


def test_operations_explains_every_line_of_doctor() -> None:
    checks = set(re.findall(r'Check\(\s*"([^"]+)"', read("bot/cli/doctor.py")))
    assert len(checks) > 8
    text = read("docs/operations.md")
    assert {check for check in checks if f"| `{check}` |" not in text} == set()


def test_the_log_lines_that_operations_names_are_written_by_the_code() -> None:
    table = section_of_level_two(read("docs/operations.md"), "Monitoring")
    rows = re.findall(r"^\| (`[a-z_.`, ]+) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", row)}
    assert len(named) > 10
    assert named <= words_of_the_code()


def section_of_level_two(text: str, heading: str) -> str:
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


# traceability.md


def test_traceability_names_every_field_of_a_line_for_a_siem_and_no_other() -> None:
    at = {"claimed_at": AT, "disputed_at": AT}
    one = disclosure(sender=NAMED_NURSE, group=NAMED_NURSE, case_number="1", ended_at=AT, **at)
    named = re.findall(
        r"^\| `([@\w.]+)` \|", section(read("docs/traceability.md"), "JSON lines"), re.MULTILINE
    )
    assert set(named) == siem_line(one, about(with_names=True)).keys()


# Commands, processes, links


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@each_page
def test_the_make_commands_of_a_page_are_in_the_makefile(page: Path) -> None:
    text = read(page)
    typed = re.findall(r"^ {4,}make ([a-z]+)", text, re.MULTILINE)
    quoted = re.findall(r"`make ([a-z]+)", text)
    assert {*typed, *quoted} <= make_targets()


@each_page
def test_the_commands_of_a_page_are_those_of_the_product(page: Path) -> None:
    used = set(re.findall(r"python -m bot (\w[\w-]*)", read(page)))
    commands = {path.stem.replace("_", "-") for path in (ROOT / "bot/cli").glob("*.py")}
    assert used <= commands


def processes() -> dict[str, str]:
    lines = read("Procfile").splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def test_the_procfile_has_the_five_processes_and_each_can_be_started() -> None:
    assert set(processes()) == {"web", "worker", "looker", "clock", "release"}
    for command in processes().values():
        if command.startswith("python -m bot "):
            assert (ROOT / f"bot/cli/{command.split()[3]}.py").is_file()
    web = processes()["web"].split()
    assert web[:3] == ["gunicorn", "--config", "python:bot.web.gunicorn"]
    assert (ROOT / "bot/web/gunicorn.py").is_file()
    assert "app" in defined_in("wsgi.py")


def anchors(text: str) -> set[str]:
    """As GitHub makes them: lower case, spaces to dashes, other signs left out."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in headings}


@each_page
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"{name_of(page)}: {target}"
        if anchor:
            assert anchor in anchors(aim.read_text(encoding="utf-8")), f"{name_of(page)}: {target}"


# What does not belong into documents

ELSEWHERE = re.compile(
    r"(?<![\w.])/(?:work|root|home)/"  # a path of somebody's machine
    r"|\bpypi\.org|pythonhosted|npmjs|deb\.debian\.org|archive\.ubuntu|proxy\.golang",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / ".env.example", ROOT / "Procfile", ROOT / "Makefile"], ids=name_of
)
def test_no_document_names_a_place_that_its_reader_does_not_have(page: Path) -> None:
    assert ELSEWHERE.search(read(page)) is None


@each_page
def test_no_document_shows_a_picture_that_is_not_there(page: Path) -> None:
    for target in re.findall(r'<img[^>]+src="([^"]+)"', read(page)):
        assert (page.parent / target).exists(), target


def test_every_decision_says_what_why_what_else_and_what_not() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(set(numbers)) == len(pages), "two decisions have one number"
    for page in pages:
        text = read(page)
        assert text.startswith(f"# {page.name[:4]} · "), page.name
        for part in (
            "**What.**",
            "**Why.**",
            "**Also considered.**",
            "**What it does not try to do",
        ):
            assert part in text, f"{page.name}: {part}"


def test_python_versions_in_the_documents_are_those_of_the_tools() -> None:
    settings = tomllib.loads(read("pyproject.toml"))
    assert settings["tool"]["mypy"]["python_version"] == "3.11"
    assert "Python 3.11 to 3.13" in read("docs/operations.md")
