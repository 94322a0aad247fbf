"""Writes values in versions, marks odd years of work items, says what sums leave over."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.roster.applying import Tally, resolved
from bot.roster.entries import Entry
from bot.roster.sheets import BY_NAME
from bot.rules.indicators import odd_year, years_in
from bot.words import number_shown
from storage import programmes
from storage.scope import SYSTEM
from storage.tables import IndicatorValue, Target, WorkItem

SAY = 10


def add_values(
    session: Session, entries: Sequence[Entry], at: datetime, by_id: int | None
) -> Tally:
    """Values; one that says something else than before is a new version of it."""
    rows = resolved(session, BY_NAME["so_lieu"], (entry.values for entry in entries))
    new = [IndicatorValue(**{"area_id": None, **row}, number=0, entered_at=at) for row in rows]
    programmes.enter(session, new, at, by_id=by_id)
    stored = [row for row in new if row.number]
    added = frozenset(row.number for row in stored if row.version == 1)
    corrected = frozenset(row.number for row in stored if row.version > 1)
    return Tally(added, corrected, len(new) - len(stored))


def settle_works(session: Session) -> None:
    """Number what is new, and mark the years that look mistaken; nothing is corrected."""
    programmes.number_works(session)
    items = programmes.works(session, SYSTEM)
    beside: dict[str, list[int]] = defaultdict(list)
    for item in items:
        beside[item.basis] += _years(item)
    for item in items:
        doubt = _doubt(item, beside[item.basis] if item.basis else _years(item))
        if doubt != item.doubt:
            item.doubt = doubt
            session.add(item)
    session.flush()


def _years(item: WorkItem) -> list[int]:
    return [*years_in(item.text), *([item.begins_on.year] if item.begins_on else [])]


def _doubt(item: WorkItem, beside: Sequence[int]) -> str:
    for year in _years(item):
        meant = odd_year(year, item.due_on.year, beside)
        if meant is not None:
            there = "việc cùng căn cứ ghi" if meant in beside else "hạn ghi"
            return f"năm {year}, {there} {meant}"
    return ""


def warnings(session: Session) -> list[str]:
    """Odd years, and targets of units that do not come to that of the whole."""
    return [*_odd(session), *_unsummed(session)]


def _odd(session: Session) -> list[str]:
    found = [row for row in programmes.works(session, SYSTEM) if row.doubt]
    return [f"CV-{row.number}: {row.doubt}, xin xem lại" for row in found[:SAY]]


def _unsummed(session: Session) -> list[str]:
    whole: dict[tuple[str, date, date], Decimal] = {}
    units: dict[tuple[str, date, date], Decimal] = defaultdict(Decimal)
    for row in session.exec(select(Target).where(col(Target.share).is_(False))):
        key = row.code, row.from_date, row.to_date
        if row.area_id is None:
            whole[key] = Decimal(row.goal)
        else:
            units[key] += Decimal(row.goal)
    return [
        f"{key[0]}: giao các đơn vị {number_shown(units[key])}, cả tỉnh {number_shown(goal)}, "
        f"chênh {number_shown(abs(goal - units[key]))}"
        for key, goal in whole.items()
        if key in units and units[key] != goal
    ][:SAY]
