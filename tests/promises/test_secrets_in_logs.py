"""A real service that is talked to and treated badly prints no token, no text, no number."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlmodel import Session, select

from bot.sandbox.app import create_app
from bot.sandbox.remote import Remote, RemotePhone
from bot.sandbox.running import running
from storage import migrate
from storage.database import Database
from storage.tables import Account, Person
from tests.cast import cast
from tests.playing import picture
from tests.promises.printing import CITIZEN, PHONES, WORDS, Printing, handled, heard, until

BOT = "4242424242"
TOKEN = f"{BOT}:AAsandbox-secret_0123456789abcdefghij"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Everybody with a linked phone; a visit that holds a certain word cannot be stored."""
    db = Database(f"sqlite:///{tmp_path / 'sausat.db'}")
    migrate.upgrade(db)
    with db.writing() as session:
        people = cast(session)
        for number in people.person.values():
            session.add(
                Account(
                    bot=f"telegram:{BOT}",
                    external_id=str(1000 + number),
                    person_id=number,
                    state="confirmed",
                )
            )
        session.connection().exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON visit "
            f"WHEN NEW.situation LIKE '%{WORDS[7]}%' "
            f"BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    yield db
    db.close()


def talk(remote: Remote, phone: RemotePhone, db: Database) -> None:
    """Texts, numbers, a refused secret, a photo, buttons, an edited and a malformed message."""
    first = phone.says(f"Sáng nay dự họp Đảng ủy xã Hòa Mẫu, {WORDS[0]}, máy {PHONES[0]}")
    heard(phone, WORDS[0])
    phone.edits(first, f"Sáng nay dự họp Đảng ủy xã Hòa Mẫu, {WORDS[1]}, máy {PHONES[1]}")
    heard(phone, WORDS[1])
    phone.presses("Gửi")
    heard(phone, "Đã lưu phiếu")
    phone.says(f"Số định danh {CITIZEN} của {WORDS[2]}, hẹn gọi {PHONES[2]}")
    heard(phone, "Hệ thống đã che")
    phone.says(f"tài liệu MẬT {WORDS[3]}")
    heard(phone, "dấu hiệu tài liệu mật")
    phone.sends_photos((f"{WORDS[4]}.jpg", picture()), caption=f"{WORDS[5]} {PHONES[3]}")
    phone.sends_document(f"{WORDS[6]}.exe", b"MZ\\x00\\x01")
    remote.switch("malformed", count=1)
    phone.says(f"tim {WORDS[8]}")
    handled(db)


def mistreat(remote: Remote, phone: RemotePhone, db: Database, log: Path) -> None:
    """Crashes while handling, and a server that refuses, quotes, drops and blocks."""
    phone.says(f"Chiều nay họp thôn 3 xã Hòa Mẫu, {WORDS[7]} còn chậm")
    heard(phone, WORDS[7])
    phone.presses("Gửi")
    heard(phone, "Hệ thống gặp trục trặc")
    quoted = f"Bad Request: bot{TOKEN} cannot say {WORDS[9]} to {PHONES[0]}"
    poll, send = {"method": "getUpdates", "count": 1}, {"method": "sendMessage", "count": 1}
    switches: tuple[dict[str, Any], ...] = (  # each poll that fails doubles the pause before next
        {"kind": "too_many", **send, "retry_after": 1},
        {"kind": "server_error", **send, "description": quoted},
        {"kind": "server_error", **poll, "description": quoted},
        {"kind": "error", **send, "code": 400, "description": quoted},
        {"kind": "drop_before", **send},
        {"kind": "drop_before", **poll},
        {"kind": "drop_after", **send},
        {"kind": "error", **poll, "code": 401, "description": quoted},
        {"kind": "error", "method": "getFile", "count": 1, "code": 400, "description": quoted},
    )
    for switch in switches:
        remote.switch(**switch)
        phone.says(f"tim {WORDS[10]}")
        phone.sends_photos(("anh.jpg", picture()), caption=WORDS[11])
        time.sleep(0.5)
    until(lambda: not remote.http.get("/sandbox/switches").json(), "a switch was never met")
    met = {"unauthorized", "unreachable", "message_failed"}
    until(lambda: all(each in log.read_text() for each in met), "the server was never that bad")
    handled(db)


@pytest.mark.parametrize(
    "loud",
    [
        pytest.param(False, marks=pytest.mark.everywhere, id="as it runs"),
        pytest.param(True, id="at debug level"),
    ],
)
def test_nothing_printed_holds_a_token_a_text_or_a_number(
    database: Database, tmp_path: Path, *, loud: bool
) -> None:
    with database.reading() as session:
        phones, numbers = _phones(session)
    with running(create_app(token=TOKEN, phones=phones)) as address, Remote(address) as remote:
        channels = {"SAUSAT_TELEGRAM_TOKEN": TOKEN, "SAUSAT_TELEGRAM_API": address}
        service = Printing(database, tmp_path, channels, loud=loud)
        try:
            service.ready()
            phone = remote.phone(next(str(p["id"]) for p in phones if p["code"] == "CB001"))
            talk(remote, phone, database)
            mistreat(remote, phone, database, service.log)
        finally:
            printed = service.stop()

    secret = TOKEN.partition(":")[2]
    forbidden = [TOKEN, secret, quote(TOKEN), quote(TOKEN, safe=""), CITIZEN, *WORDS, *PHONES]
    lower = printed.casefold()
    assert [each for each in [*forbidden, *numbers] if each.casefold() in lower] == []
    for event in ("message_handled", "message_sent", "message_failed", "handling_failed"):
        assert event in printed
    sys.stdout.write(f"{printed.count(chr(10))} lines, {len(forbidden)} secrets, 0 found\n")


def _phones(session: Session) -> tuple[list[dict[str, object]], list[str]]:
    """The table of the sandbox, and the telephone numbers of the roster."""
    people = session.exec(select(Person)).all()
    table = [
        {"id": str(1000 + (p.id or 0)), "name": p.full_name, "code": p.code, "opened": True}
        for p in people
    ]
    return table, [form for p in people for form in (p.phone, p.phone.replace(" ", ""))]


def test_an_exception_that_nobody_retrieves_is_told_without_its_words(tmp_path: Path) -> None:
    """asyncio prints the exception of a forgotten task by itself."""
    code = (
        "import asyncio, gc\n"
        "from bot.work import logs\n"
        f"logs.set_up([{TOKEN!r}])\n"
        f"async def falls():\n    raise ValueError({WORDS[0] + TOKEN!r})\n"
        "async def main():\n"
        "    asyncio.create_task(falls())\n"
        "    await asyncio.sleep(0)\n"
        "    await asyncio.sleep(0)\n"
        "    gc.collect()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "never retrieved" in done.stderr
    assert "ValueError" in done.stderr
    assert WORDS[0] not in done.stderr
    assert TOKEN not in done.stderr
