"""Queries of cases: what a viewer sees, and figures that add up at every cut."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bot.rules.cases import ACTS
from storage import cases
from storage.database import Database
from storage.scope import INNER, SYSTEM, Viewer
from storage.tables import Case, CaseEvent, Opinion
from tests.cast import Cast, cast

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
Put = Callable[..., int]


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        return cast(session)


@pytest.fixture
def put(db: Database, people: Cast) -> Put:
    """put(raised_at, ended_at=None, due=…, area=…): a case with its history; returns its number."""
    numbers = iter(range(1, 100))

    def add(raised: datetime, ended: datetime | None = None, **other: object) -> int:
        number, due = next(numbers), other.get("due", date(2026, 11, 10))
        with db.writing() as session:
            case = Case(
                number=number,
                area_id=people.area[str(other.get("area", "HOAMAU"))],
                raised_by_id=people["CB001"],
                source="nhan_dan",
                text="Sửa cầu",
                state="ended" if ended else "with_member",
                owner_id=None if ended else people["UV01"],
                due_on=None if ended else due,
                raised_at=raised,
                ended_at=ended,
            )
            session.add(case)
            session.flush()
            assert case.id is not None
            happened = [("raise", raised, "with_member", due)]
            happened += [("word_done", ended, "ended", None)] if ended else []
            for act, at, state, until in happened:
                session.add(CaseEvent(case_id=case.id, at=at, act=act, state=state, due_on=until))
        return number

    return add


def test_a_case_is_found_by_its_number_only_where_it_may_be_seen(
    db: Database, people: Cast, put: Put
) -> None:
    number = put(OCTOBER)
    stranger = Viewer(people["CB099"])
    other_commune = Viewer(people["XA02"], communes=frozenset({people.area["TANMAU"]}))
    commune = Viewer(people["XA01"], communes=frozenset({people.area["HOAMAU"]}))
    with db.reading() as session:
        assert cases.numbered(session, commune, number) is not None
        for viewer in (stranger, other_commune):
            assert cases.numbered(session, viewer, number) is None
            assert cases.taken(session, viewer, number) is None
            assert cases.listed(session, viewer) == []
            assert cases.counted(session, viewer) == 0
            assert cases.history(session, viewer, 1) == []
            assert cases.last_event(session, viewer, 1) is None


def test_conditions_narrow_what_is_found_to_areas(db: Database, people: Cast, put: Put) -> None:
    put(OCTOBER)
    put(OCTOBER, area="TANMAU")
    ward = cases.of_areas([people.area["TANMAU"]])
    with db.reading() as session:
        assert cases.counted(session, SYSTEM, ward) == 1
        assert [c.number for c in cases.listed(session, SYSTEM, ward, cases.open_now())] == [2]


def test_a_communes_query_brings_nothing_of_what_office_and_leaders_say(
    db: Database, people: Cast, put: Put
) -> None:
    number, hoa_mau = put(OCTOBER), frozenset({people.area["HOAMAU"]})
    acts = ["to_office", *sorted(INNER), "tell"]
    with db.writing() as session:
        case = cases.numbered(session, SYSTEM, number)
        assert case is not None
        case_id = case.id or 0
        for act in acts:
            one = CaseEvent(case_id=case_id, at=OCTOBER, act=act, state="x", text=act)
            session.add(one)
        leader = people["UV01"]
        session.add(Opinion(case_id=case_id, person_id=leader, text="Trên", given_at=OCTOBER))
        session.add(Opinion(person_id=leader, text="Chung", given_at=OCTOBER))
    below = [
        Viewer(people["XA01"], communes=hoa_mau),
        Viewer(people["CB001"], whole=hoa_mau, follows=hoa_mau),
        Viewer(people["TC01"], roles=frozenset({"ban_to_chuc"}), everywhere=True),
    ]
    above = {
        Viewer(people["VP01"], roles=frozenset({"tong_hop"}), everywhere=True): 2,
        Viewer(people["CB002"], whole=hoa_mau, in_charge=hoa_mau): 1,
        SYSTEM: 2,
    }
    with db.reading() as session:
        for viewer in below:
            seen = [event.act for event, _ in cases.history(session, viewer, case_id)]
            assert [act for act in seen if act in acts] == ["to_office", "tell"]
            assert cases.last_event(session, viewer, case_id, *INNER) is None
            assert cases.unhandled_opinions(session, viewer) == []
        for viewer, opinions in above.items():
            seen = [event.act for event, _ in cases.history(session, viewer, case_id)]
            assert [act for act in seen if act in acts] == acts
            assert len(cases.unhandled_opinions(session, viewer)) == opinions


def test_inner_acts_are_acts() -> None:
    """Beside them a leader's opinion on a case, which changes nothing of where it stands."""
    assert set(ACTS) | {"opinion"} >= INNER
