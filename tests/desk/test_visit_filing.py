"""Filing a visit: rows, promises, companions, and who may not."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.conversation.form import Draft
from bot.conversation.step import start
from bot.desk import visit_filing
from bot.messages import Outgoing, Rejected
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.duties import visit_days
from storage.scope import SYSTEM
from storage.tables import Commitment, Companion, Visit
from tests.cast import NOW, TODAY, Cast, cast


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        return cast(session)


def _answers(people: Cast, **more: Any) -> dict[str, Any]:
    return {
        "area_id": str(people.area["HOAMAU"]),
        "visited_on": "2026-11-24",
        "activity": "thon",
        "situation": "Bà con đồng thuận",
        "_begun": NOW.isoformat(),
        **more,
    }


def _file(session: Session, people: Cast, who: str, answers: Mapping[str, Any]) -> list[Outgoing]:
    viewer = viewer_for(session, people[who], TODAY)
    draft: Draft = start(_form(), answers, at=NOW, inbox_id=None)
    return visit_filing.file(session, viewer, draft, NOW)


def _form():  # type: ignore[no-untyped-def]  # bot.forms.visit imports what is tested here
    from bot.forms.visit import FORM

    return FORM


def test_who_went_along_and_is_on_the_roster_has_been_there_too(db: Database, people: Cast) -> None:
    along = ["đồng chí Đỗ Văn Thay", "hai cán bộ của sở"]
    with db.writing() as session:
        _file(session, people, "CB001", _answers(people, companions=along))
    with db.reading() as session:
        rows = session.exec(select(Companion).order_by(col(Companion.id))).all()
        days = visit_days(session, SYSTEM, date(2026, 11, 1), date(2026, 11, 30))
    assert [row.person_id for row in rows] == [people["CB002"], None]
    assert {person for person, _, _ in days} == {people["CB001"], people["CB002"]}


def test_a_promise_keeps_the_day_it_names(db: Database, people: Cast) -> None:
    promised = ["Xã báo lại danh sách trước 15/12", "Xem lại giá đất"]
    with db.writing() as session:
        _file(session, people, "CB001", _answers(people, commitments=promised))
        rows = session.exec(select(Commitment).order_by(col(Commitment.number))).all()
        assert [row.due_on for row in rows] == [date(2026, 12, 15), None]


def test_a_visit_to_an_area_of_somebody_else_is_refused(db: Database, people: Cast) -> None:
    with db.writing() as session, pytest.raises(Rejected, match="không được phân công"):
        _file(session, people, "CB001", _answers(people, area_id=str(people.area["LONGMAU"])))


def test_only_who_helps_or_the_office_writes_for_another(db: Database, people: Cast) -> None:
    answers = _answers(people, _for=people["CB001"])
    for who in ("CB002", "XA01", "CB099"):
        with db.writing() as session, pytest.raises(Rejected, match="ghi hộ"):
            _file(session, people, who, answers)
    with db.writing() as session:
        _file(session, people, "GV01", answers)
        visit = session.exec(select(Visit)).one()
        assert (visit.person_id, visit.written_by_id) == (people["CB001"], people["GV01"])
        assert visit.confirmed_at is None
