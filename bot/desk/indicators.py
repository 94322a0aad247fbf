"""Figures of indicators (SL-…): where one comes from, its versions, entering one in chat."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.exchanges import named
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, local
from bot.words import fold, full_day, number_shown
from storage import areas, audit, people, programmes
from storage.reports import OFFICE
from storage.scope import Viewer
from storage.tables import Indicator, IndicatorValue

ENTER = ("nhapsolieu", "nhap so lieu", "so lieu")
FORM = "figure"
EVERYWHERE = "toàn bộ"
COMPUTED = ("tinh",)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "nhập số liệu" begins the slip; "SL-12" shows a figure, "SL-12 sửa" enters it anew."""
    mine = enterable(session, viewer, day_of(at))
    if words.code is None:
        if not mine:
            raise Rejected("Số liệu do Văn phòng hoặc đồng chí được giao từng chỉ tiêu nhập.")
        return [Start(FORM)]
    found = programmes.value(session, viewer, words.code.number)
    if not found:
        raise Rejected(f"Không tìm thấy SL-{words.code.number}.")
    if fold(words.rest) == "sua":
        return _again(found[0], mine)
    return [_card(session, found, mine)]


def enterable(session: Session, viewer: Viewer, day: date) -> dict[str, Indicator]:
    """What the viewer may enter: the office all, an owner the own indicators."""
    office = viewer.everywhere and bool(viewer.roles & OFFICE)
    me = {viewer.person_id} | viewer.helps
    return {
        code: row
        for code, row in programmes.in_force(session, day).items()
        if (office or row.owner_id in me) and row.kind not in COMPUTED and not row.formula
    }


def _again(row: IndicatorValue, mine: Collection[str]) -> Result:
    if row.code not in mine:
        raise Rejected(f"SL-{row.number} do Văn phòng hoặc người được giao nhập.")
    known = {"code": row.code, "span": f"{row.from_date} {row.to_date}"}
    known["area"] = str(row.area_id or 0)
    return [Start(FORM, known)]


def enter(session: Session, viewer: Viewer, row: IndicatorValue, at: datetime) -> list[Outgoing]:
    """Store one figure; the receipt says what it replaces, and whether parts make up the whole."""
    mine = enterable(session, viewer, row.to_date)
    if row.code not in mine:
        raise Rejected("Chỉ tiêu này không có hiệu lực trong thời gian đó, hoặc không do ta nhập.")
    if not programmes.enter(session, [row], at, by_id=viewer.person_id):
        return [Outgoing("Số này đã có, không có gì thay đổi.")]
    audit.note(session, "figure.enter", "indicator_value", row.id, by=viewer.person_id, at=at)
    said = f"Đã lưu SL-{row.number}, {mine[row.code].name}: {amount_of(row, mine[row.code])}"
    lines = [said, *_corrected(row), *_sums(session, viewer, row)]
    return [Outgoing("\n".join(lines), kind="receipt")]


def _corrected(row: IndicatorValue) -> list[str]:
    return [f"Đây là lần ghi thứ {row.version}, số trước được giữ lại."] if row.version > 1 else []


def _sums(session: Session, viewer: Viewer, row: IndicatorValue) -> list[str]:
    """How the whole stands to its parts, when both are known for the same days."""
    known = programmes.in_force(session, row.to_date)
    whole = known[row.code].whole or row.code
    parts = [code for code, one in known.items() if one.whole == whole]
    if not parts or whole not in known:
        return []
    held = {
        one.code: Decimal(one.value)
        for one in programmes.current(session, viewer, [whole, *parts])
        if programmes.key_of(one)[1:] == programmes.key_of(row)[1:] and one.value
    }
    if whole not in held or not set(parts) <= held.keys():
        return []
    total = sum((held[code] for code in parts), Decimal(0))
    end = "khớp" if total == held[whole] else f"chênh {number_shown(abs(total - held[whole]))}"
    both = f"{number_shown(held[whole])}, các phần {number_shown(total)}"
    return [f"{known[whole].name}: {both}, {end}"]


def amount_of(row: IndicatorValue, indicator: Indicator | None) -> str:
    """The number as people read it."""
    if indicator is None or indicator.kind != "ty_le":
        return f"{shown(row.value)} {indicator.unit if indicator else ''}".strip()
    if row.numerator:
        return f"{shown(row.numerator)}/{shown(row.denominator)} {indicator.out_of}"
    whole = f" của {shown(row.denominator)} {indicator.out_of}" if row.denominator else ""
    return f"{shown(row.value)}%{whole}"


def shown(plain: str) -> str:
    """Plain digits as people read them."""
    return number_shown(Decimal(plain)) if plain else ""


def span_of(row: IndicatorValue) -> str:
    """What days it speaks of."""
    if row.from_date == row.to_date:
        return f"đến {full_day(row.to_date)}"
    return f"{full_day(row.from_date)} - {full_day(row.to_date)}"


def where_of(session: Session, row: IndicatorValue) -> str:
    """Of which unit."""
    return areas.name_of(session, row.area_id) if row.area_id else EVERYWHERE


def _card(session: Session, versions: Sequence[IndicatorValue], mine: Collection[str]) -> Outgoing:
    row = versions[0]
    known = programmes.in_force(session, row.to_date).get(row.code)
    name = known.name if known else row.code
    lines = [
        f"SL-{row.number} · {name} · {where_of(session, row)}",
        f"{span_of(row)}: {amount_of(row, known)}",
    ]
    lines += [f"Theo: {row.source}"] if row.source else []
    lines += [_entered(session, row)]
    lines += [f"Lần ghi {v.version}: {amount_of(v, known)}" for v in versions[1:]]
    card = Outgoing("\n".join(lines))
    if row.code not in mine:
        return card
    return card.with_row(Option("Sửa số liệu", f"SL-{row.number} sửa"))


def _entered(session: Session, row: IndicatorValue) -> str:
    who = people.by_id(session, row.entered_by_id) if row.entered_by_id else None
    by = named(who) if who else "tệp của Văn phòng"
    return f"Nhập {local(row.entered_at):%H:%M} ngày {full_day(day_of(row.entered_at))}, {by}"


NOUN = Noun("indicators", act, commands=ENTER, codes=("SL",))
