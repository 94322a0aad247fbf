"""Both channels of Zalo, talked to and treated badly: no secret is printed, told or kept."""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from sqlmodel import Session, select

from bot.sandbox import OfficialAccount
from bot.sandbox.app import create_app
from bot.sandbox.remote import Remote, RemotePhone
from bot.sandbox.running import running
from storage import migrate
from storage.database import Database
from storage.tables import Account, Credential, Delivery, Inbox, Outbox, Person
from tests.cast import cast
from tests.playing import picture
from tests.promises.printing import CITIZEN, PHONES, WORDS, Printing, handled, heard, until
from tests.web.opening import button

TOKEN = "3131313131:AAzalo-secret_0123456789abcdefghij"
SECRETS = ("app+secret/of=the-account", "page+key/of=the-account", "first+refresh/token=AAAA")
OA = OfficialAccount("4318", *SECRETS, window_days=0)
LINKS = "a secret of links, thirty-two letters"
BOTS = {"zalo": f"zalo:{TOKEN.partition(':')[0]}", "zalo_oa": f"zalo_oa:{OA.app_id}"}
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/(?:gui|noi|tep)/(\S+)")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """CB001 on both channels, CB002 on the bot; a visit with a certain word cannot be stored."""
    db = Database(f"sqlite:///{tmp_path / 'sausat.db'}")
    migrate.upgrade(db)
    with db.writing() as session:
        people = cast(session)
        for place, (code, bot) in enumerate((("CB001", "zalo"), ("XA01", "zalo_oa"))):
            account = Account(bot=BOTS[bot], external_id=_number(place), state="confirmed")
            account.person_id = people[code]
            session.add(account)
        session.connection().exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON visit "
            f"WHEN NEW.situation LIKE '%{WORDS[7]}%' "
            f"BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    yield db
    db.close()


def _number(place: int) -> str:
    return f"5a10b7c6d5e4f30{place}"


def talk(phone: RemotePhone, seat: RemotePhone, db: Database) -> list[str]:
    """Texts, numbers, a refused secret, photos, a card, pages; the links that were sent."""
    phone.says(f"Sáng nay dự họp Đảng ủy xã Hòa Mẫu, {WORDS[0]}, máy {PHONES[0]}")
    heard(phone, WORDS[0])
    phone.presses("Gửi")
    heard(phone, "Đã lưu phiếu")
    phone.says(f"tìm {CITIZEN} của {WORDS[2]}, hẹn gọi {PHONES[2]}")
    heard(phone, "Hệ thống đã che")
    phone.says(f"tài liệu MẬT {WORDS[3]}")
    heard(phone, "dấu hiệu tài liệu mật")
    phone.sends_photos((f"{WORDS[4]}.jpg", picture()), caption=f"{WORDS[5]} {PHONES[3]}")
    phone.sends_contact()
    heard(phone, "Zalo chưa cho gửi tệp")
    links = _pages(phone)
    seat.says(f"Kiến nghị: {WORDS[8]} sửa cầu thôn 3, liên hệ {PHONES[1]} số {CITIZEN}")
    heard(seat, WORDS[8])
    seat.sends_location(13.78, 109.22)
    seat.sends_document(f"{WORDS[6]}.exe", b"MZ\x00\x01")
    handled(db)
    return links


def _pages(phone: RemotePhone) -> list[str]:
    """Open the page, send a photo there, and try links that were tampered with."""
    texts = [each["text"] for each in phone.messages()]
    found = [match for text in texts for match in ADDRESS.finditer(text)]
    assert found
    address = found[-1][0]
    page = httpx.get(address, trust_env=False)
    sent = {"tep": (f"{WORDS[9]}.jpg", picture())}
    assert httpx.post(address, data={"bam": "x"}, trust_env=False).status_code == 403
    done = httpx.post(address, data={"bam": button(page)}, files=sent, trust_env=False)
    assert "Đã nhận 1 ảnh" in done.text
    assert httpx.get(f"{address[:-1]}~", trust_env=False).status_code == 404
    assert httpx.get(address.replace("/gui/", "/tep/"), trust_env=False).status_code == 404
    return [match[1] for match in found]


def mistreat(remote: Remote, phone: RemotePhone, seat: RemotePhone, service: Printing) -> None:
    """Crashes, refusals that quote secrets, expired tokens, gateways, dropped lines."""
    phone.says(f"Chiều nay họp thôn 3 xã Hòa Mẫu, {WORDS[7]} còn chậm")
    heard(phone, WORDS[7])
    phone.presses("Gửi")
    heard(phone, "Hệ thống gặp trục trặc")
    quoted = f"bot{TOKEN} {SECRETS[2]} cannot say {WORDS[9]} to {PHONES[0]}"
    for channel, sends in (("zalo", "sendMessage"), ("zalo_oa", "message/cs")):
        send = {"method": f"*{sends}", "channel": channel, "count": 1}
        remote.switch("error", **send, code=400 if channel == "zalo" else -201, description=quoted)
        remote.switch("html_429", **send)
        remote.switch("html_502", **send)
        remote.switch("drop_after", **send)
        remote.switch("malformed", channel=channel, count=1)
    remote.switch("html_502", method="getUpdates", channel="zalo", count=1)
    remote.switch("error", method="getUpdates", channel="zalo", count=1, code=401)
    remote.switch("token_expired", channel="zalo_oa", count=1)
    for _ in range(4):
        phone.says(f"tìm {WORDS[10]}")
        seat.says(f"tìm {WORDS[11]}")
        time.sleep(0.4)
    url = f"http://127.0.0.1:{service.port}/zalo_oa"
    wrong = {"X-ZEvent-Signature": f"mac={SECRETS[1]}"}
    body = f'{{"event_name": "user_send_text", "timestamp": "1", "text": "{WORDS[1]}"}}'
    assert httpx.post(url, content=body, headers=wrong, trust_env=False).status_code == 401
    wanted = {"message_failed", "poll_failed", "handling_failed", "update_malformed"}
    until(lambda: all(e in service.log.read_text() for e in wanted), "Zalo was never that bad")


@pytest.mark.parametrize(
    "loud",
    [
        pytest.param(False, marks=pytest.mark.everywhere, id="as it runs"),
        pytest.param(True, marks=pytest.mark.everywhere, id="at debug level"),
    ],
)
def test_nothing_printed_told_or_kept_holds_a_secret_of_zalo(
    database: Database, tmp_path: Path, *, loud: bool
) -> None:
    phones = [
        {"id": _number(0), "name": "Nguyễn Văn Mẫu", "channel": "zalo", "opened": True},
        {"id": _number(1), "name": "Trần Thị Hòa", "channel": "zalo_oa", "opened": True},
    ]
    app = create_app(zalo_token=TOKEN, zalo_oa=OA, phones=phones)
    with running(app) as address, Remote(address) as remote:
        service = Printing(database, tmp_path, _channels(address), loud=loud)
        try:
            service.ready()
            remote.post_to("zalo_oa", f"http://127.0.0.1:{service.port}/zalo_oa")
            phone, seat = (remote.phone(str(each["id"])) for each in phones)
            links = talk(phone, seat, database)
            mistreat(remote, phone, seat, service)
            handled(database)
            told = _told(service)
        finally:
            printed = service.stop()

    with database.reading() as session:
        reasons = _reasons(session)
        forbidden = [*_secrets(session), *links, *WORDS]
        numbers = [CITIZEN, *PHONES, *_phones(session)]
    for text in (printed, told, reasons):
        assert [each for each in forbidden if each.casefold() in text.casefold()] == []
        assert [each for each in numbers if each in text] == []
    assert "message_sent" in printed
    assert "Traceback" in reasons
    sys.stdout.write(f"{printed.count(chr(10))} lines, {len(forbidden)} secrets, 0 found\n")


def _channels(address: str) -> dict[str, str]:
    return {
        "SAUSAT_ZALO_TOKEN": TOKEN,
        "SAUSAT_ZALO_API": f"{address}/zalo",
        "SAUSAT_ZALO_OA_APP_ID": OA.app_id,
        "SAUSAT_ZALO_OA_APP_SECRET": SECRETS[0],
        "SAUSAT_ZALO_OA_SECRET_KEY": SECRETS[1],
        "SAUSAT_ZALO_OA_REFRESH_TOKEN": SECRETS[2],
        "SAUSAT_ZALO_OA_API": f"{address}/zalo_oa",
        "SAUSAT_LINK_SECRET": LINKS,
    }


def _secrets(session: Session) -> list[str]:
    """Everything secret, plain and percent-encoded in either way."""
    pairs = session.exec(select(Credential)).all()
    assert pairs
    kept = [token for pair in pairs for token in (pair.access_token, pair.refresh_token)]
    plain = [TOKEN, TOKEN.partition(":")[2], LINKS, *SECRETS, *kept]
    return [form for each in plain for form in (each, quote(each), quote(each, safe=""))]


def _phones(session: Session) -> list[str]:
    people = session.exec(select(Person)).all()
    return [form for p in people for form in (p.phone, p.phone.replace(" ", "")) if form]


def _told(service: Printing) -> str:
    """What the service tells whoever asks: metrics, health, and pages that are not."""
    base = f"http://127.0.0.1:{service.port}"
    paths = ("/metrics", "/health", "/zalo", "/zalo_oa", "/gui/x", "/tep/x/y/z")
    return "\n".join(httpx.get(f"{base}{path}", trust_env=False).text for path in paths)


def _reasons(session: Session) -> str:
    """Why messages failed, in the words that are kept."""
    found = [
        reason
        for table in (Inbox, Outbox, Delivery)
        for reason in session.exec(select(table.reason)).all()
    ]
    return "\n".join(found)
