"""The entries behind a figure: codes that this viewer may see, a page at a time."""

from collections.abc import Sequence
from datetime import date

from bot.desk import entered
from bot.desk.case_cards import short
from bot.desk.drilldown import Reader
from bot.desk.shown import PAGE, page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports.figures import (
    AREA,
    CASE,
    CODED,
    COMMITMENT,
    DIRECTIVE,
    ENTERED,
    PLACED,
    VISIT,
    WORK,
    Figure,
)
from bot.reports.labels import LABELS, label
from bot.rules.periods import parse
from bot.rules.vocabulary import activity_label
from bot.words import day, vietnamese_number
from storage import reports
from storage.tables import Area, Case, Commitment, Exchange, Visit


def listed(reader: Reader, args: Sequence[str]) -> Outgoing:
    """/chitiet: the figures; with a figure's name its entries; the last word may be the page."""
    if not args:
        return _figures(reader)
    if args[0] == entered.ALL:
        return entered.figures(reader, page_of(args[1:]))
    figure = reader.snapshot.figures.get(args[0])
    if figure is None:
        raise Rejected("Bản tổng hợp này không có số liệu đó.")
    if figure.of in PLACED:
        return _placed(reader, figure, page_of(args[1:]))
    if figure.of not in (*CODED, DIRECTIVE):
        raise Rejected("Số liệu này xem ở mục Chưa ghi nhận.")
    return _entries(reader, figure, page_of(args[1:]))


def _figures(reader: Reader) -> Outgoing:
    known = reader.snapshot.figures
    rows = [
        (Option(f"{said} ({vietnamese_number(known[name].value)})", token),)
        for name, said in LABELS.items()
        if name in known and known[name].value
        for token in (f"{reader.detail} {name}",)
    ]
    rows += [(one,) for one in entered.option(reader)]
    return Outgoing(f"Xem từng phiếu, {reader.snapshot.period.label}", tuple(rows))


def _entries(reader: Reader, figure: Figure, page: int) -> Outgoing:
    lines = _lines(reader, figure)
    here = lines[(page - 1) * PAGE : page * PAGE]
    head = f"{title(reader, figure)}: {figure.shown}"
    hidden = len(figure.all_ids()) - len(lines)
    said = [head, *(f"{code} {text}" for code, text in here)]
    if hidden:
        said.append(f"{vietnamese_number(hidden)} mục ngoài phạm vi đồng chí được xem.")
    codes = [Option(code, code) for code in dict.fromkeys(code for code, _ in here)]
    rows = [tuple(codes[place : place + 3]) for place in range(0, len(codes), 3)]
    turn = paged(f"{reader.detail} {figure.name}", page, len(lines))
    return Outgoing("\n".join(said), (*rows, *turn))


def _placed(reader: Reader, figure: Figure, page: int) -> Outgoing:
    """The areas that the figure is about, each with its periods where there are several."""
    where: dict[int, list[str]] = {}
    for code in sorted(figure.entries):
        ids = figure.ids(code)
        held = {} if figure.of == AREA else reports.areas_assigned(reader.session, ids)
        for one in ids:
            where.setdefault(held.get(one, one), []).append(code)
    found = reader.official(where)
    here = found[(page - 1) * PAGE : page * PAGE]
    lines = [f"{label(figure)}: {figure.shown}", *(_place(area, where) for area in here)]
    return Outgoing("\n".join(lines), paged(f"{reader.detail} {figure.name}", page, len(found)))


def _place(area: Area, where: dict[int, list[str]]) -> str:
    periods = [known.short for code in where[area.id or 0] if (known := parse(code))]
    return f"{area.name}: {', '.join(periods)}" if len(periods) > 1 else area.name


def title(reader: Reader, figure: Figure) -> str:
    """What the figure is called, with its field or area."""
    name, _, area = figure.name.partition("@")
    if figure.name.startswith("field:"):
        fields = reader.fields
        return f"Kiến nghị mới, {fields.get(int(name[6:]), 'chưa xếp lĩnh vực')}"
    said = figure.label or LABELS.get(name, "Phiếu")
    return f"{said}, {reader.area_name(int(area))}" if area else said


def _lines(reader: Reader, figure: Figure) -> list[tuple[str, str]]:
    ids, session, viewer = figure.all_ids(), reader.session, reader.viewer
    if figure.of == VISIT:
        return [_visit(reader, row) for row in reports.visits_of(session, viewer, ids)]
    if figure.of == CASE:
        return [_case(reader, row) for row in reports.cases_of(session, viewer, ids)]
    if figure.of == COMMITMENT:
        return [_commitment(reader, row) for row in reports.commitments_of(session, viewer, ids)]
    if figure.of == DIRECTIVE:
        found = reports.directives_of(session, viewer, ids)
        return [(f"ND-{number}", reader.area_name(row.area_id)) for number, row in found]
    if figure.of == ENTERED:
        return entered.lines(reader, ids)
    if figure.of == WORK:
        return entered.works(reader, ids)
    return [_exchange(reader, row) for row in reports.exchanges_of(session, viewer, ids)]


def _visit(reader: Reader, row: Visit) -> tuple[str, str]:
    area = reader.area_name(row.area_id)
    return (
        f"CS-{row.number}",
        f"{area}, {day(row.visited_on)}: {activity_label(row.activity, area)}",
    )


def _case(reader: Reader, row: Case) -> tuple[str, str]:
    return (
        f"KN-{row.number}",
        f"{reader.area_name(row.area_id)}: {short(row.text)}{_due(row.due_on)}",
    )


def _commitment(reader: Reader, row: Commitment) -> tuple[str, str]:
    said = f"{reader.area_name(row.area_id)}: {short(row.text)}{_due(row.due_on)}"
    return f"VH-{row.number}", said


def _due(due_on: date | None) -> str:
    return f", hạn {day(due_on)}" if due_on else ""


def _exchange(reader: Reader, row: Exchange) -> tuple[str, str]:
    said = "đã có trả lời" if row.answered_at else f"chưa có trả lời, hạn {day(row.due_on)}"
    return f"TR-{row.number}", f"{reader.area_name(row.area_id)}: {said}"
