"""What a channel cannot carry is replaced by links when the message goes out."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import files
from bot.channels.contract import Limits
from bot.channels.telegram_rendering import LIMITS as TELEGRAM
from bot.channels.zalo_bot import LIMITS as ZALO
from bot.messages import Option, Outgoing
from bot.web.links import LIFE, NO_PAGES, Pages, Purpose
from bot.work import clock
from bot.work.linked import needs_page, with_pages
from storage.database import Database
from storage.jobs import Job
from tests.cast import cast
from tests.work.inbox import linked

PAGES = Pages("https://sausat.example", "a secret of thirty-two letters!!")
LINK = re.compile(r"https://sausat\.example/(gui|noi|tep)/(\S+)")
FILES = ("danh-sach/x/tinh-hinh.xlsx", "tong-hop/a/b/c/bieu-do.png")
ASKS = Outgoing("Xin gửi ảnh.", kind="prompt", wants=("photos", 12))
WHERE = Outgoing("Xin gửi vị trí.", kind="prompt", wants=("place", 12))


def job(account_id: int, number: int = 77) -> Job:
    return Job(number, account_id, "101", None, 1, "answer", {})


def account(db: Database, person: str = "CB001") -> tuple[int, int]:
    """(account, person)"""
    with db.writing() as session:
        who = cast(session)[person]
        row = linked(who, 101)
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id, who


def carried(
    db: Database, message: Outgoing, account_id: int, limits: Limits = ZALO, pages: Pages = PAGES
) -> Outgoing:
    return with_pages(db, message, job(account_id), limits, pages=pages, at=clock.real())


def test_what_a_channel_carries_is_left_as_it_is() -> None:
    for message in (Outgoing("Xin chào"), Outgoing("Tệp", files=FILES), ASKS, WHERE):
        assert not needs_page(message, TELEGRAM)
    assert not needs_page(Outgoing("Xin chào"), ZALO)
    for message in (Outgoing("Tệp", files=FILES), ASKS, WHERE):
        assert needs_page(message, ZALO)


def test_each_file_becomes_a_link_of_the_person_s_own(db: Database) -> None:
    number, person = account(db)
    said = carried(db, Outgoing("Bản tổng hợp", files=FILES), number)
    assert said.files == ()
    assert said.text.startswith("Bản tổng hợp\nTải tệp tinh-hinh.xlsx: https://")
    assert "Xem hình: https://" in said.text
    assert said.text.endswith("Đường dẫn dùng được trong 30 phút.")
    links = [PAGES.read("tep", token, clock.real()) for _, token in LINK.findall(said.text)]
    assert [(one.about, one.part) for one in links] == [(77, 0), (77, 1)]
    assert {(one.person_id, one.account_id) for one in links} == {(person, number)}
    assert links[0].expires_at - clock.real() <= LIFE + timedelta(seconds=1)
    assert said.rows == ((Option("Lấy đường dẫn mới", "tep: 77"),),)


@pytest.mark.parametrize(("message", "purpose"), [(ASKS, "gui"), (WHERE, "noi")])
def test_a_question_for_a_photo_or_a_place_offers_a_link(
    db: Database, message: Outgoing, purpose: Purpose
) -> None:
    number, person = account(db)
    said = carried(db, message, number)
    ((found, token),) = LINK.findall(said.text)
    link = PAGES.read(purpose, token, clock.real())
    assert (found, link.about, link.person_id) == (purpose, 12, person)


def test_a_channel_that_carries_some_files_gets_links_for_the_others(db: Database) -> None:
    number, _ = account(db)
    some = replace(ZALO, files=True, endings=(".png", ".pdf"))
    said = carried(db, Outgoing("Bản tổng hợp", files=FILES), number, some)
    assert said.files == FILES[1:]
    ((_, token),) = LINK.findall(said.text)
    assert PAGES.read("tep", token, clock.real()).part == 0


def test_a_file_too_large_for_the_channel_goes_by_a_link(db: Database, tmp_path: Path) -> None:
    number, _ = account(db)
    files.use(tmp_path)
    files.place(FILES[1]).write_bytes(bytes(2000))
    try:
        for most, links in ((2000, 1), (1999, 2)):
            some = replace(ZALO, files=True, endings=(".png",), file_bytes=most)
            said = carried(db, Outgoing("Bản tổng hợp", files=FILES), number, some)
            assert len(LINK.findall(said.text)) == links
    finally:
        files.use(Path("files"))


def test_a_link_is_made_anew_each_time_it_is_sent(db: Database) -> None:
    number, _ = account(db)
    assert carried(db, ASKS, number).text != carried(db, ASKS, number).text


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (Outgoing("Tệp", files=FILES), "tinh-hinh.xlsx, bieu-do.png"),
        (ASKS, "xin gửi Văn phòng"),
        (WHERE, "ghi địa điểm bằng lời"),
    ],
)
def test_without_pages_it_says_what_to_do_instead(
    db: Database, message: Outgoing, said: str
) -> None:
    number, _ = account(db)
    told = carried(db, message, number, pages=NO_PAGES)
    assert said in told.text
    assert "http" not in told.text
    assert told.files == ()
    assert told.text.startswith(message.text)


def test_an_account_that_nobody_holds_gets_no_link(db: Database) -> None:
    assert "http" not in carried(db, Outgoing("Tệp", files=FILES), 4711).text


def test_a_row_remembers_what_it_asks_for() -> None:
    assert Outgoing.from_json(ASKS.to_json()).wants == ("photos", 12)
    assert Outgoing.from_json(Outgoing("x").to_json()).wants is None
