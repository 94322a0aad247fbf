"""Part–whole rules over the figures of a snapshot; one that is broken blocks approval.

The rules stand in the blocks, declared where their figures are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.reports.figures import scaled
from bot.reports.snapshots import Snapshot
from bot.rules import figures as rules
from bot.rules.figures import Identity
from bot.words import vietnamese_number as shown


@dataclass(frozen=True)
class Broken:
    """Two numbers that should be one, and the entries that stand on one side only."""

    label: str
    left: str
    right: str
    entries: tuple[int, ...] = ()
    of: str = ""  # the kind of these entries

    def __str__(self) -> str:
        return f"{self.label}: {self.left} khác {self.right}"


def violations(snapshot: Snapshot) -> list[Broken]:
    """Every rule that does not hold, and every figure that is not the count of its entries."""
    values = {name: figure.value for name, figure in snapshot.figures.items()}
    here = [_here(rule, values) for block in snapshot.blocks for rule in block.rules]
    counted = defaultdict(int, values)  # what was not counted is nought
    found = [_told(snapshot, one) for one in rules.violations(here, counted)]
    return [*found, *_miscounted(snapshot)]


def sum_line(snapshot: Snapshot) -> str:
    """Kiểm tra cộng: 38 + 27 = 31 + 34, khớp."""
    names = ("cases_carried", "cases_new", "cases_ended", "cases_open")
    carried, new, ended, left = (shown(snapshot.value(name)) for name in names)
    found = violations(snapshot)
    said = "khớp" if not found else f"không khớp. {found[0]}"
    return f"Kiểm tra cộng: {carried} + {new} = {ended} + {left}, {said}"


def _here(rule: Identity, names: Iterable[str]) -> Identity:
    """The rule over the figures there are: a name that ends in "*" stands for all that begin so."""
    return Identity(rule.name, _named(rule.whole, names), _named(rule.parts, names))


def _named(wanted: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    found = [
        [name for name in names if name.startswith(want[:-1])] if want.endswith("*") else [want]
        for want in wanted
    ]
    return tuple(name for group in found for name in group)


def _told(snapshot: Snapshot, found: rules.Violation) -> Broken:
    rule = found.identity
    apart = _ids(snapshot, rule.whole) ^ _ids(snapshot, rule.parts)
    left = _sum(snapshot, rule.whole, found.whole)
    right = _sum(snapshot, rule.parts, found.parts)
    kinds = [one.of for name, one in snapshot.figures.items() if name in rule.whole + rule.parts]
    return Broken(rule.name, left, right, tuple(sorted(apart)), kinds[0] if kinds else "")


def _ids(snapshot: Snapshot, names: Iterable[str]) -> set[int]:
    known = snapshot.figures
    return {one for name in names if name in known for one in known[name].all_ids()}


def _sum(snapshot: Snapshot, names: tuple[str, ...], total: int) -> str:
    """The sum as a reader can follow it; one of many terms by its total alone."""
    known = snapshot.figures
    scale = max((known[name].scale for name in names if name in known), default=0)
    if not 2 <= len(names) <= 3:
        return scaled(total, scale)
    parts = " + ".join(scaled(snapshot.value(name), scale) for name in names)
    return f"{parts} = {scaled(total, scale)}"


def _miscounted(snapshot: Snapshot) -> Iterator[Broken]:
    for figure in snapshot.figures.values():
        count = sum(len(figure.ids(code)) for code in figure.entries)
        if figure.counted and count != figure.value:
            yield Broken(f"Số phiếu của {figure.name}", shown(figure.value), shown(count))
