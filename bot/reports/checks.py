"""Part–whole rules over the figures of a snapshot; one that is broken blocks approval."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.reports.figures import Figure
from bot.reports.snapshots import Snapshot
from bot.words import vietnamese_number as shown

EACH = "*"  # all figures whose names begin so


@dataclass(frozen=True)
class Identity:
    """Both sides sum to the same; a name that ends in "*" stands for all that begin so."""

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Violation:
    """Two numbers that should be one, and the entries that stand on one side only."""

    label: str
    left: str
    right: str
    of: str
    entries: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.label}: {self.left} khác {self.right}"


IDENTITIES = (
    Identity("Kiến nghị", ("cases_carried", "cases_new"), ("cases_ended", "cases_open")),
    Identity("Kiến nghị còn", ("cases_open",), ("cases_in_time", "cases_overdue")),
    Identity("Kiến nghị mới theo lĩnh vực", ("cases_new",), ("field:*",)),
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


def violations(snapshot: Snapshot) -> list[Violation]:
    """Every rule that does not hold, and every figure that is not the count of its entries."""
    broken = [_broken(snapshot, rule) for rule in IDENTITIES]
    return [*(one for one in broken if one), *_miscounted(snapshot)]


def sum_line(snapshot: Snapshot) -> str:
    """Kiểm tra cộng: 38 + 27 = 31 + 34, khớp."""
    names = ("cases_carried", "cases_new", "cases_ended", "cases_open")
    carried, new, ended, left = (shown(snapshot.value(name)) for name in names)
    found = violations(snapshot)
    said = "khớp" if not found else f"không khớp. {found[0]}"
    return f"Kiểm tra cộng: {carried} + {new} = {ended} + {left}, {said}"


def _broken(snapshot: Snapshot, rule: Identity) -> Violation | None:
    left, right = _side(snapshot, rule.left), _side(snapshot, rule.right)
    whole, parts = sum(one.value for one in left), sum(one.value for one in right)
    if whole == parts or not (left and right):
        return None
    apart = _ids(left) ^ _ids(right)
    of = left[0].of
    return Violation(rule.label, _sum(left, whole), _sum(right, parts), of, tuple(sorted(apart)))


def _side(snapshot: Snapshot, names: Iterable[str]) -> list[Figure]:
    return [figure for name in names for figure in _named(snapshot, name)]


def _named(snapshot: Snapshot, name: str) -> Iterator[Figure]:
    if not name.endswith(EACH):
        yield from filter(None, [snapshot.figures.get(name)])
        return
    yield from (one for key, one in snapshot.figures.items() if key.startswith(name[:-1]))


def _ids(figures: Iterable[Figure]) -> set[int]:
    return {one for figure in figures for one in figure.all_ids()}


def _sum(figures: list[Figure], total: int) -> str:
    if len(figures) in (1, 2, 3):
        parts = " + ".join(shown(one.value) for one in figures)
        return parts if len(figures) == 1 else f"{parts} = {shown(total)}"
    return shown(total)


def _miscounted(snapshot: Snapshot) -> Iterator[Violation]:
    for figure in snapshot.figures.values():
        count = sum(len(figure.ids(code)) for code in figure.entries)
        if count != figure.value:
            label = f"Số phiếu của {figure.name}"
            yield Violation(label, shown(figure.value), shown(count), figure.of, ())
