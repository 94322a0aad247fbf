"""A copy of all that is held about a person, and what is left when it is erased."""

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot import files as kept_files
from bot.desk.brief import contact
from bot.messages import Outgoing, Rejected
from bot.rules.telephones import COVERED
from bot.work import personal
from bot.work.post import post
from bot.work.receive import handle_next
from storage import drafts, restricted, secrecy
from storage import personal as store
from storage.database import Database
from storage.occurrences import Due, claim
from storage.restricted import New
from storage.scope import Viewer
from storage.tables import (
    Account,
    Alert,
    Assignment,
    Attachment,
    AuditEntry,
    Case,
    Companion,
    Draft,
    Inbox,
    Outbox,
    Person,
    Preference,
    Snooze,
    Visit,
    metadata,
)
from tests.cast import NOW, Cast, cast
from tests.work.inbox import BOT, linked, take_in, text, work_off

WORD = "zq555q"
SLIP = "ghi Hòa Mẫu: hôm nay dự họp cấp ủy, tình hình ổn định, bà con phấn khởi"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    kept_files.use(tmp_path / "files")
    secrecy.use(["k" * 32])
    yield tmp_path / "files"
    secrecy.use([])
    kept_files.use(Path("files"))


@pytest.fixture
def people(db: Database, folder: Path) -> Cast:
    """CB001 filed a visit, wrote and got messages, sent a photo and something restricted."""
    with db.writing() as session:
        everybody = cast(session)
        session.add(linked(everybody["CB001"], 101))
    take_in(db, text(101, SLIP))
    work_off(db)
    take_in(db, text(101, "Gửi"), text(101, f"{WORD} một tin dài còn để đấy, chưa xếp vào đâu"))
    work_off(db)
    with db.writing() as session:
        me = everybody["CB001"]
        post(session, [Outgoing(f"Chờ gửi {WORD}", kind="notice", person_id=me)])
        drafts.begin(session.connection(), me, "visit", {"situation": {"value": WORD}}, NOW)
        visit = session.exec(select(Visit)).one()
        visit.latitude = visit.longitude = 13.5
        session.add_all([visit, Companion(visit_id=visit.id or 0, person_id=me, name="Mẫu")])
        session.add(Snooze(person_id=me, until=NOW, asked_at=NOW))
        for who in ("CB001", "CB002"):
            claim(session, [Due("daily_notice", f"person:{everybody[who]}", NOW)], NOW)
        for kind, path, about in (("photo", "aa/1.jpg", "visit"), ("voice", "bb/2.ogg", "voice")):
            (folder / path).parent.mkdir(parents=True)
            (folder / path).write_bytes(b"x")
            session.add(_file(me, kind, path, about, visit.id or 0))
        new = New("Riêng", (), "", False, ((everybody["TT01"], "thuong_truc"),), "1", date.max)
        restricted.file(session, Viewer(me), new, NOW)
    return everybody


def _file(person: int, kind: str, path: str, about: str, number: int) -> Attachment:
    return Attachment(
        bot=BOT,
        reference=f"ref {path}",
        kind=kind,
        person_id=person,
        about_kind=about,
        about_id=number,
        state="stored",
        path=path,
        wanted_at=NOW,
    )


def ended(db: Database, people: Cast) -> None:
    """CB001 follows nothing any more."""
    with db.writing() as session:
        mine = Assignment.person_id == people["CB001"]
        for row in session.exec(select(Assignment).where(mine)):
            row.to_date = (NOW - timedelta(days=1)).date()
            session.add(row)


def exported(db: Database, folder: Path) -> tuple[dict[str, list[dict[str, object]]], list[str]]:
    to = folder.parent / "ban-sao.zip"
    to.unlink(missing_ok=True)
    personal.export(db, folder, "CB001", to, NOW)
    with zipfile.ZipFile(to) as archive:
        data: dict[str, list[dict[str, object]]] = json.loads(archive.read(personal.DATA))
        return data, archive.namelist()


def test_the_copy_holds_every_table_that_names_the_person_and_the_files(
    db: Database, people: Cast, folder: Path
) -> None:
    data, names = exported(db, folder)
    assert {"person", "account", "visit", "inbox", "outbox", "draft", "assignment"} <= set(data)
    assert {"attachment", "companion", "snooze", "audit_entry"} <= set(data)
    assert set(names) == {"du-lieu.json", "DOC-TRUOC.txt", "tep/aa/1.jpg", "tep/bb/2.ogg"}
    assert [row["code"] for row in data["person"]] == ["CB001"]
    assert [row["target"] for row in data["occurrence"]] == [f"person:{people['CB001']}"]
    assert WORD in json.dumps(data["inbox"], ensure_ascii=False)
    assert (folder.parent / "ban-sao.zip").stat().st_mode & 0o077 == 0


def test_the_copy_never_shows_that_something_restricted_was_sent(
    db: Database, people: Cast, folder: Path
) -> None:
    data, _ = exported(db, folder)
    assert not {"restricted", "restricted_receiver"} & set(data)
    assert "restricted" not in json.dumps(data)


def test_every_table_that_names_a_person_is_erased_from_or_kept_for_a_reason() -> None:
    naming = {
        table.name
        for table in metadata.sorted_tables
        if store._naming(table, "person") or store._naming(table, "account")
    }
    assert naming | {"delivery"} == (store.ERASED | store.KEPT.keys() | store.APART) - {
        "restricted"
    }
    assert not store.ERASED & store.KEPT.keys()
    assert all(store.KEPT.values())


