"""A person plays on a Zalo phone of the page, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox import Remote, create_app, running
from tests import chromium
from tests.sandbox.test_page import NARROW, NOW, WIDE
from tests.sandbox.zalo import ACCOUNT, TOKEN, BotApi, OaApi

pytestmark = chromium.needed

PHONES = [
    {"id": "a1", "name": "Nguyễn Văn Mẫu", "tab": "Cán bộ", "code": "CB001", "channel": "zalo"},
    {"id": "6001", "name": "Nguyễn Văn Mẫu", "code": "CB001", "channel": "zalo_oa"},
]
REVIEW = "Xin xem lại.\n\nTrả lời số:\n1. Gửi\n2. Sửa\nHoặc nhắn: Quay lại · Để sau"


@pytest.fixture
def sandbox() -> Iterator[Remote]:
    phones = [{**phone, "opened": True} for phone in PHONES]
    app = create_app(zalo_token=TOKEN, zalo_oa=ACCOUNT, phones=phones, now=lambda: NOW)
    with running(app) as url, Remote(url) as remote:
        yield remote


@pytest.fixture
def api(sandbox: Remote) -> Iterator[BotApi]:
    caller = BotApi(str(sandbox.http.base_url).rstrip("/"))
    yield caller
    caller.http.close()


def opened(browser: Browser, sandbox: Remote, size: dict[str, int]) -> Page:
    page = browser.new_page(viewport=size, locale="vi-VN")  # type: ignore[arg-type]  # a plain dict of sizes
    page.goto(str(sandbox.http.base_url))
    expect(page.locator(".phone").first).to_be_attached()
    return page


def test_an_address_in_a_message_is_a_link(browser: Browser, sandbox: Remote, api: BotApi) -> None:
    address = "http://127.0.0.1:9/gui/1.2.3"
    api.ok("sendMessage", chat_id="a1", text=f"Gửi ảnh hoặc tệp: {address}\nDùng 30 phút.")
    page = opened(browser, sandbox, WIDE)
    link = page.get_by_role("link", name=address)
    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("target", "_blank")
    expect(page.locator(".text", has=link)).to_contain_text(f"tệp: {address}\nDùng 30 phút.")
    page.close()


def test_a_printed_choice_is_tapped_to_type_its_number(
    browser: Browser, sandbox: Remote, api: BotApi
) -> None:
    api.ok("sendMessage", chat_id="a1", text=REVIEW)
    page = opened(browser, sandbox, WIDE)
    phone = page.get_by_role("region", name="Máy Zalo của Nguyễn Văn Mẫu")
    expect(phone).to_contain_text("Trả lời số:1. Gửi2. SửaHoặc nhắn: Quay lại · Để sau")
    phone.get_by_role("button", name="2. Sửa").click()
    expect(phone.locator(".mine")).to_contain_text("2")
    phone.get_by_role("button", name="Để sau").click()
    expect(phone.locator(".mine").last).to_contain_text("Để sau")
    assert [shown["text"] for shown in sandbox.phone("a1").messages("person")] == ["2", "Để sau"]
    page.close()


def test_a_button_of_the_account_is_tapped_and_nothing_is_typed(
    browser: Browser, sandbox: Remote
) -> None:
    oa = OaApi(str(sandbox.http.base_url).rstrip("/"))
    oa.refresh()
    button = {"title": "Gửi", "type": "oa.query.hide", "payload": "gui"}
    template = {"type": "template", "payload": {"buttons": [button]}}
    oa.send("6001", text="Xin xem lại.", attachment=template)
    page = opened(browser, sandbox, WIDE)
    phone = page.get_by_role("region", name="Máy Zalo OA của Nguyễn Văn Mẫu")
    with page.expect_response("**/press"):
        phone.get_by_role("button", name="Gửi", exact=True).click()
    expect(phone.locator(".mine")).to_have_count(0)
    assert sandbox.waiting("zalo_oa") == 1
    oa.http.close()
    page.close()


def test_nothing_can_be_edited_and_what_zalo_sends_is_offered(
    browser: Browser, sandbox: Remote
) -> None:
    sandbox.phone("a1").says("Họp thôn 3")
    page = opened(browser, sandbox, WIDE)
    phone = page.locator("#phone-a1")
    expect(phone.locator(".mine")).to_contain_text("Họp thôn 3")
    expect(phone.get_by_role("button", name="Sửa tin")).to_have_count(0)
    phone.get_by_role("button", name="Gửi ảnh, ghi âm, tệp").click()
    expect(phone.get_by_role("button", name="Vị trí mẫu")).to_have_count(0)
    phone.get_by_role("button", name="Nhãn dán").click()
    expect(phone.locator(".sticker")).to_be_visible()
    assert sandbox.waiting("zalo") == 2
    page.close()


def test_trouble_is_switched_on_for_one_channel(browser: Browser, sandbox: Remote) -> None:
    page = opened(browser, sandbox, WIDE)
    page.get_by_role("button", name="Thử trục trặc").click()
    page.get_by_label("Kênh").select_option("zalo_oa")
    page.locator("#switches").get_by_label("Trục trặc").select_option("window_closed")
    page.get_by_role("button", name="Bật", exact=True).click()
    expect(page.get_by_label("Đang bật")).to_contain_text("Zalo OA: Quá bảy ngày không nhắn")
    (on,) = sandbox.http.get("/sandbox/switches").json()
    assert (on["kind"], on["channel"], on["left"]) == ("window_closed", "zalo_oa", 1)
    page.close()


def test_on_a_narrow_screen_tabs_tell_the_channels(browser: Browser, sandbox: Remote) -> None:
    page = opened(browser, sandbox, NARROW)
    expect(page.get_by_role("tab", name="Cán bộ · Zalo", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    page.close()
