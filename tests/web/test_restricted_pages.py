"""What goes to the standing board alone: by the page only, told in neutral words, logged."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select as select_columns
from sqlmodel import select
from starlette.applications import Starlette

from bot import files as kept_files
from bot.desk.restricted import NEUTRAL, NOBODY
from bot.web.links import LIFE, Pages
from bot.web.restricted_pages import EXPIRED, restricted_routes
from bot.work import clock, sealed
from bot.work.clock import ALWAYS
from bot.work.receive import SECRET
from storage import secrecy, settings
from storage.audit import entry
from storage.database import Database
from storage.tables import Inbox, Outbox, Person, Restricted, RestrictedReceiver, Role
from tests.web.opening import PAGES, Opening, button, opening
from tests.work.inbox import linked

TEXT = "Đề nghị xem lại việc giao đất zq901q ở thôn 3"


@pytest.fixture
def world(db: Database, tmp_path: Path) -> Iterator[Opening]:
    """CB001 has a phone, TT01, TT02 and KT01 too; TT02 is of the board as well."""
    kept_files.use(tmp_path / "files")
    secrecy.use(["k" * 32])
    plain = opening(db, tmp_path / "files")
    with db.writing() as session:
        for code, name, role in (
            ("TT02", "Hà Văn Phó", "thuong_truc"),
            ("KT01", "Phan Thị Kiểm", "kiem_tra"),
        ):
            person = Person(code=code, full_name=name, unit="Ủy ban Kiểm tra" * (role[0] == "k"))
            session.add(person)
            session.flush()
            plain.people.person[code] = person.id or 0
            session.add(Role(person_id=person.id or 0, role=role))
        for number, code in enumerate(("TT01", "TT02", "KT01"), start=200):
            session.add(linked(plain.people[code], number))
    app = Starlette(routes=restricted_routes(db, PAGES, arrived=lambda: None))
    app.state.close = lambda: None
    yield replace(plain, app=app)
    secrecy.use([])
    kept_files.use(Path("files"))


def of(world: Opening, who: str) -> str:
    """A link of this person's own phone."""
    with world.db.reading() as session:
        found = session.connection().exec_driver_sql(
            f"SELECT id FROM account WHERE person_id = {world.people[who]}"
        )
        number = int(found.scalar_one())
    return world.link("rieng", person_id=world.people[who], account_id=number)


def opened(world: Opening, who: str) -> httpx.Response:
    return world.press(of(world, who), viec="xem")


def writes(world: Opening, **fields: str) -> httpx.Response:
    """CB001 opens the page, fills in the form and sends it."""
    path = of(world, "CB001")
    page = world.press(path, viec="xem")
    once = re.search(r'name="lan" value="(\w+)"', page.text)
    assert once
    sent = {"viec": "gui", "loi": TEXT, "lan": once[1], **fields}
    return world.post(path, bam=button(page), **sent)


def told(world: Opening) -> dict[str, list[str]]:
    """What waits to be sent, by person."""
    who = {number: code for code, number in world.people.person.items()}
    found: dict[str, list[str]] = {}
    for row in world.rows(Outbox):
        if row.state in ("waiting", "held") and row.person_id:
            found.setdefault(who[row.person_id], []).append(row.body["text"])
    return found


def receivers(world: Opening) -> set[str]:
    who = {number: code for code, number in world.people.person.items()}
    with world.db.reading() as session:
        return {who[row.person_id] for row in session.exec(select(RestrictedReceiver))}


def test_opening_the_link_shows_a_button_and_nothing_else(world: Opening) -> None:
    assert writes(world).status_code == 200
    page = world.get(of(world, "TT01"))
    assert page.text.count("<button>") == 1
    assert "KN-" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_standing_board_is_told_in_neutral_words_and_reads_it(world: Opening) -> None:
    said = writes(world)
    assert "Đã gửi riêng, mã KN-1." in said.text
    assert told(world) == {"TT01": [NEUTRAL], "TT02": [NEUTRAL]}
    assert "KN-1, gửi" in opened(world, "TT01").text
    letter = world.press(of(world, "TT01"), viec="mo", so="1")
    assert TEXT in letter.text
    assert "Nguyễn Văn Mẫu" in letter.text
    with world.db.reading() as session:
        log = session.connection().execute(
            select_columns(entry.c.verb, entry.c.person_id, entry.c.channel).order_by(entry.c.id)
        )
        assert list(log) == [
            ("restricted.file", None, ""),
            ("restricted.open", world.people["TT01"], "web"),
        ]


def test_nothing_that_is_kept_holds_the_words(world: Opening) -> None:
    writes(world, khac="Ông zq902q")
    for table in (Inbox, Outbox, Restricted):
        for row in world.rows(table):
            assert "zq90" not in repr(row)


def test_whoever_it_concerns_does_not_receive_it(world: Opening) -> None:
    writes(world, lienquan=str(world.people["TT01"]))
    assert receivers(world) == {"TT02"}
    assert "TT01" not in told(world)
    assert "KN-1" not in opened(world, "TT01").text
    refused = world.press(of(world, "TT01"), viec="mo", so="1")
    missing = world.press(of(world, "TT01"), viec="mo", so="999")
    assert refused.status_code == missing.status_code == 422
    assert _plain(refused.text) == _plain(missing.text)


def _plain(page: str) -> str:
    """A page without what differs each time it is made."""
    return re.sub(r'value="[^"]*"', "", page)


