"""A phone on Zalo, the real service, and a browser: files and places find their way round Zalo."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Remote, RemotePhone, create_app, running
from storage.database import Database
from storage.tables import Account
from tests.cast import cast
from tests.web.opening import button, picture

ROOT = Path(__file__).parents[2]
TOKEN = "12345:tests"
PHONE = "1f2e3d4c5b6a7988"
START = 30.0
STEP = 30.0  # seconds; a quiet machine needs one
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/(?:gui|noi|tep)/\S+")


@pytest.fixture
def engine() -> str:
    return "sqlite"


@dataclass
class Browser:
    """Opens what the phone was sent."""

    phone: RemotePhone

    def link(self, words: str) -> str:
        """The address in the newest message that holds these words."""
        text = str(self.phone.sees(words, STEP)["text"])
        found = ADDRESS.search(text[text.index(words) :])
        assert found, text
        return found[0]

    def told(self, said: str, words: str) -> None:
        """Press or say something, and wait for a new answer with these words."""
        before = len(self._with(words))
        self.phone.presses(said)
        self.phone.awaits(lambda _: len(self._with(words)) > before, STEP, what=words)

    def _with(self, words: str) -> list[str]:
        return [each["text"] for each in self.phone.messages() if words in each["text"]]

    def presses(self, address: str, *sent: tuple[str, bytes], **fields: str) -> httpx.Response:
        page = httpx.get(address)
        assert page.status_code == 200, page.text
        files = [("tep", (name, content)) for name, content in sent]
        fields |= {"bam": button(page)}
        return httpx.post(address, data=fields, files=files or None, follow_redirects=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def service(db: Database, folder: Path, sandbox: str) -> Iterator[None]:
    address = f"127.0.0.1:{free_port()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAUSAT_")}
    settings = {
        "SAUSAT_DATABASE_URL": db.url.render_as_string(hide_password=False),
        "SAUSAT_FILES": str(folder / "files"),
        "SAUSAT_ZALO_TOKEN": TOKEN,
        "SAUSAT_ZALO_API": f"{sandbox}/zalo",
        "SAUSAT_BIND": address,
        "SAUSAT_PUBLIC_URL": f"http://{address}",
        "SAUSAT_LINK_SECRET": "a secret of thirty-two letters!!",
    }
    log = folder / "service.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "bot", "serve"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=kept | settings, stdout=output, stderr=output
        )
    try:
        until = time.monotonic() + START
        while time.monotonic() < until:
            try:
                httpx.get(f"http://{address}/health")
                break
            except httpx.TransportError:
                assert process.poll() is None, log.read_text()[-3000:]
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(START)


@pytest.fixture
def browser(laid: Database, tmp_path: Path) -> Iterator[Browser]:
    """The service polls although it has an address, because no webhook has a secret."""
    with laid.writing() as session:
        people = cast(session)
        for code in ("CB001", "VP01"):
            number = PHONE if code == "CB001" else PHONE[::-1]
            bot = f"zalo:{TOKEN.partition(':')[0]}"
            account = Account(bot=bot, external_id=number, person_id=people[code])
            account.state = "confirmed"
            session.add(account)
    phones = [
        {"id": PHONE, "name": "Nguyễn Văn Mẫu", "channel": "zalo", "opened": True},
        {"id": PHONE[::-1], "name": "Hồ Thị Tổng", "channel": "zalo", "opened": True},
    ]
    with (
        running(create_app(zalo_token=TOKEN, phones=phones)) as address,
        service(laid, tmp_path, address),
        Remote(address) as remote,
    ):
        yield Browser(remote.phone(PHONE))


def test_a_slip_on_zalo_with_photos_and_a_place_from_a_page(browser: Browser) -> None:
    phone = browser.phone
    phone.says("Hòa Mẫu: hôm nay dự họp cấp ủy, tình hình ổn định, bà con phấn khởi, đường xấu")
    phone.sees("Xin đồng chí xem lại", STEP)
    browser.told("Thêm", "Thêm phần nào?")
    browser.told("Ảnh", "Xin gửi ảnh")
    address = browser.link("Gửi ảnh hoặc tệp: ")
    done = browser.presses(address, ("a.jpg", picture()), ("b.jpg", picture("red")), loi="Cầu")
    assert "Đã nhận 2 ảnh" in done.text
    phone.sees("Đang ghi: 2 ảnh (Cầu)", STEP)
    assert httpx.get(address).status_code == 410
    browser.told("Xong, xem lại", "Kèm 2 ảnh (Cầu)")
    browser.told("Thêm", "Thêm phần nào?")
    browser.told("Vị trí", "Xin gửi vị trí")
    place = browser.presses(browser.link("Gửi vị trí: "), vi="13.78", kinh="109.22")
    assert "Đã nhận vị trí" in place.text
    phone.sees("Kèm vị trí", STEP)
    browser.told("Gửi", "Đã lưu phiếu CS-1")


def test_a_summary_is_fetched_by_its_reader(browser: Browser) -> None:
    office = Browser(RemotePhone(browser.phone.sandbox, PHONE[::-1]))
    office.phone.says("/tonghop")
    office.phone.sees("TỔNG HỢP", STEP)
    office.phone.presses("Word, phụ lục, biểu đồ")
    word = office.presses(office.link("Tải tệp tong-hop-2026"))
    assert word.content.startswith(b"PK")
    assert word.headers["content-disposition"].startswith("attachment")
    picture_ = office.presses(office.link("Xem hình: "))
    assert picture_.headers["content-type"] == "image/png"
    assert picture_.content.startswith(b"\x89PNG")


def test_a_file_that_zalo_does_not_hand_out_is_answered_with_a_link(browser: Browser) -> None:
    browser.phone.sends_document("bien-ban.pdf", b"%PDF-1.7 x")
    address = browser.link("Gửi ảnh hoặc tệp: ")
    assert "Đã nhận 1 tệp" in browser.presses(address, ("bien-ban.pdf", b"%PDF-1.7 x")).text
    browser.phone.sees("Đã giữ tệp", STEP)
