"""Takes the pictures of the README and the guides: the story is played, phones are photographed.

`uv run python -m tests.demo.pictures`
"""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from bot.sandbox import Remote
from tests import chromium
from tests.demo.playing import ROOT, demo, play, story

FOLDER = ROOT / "docs" / "pictures"
COLOURS = 64
SIZE = {"width": 1360, "height": 1000}
WHEN: dict[int, tuple[tuple[str, str], ...]] = {  # after which step: phone, name of the picture
    1: (("CB001", "can-bo-nhac-viec"), ("UV01", "uy-vien-cho-y-kien")),
    7: (("CB001", "can-bo-xem-lai"),),
    9: (("UV01", "uy-vien-xac-nhan"),),
    11: (("CB001", "can-bo-tra-loi"), ("XA01", "xa-duoc-thong-tin")),
    13: (("XA01", "xa-kien-nghi"),),
    17: (("VP01", "van-phong-ra-soat"),),
    19: (("VP02", "van-phong-duyet"),),
    21: (("TT01", "thuong-truc-ban-tong-hop"),),
    22: (("TT01", "thuong-truc-theo-dia-ban"),),
}


def take() -> None:
    """Play the story on the page and write the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as (remote, _), sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(viewport=SIZE, locale="vi-VN", device_scale_factor=1.5)  # type: ignore[arg-type]  # a plain dict of sizes
        page.goto(str(remote.http.base_url))
        _take_all(remote, page)
        browser.close()


def take_zalo() -> None:
    """The same story's first half on Zalo alone: all the phones, and one of them."""
    with demo("zalo") as (remote, _), sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(viewport=SIZE, locale="vi-VN", device_scale_factor=1.5)  # type: ignore[arg-type]  # a plain dict of sizes
        page.goto(str(remote.http.base_url))
        steps = story(remote)
        for number, step in enumerate(steps[:12], start=1):
            play(remote, step)
            expect(page.locator("#story .count")).to_contain_text(f"Bước {number + 1}/")
            if number == 7:
                _save("zalo-xem-lai", _phone(page, step["phone"]))
        page.locator(f"#phone-{steps[11]['phone']}").scroll_into_view_if_needed()
        _save("phones-zalo", lambda: page.screenshot(clip={"x": 0, "y": 0, **_above(page)}))
        browser.close()


def _take_all(remote: Remote, page: Page) -> None:
    ids = {phone["code"]: phone["id"] for phone in remote.http.get("/sandbox/phones").json()}
    board = remote.phone(ids["TC01"])
    steps = story(remote)
    for number, step in enumerate(steps, start=1):
        play(remote, step)
        if number < len(steps):
            expect(page.locator("#story .count")).to_contain_text(f"Bước {number + 1}/")
        if number == 10:
            board.presses("Tình hình thực hiện")
            board.sees("địa bàn phải đi")
            _save("ban-to-chuc-tinh-hinh", _phone(page, ids["TC01"]))
        if number == 12:
            page.locator(f"#phone-{ids['CB001']}").scroll_into_view_if_needed()
            _save("phones", lambda: page.screenshot(clip={"x": 0, "y": 0, **_above(page)}))
        for code, name in WHEN.get(number, ()):
            _save(name, _phone(page, ids[code]))


def _above(page: Page) -> dict[str, int]:
    return {"width": SIZE["width"], "height": SIZE["height"]}


def _phone(page: Page, number: str) -> Callable[[], bytes]:
    return page.locator(f"#phone-{number}").screenshot


def _save(name: str, shoot: Callable[[], bytes]) -> Path:
    """The picture in few colours, which is all that it has."""
    picture = Image.open(io.BytesIO(shoot())).convert("RGB").quantize(COLOURS)
    path = FOLDER / f"{name}.png"
    picture.save(path, optimize=True)
    return path


if __name__ == "__main__":
    take()
    take_zalo()
