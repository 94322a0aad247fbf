"""A summary as a Word file: a draft report in the layout that the office's rule book asks for.

It is no signed document: signature and seal are added in the document system, and so are number
and day, unless the office has typed in what it was given there.
"""

from dataclasses import replace

from bot.layout.papers import Issuer, Level, Paper
from bot.layout.profiles import DEFAULT, Profile
from bot.layout.writing import written
from bot.reports.blocks import Passage
from bot.reports.chapters import appendices, sentence, text
from bot.reports.chat import AUTOMATIC, Cover, cut_line
from bot.reports.packing import repacked
from bot.reports.snapshots import Snapshot
from bot.rules.zone import local
from bot.words import day, uncapital

KIND = "Báo cáo"
SUBJECT = "kết quả cán bộ cấp tỉnh theo dõi, hỗ trợ xã, phường"
OWN = "kết quả theo dõi, hỗ trợ xã, phường"


def docx(
    snapshot: Snapshot, cover: Cover, *, issuer: Issuer | None = None, profile: Profile = DEFAULT
) -> bytes:
    """The file; the same snapshot, cover and issuer always give the same bytes."""
    return repacked(written(paper(snapshot, cover, issuer or Issuer()), profile), snapshot.cut_at)


def paper(snapshot: Snapshot, cover: Cover, issuer: Issuer) -> Paper:
    """What the report says, without any layout."""
    opening = [AUTOMATIC.capitalize()] if cover.review == "automatic" else []
    before: list[tuple[Level, str]] = [
        ("text", sentence(line)) for line in (*opening, *cover.note.splitlines()) if line.strip()
    ]
    lists = appendices(snapshot)
    number, _, symbol = cover.number.partition("-")
    below = [*_enclosed([one.title for one in lists]), cut_line(snapshot, cover.review)]
    seal = (f"Dấu lưu vết {cover.seal}",) if cover.seal else ()
    return Paper(
        issuer=replace(issuer, symbol=symbol) if symbol else issuer,
        kind=KIND,
        excerpt=_excerpt(snapshot, cover),
        to=cover.to,
        lines=(*before, *text(snapshot, _added(cover)), *(("text", line) for line in below)),
        number=number,
        on=cover.issued_on,
        about=local(snapshot.cut_at).date(),
        after=(*seal, f"Mã băm SHA-256 của số liệu: {snapshot.sha256}"),
        appendices=lists,
    )


def _added(cover: Cover) -> list[Passage]:
    """What people wrote: the sentences that the office chose, a cadre's own words."""
    return [
        Passage("standing", "Lời ghi của cán bộ", cover.chosen),
        Passage("asks", "Nhận xét, đề xuất", tuple(cover.own.splitlines())),
    ]


def _excerpt(snapshot: Snapshot, cover: Cover) -> str:
    until = "" if snapshot.over else f" (đến {day(local(snapshot.cut_at).date())})"
    if cover.by:
        return f"{OWN} {snapshot.period.label}{until} của {cover.by}"
    where = f" tại {cover.place}" if cover.place else ""
    return f"{SUBJECT}{where} {snapshot.period.label}{until}"


def _enclosed(titles: list[str]) -> list[str]:
    """Kèm theo 3 phụ lục: (1) số liệu theo địa bàn; …"""
    if not titles:
        return []
    if len(titles) == 1:
        return [f"Kèm theo phụ lục: {uncapital(titles[0])}."]
    said = "; ".join(f"({n}) {uncapital(one)}" for n, one in enumerate(titles, start=1))
    return [f"Kèm theo {len(titles)} phụ lục: {said}."]
