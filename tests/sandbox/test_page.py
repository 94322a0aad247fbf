"""A person plays on the phones page in a real browser, against a tiny bot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from bot.sandbox import Remote, create_app, running
from tests import chromium
from tests.sandbox.echo import EchoBot
from tests.sandbox.table import PHONES, STORY, TOKEN

WIDE = {"width": 1400, "height": 860}
NARROW = {"width": 390, "height": 844}
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)

pytestmark = chromium.needed


@pytest.fixture
def sandbox() -> Iterator[Remote]:
    app = create_app(token=TOKEN, phones=PHONES, story=STORY, now=lambda: NOW)
    with running(app) as url, EchoBot(url, TOKEN), Remote(url) as remote:
        yield remote


@pytest.fixture
def open_page(browser: Browser, sandbox: Remote) -> Iterator[Any]:
    """Opens the page at a size; at the end, nothing went wrong in it or was asked elsewhere."""
    contexts = []
    problems: list[str] = []
    asked: set[str] = set()
    home = str(sandbox.http.base_url).rstrip("/")

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if is_problem(said) else None)
        page.on("response", lambda got: problems.append(got.url) if got.status > 400 else None)
        page.on("request", lambda request: asked.add(request.url))

    def opened(size: dict[str, int], **more: Any) -> Page:
        context = browser.new_context(viewport=size, locale="vi-VN", **more)  # type: ignore[arg-type] # a plain dict of sizes
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(home)
        expect(page.locator(".phone").first).to_be_attached()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
    assert [url for url in asked if not url.startswith((home, "blob:", "data:"))] == []


def is_problem(said: ConsoleMessage) -> bool:
    """A refusal (400) is told to the person and is no problem of the page."""
    return said.type == "error" and "status of 400" not in said.text


def phone(page: Page, id: int = 1001) -> Any:
    return page.locator(f"#phone-{id}")


def write(page: Page, text: str, id: int = 1001) -> None:
    line = phone(page, id).get_by_role("textbox")
    line.fill(text)
    line.press("Enter")


def test_the_story_is_played_to_its_end_with_help(open_page: Any, sandbox: Remote) -> None:
    page = open_page(WIDE)
    for number, turn in enumerate((1001, 1001, 1001, 1002), 1):
        expect(page.locator("#story .count")).to_contain_text(f"Bước {number}/4")
        expect(phone(page, turn)).to_have_class(re.compile(r"\bturn\b"))
        page.get_by_role("button", name="Làm giúp bước này").click()
    expect(page.locator("#story")).to_contain_text("Câu chuyện đã hết")
    expect(phone(page)).to_contain_text("Đã lưu phiếu CS-1437.")
    expect(page.locator("#clock")).to_contain_text("07:15")
    expect(page.locator("#clock")).to_contain_text("25/11/2026")
    lines = sandbox.transcript().splitlines()
    assert [line for line in lines if line[:1] in "@=*>" and line] == [
        "@ 2026-11-24 16:40",
        "= CB001",
        "> /start HM7K2PQ4",
        f"> {STORY['steps'][1]['does']['text']}",
        "* Gửi",
        "@ 2026-11-25 07:15",
        "= CB002",
        "> /start",
    ]


def test_the_story_goes_on_when_the_person_does_it_and_after_a_reload(
    open_page: Any, sandbox: Remote
) -> None:
    page = open_page(WIDE)
    phone(page).get_by_role("button", name="Mở đường dẫn mời").click()
    expect(page.locator("#story .count")).to_contain_text("Bước 2/4")
    write(page, "Họp thôn 3 về hiến đất")
    expect(page.locator("#story .count")).to_contain_text("Bước 3/4")
    expect(phone(page).locator(".hint")).to_have_text("Gửi")
    page.reload()
    expect(page.locator("#story .count")).to_contain_text("Bước 3/4")
    expect(phone(page).locator(".message")).to_have_count(4)


def test_a_visit_is_sent_by_keyboard_alone(open_page: Any, sandbox: Remote) -> None:
    sandbox.phone(1001).starts()
    page = open_page(WIDE)
    line = phone(page).get_by_role("textbox", name="Nhắn từ máy của Nguyễn Văn Mẫu")
    line.focus()
    page.keyboard.type("Họp thôn 3")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("hiến đất")
    page.keyboard.press("Enter")
    expect(phone(page).get_by_role("button", name="Để sau")).to_be_visible()
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent") == "Gửi":
            break
        page.keyboard.press("Shift+Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is seen"
    page.keyboard.press("Enter")
    expect(phone(page).get_by_text("Đã lưu phiếu CS-1437.")).to_be_visible()
    edited = phone(page).locator(".message", has_text="→ Gửi")
    expect(edited).to_contain_text("đã sửa")
    expect(edited.get_by_role("button")).to_have_count(0)
    assert sandbox.phone(1001).messages("person")[-1]["text"] == "Họp thôn 3\nhiến đất"


def test_what_people_write_is_shown_as_text_and_formatting_as_elements(
    open_page: Any, sandbox: Remote
) -> None:
    sandbox.phone(1001).starts()
    page = open_page(WIDE)
    write(page, "<img src=x onerror=alert(1)> & <b>đậm</b>")
    expect(phone(page).locator(".mine").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(phone(page).locator(".text img")).to_have_count(0)
    expect(phone(page).locator(".text b")).to_have_text("Sâu Sát")


def test_the_main_keyboard_and_the_command_menu_write_for_the_person(
    open_page: Any, sandbox: Remote
) -> None:
    sandbox.phone(1001).starts()
    page = open_page(WIDE)
    phone(page).get_by_role("button", name="Địa bàn").click()
    expect(phone(page).locator(".message", has_text="Nắm: Địa bàn")).to_be_visible()
    phone(page).get_by_role("button", name="Danh mục lệnh").click()
    phone(page).get_by_role("button", name="Ghi chuyến đi cơ sở").click()
    expect(phone(page).locator(".message", has_text="Nắm: /ghi")).to_be_visible()


def test_photos_voice_and_place_are_sent_from_the_page(open_page: Any, sandbox: Remote) -> None:
    cadre = sandbox.phone(1001)
    cadre.starts()
    page = open_page(WIDE)

    def attach(name: str) -> None:
        phone(page).get_by_role("button", name="Gửi ảnh, ghi âm, tệp").click()
        phone(page).get_by_role("button", name=name, exact=True).click()

    phone(page).get_by_role("textbox").fill("Cầu thôn 3")
    attach("Ảnh mẫu")
    expect(phone(page).locator("img.picture")).to_be_visible()
    attach("Ghi âm mẫu 0:48")
    expect(phone(page).get_by_text("0:48")).to_be_visible()
    attach("Vị trí mẫu")
    expect(phone(page).get_by_text("13.78000, 109.22000")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        attach("Tệp từ máy")
    chooser.value.set_files([{"name": "ds.xlsx", "mimeType": "", "buffer": b"PK"}])
    expect(phone(page).get_by_text("ds.xlsx")).to_be_visible()
    sent = [message["media"] for message in cadre.messages("person")[1:]]
    assert [media["kind"] for media in sent] == ["photo", "voice", "location", "document"]
    assert cadre.messages("person")[1]["text"] == "Cầu thôn 3"


def test_a_sent_message_is_edited(open_page: Any, sandbox: Remote) -> None:
    sandbox.phone(1001).starts()
    page = open_page(WIDE)
    write(page, "Cầu thôn 3")
    own = phone(page).locator(".mine", has_text="Cầu thôn 3")
    own.get_by_role("button", name="Sửa tin").click()
    write(page, "Cầu thôn 4")
    edited = phone(page).locator(".mine", has_text="Cầu thôn 4")
    expect(edited).to_contain_text("đã sửa")


def test_a_blocking_phone_says_so_and_can_let_the_service_in_again(
    open_page: Any, sandbox: Remote
) -> None:
    sandbox.phone(1001).starts()
    page = open_page(WIDE)
    phone(page).get_by_role("button", name="Việc khác trên máy của Nguyễn Văn Mẫu").click()
    phone(page).get_by_role("button", name="Chặn hệ thống").click()
    expect(phone(page)).to_contain_text("Máy này đang chặn hệ thống.")
    phone(page).get_by_role("button", name="Bỏ chặn").click()
    expect(phone(page).get_by_role("textbox")).to_be_visible()


def test_trouble_is_switched_on_and_off(open_page: Any, sandbox: Remote) -> None:
    page = open_page(WIDE)
    page.get_by_role("button", name="Thử trục trặc").click()
    page.get_by_label("Xảy ra").select_option("khi gửi tin")
    page.get_by_label("Số lần").fill("3")
    page.get_by_role("button", name="Bật", exact=True).click()
    expect(page.get_by_label("Đang bật")).to_contain_text("khi gửi tin: còn 3 lần")
    (on,) = sandbox.http.get("/sandbox/switches").json()
    assert (on["kind"], on["method"], on["left"]) == ("too_many", "send*", 3)
    page.get_by_role("button", name="Tắt").click()
    expect(page.get_by_label("Đang bật").locator("li")).to_have_count(0)


def test_the_clock_goes_to_a_date_as_people_write_it(open_page: Any, sandbox: Remote) -> None:
    page = open_page(WIDE)
    page.get_by_role("button", name="+1 giờ").click()
    expect(page.locator("#clock output")).to_contain_text("17:40")
    date = page.get_by_label("Chuyển đồng hồ đến ngày, giờ")
    date.fill("1/12/2026")
    date.press("Enter")
    expect(page.locator("#clock output")).to_contain_text("01/12/2026")
    date.fill("1/11/2026 08:00")
    date.press("Enter")
    expect(page.locator("#toast")).to_have_text("Đồng hồ chỉ đi tới, không quay lại được.")


def test_the_transcript_is_copied(open_page: Any, sandbox: Remote) -> None:
    page = open_page(WIDE, permissions=["clipboard-read", "clipboard-write"])
    sandbox.phone(1001).says("Họp thôn 3")
    sandbox.phone(1001).sees("Xin đồng chí xem lại")
    page.get_by_role("button", name="Chép thành kịch bản").click()
    expect(page.locator("#toast")).to_have_text("Đã chép kịch bản vào bộ nhớ tạm.")
    assert page.evaluate("navigator.clipboard.readText()") == sandbox.transcript()


def test_a_narrow_screen_shows_one_phone_at_a_time(open_page: Any, sandbox: Remote) -> None:
    page = open_page(NARROW)
    expect(phone(page)).to_be_visible()
    expect(phone(page, 1002)).to_be_hidden()
    sandbox.phone(1002).starts()
    tab = page.get_by_role("tab", name="Xã")
    expect(tab.locator(".unread")).to_be_visible()
    tab.click()
    expect(phone(page, 1002)).to_be_visible()
    expect(phone(page)).to_be_hidden()
    expect(tab.locator(".unread")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(phone(page, 1003)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    expect(page.get_by_role("button", name="+1 giờ")).to_be_hidden()
    page.get_by_role("button", name="Đồng hồ và công cụ").click()
    expect(page.get_by_role("button", name="+1 giờ")).to_be_visible()


def test_colours_follow_the_system(open_page: Any) -> None:
    page = open_page(WIDE, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    assert (dark, page.evaluate(ground)) == ("rgb(16, 22, 19)", "rgb(238, 241, 238)")


def test_every_control_has_a_name(open_page: Any, sandbox: Remote) -> None:
    sandbox.phone(1001).starts()
    page = open_page(WIDE)
    expect(phone(page).get_by_role("textbox")).to_be_visible()
    nameless = """[...document.querySelectorAll('button, input:not([hidden]), select, textarea')]
        .filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length))
        .map((e) => e.outerHTML)"""
    assert page.evaluate(nameless) == []
