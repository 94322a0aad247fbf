"""Programmes on both databases: loaded, corrected, read at a cut, as far as one may see."""

from datetime import date, timedelta

from bot.roster import presets
from bot.rules.periods import period
from storage import programmes
from storage.database import Database
from storage.facts import facts
from storage.known import Span
from storage.scope import SYSTEM, Viewer
from storage.tables import IndicatorValue
from tests.cast import NOW

Y2020 = period("year", 2020)


def test_a_cut_sees_the_version_of_its_time(db: Database) -> None:
    presets.load(db, "khoi-159", NOW)
    later = NOW + timedelta(hours=1)
    new = IndicatorValue(
        number=0,
        code="ket_nap",
        from_date=Y2020.start,
        to_date=Y2020.last,
        value="370",
        entered_at=later,
    )
    with db.writing() as session:
        assert programmes.enter(session, [new], later, by_id=None) == 1
    span = Span(Y2020.start, Y2020.end, NOW, later)
    with db.reading() as session:
        for cut, found in ((NOW, "368"), (later, "370")):
            known = facts(session, SYSTEM, span, cut=cut).programmes
            assert [row.value for row in known.values if row.code == "ket_nap"] == [found]
            assert len(known.targets) == 163
        nobody = facts(session, Viewer(person_id=1), span, cut=later).programmes
        assert nobody.values == ()


def test_an_item_is_done_once(db: Database) -> None:
    presets.load(db, "13-qd", NOW)
    with db.writing() as session:
        [item, *_] = programmes.works_open(session, SYSTEM)
        day = date(2018, 10, 21)
        done = [
            programmes.work_done(session, item, by_id=item.owner_id, at=NOW, day=day)
            for _ in range(2)
        ]
        assert done == [True, False]
        assert item.done_on == day
