"""What stands on an official paper, whatever its layout: head, number, text, signature."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.rules.province import Province
from bot.words import uncapital

Level = Literal["section", "point", "text"]
BLANK = "……"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the paper; what is empty is left blank, for the document system to fill."""

    superior: str = ""
    body: str = "Văn phòng Tỉnh ủy"
    symbol: str = "BC/VPTU"
    place: str = ""
    on_behalf: tuple[str, str] | None = None  # letters and body: ("TL", "Ban Thường vụ")
    post: str = "Chánh Văn phòng"
    name: str = ""
    receivers: tuple[str, ...] = ()
    archive: str = "Lưu Văn phòng"


@dataclass(frozen=True, slots=True)
class Appendix:
    """A list on pages of its own; `widths` are shares of the page, numbers stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    widths: tuple[float, ...]
    totals: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; `lines` are its text in order, each with its level."""

    issuer: Issuer
    kind: str
    excerpt: str
    lines: tuple[tuple[Level, str], ...]
    to: str = ""
    number: str = ""  # "05", as the document system gave it
    on: date | None = None
    about: date | None = None  # names month and year of a date whose day is not known yet
    after: tuple[str, ...] = ()  # small print after the signature
    appendices: tuple[Appendix, ...] = ()


def number_line(symbol: str, number: str, *, colon: bool) -> str:
    """Số 05-BC/TU, Số: 05/BC-UBND; dots where the number is not known yet."""
    said = number.rjust(2, "0") if number else BLANK
    kind, _, body = symbol.partition("/")
    return f"Số: {said}/{kind}-{body}" if colon else f"Số {said}-{symbol}"


def date_line(paper: Paper) -> str:
    """Quy Nhơn, ngày 05 tháng 4 năm 2026."""
    return f"{paper.issuer.place or BLANK}, {_day(paper)}"


def enclosed_line(paper: Paper, *, colon: bool) -> str:
    """(Kèm theo Báo cáo số 05-BC/TU, ngày 05 tháng 4 năm 2026)."""
    number = number_line(paper.issuer.symbol, paper.number, colon=colon)
    said = uncapital(number.replace(":", ""))
    return f"(Kèm theo {paper.kind} {said}, {_day(paper)})"


def _day(paper: Paper) -> str:
    known = paper.on or paper.about
    day = f"{paper.on.day:02d}" if paper.on else BLANK
    month = month_of(known.month) if known else BLANK
    year = str(known.year) if known else BLANK
    return f"ngày {day} tháng {month} năm {year}"


def month_of(month: int) -> str:
    """January and February take a nought."""
    return f"{month:02d}" if month < 3 else str(month)


def roman(number: int) -> str:
    """I, II, III … as sections are numbered."""
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    found = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        found += sign * count
    return found


def issuer_of(province: Province) -> Issuer:
    """The office of a province, with what it set about its papers."""
    office = province.office.removesuffix(f" {province.committee}")
    signing = [*_listed(province.signing), "", "", ""]
    letters, _, body = signing[0].partition(" ")
    receivers = _listed(province.receivers)
    archived = receivers and receivers[-1].startswith("Lưu")
    return Issuer(
        superior=" ".join((province.committee, province.name.removeprefix("tỉnh"))).strip(),
        body=office,
        symbol=province.symbol,
        place=province.place,
        on_behalf=(letters.replace("/", "").rstrip("."), body) if body else None,
        post=signing[1] or "Chánh Văn phòng",
        name=signing[2],
        receivers=tuple(receivers[:-1] if archived else receivers),
        archive=receivers[-1] if archived else f"Lưu {province.office}",
    )


def _listed(text: str) -> list[str]:
    """Parts between semicolons; an empty one keeps its place."""
    return [part.strip(" .-") for part in text.split(";")] if text.strip() else []
