"""The doctor on Zalo: whether it is reached, what is used up, and who cannot be reminded."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Outgoing
from bot.sandbox import create_app, running
from bot.settings import Settings
from bot.work import clock, doctor_zalo
from bot.work.credentials import Vault
from bot.work.doctor import examine
from bot.work.findings import Finding
from bot.work.post import post
from bot.work.quota import Meter
from storage import ways
from storage.database import Database
from storage.tables import Account, Person
from tests.sandbox.zalo import TOKEN

OA: dict[str, Any] = {
    "zalo_oa_app_id": "7001",
    "zalo_oa_app_secret": "app-secret",
    "zalo_oa_secret_key": "page-key",
    "zalo_oa_refresh_token": "refresh-1",
}


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def reached(**given: Any) -> dict[str, Finding]:
    asked = settings(**given)
    found = doctor_zalo.reached(asked, doctor_zalo.asked(asked))
    return {finding.name: finding for finding in found}


def used(db: Database, **given: Any) -> dict[str, Finding]:
    return {finding.name: finding for finding in doctor_zalo.used(settings(**given), db)}


def test_zalo_that_is_not_set_up_is_off() -> None:
    assert {finding.state for finding in reached().values()} == {"off"}


def test_a_bot_that_answers_is_good_and_a_wrong_token_is_named() -> None:
    with running(create_app(zalo_token=TOKEN)) as address:
        good = reached(zalo_token=TOKEN, zalo_api=f"{address}/zalo")["zalo"]
        wrong = reached(zalo_token="9:x", zalo_api=f"{address}/zalo")["zalo"]
    assert (good.state, wrong.state) == ("good", "bad")
    assert "401" in wrong.detail


def test_a_bot_out_of_reach_is_one_line_without_the_token() -> None:
    found = reached(zalo_token=TOKEN, zalo_api="http://127.0.0.1:9")["zalo"]
    assert found.state == "bad"
    assert "SAUSAT_PROXY" in found.detail
    assert TOKEN not in str(found)


def test_an_account_that_lacks_a_setting_names_it() -> None:
    found = reached(**{**OA, "zalo_oa_secret_key": ""})["zalo_oa"]
    assert (found.state, "SAUSAT_ZALO_OA_SECRET_KEY" in found.detail) == ("bad", True)


def test_an_account_without_a_public_address_hears_nothing() -> None:
    assert "SAUSAT_PUBLIC_URL" in reached(**OA)["zalo_oa"].detail
    found = reached(**OA, public_url="https://sausat.example")["zalo_oa"]
    assert (found.state, found.detail.split()[-1]) == ("good", "https://sausat.example/zalo_oa")


def test_the_people_of_a_bot_are_counted_against_its_fifty(db: Database) -> None:
    with db.writing() as session:
        for number in range(46):
            session.add(Person(id=number + 1, code=f"X{number}", full_name=f"Người {number}"))
        session.flush()
        for number in range(46):
            account = Account(bot="zalo:12345", external_id=str(number), state="confirmed")
            account.person_id = number + 1
            session.add(account)
    found = used(db, zalo_token=TOKEN)["zalo_usage"]
    assert (found.state, found.detail) == ("note", "46/50 người, 0/3.000 tin tháng này")


def test_what_waits_for_a_quota_is_named(db: Database) -> None:
    with db.writing() as session:
        person = Person(code="CB001", full_name="Nguyễn Văn Mẫu")
        session.add(person)
        session.flush()
        (number,) = post(session, [Outgoing("Đã lưu phiếu CS-1.", person_id=person.id)])
    with db.connection() as connection:
        ways.keep_back(connection, number, "out_of_quota", clock.real())
        Meter("zalo:12345", 3000).use_up(connection, clock.real())
    found = used(db, zalo_token=TOKEN)["zalo_usage"]
    assert found.state == "note"
    assert found.detail == (
        "0/50 người, 0/3.000 tin tháng này, Zalo báo đã hết; "
        "1 đồng chí có tin chờ hạn mức, xem: chuagui"
    )


def test_the_age_of_the_tokens_is_told_and_never_the_tokens(db: Database) -> None:
    assert used(db, **OA)["zalo_oa_token"].state == "note"
    Vault(db, "zalo_oa:7001").keep("access-1", "refresh-2", 90000, "seed")
    found = used(db, **OA)["zalo_oa_token"]
    assert (found.state, found.detail) == ("good", "còn 24 giờ")
    Vault(db, "zalo_oa:7001").keep("access-1", "refresh-2", -1, "seed")
    assert used(db, **OA)["zalo_oa_token"].state == "note"
    assert "access-1" not in str(used(db, **OA))


@pytest.mark.parametrize(
    ("days", "other", "count"),
    [(8, "", 1), (6, "", None), (None, "", 1), (8, "telegram:1", None)],
)
def test_whom_no_reminder_reaches_is_counted(
    db: Database, days: int | None, other: str, count: int | None
) -> None:
    heard = None if days is None else clock.real() - timedelta(days=days)
    with db.writing() as session:
        session.add(Person(id=1, code="CB001", full_name="Nguyễn Văn Mẫu"))
        session.flush()
        for bot in filter(None, ("zalo_oa:7001", other)):
            account = Account(bot=bot, external_id="u1", person_id=1, state="confirmed")
            account.last_heard_at = heard
            session.add(account)
    found = used(db, **OA)["zalo_oa_window"]
    assert found.count == count
    assert "SAUSAT_ZALO_OA_TEMPLATE_ID" in found.detail
    assert used(db, **OA, zalo_oa_template_id="77")["zalo_oa_window"].state == "good"


def test_without_telegram_the_clock_is_compared_with_zalos(db: Database, tmp_path: Path) -> None:
    with running(create_app(zalo_token=TOKEN)) as address:
        given = settings(files=tmp_path, zalo_token=TOKEN, zalo_api=f"{address}/zalo")
        (found,) = [finding for finding in examine(given, db) if finding.name == "clock"]
    assert (found.state, "giây" in found.detail) == ("good", True)


def test_it_stands_with_everything_else(db: Database, tmp_path: Path) -> None:
    names = [finding.name for finding in examine(settings(files=tmp_path), db)]
    assert {"telegram", "zalo", "zalo_oa"} <= {*names}
