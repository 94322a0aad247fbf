"""A summary as the text of an official report: chapters in the order papers have them."""

from collections.abc import Iterable, Sequence
from itertools import count

from bot.layout.papers import Appendix, Level
from bot.reports.blocks import Block, Cell, Chapter, Passage, Table
from bot.reports.snapshots import Snapshot
from bot.words import capital
from bot.words import vietnamese_number as shown

CHAPTERS: dict[Chapter, str] = {
    "work": "TÌNH HÌNH THỰC HIỆN",
    "standing": "TÌNH HÌNH NỔI LÊN, KIẾN NGHỊ CỦA CƠ SỞ",
    "handling": "KẾT QUẢ GIẢI QUYẾT KIẾN NGHỊ",
    "programmes": "CHƯƠNG TRÌNH, CHỈ TIÊU",
    "limits": "HẠN CHẾ",
    "corrections": "BỔ SUNG SỐ LIỆU KỲ TRƯỚC",
    "next": "NHIỆM VỤ KỲ TỚI",
    "asks": "ĐỀ XUẤT, KIẾN NGHỊ",
}
APPENDED = ("by_area", "overdue", "not_recorded", "by_person")
"""Lists that come first among the appendices, in this order."""
NUMBER = "TT"
PAGE, EDGES, LETTER, MOST = 165, 5.2, 2.0, 80
"""Millimetres: a line of the page, what surrounds words in a cell, a letter, the widest cell."""
_ENDS = (".", ":", ";", "…", "?", ".”")

Lines = list[tuple[Level, str]]


def text(snapshot: Snapshot, added: Iterable[Passage] = ()) -> Lines:
    """Each chapter with its passages, those that people `added` last."""
    passages = [one for block in snapshot.blocks for one in block.written]
    passages += added
    chapters = (_chapter(name, passages) for name in CHAPTERS)
    lines = [line for chapter in chapters for line in chapter]
    return lines + [line for block in snapshot.blocks for line in _phone_lines(block)]


def appendices(snapshot: Snapshot) -> tuple[Appendix, ...]:
    """The lists of all blocks; those by area first."""
    tables = [one for block in snapshot.blocks for one in block.tables]
    order = {name: place for place, name in enumerate(APPENDED)}
    ranked = sorted(tables, key=lambda one: order.get(one.name, len(order)))
    return tuple(_appendix(one) for one in ranked)


def sentence(line: str) -> str:
    """With a capital and a full stop."""
    said = capital(line)
    return said if said.endswith(_ENDS) else f"{said}."


def _chapter(name: Chapter, passages: Iterable[Passage]) -> Lines:
    """A heading, and points where there is more than one; nothing where nothing is said."""
    mine = [one for one in passages if one.chapter == name and one.lines]
    if not mine:
        return []
    found: Lines = [("section", CHAPTERS[name])]
    for one in mine:
        if len(mine) > 1:
            found.append(("point", one.title))
        found += [("text", sentence(line)) for line in one.lines]
    return found


def _phone_lines(block: Block) -> Lines:
    """A block that has nothing written: what the phone shows, as all of the first generator's."""
    if block.written or not block.variants:
        return []
    heading, *rest = block.variants[0]
    name, _, said = heading.partition(": ")
    lines = "\n".join([*([said] if said else []), *rest])
    for opening in ("= ", "("):  # these lines go on with the sentence above
        lines = lines.replace(f"\n{opening}", f" {opening}")
    return [("section", name), *(("text", sentence(line)) for line in lines.splitlines())]


def _appendix(table: Table) -> Appendix:
    """Its rows numbered, as lists are; parts of the row above have no number."""
    totals: tuple[Cell, ...] = ()
    if table.totals and table.rows:
        first, *others = table.summed()
        totals = ("", first or "Cộng", *others)
    number = count(1)
    rows = tuple(("" if _is_part(row) else next(number), *row) for row in table.rows)
    head = (NUMBER, *table.head)
    columns = zip(*rows, strict=True) if rows else ((),) * len(head)
    return Appendix(table.title, head, rows, _widths(head, columns, totals), totals)


def _is_part(row: tuple[Cell, ...]) -> bool:
    return str(row[0]).startswith("– ")


def _widths(
    head: Sequence[str], columns: Iterable[Sequence[Cell]], totals: Sequence[Cell]
) -> tuple[float, ...]:
    """In millimetres: no word is broken, and what is left goes where lines are the longest."""
    least, wanted = [], []
    for place, (name, cells) in enumerate(zip(head, columns, strict=True)):
        texts = [_text(cell) for cell in (*cells, *totals[place : place + 1])]
        words = [word for text in (name, *texts) for word in text.split()]
        least.append(EDGES + LETTER * max(map(len, words), default=0))
        longest = EDGES + LETTER * max(map(len, texts), default=0)
        wanted.append(min(max(longest - least[-1], 0), MOST) + 1)
    left, whole = max(PAGE - sum(least), 0), sum(wanted)
    return tuple(one + left * more / whole for one, more in zip(least, wanted, strict=True))


def _text(cell: Cell) -> str:
    return shown(cell) if isinstance(cell, int) else cell