@pytest.mark.parametrize("said", ["đồng chí Võ Văn Thường và TT02", "Hà Văn Phó, Võ Văn Thường"])
def test_nobody_receives_it_when_it_concerns_all_and_nothing_is_kept(
    world: Opening, said: str
) -> None:
    refused = writes(world, khac=said)
    assert refused.status_code == 422
    assert NOBODY in refused.text
    assert world.rows(Restricted) == []


def test_the_inspection_receives_it_where_the_province_says_so(world: Opening) -> None:
    with world.db.writing() as session:
        settings.put(session, "gui_rieng_kiem_tra", True, ALWAYS)
    writes(world, kin="1")
    assert receivers(world) == {"TT01", "TT02", "KT01"}
    letter = world.press(of(world, "KT01"), viec="mo", so="1")
    assert TEXT in letter.text
    assert "Nguyễn Văn Mẫu" not in letter.text
    assert "Giao thêm" not in letter.text

    writes(world, khac="ủy ban kiểm tra, phòng 2")
    assert "KN-2" not in opened(world, "KT01").text


def test_an_answer_reaches_the_author_on_the_page_only(world: Opening) -> None:
    writes(world)
    done = world.press(of(world, "TT02"), viec="traloi", so="1", loi="Mời đến gặp zq903q")
    assert "Đã gửi trả lời KN-1." in done.text
    assert told(world)["CB001"] == [NEUTRAL]
    assert "zq903q" in opened(world, "CB001").text
    assert "zq903q" not in opened(world, "KT01").text


def test_the_board_lets_one_more_person_read_it(world: Opening) -> None:
    writes(world, kin="1")
    done = world.press(of(world, "TT01"), viec="giao", so="1", ai="KT01")
    assert "Đã giao thêm người xem KN-1." in done.text
    assert told(world)["KT01"] == [NEUTRAL]
    letter = world.press(of(world, "KT01"), viec="mo", so="1")
    assert TEXT in letter.text
    assert "Nguyễn Văn Mẫu" not in letter.text
    for wrong in ("KT01", "CB001", "không ai"):
        assert world.press(of(world, "TT01"), viec="giao", so="1", ai=wrong).status_code == 422


def test_the_same_page_sent_twice_is_kept_once(world: Opening) -> None:
    path = of(world, "CB001")
    page = world.press(path, viec="xem")
    for _ in range(2):
        world.post(path, bam=button(page), viec="gui", loi=TEXT, lan="abc")
    assert len(world.rows(Restricted)) == 1


def test_a_state_secret_is_not_taken(world: Opening) -> None:
    refused = writes(world, loi="Công văn đóng dấu TỐI MẬT của tỉnh gửi về")
    assert refused.status_code == 422
    assert SECRET in refused.text
    assert world.rows(Restricted) == []


def test_a_link_that_is_old_forged_or_of_a_lost_phone_opens_nothing(world: Opening) -> None:
    old = world.link("rieng", at=clock.real() - LIFE - timedelta(minutes=1))
    assert (world.get(old).status_code, EXPIRED in world.get(old).text) == (410, True)
    assert world.get(of(world, "TT01")[:-1] + "x").status_code == 404
    assert world.post(of(world, "TT01"), bam="x" * 22, viec="xem").status_code == 403
    other = world.link("rieng", person_id=world.people["TT01"])  # the account is CB001's
    assert world.get(other).status_code == 410
    assert restricted_routes(world.db, Pages()) == []


def test_what_nobody_settles_is_told_once_more_in_the_same_words(world: Opening) -> None:
    writes(world)
    at = clock.real() + timedelta(days=30)
    assert sealed.remind_receivers(world.db, at) == 2
    assert sealed.remind_receivers(world.db, at) == 0
    assert told(world) == {"TT01": [NEUTRAL] * 2, "TT02": [NEUTRAL] * 2}


def seats(world: Opening, who: str, *, last_day: bool = False) -> None:
    """Somebody takes a seat of the standing board today, or has left it."""
    day = clock.real().date() - timedelta(days=2)
    with world.db.writing() as session:
        if not last_day:
            session.add(Role(person_id=world.people[who], role="thuong_truc", from_date=day))
            return
        for row in session.exec(select(Role).where(Role.person_id == world.people[who])):
            row.to_date = day


def test_who_joins_the_board_later_sees_nothing_sent_before_unless_it_is_handed_to_him(
    world: Opening,
) -> None:
    writes(world)
    seats(world, "UV01")
    sealed.remind_receivers(world.db, clock.real())
    with world.db.reading() as session:
        receivers = {row.person_id for row in session.exec(select(RestrictedReceiver))}
    assert receivers == {world.people["TT01"], world.people["TT02"]}


def test_what_all_receivers_have_left_behind_goes_to_the_board_of_today(world: Opening) -> None:
    writes(world)
    seats(world, "UV01")
    for who in ("TT01", "TT02"):
        seats(world, who, last_day=True)

    assert sealed.remind_receivers(world.db, clock.real()) == 1

    assert told(world)["UV01"] == [NEUTRAL]
    assert sealed.remind_receivers(world.db, clock.real()) == 0


def test_it_never_goes_to_somebody_it_concerns_and_is_ended_when_nobody_else_is_left(
    world: Opening,
) -> None:
    with world.db.reading() as session:
        concerned = session.get_one(Person, world.people["UV01"]).full_name
    writes(world, khac=concerned)
    seats(world, "UV01")
    for who in ("TT01", "TT02"):
        seats(world, who, last_day=True)

    sealed.remind_receivers(world.db, clock.real())

    [row] = world.rows(Restricted)
    assert row.state == "ended"
    assert "UV01" not in told(world)
    assert told(world)["CB001"] == [NEUTRAL]
