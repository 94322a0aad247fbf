"""The way to the page for restricted items: a link on every channel, or a sentence."""

import re

import pytest

from bot.channels.contract import Limits
from bot.channels.telegram_rendering import LIMITS as TELEGRAM
from bot.channels.zalo_bot import LIMITS as ZALO
from bot.channels.zalo_oa_rendering import LIMITS as ZALO_OA
from bot.desk.restricted import page
from bot.web.links import NO_PAGES, Pages
from bot.work import clock
from bot.work.linked import needs_page, with_pages
from storage.database import Database
from storage.jobs import Job
from tests.cast import cast
from tests.work.inbox import linked

PAGES = Pages("https://sausat.example", "a secret of thirty-two letters!!")


@pytest.mark.parametrize("limits", [TELEGRAM, ZALO, ZALO_OA], ids=["telegram", "zalo", "zalo_oa"])
def test_no_channel_carries_it_and_each_gets_a_link_of_the_person_s_own(
    db: Database, limits: Limits
) -> None:
    with db.writing() as session:
        who = cast(session)["CB001"]
        account = linked(who, 101)
        session.add(account)
        session.flush()
        job = Job(77, account.id or 0, "101", None, 1, "answer", {})
    assert needs_page(page(), limits)

    said = with_pages(db, page(), job, limits, pages=PAGES, at=clock.real()).text

    found = re.search(r"Mở trang bảo mật: https://sausat\.example/rieng/(\S+)", said)
    assert found
    assert PAGES.read("rieng", found[1], clock.real()).person_id == who
    without = with_pages(db, page(), job, limits, pages=NO_PAGES, at=clock.real()).text
    assert without.endswith("Xin gặp trực tiếp đồng chí trong Thường trực.")
