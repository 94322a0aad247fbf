"""The sentences the office chooses for "Nổi lên": cadres' own words, at most five."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from bot.desk.shown import Shown
from bot.reports.snapshots import Snapshot
from storage import reports
from storage.scope import Viewer
from storage.tables import Case, Visit

MOST = 5
LONGEST = 200


@dataclass(frozen=True)
class Highlight:
    """One sentence with its code; `id` is that of the visit or case."""

    code: str
    id: int
    area_id: int
    text: str


def candidates(session: Session, viewer: Viewer, snapshot: Snapshot) -> list[Highlight]:
    """Everything of the period that could be chosen: new cases, then situations of visits."""
    cases = reports.cases_of(session, viewer, _ids(snapshot, "cases_new"))
    visits = reports.with_situation(session, viewer, _ids(snapshot, "visits"))
    return [*map(_case, cases), *map(_visit, visits)]


def pinned(session: Session, viewer: Viewer, snapshot: Snapshot) -> list[Highlight]:
    """What is chosen by now."""
    cases = reports.cases_of(session, viewer, _ids(snapshot, "cases_new"))
    visits = reports.with_situation(session, viewer, _ids(snapshot, "visits"))
    found = [*(_case(row) for row in cases if row.pinned), *(_visit(v) for v in visits if v.pinned)]
    return found[:MOST]


def toggle(session: Session, viewer: Viewer, snapshot: Snapshot, code: str) -> bool:
    """Choose an entry, or no longer; False when five are chosen already."""
    found = _row(session, viewer, snapshot, code)
    if found is None:
        return True
    if not found.pinned and len(pinned(session, viewer, snapshot)) >= MOST:
        return False
    found.pinned = not found.pinned
    session.add(found)
    session.flush()
    return True


def frozen(highlights: Iterable[Highlight]) -> list[dict[str, Any]]:
    """As a report keeps what it went out with."""
    return [asdict(one) for one in highlights]


def chosen(session: Session, viewer: Viewer, shown: Shown) -> list[Highlight]:
    """What went out, or is chosen by now, as far as this viewer may see the entries."""
    report = shown.report
    if report is None or "chosen" not in report.words:
        return pinned(session, viewer, shown.snapshot)
    kept = [Highlight(**one) for one in report.words["chosen"]]
    seen = {one.code for one in _seen(session, viewer, kept)}
    return [one for one in kept if one.code in seen]


def _seen(session: Session, viewer: Viewer, kept: list[Highlight]) -> list[Highlight]:
    cases = [one.id for one in kept if one.code.startswith("KN")]
    visits = [one.id for one in kept if one.code.startswith("CS")]
    return [
        *map(_case, reports.cases_of(session, viewer, cases)),
        *map(_visit, reports.with_situation(session, viewer, visits)),
    ]


def _row(session: Session, viewer: Viewer, snapshot: Snapshot, code: str) -> Case | Visit | None:
    kind, _, number = code.partition("-")
    rows: Iterable[Case | Visit]
    if kind == "KN":
        rows = reports.cases_of(session, viewer, _ids(snapshot, "cases_new"))
    else:
        rows = reports.with_situation(session, viewer, _ids(snapshot, "visits"))
    return next((row for row in rows if str(row.number) == number), None)


def _ids(snapshot: Snapshot, name: str) -> list[int]:
    figure = snapshot.figures.get(name)
    return figure.all_ids() if figure else []


def _case(row: Case) -> Highlight:
    return Highlight(f"KN-{row.number}", row.id or 0, row.area_id, _clip(row.text))


def _visit(row: Visit) -> Highlight:
    return Highlight(f"CS-{row.number}", row.id or 0, row.area_id, _clip(row.situation))


def _clip(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rpartition(" ")[0] + "…"
