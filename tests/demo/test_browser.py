"""Somebody opens the demo in a browser and has every step of the story done for them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests import chromium
from tests.demo.playing import STEP, demo

pytestmark = chromium.needed


@pytest.fixture
def page() -> Iterator[Page]:
    """The phones page; at the end nothing went wrong in it."""
    problems: list[str] = []
    with demo() as (remote, _), sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        opened = browser.new_page(viewport={"width": 1400, "height": 900}, locale="vi-VN")
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("response", lambda got: problems.append(got.url) if got.status >= 400 else None)
        opened.goto(str(remote.http.base_url))
        yield opened
        browser.close()
    assert problems == []


def test_the_story_is_played_to_its_end_by_the_helping_hand(page: Page) -> None:
    count = page.locator("#story .count")
    expect(count).to_contain_text("Bước 1/22")
    for number in range(1, 23):
        page.get_by_role("button", name="Làm giúp bước này").click()
        ahead = f"Bước {number + 1}/22" if number < 22 else "Đã xong"
        expect(count).to_contain_text(ahead, timeout=STEP * 1000)
    deputy = page.get_by_role("region", name="Máy của Võ Văn Thường")
    expect(deputy).to_contain_text("TỔNG HỢP THÁNG 11/2026")
    expect(deputy.locator(".message").last).to_contain_text("Theo địa bàn, tháng 11/2026")
