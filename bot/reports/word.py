"""A summary as a Word file: a draft report in the layout that the office's rule book asks for.

It is no signed document: number, day, signature and seal are added in the document system.
"""

from bot.layout.papers import Issuer, Level, Paper
from bot.layout.profiles import DEFAULT, Profile
from bot.layout.writing import written
from bot.reports.blocks import Block
from bot.reports.chat import AUTOMATIC, Cover, cut_line
from bot.reports.packing import repacked
from bot.reports.snapshots import Snapshot
from bot.rules.zone import local
from bot.words import day

KIND = "Báo cáo"
SUBJECT = "kết quả cán bộ cấp tỉnh theo dõi, hỗ trợ xã, phường"
_ENDS = (".", ":", ";", "…", "?")


def docx(
    snapshot: Snapshot, cover: Cover, *, issuer: Issuer | None = None, profile: Profile = DEFAULT
) -> bytes:
    """The file; the same snapshot, cover and issuer always give the same bytes."""
    return repacked(written(paper(snapshot, cover, issuer or Issuer()), profile), snapshot.cut_at)


def paper(snapshot: Snapshot, cover: Cover, issuer: Issuer) -> Paper:
    """What the report says, without any layout."""
    opening = [AUTOMATIC.capitalize()] if cover.review == "automatic" else []
    before: list[tuple[Level, str]] = [
        ("text", _sentence(line)) for line in (*opening, *cover.note.splitlines()) if line.strip()
    ]
    blocks = [line for block in snapshot.blocks for line in _lines(block)]
    return Paper(
        issuer=issuer,
        kind=KIND,
        excerpt=_excerpt(snapshot),
        to=cover.to,
        lines=(*before, *blocks, ("text", cut_line(snapshot, cover.review))),
        about=local(snapshot.cut_at).date(),
        after=(f"Dấu lưu vết {cover.seal}",) if cover.seal else (),
    )


def _excerpt(snapshot: Snapshot) -> str:
    until = "" if snapshot.over else f" (đến {day(local(snapshot.cut_at).date())})"
    return f"{SUBJECT} {snapshot.period.label}{until}"


def _lines(block: Block) -> list[tuple[Level, str]]:
    """The first line names the section; what it says after a colon is its first sentence."""
    if not block.variants:
        return []
    heading, *rest = block.variants[0]
    name, _, said = heading.partition(": ")
    lines = "\n".join([*([said] if said else []), *rest])
    for opening in ("= ", "("):  # these lines go on with the sentence above
        lines = lines.replace(f"\n{opening}", f" {opening}")
    return [("section", name), *(("text", _sentence(line)) for line in lines.splitlines())]


def _sentence(line: str) -> str:
    said = line[:1].upper() + line[1:]
    return said if said.endswith(_ENDS) else f"{said}."
