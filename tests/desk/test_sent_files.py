"""Who may have a file that went out: whoever may still read what is in it, and nobody else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import files
from bot.desk import nouns, sent_files
from bot.desk.contract import Result
from bot.messages import Incoming, Outgoing, Rejected
from bot.rules.zone import day_of
from bot.work import clock
from bot.work.viewers import viewer_for
from storage import attachments
from storage.attachments import Wanted
from storage.database import Database
from storage.tables import Outbox
from tests.cast import NOW, Cast, cast

EVERYBODY = ("CB001", "CB002", "CB099", "GV01", "XA01", "UV01", "TT01", "VP01", "VP02", "TC01")


@pytest.fixture
def people(db: Database, tmp_path: Path) -> Iterator[Cast]:
    files.use(tmp_path / "files")
    with db.writing() as session:
        made = cast(session)
    yield made
    files.use(Path("files"))


def asks(db: Database, person: int, words: str, *, pressed: bool = True) -> Result:
    incoming = Incoming(token=words) if pressed else Incoming(text=words)
    with db.writing() as session:
        viewer = viewer_for(session, person, day_of(NOW))
        said = nouns.read(incoming, inbox_id=None, account_id=None)
        return nouns.answer(session, viewer, said, NOW)


def sent(db: Database, person: int, message: Outgoing) -> int:
    with db.writing() as session:
        row = Outbox(
            person_id=person,
            kind="answer",
            body=message.to_json(),
            state="sent",
            created_at=clock.real(),
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def may(db: Database, people: Cast, path: str) -> set[str]:
    with db.reading() as session:
        return {code for code in EVERYBODY if _may(session, people[code], path)}


def _may(session: Session, person: int, path: str) -> bool:
    return sent_files.may_have(session, viewer_for(session, person, day_of(NOW)), path, NOW)


def test_a_list_of_people_is_the_office_s(db: Database, people: Cast) -> None:
    assert may(db, people, "slips/ab/x.docx") == {"VP01", "VP02"}


def test_a_workbook_is_for_whoever_of_the_office_asked_for_it(db: Database, people: Cast) -> None:
    assert may(db, people, f"rosters/{people['VP01']}/ab/x.xlsx") == {"VP01"}
    assert may(db, people, f"rosters/{people['CB001']}/ab/x.xlsx") == set()


def test_how_the_month_stands_is_for_the_organisation_board(db: Database, people: Cast) -> None:
    assert may(db, people, "danh-sach/2026/x.xlsx") == {"VP01", "VP02", "TC01"}


def test_a_voice_note_is_its_author_s_and_the_helper_s(db: Database, people: Cast) -> None:
    with db.writing() as session:
        wanted = Wanted("x:1", "r", "voice", clock.real(), person_id=people["CB001"])
        number = attachments.want(session, wanted)
        attachments.mark_stored(
            session.connection(), number, path="ab/x.ogg", size=1, sha256="x", at=clock.real()
        )
    assert may(db, people, "ab/x.ogg") == {"CB001", "GV01"}
    assert may(db, people, "ab/other.ogg") == set()


@pytest.mark.parametrize(
    "path", ["x.docx", "secret/x.docx", "../slips/x.docx", "slips/../../etc/passwd", "tong-hop/x"]
)
def test_what_is_unknown_nobody_may_have(db: Database, people: Cast, path: str) -> None:
    assert may(db, people, path) == set()


SUMMARY = "tonghop 2026-11"


def test_who_reads_a_summary_gets_it_as_word_excel_and_picture(db: Database, people: Cast) -> None:
    (told,) = asks(db, people["VP01"], f"{SUMMARY} tinh tep")
    assert isinstance(told, Outgoing)
    names = [Path(path).name for path in told.files]
    assert names == ["tong-hop-2026-11.docx", "tong-hop-2026-11.xlsx", "bieu-do-2026-11.png"]
    begins = [files.place(path).read_bytes()[:4] for path in told.files]
    assert begins == [b"PK\x03\x04", b"PK\x03\x04", b"\x89PNG"]


def test_a_summary_s_files_are_for_those_who_may_read_that_summary(
    db: Database, people: Cast
) -> None:
    (whole,) = asks(db, people["VP01"], f"{SUMMARY} tinh bieudo")
    (own,) = asks(db, people["UV01"], f"{SUMMARY} tep")
    assert isinstance(whole, Outgoing)
    assert isinstance(own, Outgoing)
    assert may(db, people, whole.files[0]) == {"VP01", "VP02", "TC01"}  # not approved yet
    assert may(db, people, own.files[0]) == {"UV01"}


def test_the_files_of_a_message_can_be_had_again(db: Database, people: Cast) -> None:
    number = sent(db, people["VP01"], Outgoing("Phiếu", files=("slips/ab/x.docx",)))
    for words in (f"tep: {number}", f"tệp: {number}"):
        (again,) = asks(db, people["VP01"], words)
        assert isinstance(again, Outgoing)
        assert again.files == ("slips/ab/x.docx",)
    (typed,) = asks(db, people["VP01"], f"tệp: {number}", pressed=False)
    assert isinstance(typed, Outgoing)
    assert typed.files == ("slips/ab/x.docx",)


def test_nobody_gets_the_files_of_another_s_message(db: Database, people: Cast) -> None:
    number = sent(db, people["VP01"], Outgoing("Phiếu", files=("slips/ab/x.docx",)))
    for code in EVERYBODY:
        if code == "VP01":
            continue
        with pytest.raises(Rejected):
            asks(db, people[code], f"tep: {number}")
    with pytest.raises(Rejected):
        asks(db, people["VP01"], f"tep: {number + 1}")


def test_every_folder_that_files_are_put_into_has_a_rule() -> None:
    desk = Path(sent_files.__file__).parent
    named = {"slips", "rosters", "danh-sach", "tong-hop", "hop-mat", "can-xem-lai"}
    named |= {"bao-cao-nam", "phieu-nhan-xet"}
    makes = re.compile(r"files\.(?:place|made)\(")
    used = {path.stem for path in desk.glob("*.py") if makes.search(path.read_text())}
    kept = {"compliance", "drilldown", "meetings", "people", "rosters", "signals"}
    kept |= {"reviews", "year_reports"}
    assert used == kept
    assert set(sent_files._RULES) == named


def test_where_to_send_photos_can_be_asked(db: Database, people: Cast) -> None:
    (told,) = asks(db, people["CB001"], "gửi ảnh", pressed=False)
    assert isinstance(told, Outgoing)
    assert told.wants == ("photos", 0)
