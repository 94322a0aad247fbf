"""Somebody with a phone opens the pages and presses their buttons."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from bot import files as kept_files
from bot.sandbox.running import running
from bot.web import pages
from storage.database import Database
from storage.tables import Account, Attachment, Inbox
from tests import chromium
from tests.web.opening import Opening, opening, picture

pytestmark = chromium.needed
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 568}


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
def world(db: Database, tmp_path: Path) -> Iterator[Opening]:
    kept_files.use(tmp_path / "files")
    yield opening(db, tmp_path / "files")
    kept_files.use(Path("files"))


@pytest.fixture
def context(world: Opening, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser on a phone; what a page forbids itself must never happen."""
    problems: list[str] = []
    with running(world.app) as address, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        opened = browser.new_context(
            viewport=PHONE,
            base_url=address,
            has_touch=True,
            locale="vi-VN",
            geolocation={"latitude": 13.78, "longitude": 109.22},
        )
        opened.on("weberror", lambda trouble: problems.append(str(trouble.error)))
        opened.on("console", lambda said: problems.extend(_complaint(said)))
        yield opened
        browser.close()
    assert problems == []


def _complaint(said: ConsoleMessage) -> list[str]:
    """Beside a picture of its own a browser looks for an icon."""
    icon = said.location["url"].endswith("/favicon.ico")
    return [said.text] if said.type == "error" and not icon else []


def looks_right(page: Page, shot: Path) -> None:
    """Nothing sticks out at the sides, and what is pressed is large enough for a thumb."""
    for size in (NARROW, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.screenshot(path=shot, full_page=True)


def large_photo() -> bytes:
    noise = np.random.default_rng(7).integers(0, 255, (1500, 3000, 3), dtype=np.uint8)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(noise).save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def test_photos_are_chosen_and_sent(
    context: BrowserContext, world: Opening, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(world.link("gui"))
    looks_right(page, tmp_path / "gui.png")
    large = large_photo()
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "cau.jpg", "mimeType": "image/jpeg", "buffer": large},
            {"name": "duong.png", "mimeType": "image/png", "buffer": picture(kind="PNG")},
        ]
    )
    page.get_by_label("Chú thích").fill("Cầu thôn 3")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading")).to_have_text("Đã nhận 2 ảnh")
    looks_right(page, tmp_path / "da-nhan.png")
    world.answers()
    world.fetches()
    first, second = world.rows(Attachment)
    with Image.open(world.files / first.path) as kept:
        assert kept.size == (1000, 2000)  # made smaller on the phone, the right way up
    assert first.size < len(large) / 2
    assert (first.caption, second.name) == ("Cầu thôn 3", "duong.png")


def test_a_page_works_without_its_script(world: Opening, tmp_path: Path) -> None:
    with running(world.app) as address, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        context = browser.new_context(java_script_enabled=False, base_url=address)
        page = context.new_page()
        page.goto(world.link("gui"))
        photo = {"name": "cau.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        page.locator("input[type=file]").set_input_files([photo])
        page.get_by_role("button", name="Gửi").click()
        expect(page.get_by_role("heading")).to_have_text("Đã nhận 1 ảnh")
        page.goto(world.link("noi"))
        expect(page.locator("#khong")).to_contain_text("không gửi được vị trí")
        browser.close()
    assert len(world.rows(Inbox)) == 1


def test_a_wrong_file_is_said_on_the_page_and_another_can_be_chosen(
    context: BrowserContext, world: Opening, tmp_path: Path
) -> None:
    def without_complaint(route: Route) -> None:
        """The browser's console calls every 422 an error."""
        answer = route.fetch()
        route.fulfill(response=answer, status=200)

    page = context.new_page()
    page.goto(world.link("gui"))
    page.route("**/gui/*", without_complaint)
    wrong = {"name": "phan-mem.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\0\0"}
    page.locator("input[type=file]").set_input_files([wrong])
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("status").first).to_contain_text("phan-mem.exe: chỉ nhận tệp")
    looks_right(page, tmp_path / "sai.png")
    right = {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    page.locator("input[type=file]").set_input_files([right])
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading")).to_have_text("Đã nhận 1 tệp")


def test_a_place_is_sent_with_one_press(
    context: BrowserContext, world: Opening, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(world.link("noi"))
    expect(page.locator("#khong")).to_be_hidden()
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("chưa cho trang này lấy vị trí")
    assert world.rows(Inbox) == []
    context.grant_permissions(["geolocation"])
    looks_right(page, tmp_path / "noi.png")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
    (row,) = world.rows(Inbox)
    assert row.payload["page"]["place"] == [13.78, 109.22]


def test_a_file_is_saved_and_a_picture_shown(
    context: BrowserContext, world: Opening, tmp_path: Path
) -> None:
    with world.db.writing() as session:
        session.get_one(Account, world.account).person_id = world.people["VP01"]
    names = ("slips/ab/phieu-ket-noi.docx", "slips/ab/bieu-do-2026-10.png")
    (world.files / "slips/ab").mkdir(parents=True)
    (world.files / names[0]).write_bytes(b"PK a file")
    (world.files / names[1]).write_bytes(picture(kind="PNG"))
    number = world.sent(*names, person="VP01")
    page = context.new_page()
    page.goto(world.link("tep", about=number, person_id=world.people["VP01"]))
    looks_right(page, tmp_path / "tep.png")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tải về").click()
    assert saved.value.suggested_filename == "phieu-ket-noi.docx"
    assert Path(saved.value.path()).read_bytes() == b"PK a file"
    page.goto(world.link("tep", about=number, part=1, person_id=world.people["VP01"]))
    page.get_by_role("button", name="Mở").click()
    expect(page.locator("img")).to_be_visible()
    assert page.locator("img").evaluate("seen => seen.naturalWidth") == 40


def test_what_is_over_is_said_in_one_sentence(world: Opening, tmp_path: Path) -> None:
    with running(world.app) as address, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_context(viewport=PHONE, base_url=address).new_page()
        page.goto(world.link("gui") + "x")
        expect(page.get_by_role("status")).to_have_text(pages.WRONG)
        looks_right(page, tmp_path / "het.png")
        browser.close()
