"""The doctor names what is wrong, in Vietnamese, with the command or variable that mends it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.app import create_app
from bot.sandbox.running import running
from bot.settings import Settings
from bot.work import clock
from bot.work.backup import backup
from bot.work.doctor import examine, table
from bot.work.findings import Finding
from storage.database import Database
from storage.tables import Account, Inbox, Lease, Outbox, Person

TOKEN = "123456:sandbox-token"


@pytest.fixture
def ready(laid: Database) -> Database:
    return laid


def look(db: Database, files: Path, **settings: Any) -> dict[str, Finding]:
    given = Settings(_env_file=None, files=files, **settings)
    return {finding.name: finding for finding in examine(given, db)}


def test_a_fresh_installation_is_told_what_to_do_next(ready: Database, tmp_path: Path) -> None:
    found = look(ready, tmp_path / "files")
    assert found["database"].state == "good"
    assert found["database"].detail.endswith("bản cấu trúc mới nhất")
    assert found["telegram"].state == "off"
    assert "sausat import" in found["people"].detail
    assert "sausat serve" in found["service"].detail
    assert (found["backup"].state, found["disk"].state) == ("bad", "good")


def test_a_database_without_tables_is_named(blank: Database, tmp_path: Path) -> None:
    found = look(blank, tmp_path)
    assert found["database"].state == "bad"
    assert "sausat init" in found["database"].detail
    assert "backup" not in found


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    db = Database(f"postgresql://nobody@/nothing?host={tmp_path}")
    found = look(db, tmp_path)
    assert found["database"].state == "bad"
    assert "SAUSAT_DATABASE_URL" in found["database"].detail
    assert "\n" not in found["database"].detail


def test_telegram_that_answers_is_good(ready: Database, tmp_path: Path) -> None:
    with running(create_app(token=TOKEN)) as address:
        found = look(ready, tmp_path, telegram_token=TOKEN, telegram_api=address)
        assert found["telegram"].state == "good"
        assert found["telegram"].detail.startswith("@")
        assert found["clock"].state == "good"
        wrong = look(ready, tmp_path, telegram_token="9:x", telegram_api=address)
        assert wrong["telegram"].state == "bad"


def test_telegram_out_of_reach_names_the_proxy(ready: Database, tmp_path: Path) -> None:
    found = look(ready, tmp_path, telegram_token=TOKEN, telegram_api="http://127.0.0.1:9")
    assert found["telegram"].state == "bad"
    assert "SAUSAT_PROXY" in found["telegram"].detail
    assert TOKEN not in str(found)


@contextmanager
def _telegram_of_another_time(off: timedelta) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(clock.real() + off, usegmt=True))
            self.end_headers()
            self.wfile.write(b'{"ok": true, "result": {"username": "sausat_bot"}}')

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("minutes", "state"), [(0, "good"), (7, "bad"), (-7, "bad")])
def test_a_wrong_clock_is_noticed_by_telegrams(
    ready: Database, tmp_path: Path, minutes: int, state: str
) -> None:
    with _telegram_of_another_time(timedelta(minutes=minutes)) as address:
        found = look(ready, tmp_path, telegram_token=TOKEN, telegram_api=address)
    assert found["clock"].state == state
    assert "giây" in found["clock"].detail


SECRET = "a secret of thirty-two letters!!"


@pytest.mark.parametrize(
    ("settings", "state", "said"),
    [
        ({}, "off", "SAUSAT_PUBLIC_URL và SAUSAT_LINK_SECRET"),
        ({"zalo_token": "1:x", "zalo_api": "http://127.0.0.1:9"}, "bad", "SAUSAT_LINK_SECRET"),
        ({"public_url": "https://x.example", "link_secret": SECRET}, "good", "https://x.example"),
        ({"public_url": "http://127.0.0.1:80", "link_secret": SECRET}, "good", "127.0.0.1"),
        ({"public_url": "http://x.example", "link_secret": SECRET}, "bad", "https://"),
        ({"link_secret": SECRET}, "off", "đặt SAUSAT_PUBLIC_URL"),
    ],
)
def test_whether_there_are_pages_is_said(
    ready: Database, tmp_path: Path, settings: dict[str, str], state: str, said: str
) -> None:
    found = look(ready, tmp_path, **settings)["pages"]
    assert found.state == state
    assert said in found.detail
    assert SECRET not in found.detail


def test_a_webhook_without_its_secret_is_not_used(ready: Database, tmp_path: Path) -> None:
    found = look(ready, tmp_path, public_url="https://sausat.example")
    assert found["webhook"].state == "note"
    assert "SAUSAT_WEBHOOK_SECRET" in found["webhook"].detail


def test_a_backup_that_is_too_old_is_wrong(ready: Database, tmp_path: Path) -> None:
    for days, state in ((9, "bad"), (1, "good")):
        at = clock.real() - timedelta(days=days)
        backup(ready, tmp_path / "files", tmp_path / f"{days}.zip", at=at)
        found = look(ready, tmp_path)["backup"]
        assert (found.state, found.detail.split(":")[0]) == (state, f"lần cuối {days} ngày trước")


def test_what_waits_for_a_person_is_counted(ready: Database, tmp_path: Path) -> None:
    now = clock.real()
    with ready.writing() as session:
        session.add_all(Person(code=f"CB{n}", full_name=f"Cán bộ {n}") for n in range(3))
        session.flush()
        session.add(Account(bot="t:1", external_id="1", person_id=1, state="confirmed"))
        session.add(Inbox(bot="t:1", external_id="1", payload={}, received_at=now, state="aside"))
        session.add(Outbox(kind="answer", body={}, created_at=now, state="failed"))
        session.add(Lease(name="clock", holder="h", until=now + timedelta(seconds=20)))
    found = look(ready, tmp_path)
    counts = {name: found[name].count for name in ("set_aside", "failed", "people")}
    assert counts == {"set_aside": 1, "failed": 1, "people": 2}
    assert found["service"].detail.startswith("đang chạy")


def test_messages_that_wait_too_long_are_wrong(ready: Database, tmp_path: Path) -> None:
    since = clock.real() - timedelta(minutes=12)
    with ready.writing() as session:
        session.add(Inbox(bot="t:1", external_id="1", payload={}, received_at=since))
    service = look(ready, tmp_path)["service"]
    assert (service.state, service.detail) == ("bad", "không chạy, tin chờ lâu nhất 12,0 phút")


def test_the_table_lines_up() -> None:
    lines = table(
        [
            Finding("database", "Cơ sở dữ liệu", "good", "sqlite"),
            Finding("set_aside", "Tin để riêng", "note", "xem: sausat retry --list", 2),
            Finding("backup", "Sao lưu", "bad", "chưa có lần nào"),
        ]
    ).splitlines()
    assert lines == [
        "Cơ sở dữ liệu   tốt   sqlite",
        "Tin để riêng    2     xem: sausat retry --list",
        "Sao lưu         LỖI   chưa có lần nào",
    ]


def test_keys_that_are_missing_are_named(ready: Database, tmp_path: Path) -> None:
    found = look(ready, tmp_path)
    assert (found["audit"].state, found["restricted"].state) == ("note", "off")
    found = look(ready, tmp_path, content_key="k" * 32)
    assert (found["audit"].state, found["restricted"].state) == ("good", "bad")
    more = {"public_url": "https://sausat.example", "link_secret": "s" * 32}
    found = look(ready, tmp_path, content_key="k" * 32, **more)
    assert found["restricted"].state == "good"
