"""The entries behind a figure: codes that this viewer may see, a page at a time."""

from collections.abc import Sequence
from datetime import date

from bot.desk import entered
from bot.desk.case_cards import short
from bot.desk.drilldown import Reader
from bot.desk.shown import PAGE, page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports.figures import CASE, CODED, ENTERED, VISIT, WORK, Figure
from bot.reports.labels import LABELS
from bot.rules.vocabulary import activity_label
from bot.words import day, vietnamese_number
from storage import reports
from storage.tables import Case, Exchange, Visit


def listed(reader: Reader, args: Sequence[str]) -> Outgoing:
    """/chitiet: the figures; with a figure's name its entries; the last word may be the page."""
    if not args:
        return _figures(reader)
    if args[0] == entered.ALL:
        return entered.figures(reader, page_of(args[1:]))
    figure = reader.snapshot.figures.get(args[0])
    if figure is None:
        raise Rejected("Bản tổng hợp này không có số liệu đó.")
    if figure.of not in CODED:
        raise Rejected("Số liệu này xem ở mục Chưa ghi nhận.")
    return _entries(reader, figure, page_of(args[1:]))


def _figures(reader: Reader) -> Outgoing:
    known = reader.snapshot.figures
    rows = [
        (Option(f"{label} ({vietnamese_number(known[name].value)})", token),)
        for name, label in LABELS.items()
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
    codes = [Option(code, code) for code, _ in here]
    rows = [tuple(codes[place : place + 3]) for place in range(0, len(codes), 3)]
    turn = paged(f"{reader.detail} {figure.name}", page, len(lines))
    return Outgoing("\n".join(said), (*rows, *turn))


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


def _due(due_on: date | None) -> str:
    return f", hạn {day(due_on)}" if due_on else ""


def _exchange(reader: Reader, row: Exchange) -> tuple[str, str]:
    said = "đã có trả lời" if row.answered_at else f"chưa có trả lời, hạn {day(row.due_on)}"
    return f"TR-{row.number}", f"{reader.area_name(row.area_id)}: {said}"
