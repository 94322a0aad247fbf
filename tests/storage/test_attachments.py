from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from storage import attachments
from storage.attachments import Task, Wanted
from storage.database import Database
from storage.tables import Attachment
from tests.cast import cast

AT = datetime(2026, 11, 24, tzinfo=UTC)


def want(session: Session, reference: str, person_id: int | None = None) -> int:
    wanted = Wanted("telegram:1", reference, "photo", AT, person_id=person_id, caption="Cầu")
    return attachments.want(session, wanted)


def due(db: Database, at: datetime = AT) -> list[Task]:
    with db.reading() as session:
        return attachments.due(session.connection(), "telegram:1", at)


def test_a_wanted_file_is_due_until_it_is_stored(db: Database) -> None:
    with db.writing() as session:
        first, second = want(session, "a"), want(session, "b", person_id=0)
    assert [task.reference for task in due(db)] == ["a", "b"]
    with db.connection() as c:
        attachments.mark_stored(c, first, path="ab/ab.jpg", size=3, sha256="ab", at=AT)
        attachments.mark_failed(c, second, "too_big")
        attachments.mark_failed(c, first, "too late to fail")
    assert due(db) == []
    with db.reading() as session:
        one = attachments.by_id(session, first)
        assert one is not None
        assert (one.state, one.path, one.stored_at, one.caption) == (
            "stored",
            "ab/ab.jpg",
            AT,
            "Cầu",
        )
        other = attachments.by_id(session, second)
        assert other is not None
        assert (other.state, other.reason, other.person_id) == ("failed", "too_big", None)


def test_a_file_is_tried_again_later(db: Database) -> None:
    with db.writing() as session:
        want(session, "a")
    (task,) = due(db)
    with db.connection() as c:
        attachments.retry_later(c, task, AT + timedelta(minutes=1), "unreachable")
    assert due(db) == []
    assert [again.tries for again in due(db, AT + timedelta(minutes=1))] == [1]


def test_files_belong_to_what_their_sender_filed(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        mine = want(session, "a", people["CB001"])
        theirs = want(session, "a", people["CB002"])
        about = ("visit", 12)
        belong = attachments.belong(session, people["CB001"], references=["a"], about=about)
        assert belong == 1
        assert attachments.belong(session, people["CB001"], references=[], about=about) == 0
    with db.reading() as session:
        rows = {number: session.get(Attachment, number) for number in (mine, theirs)}
        assert [row.about_id for row in rows.values() if row] == [12, None]
