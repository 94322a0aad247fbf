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
from bot.reports.chat import AUTOMATIC, INTERNAL, Cover
from bot.reports.packing import repacked
from bot.reports.snapshots import Snapshot
from bot.rules.zone import local
from bot.words import full_day, uncapital

KIND = "Báo cáo"
AREAS = "xã, phường"
SUBJECT = "kết quả cán bộ cấp tỉnh theo dõi, hỗ trợ"
OWN = f"kết quả theo dõi, hỗ trợ {AREAS}"
PROGRAMMES = "kết quả thực hiện chương trình, chỉ tiêu"
FOLLOWING = {"visits", "two_way", "standing_out", "handling"}
"""Blocks that tell of following communes; a report of figures alone says so."""


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
    below = [*_enclosed([one.title for one in lists]), _closing(snapshot, cover)]
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
    on = full_day(local(snapshot.cut_at).date())
    until = "" if snapshot.over else f" (tính đến ngày {on})"
    if cover.by:
        return f"{OWN} {snapshot.period.label} của {cover.by}{until}"
    when = f"{snapshot.period.label}{until}"
    names = {block.name for block in snapshot.blocks}
    if "programmes" in names and not names & FOLLOWING:
        return f"{PROGRAMMES}{f' của {cover.place}' if cover.place else ''} {when}"
    if cover.in_charge:
        who = f"{cover.in_charge}," if "," in cover.in_charge else cover.in_charge
        areas = f"các địa bàn do {who} phụ trách"
        return f"{SUBJECT} {AREAS} {snapshot.period.label}, {areas}{until}"
    return f"{SUBJECT} {cover.place or AREAS} {when}"


def _closing(snapshot: Snapshot, cover: Cover) -> str:
    """Until when entries counted, and whether the office has looked at them."""
    at = local(snapshot.cut_at)
    when = f"{at:%H:%M} ngày {full_day(at.date())}"
    if cover.review == "open":
        state = "" if cover.by else ", Văn phòng chưa rà soát"
        return f"Số liệu tính đến {when}{state}. {INTERNAL}"
    reviewed = ", Văn phòng đã rà soát" if cover.review == "reviewed" else ""
    return f"Số liệu chốt lúc {when}{reviewed}. {INTERNAL}"


def _enclosed(titles: list[str]) -> list[str]:
    """Kèm theo 3 phụ lục: (1) số liệu theo địa bàn; …"""
    if not titles:
        return []
    if len(titles) == 1:
        return [f"Kèm theo phụ lục: {uncapital(titles[0])}."]
    said = "; ".join(f"({n}) {uncapital(one)}" for n, one in enumerate(titles, start=1))
    return [f"Kèm theo {len(titles)} phụ lục: {said}."]
