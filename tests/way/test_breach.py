"""A breach of a real scene: every figure of its dossier agrees with the ledger, and its papers
say what happened without saying of whom."""

from __future__ import annotations

import io
import zipfile

from sqlalchemy import update

from bot.domain.breaches import ClosedAs
from bot.domain.dossier import Agreement
from bot.interchange.dossier_form import Dossier, write_dossier
from bot.storage.tables import incident_messages, incidents
from bot.worker.breach_papers import gather
from handlers import breach_changes
from handlers.breach_changes import Act
from policies.breach_risk import RiskLevel
from tests.way.conftest import Cast
from tests.way.product import CITIZEN_NUMBER, HN_TEXT, Product


def declare(product: Product) -> str:
    (row,) = product.rows(incidents)
    with product.parts.store.unit_of_work() as uow:
        incident = uow.incidents.by_case(row.case_number)
        assert incident is not None
        now = product.parts.clock.now()
        breach_changes.declare(uow, incident, now, Act("operator:มาลี", now, {"reason": "<b>why"}))
    return str(row.case_number)


def scene(product: Product, cast: Cast) -> str:
    """Two messages in a club; one is unsent after four minutes, then the other one."""
    first = product.say(cast.club, cast.nurse, HN_TEXT)
    product.advance(seconds=30)
    second = product.say(cast.club, cast.nurse, f"บัตร {CITIZEN_NUMBER}")
    product.advance(minutes=4)
    for message in (first, second):
        product.platform.unsend(message)
        product.settle()
        product.advance(minutes=1)
    return declare(product)


def papers(dossier: Dossier) -> dict[str, str]:
    file = io.BytesIO()
    write_dossier(dossier, file)
    with zipfile.ZipFile(file) as folder:
        return {name: folder.read(name).decode() for name in folder.namelist()}


def test_every_figure_of_a_real_scene_agrees(product: Product, cast: Cast) -> None:
    made = gather(product.parts, scene(product, cast), with_names=False)
    assert [line.agreement for line in made.lines] == [Agreement.AGREES] * 10
    by_name = {line.english: line for line in made.lines}
    assert by_name["messages"].recorded == "2"
    assert by_name["messages that stand no more"].verified == 2
    assert by_name["visible for"].recorded == "5 min 30 s"
    assert made.risk is not None
    assert made.risk.level is RiskLevel.HIGH


def test_declaring_holds_the_incident_until_a_person_releases_it(
    product: Product, cast: Cast
) -> None:
    case = scene(product, cast)
    (hold,) = product.parts.holds.listed()
    assert (hold.case, hold.by, hold.reason) == (case, "operator:มาลี", "declared a breach")
    assert product.entries()[-2:] == ["breach.declared", "hold.set"]

    with product.parts.store.unit_of_work() as uow:
        breach = uow.breaches.of_case(case)
        assert breach is not None
        now = product.parts.clock.now()
        breach_changes.close(uow, breach, ClosedAs.NO_RISK, Act("operator:มาลี", now))
    product.advance(minutes=800 * 24 * 60)
    product.parts.retention.run("test", {"reason": "age"})
    assert product.count(incidents) == 1

    product.parts.holds.release(case, "operator:มาลี", {"reason": "settled"})
    product.parts.retention.run("test", {"reason": "age"})
    assert product.count(incidents) == 0


def test_a_hold_that_was_there_before_stays_as_it_was(product: Product, cast: Cast) -> None:
    product.say(cast.club, cast.nurse, HN_TEXT)
    (row,) = product.rows(incidents)
    product.parts.holds.set(row.case_number, "operator:สมชาย", {"reason": "a claim"})
    declare(product)
    assert [one.reason for one in product.parts.holds.listed()] == ["a claim"]
    assert product.entries().count("hold.set") == 1


def test_the_papers_hold_no_number_and_no_name_unless_asked(product: Product, cast: Cast) -> None:
    case = scene(product, cast)
    without = papers(gather(product.parts, case, with_names=False))
    assert without.keys() == {
        "dossier.html",
        "notice-to-office.html",
        "notice-to-patients.html",
        "ledger-entries.csv",
    }
    everything = "".join(without.values())
    for secret in ("650012345", CITIZEN_NUMBER, "พยาบาลนก", "ชมรมวิ่ง", cast.nurse.user_id):
        assert secret not in everything
    assert all("ร่าง" in page for name, page in without.items() if name.endswith(".html"))
    assert "พยาบาลนก" in papers(gather(product.parts, case, with_names=True))["dossier.html"]


def test_the_papers_say_what_was_done_and_escape_what_was_typed(
    product: Product, cast: Cast
) -> None:
    page = papers(gather(product.parts, scene(product, cast), with_names=False))["dossier.html"]
    assert "ตัวเลขทุกบรรทัดตรงกับสมุดบันทึก" in page
    assert "&lt;b&gt;why" in page
    assert "<b>why" not in page
    assert "ข้อมูลจาก LINE จำลอง" in page, "the sandbox's token marks it"
    assert "2 of 2 entries verified" in page


def test_a_figure_that_does_not_stand_is_said_in_red(product: Product, cast: Cast) -> None:
    case = scene(product, cast)
    with product.parts.database.write() as connection:
        connection.execute(update(incident_messages).values(labels="PHONE"))
    made = gather(product.parts, case, with_names=False)
    assert [one.english for one in made.lines if one.agreement is not Agreement.AGREES] == [
        "kinds of data"
    ]
    page = papers(made)["dossier.html"]
    assert "SOME FIGURES DO NOT AGREE" in page
    assert "DIFFERS" in page


def test_patients_are_counted_and_not_named(product: Product, cast: Cast) -> None:
    """One with an HN and one with a citizen number: they may be the same."""
    made = gather(product.parts, scene(product, cast), with_names=False)
    assert made.case is not None
    assert (made.case.people_at_least, made.case.people_at_most) == (1, 2)
