"""Báo ngay: told at once at any hour, four times each, to one person after another, until taken."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.desk import urgent
from bot.rules.alerts import TIMES, chain, turn
from bot.work.alerting import tell_on
from bot.work.post import post
from storage import alerts
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Account, Outbox, Role
from tests.cast import Cast, cast
from tests.desk.counter import Counter
from tests.desk.saying import Desk
from tests.work.mornings import at

NIGHT = at("2026-11-24", "22:40")
QUARTER = timedelta(minutes=15)


@pytest.fixture
def known(db: Database) -> Cast:
    """The cast at night; the member in charge and the office have phones."""
    with db.writing() as session:
        found = cast(session)
        for code in ("UV01", "VP01", "VP02", "CB001"):
            session.add(
                Account(
                    bot="telegram:1", external_id=code, person_id=found[code], state="confirmed"
                )
            )
        return found


def alarmed(db: Database, known: Cast, who: str = "CB001") -> None:
    with db.writing() as session:
        here = Desk(session, known, NIGHT)
        said = urgent.send(
            session,
            here.viewer(who),
            area_id=known.area["HOAMAU"],
            text="Sạt lở tại thôn 3, 12 hộ phải di dời",
            author=known[who],
            at=NIGHT,
        )
        post(session, [message for message in said if message.person_id is not None])


def told(db: Database, known: Cast) -> list[tuple[str, str, str]]:
    """(whom, kind, state) of what was written about it, oldest first."""
    codes = {number: code for code, number in known.person.items()}
    with db.reading() as session:
        rows = session.exec(select(Outbox).order_by("id"))
        return [(codes[row.person_id or 0], row.kind, row.state) for row in rows]


def says(db: Database, known: Cast, who: str, words: str, after: timedelta) -> str:
    with db.writing() as session:
        here = Desk(session, known, NIGHT + after)
        said = here.words(who, words)
        post(session, [message for _, message in here.told])
        return said


def test_the_superior_is_told_at_once_in_the_night_and_the_author_when_he_took_it(
    db: Database, known: Cast
) -> None:
    alarmed(db, known)
    assert told(db, known) == [("UV01", "urgent", "waiting")]
    said = says(db, known, "UV01", "đã nhận KN-1", timedelta(minutes=5))
    assert said == "Đã ghi: đồng chí nhận KN-1."
    assert told(db, known)[-1] == ("CB001", "urgent", "waiting")
    assert tell_on(db, NIGHT + timedelta(hours=2)) == 0


def test_it_is_told_four_times_each_and_at_last_the_author_has_to_call(
    db: Database, known: Cast
) -> None:
    alarmed(db, known)
    for minutes in range(1, 60 * 4):
        tell_on(db, NIGHT + timedelta(minutes=minutes))
    people = [who for who, _, _ in told(db, known)]
    assert people == ["UV01"] * 4 + ["VP02"] * 4 + ["VP01"] * 4 + ["CB001"]
    with db.reading() as session:
        assert alerts.open_ones(session, SYSTEM) == []


def test_between_two_passes_of_two_processes_it_is_told_once(db: Database, known: Cast) -> None:
    alarmed(db, known)
    with db.reading() as session:
        [(alert, _)] = alerts.open_ones(session, SYSTEM)
    tell_on(db, NIGHT + QUARTER)
    with db.writing() as session:
        late = session.merge(alert, load=False)
        assert not alerts.tell(session, late, NIGHT + QUARTER)
    assert len(told(db, known)) == 2


def test_an_unsent_telling_is_taken_back_when_the_next_is_due(db: Database, known: Cast) -> None:
    alarmed(db, known)
    tell_on(db, NIGHT + QUARTER)
    assert [state for _, _, state in told(db, known)] == ["cancelled", "waiting"]


def test_who_acts_on_the_case_has_taken_it(db: Database, known: Cast) -> None:
    alarmed(db, known)
    with db.writing() as session:
        Desk(session, known, NIGHT + timedelta(minutes=3)).says("UV01", "KN-1 giao tham mưu")
    tell_on(db, NIGHT + QUARTER)
    assert told(db, known)[-1] == ("CB001", "urgent", "waiting")
    with db.reading() as session:
        assert alerts.open_ones(session, SYSTEM) == []


@pytest.mark.parametrize("who", ["CB002", "XA01", "TC01"])
def test_nobody_outside_the_chain_takes_it(db: Database, known: Cast, who: str) -> None:
    alarmed(db, known)
    said = says(db, known, who, "đã nhận KN-1", timedelta(minutes=1))
    assert said.startswith(("KN-1 không báo đến", "Xin bấm nút"))
    assert tell_on(db, NIGHT + QUARTER) == 1


def test_the_second_who_takes_it_reads_who_was_first(db: Database, known: Cast) -> None:
    alarmed(db, known)
    tell_on(db, NIGHT + QUARTER)
    says(db, known, "VP02", "đã nhận KN-1", timedelta(minutes=16))
    said = says(db, known, "UV01", "đã nhận KN-1", timedelta(minutes=17))
    assert said == "KN-1: đồng chí Đinh Văn Chánh đã nhận lúc 22:56."


@given(st.lists(st.integers(1, 9), max_size=6), st.integers(1, 9), st.integers(0, 60))
def test_everybody_of_the_chain_is_told_four_times_and_never_the_author(
    people: list[int], author: int, more: int
) -> None:
    found = chain(people[0] if people else None, people[1:3], people[3:], author=author)
    tellings = [turn(told, found) for told in range(len(found) * TIMES + more)]
    assert author not in found
    assert len(set(found)) == len(found)
    assert all(tellings.count(person) == TIMES for person in found)
    assert tellings[len(found) * TIMES :] == [None] * more


def test_who_writes_for_the_member_in_charge_reads_whom_it_reaches_in_truth(
    db: Database, known: Cast
) -> None:
    with db.writing() as session:
        helping = session.exec(select(Role).where(Role.role == "giup_viec")).one()
        helping.helped_id = known["UV01"]
        session.flush()
        desk = Counter(session, known, NIGHT)
        before = desk.says("GV01", "báo ngay: Hòa Mẫu sạt lở tại thôn 3, 12 hộ phải di dời")
        after = desk.presses("GV01", "Đúng, báo ngay")
    assert "Báo ngay đến: đồng chí Đinh Văn Chánh" in before
    assert after.startswith("Đã báo ngay KN-1 đến đồng chí Đinh Văn Chánh.")
