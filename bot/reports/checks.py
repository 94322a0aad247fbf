"""Part–whole rules over the figures of a snapshot; one that is broken blocks approval."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.reports.snapshots import Snapshot
from bot.rules import figures as rules
from bot.rules.figures import Identity
from bot.words import vietnamese_number as shown

IDENTITIES = (
    Identity("Kiến nghị", ("cases_carried", "cases_new"), ("cases_ended", "cases_open")),
    Identity("Kiến nghị còn", ("cases_open",), ("cases_in_time", "cases_overdue")),
    Identity("Kiến nghị mới theo lĩnh vực", ("cases_new",), ("field:*",)),
    Identity("Kiến nghị mới theo hướng giải quyết", ("cases_new",), ("outcome:*",)),
    Identity("Phải đi và được miễn", ("assigned",), ("required", "excused")),
    Identity("Phải đi", ("required",), ("recorded", "not_recorded")),
    Identity("Phiếu theo số phần", ("visits",), ("visits_with_*",)),
    Identity("Trao đổi", ("exchanges",), ("two_way", "one_way")),
    Identity("Phiếu theo địa bàn", ("visits",), ("visits@*",)),
    Identity("Kiến nghị mới theo địa bàn", ("cases_new",), ("cases_new@*",)),
    Identity("Kiến nghị còn theo địa bàn", ("cases_open",), ("cases_open@*",)),
    Identity("Quá hạn theo địa bàn", ("cases_overdue",), ("cases_overdue@*",)),
    Identity("Trao đổi theo địa bàn", ("exchanges",), ("exchanges@*",)),
)
"""A name that ends in "*" stands for all figures whose names begin so."""


@dataclass(frozen=True)
class Broken:
    """Two numbers that should be one, and the entries that stand on one side only."""

    label: str
    left: str
    right: str
    entries: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.label}: {self.left} khác {self.right}"


def violations(snapshot: Snapshot) -> list[Broken]:
    """Every rule that does not hold, and every figure that is not the count of its entries."""
    values = {name: figure.value for name, figure in snapshot.figures.items()}
    rules_here = [one for one in (_here(rule, values) for rule in IDENTITIES) if one]
    found = [_told(snapshot, one) for one in rules.violations(rules_here, values)]
    return [*found, *_miscounted(snapshot)]


def sum_line(snapshot: Snapshot) -> str:
    """Kiểm tra cộng: 38 + 27 = 31 + 34, khớp."""
    names = ("cases_carried", "cases_new", "cases_ended", "cases_open")
    carried, new, ended, left = (shown(snapshot.value(name)) for name in names)
    found = violations(snapshot)
    said = "khớp" if not found else f"không khớp. {found[0]}"
    return f"Kiểm tra cộng: {carried} + {new} = {ended} + {left}, {said}"


def _here(rule: Identity, names: Iterable[str]) -> Identity | None:
    """The rule over the figures there are; None where a side of it was not counted."""
    whole, parts = _named(rule.whole, names), _named(rule.parts, names)
    return Identity(rule.name, whole, parts) if whole and parts else None


def _named(wanted: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        name
        for want in wanted
        for name in names
        if name == want or (want.endswith("*") and name.startswith(want[:-1]))
    )


def _told(snapshot: Snapshot, found: rules.Violation) -> Broken:
    rule = found.identity
    apart = _ids(snapshot, rule.whole) ^ _ids(snapshot, rule.parts)
    left = _sum(snapshot, rule.whole, found.whole)
    right = _sum(snapshot, rule.parts, found.parts)
    return Broken(rule.name, left, right, tuple(sorted(apart)))


def _ids(snapshot: Snapshot, names: Iterable[str]) -> set[int]:
    return {one for name in names for one in snapshot.figures[name].all_ids()}


def _sum(snapshot: Snapshot, names: tuple[str, ...], total: int) -> str:
    """The sum as a reader can follow it; one of many terms by its total alone."""
    if len(names) == 1 or len(names) > 3:
        return shown(total)
    parts = " + ".join(shown(snapshot.value(name)) for name in names)
    return f"{parts} = {shown(total)}"


def _miscounted(snapshot: Snapshot) -> Iterator[Broken]:
    for figure in snapshot.figures.values():
        count = sum(len(figure.ids(code)) for code in figure.entries)
        if count != figure.value:
            yield Broken(f"Số phiếu của {figure.name}", shown(figure.value), shown(count))
