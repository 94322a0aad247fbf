"""Behind the figures of programmes: the values that were entered, and the work items."""

from collections.abc import Collection

from bot.desk.drilldown import Reader
from bot.desk.exchanges import excerpt
from bot.desk.indicators import amount_of, span_of, where_of
from bot.desk.shown import PAGE, paged
from bot.messages import Option, Outgoing
from bot.reports.figures import ENTERED, Figure
from bot.rules.vocabulary import WORK_STATES, label
from bot.words import day
from storage import programmes

ALL = "chi_tieu"


def _figures(reader: Reader) -> list[Figure]:
    return [one for one in reader.snapshot.figures.values() if one.of == ENTERED]


def option(reader: Reader) -> list[Option]:
    """The way to the figures of indicators, where the summary has any."""
    found = _figures(reader)
    return [Option(f"Chỉ tiêu ({len(found)})", f"{reader.detail} {ALL}")] if found else []


def figures(reader: Reader, page: int) -> Outgoing:
    """The figures of indicators, each a button to what was entered."""
    found = _figures(reader)
    rows = [
        (Option(f"{one.label}: {one.shown}", f"{reader.detail} {one.name}"),)
        for one in found[(page - 1) * PAGE : page * PAGE]
    ]
    turn = paged(f"{reader.detail} {ALL}", page, len(found))
    return Outgoing(f"Chỉ tiêu, {reader.snapshot.period.label}", (*rows, *turn))


def lines(reader: Reader, ids: Collection[int]) -> list[tuple[str, str]]:
    """Each value with its unit and days."""
    session = reader.session
    found = programmes.values_of(session, reader.viewer, ids)
    known = programmes.in_force(session, reader.snapshot.period.last)
    said = []
    for row in found:
        name = known[row.code].name if row.code in known else row.code
        amount = amount_of(row, known.get(row.code))
        text = f"{name}, {where_of(session, row)}, {span_of(row)}: {amount}"
        said.append((f"SL-{row.number}", text))
    return said


def works(reader: Reader, ids: Collection[int]) -> list[tuple[str, str]]:
    """Each item with its day and how it stands now."""
    found = programmes.works_of(reader.session, reader.viewer, ids)
    return [
        (
            f"CV-{row.number}",
            f"hạn {day(row.due_on)}, {label(WORK_STATES, row.state)}: {excerpt(row.text)}",
        )
        for row in found
    ]
