"""What each viewer may know of a month: nobody learns figures of areas that are not theirs."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.reports.facts import Facts, span_of
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.rules.periods import period, previous
from storage import reports
from storage.database import Database
from storage.facts import facts
from storage.known import ADVICE, CHECK, SITUATION, Known
from storage.scope import SYSTEM, Viewer
from storage.tables import Companion, Report, Visit, VisitVersion
from tests.reports.planted import CLOSE, Planted, at, plant, visit

OCTOBER = period("month", 2026, 10)
SPAN = span_of(previous(OCTOBER), OCTOBER)


def known(session: Session, viewer: Viewer = SYSTEM) -> Known:
    return facts(session, viewer, SPAN, cut=CLOSE)


def commune(cast: Planted) -> Viewer:
    return Viewer(9001, frozenset({"co_so"}), communes=frozenset({cast.areas[0]}))


def cadre(cast: Planted) -> Viewer:
    mine = frozenset({cast.areas[1]})
    return Viewer(cast.followers[1], frozenset({"theo_doi"}), whole=mine, follows=mine)


def member(cast: Planted) -> Viewer:
    mine = frozenset(cast.areas[:13])
    return Viewer(cast.people["UV01"], whole=mine, in_charge=mine)


def outsider(cast: Planted) -> Viewer:
    return Viewer(9002)


@pytest.mark.parametrize("who", [commune, cadre, member, outsider])
def test_a_viewer_knows_nothing_of_other_areas(
    db: Database, who: Callable[[Planted], Viewer]
) -> None:
    with db.writing() as session:
        cast = plant(session)
    viewer = who(cast)
    with db.reading() as session:
        found = known(session, viewer)
    rows = (found.visits, found.cases, found.exchanges, found.assignments)
    assert {row.area_id for kind in rows for row in kind} <= viewer.areas
    assert {row.id for row in found.areas} == viewer.areas


def test_a_commune_does_not_even_learn_which_parts_went_upward(db: Database) -> None:
    with db.writing() as session:
        cast = plant(session)
        slip = visit(9000, cast.followers[0], cast.areas[0], date(2026, 10, 7))
        slip.situation, slip.check = "Nội bộ chưa thống nhất.", "Đã xem sổ sách."
        session.add(slip)
    with db.reading() as session:
        [own] = [row for row in known(session, commune(cast)).visits if row.id == slip.id]
        [whole] = [row for row in known(session).visits if row.id == slip.id]
    assert own.parts == ADVICE
    assert whole.parts == SITUATION + ADVICE + CHECK


def test_a_visit_counts_in_the_version_known_at_the_cut(db: Database) -> None:
    with db.writing() as session:
        cast = plant(session)
        moved = session.get_one(Visit, _last_visit(session))
        version = VisitVersion(
            visit_id=moved.id or 0,
            version=1,
            content={"visited_on": moved.visited_on.isoformat(), "area_id": moved.area_id},
            changed_by_id=cast.followers[0],
            changed_at=CLOSE + timedelta(hours=1),
        )
        session.add(version)
    with db.reading() as session:
        before = known(session).visits
    with db.writing() as session:
        moved = session.get_one(Visit, version.visit_id)
        moved.visited_on = date(2026, 11, 1)
        session.add(moved)
    with db.reading() as session:
        assert known(session).visits == before
        later = facts(session, SYSTEM, SPAN, cut=CLOSE + timedelta(hours=2)).visits
    assert len(later) == len(before) - 1


def _last_visit(session: Session) -> int:
    return max(row.id for row in known(session).visits)


def test_a_withdrawn_visit_counts_until_it_was_withdrawn(db: Database) -> None:
    with db.writing() as session:
        plant(session)
        gone = session.get_one(Visit, _last_visit(session))
        before = len(known(session).visits)
        gone.withdrawn_at = CLOSE + timedelta(minutes=1)
        session.add(gone)
    with db.reading() as session:
        assert len(known(session).visits) == before
        assert len(facts(session, SYSTEM, SPAN, cut=CLOSE + timedelta(hours=1)).visits) < before


def test_who_went_along_has_been_there_too(db: Database) -> None:
    with db.writing() as session:
        cast = plant(session)
        slip = visit(9000, cast.followers[0], cast.areas[120], date(2026, 10, 7))
        session.add(slip)
        session.flush()
        companion = Companion(visit_id=slip.id or 0, person_id=cast.followers[120], name="Cùng đi")
        session.add(companion)
    assert _october(db).value("recorded") == 118


def _october(db: Database) -> Snapshot:
    with db.reading() as session:
        return compile_snapshot(Facts(known(session), OCTOBER))


def test_what_is_entered_after_a_report_went_out_is_named_in_the_next(db: Database) -> None:
    september = period("month", 2026, 9)
    with db.writing() as session:
        cast = plant(session)
        sent = compile_snapshot(Facts(known(session), september))
        late = visit(9000, cast.followers[130], cast.areas[130], date(2026, 9, 30))
        late.submitted_at = at(date(2026, 10, 20))
        session.add(late)
    with db.reading() as session:
        snapshot = compile_snapshot(Facts(known(session), OCTOBER, earlier=sent.figures))
    [block] = [one for one in snapshot.blocks if one.name == "visits"]
    assert block.variants[0] == (
        "ĐI CƠ SỞ: 117/133 địa bàn, 88,0%",
        "(tháng 9: 83,6%); chưa ghi nhận 16",
        "Bổ sung tháng 9: 1 phiếu",
    )
    assert snapshot.value("visits_added") == 1


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        (Viewer(1, frozenset({"tong_hop"}), everywhere=True), {"draft", "sent"}),
        (Viewer(1, frozenset({"thuong_truc"}), everywhere=True), {"sent"}),
        (Viewer(1, in_charge=frozenset({1}), whole=frozenset({1})), {"sent"}),
        (Viewer(1, frozenset({"co_so"}), communes=frozenset({1})), set()),
        (Viewer(1, whole=frozenset({1}), follows=frozenset({1})), set()),
        (Viewer(1), set()),
    ],
)
def test_only_the_office_sees_a_report_that_has_not_gone_out(
    db: Database, viewer: Viewer, seen: set[str]
) -> None:
    with db.writing() as session:
        for code, state in (("2026-09", "sent"), ("2026-10", "draft")):
            reports.keep(session, _report(code, state))
    with db.reading() as session:
        found = [reports.newest(session, viewer, code, "tinh") for code in ("2026-09", "2026-10")]
    assert {one.state for one in found if one} == seen


def _report(code: str, state: str) -> Report:
    return Report(
        period=code,
        scope="tinh",
        cut_at=CLOSE,
        snapshot={},
        sha256="",
        generator="1",
        words={},
        state=state,
    )
