"""Somebody opens the demo in a browser and has every step of the story done for them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bot.sandbox import Remote
from tests import chromium
from tests.demo.playing import STEP, demo, play, restricted_of, story

pytestmark = chromium.needed


@pytest.fixture
def opened() -> Iterator[tuple[Page, Remote]]:
    """The phones page of a demo on two channels; at the end nothing went wrong in it."""
    problems: list[str] = []
    with demo("telegram,zalo") as (remote, _), sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="vi-VN")
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("response", lambda got: problems.append(got.url) if got.status >= 400 else None)
        page.goto(str(remote.http.base_url))
        yield page, remote
        browser.close()
    assert problems == []


def test_the_story_is_played_to_its_end_by_the_helping_hand(
    opened: tuple[Page, Remote],
) -> None:
    page, remote = opened
    count = page.locator("#story .count")
    expect(count).to_contain_text("Bước 1/22")
    for number in range(1, 23):
        page.get_by_role("button", name="Làm giúp bước này").click()
        ahead = f"Bước {number + 1}/22" if number < 22 else "Đã xong"
        expect(count).to_contain_text(ahead, timeout=STEP * 1000)
    deputy = page.get_by_role("region", name="Máy của Võ Văn Thường")
    expect(deputy).to_contain_text("TỔNG HỢP THÁNG 11/2026")
    expect(deputy.locator(".message").last).to_contain_text("Theo địa bàn, tháng 11/2026")
    play(remote, restricted_of(story(remote)[0]["phone"]))
    assert remote.statistics()["too_many_requests"] == 0