def test_no_column_names_a_person_without_pointing_to_one() -> None:
    """So that the copy and the erasure, which follow the keys, find all of them."""
    named = re.compile(r"(?:^|_)(?:person|by|cadre|member|holder|owner|author|account)_id$")
    loose = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if named.search(column.name) and not column.foreign_keys
    }
    assert loose == {"audit_entry.person_id"}


def test_what_a_person_prefers_is_in_the_copy_and_goes(
    db: Database, people: Cast, folder: Path
) -> None:
    with db.writing() as session:
        session.add(Preference(person_id=people["CB001"], kind="notice", channel="zalo"))
    assert [row["channel"] for row in exported(db, folder)[0]["preference"]] == ["zalo"]
    ended(db, people)
    assert personal.erase(db, folder, "CB001", NOW).rows["preference"] == 1
    assert "preference" not in exported(db, folder)[0]


def test_nothing_of_others_is_in_the_copy(db: Database, people: Cast, folder: Path) -> None:
    with db.writing() as session:
        session.add(linked(people["XA01"], 303))
    take_in(db, text(303, "zq666q"))
    work_off(db)
    data, _ = exported(db, folder)
    assert "zq666q" not in json.dumps(data)


def test_the_copy_holds_the_alerts_that_reached_the_person_and_nobodys_number(
    db: Database, people: Cast, folder: Path
) -> None:
    with db.writing() as session:
        me, other = (session.get_one(Person, people[code]) for code in ("CB001", "XA01"))
        theirs, mine = other.phone, me.phone
        brief = f"{contact(other)}, nhận: {contact(me)}"
        post(session, [Outgoing(brief, kind="notice", person_id=me.id)])
        for number, chain in enumerate(([me.id], [other.id, me.id], [other.id]), start=900):
            session.add(_alert(session, number, people, [one or 0 for one in chain]))
    data, _ = exported(db, folder)
    assert [len(str(row["chain"]).split(",")) for row in data["alert"]] == [1, 2]
    words = json.dumps(data["outbox"], ensure_ascii=False)
    assert mine in words
    assert COVERED in words
    assert theirs not in json.dumps(data)


def _alert(session: Session, number: int, people: Cast, chain: list[int]) -> Alert:
    case = Case(
        number=number,
        area_id=people.area["HOAMAU"],
        raised_by_id=people["XA01"],
        source="cap_uy",
        text="Sạt lở",
        state="with_member",
        raised_at=NOW,
    )
    session.add(case)
    session.flush()
    return Alert(case_id=case.id or 0, by_id=people["XA01"], begun_at=NOW, chain=chain, told_at=NOW)


def test_who_still_serves_is_not_erased(db: Database, people: Cast, folder: Path) -> None:
    for code in ("CB001", "TT01"):
        with pytest.raises(Rejected, match="còn vai trò hoặc phân công"):
            personal.erase(db, folder, code, NOW)


def test_erasing_leaves_the_records_under_the_code_and_nothing_of_the_person(
    db: Database, people: Cast, folder: Path
) -> None:
    ended(db, people)
    take_in(db, text(101, f"{WORD} tin đến muộn"))
    done = personal.erase(db, folder, "CB001", NOW)

    with db.reading() as session:
        person = session.get_one(Person, people["CB001"])
        assert (person.full_name, person.phone, person.post) == ("Cán bộ CB001", "", "")
        visit = session.exec(select(Visit)).one()
        assert visit.person_id == person.id
        assert (visit.situation != "", visit.latitude) == (True, None)
        account = session.exec(select(Account)).one()
        assert (account.person_id, account.state) == (None, "revoked")
        assert account.external_id == f"erased:{account.id}"
        for table in (Inbox, Outbox, Draft, Companion):
            kept = [row for row in session.exec(select(table)) if not _of_others(row, person.id)]
            assert WORD not in repr(kept)
        waiting = session.exec(select(Outbox).where(Outbox.person_id == person.id)).all()
        assert {row.state for row in waiting} == {"cancelled"}
        photo, voice = session.exec(select(Attachment).order_by(Attachment.kind)).all()
        assert (photo.person_id, photo.path, photo.about_kind) == (None, "aa/1.jpg", "visit")
        assert (voice.state, voice.path, voice.reference) == ("gone", "", "")
        assert session.exec(select(Snooze)).all() == []
    assert (folder / "aa/1.jpg").exists()
    assert not (folder / "bb/2.ogg").exists()
    assert not handle_next(db, {})
    assert done.certificate.splitlines()[1] == "Mã trong danh sách: CB001"
    assert "tài khoản Telegram, Zalo: 1 dòng" in done.certificate
    assert "Nguyễn Văn Mẫu" not in done.certificate


def _of_others(row: object, person_id: int | None) -> bool:
    return getattr(row, "person_id", person_id) not in (None, person_id)


def test_erasing_twice_is_no_harm_and_an_unknown_code_is_said(
    db: Database, people: Cast, folder: Path
) -> None:
    ended(db, people)
    personal.erase(db, folder, "CB001", NOW)
    personal.erase(db, folder, "CB001", NOW)
    with pytest.raises(Rejected, match="Không có ai mang mã CB777"):
        personal.erase(db, folder, "CB777", NOW)


def test_both_are_in_the_log(db: Database, people: Cast, folder: Path) -> None:
    exported(db, folder)
    ended(db, people)
    personal.erase(db, folder, "CB001", NOW)
    with db.reading() as session:
        log = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        assert [(row.verb, row.channel) for row in log if row.kind == "person"] == [
            ("person.export", "cli"),
            ("person.erase", "cli"),
        ]
