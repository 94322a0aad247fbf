"""Whatever the data: parts sum to the whole or approval is refused, and the digest fits."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.blocks import Block
from bot.reports.chat import LINES, Cover, digest, screen_lines
from bot.reports.checks import violations
from bot.reports.facts import Facts
from bot.reports.figures import CASE, DUTY, EXCHANGE, VISIT, Figure, counted, pack, unpack
from bot.reports.sections import two_way, visits
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.rules.figures import Identity
from bot.rules.periods import period
from tests.reports.random_facts import provinces

BOARD = "đồng chí Phó Bí thư Thường trực"
COVERS = (
    Cover(to=BOARD),
    Cover(to=BOARD, review="automatic", apart=3),
    Cover(to=BOARD, apart=3, note="Có mưa lũ ở các xã phía tây, nhiều cuộc họp lùi sang tháng sau. "
          "Số liệu hai xã được bổ sung ở kỳ tới."),
)  # fmt: skip


@given(provinces())
def test_parts_sum_figures_are_their_entries_and_the_digest_fits_one_screen(facts: Facts) -> None:
    snapshot = compile_snapshot(facts)
    assert violations(snapshot) == []
    _recomputed(facts, snapshot)
    assert Snapshot.from_json(snapshot.to_json()).sha256 == compile_snapshot(facts).sha256
    for cover in COVERS:
        assert screen_lines(digest(snapshot, cover)) <= LINES


def _recomputed(facts: Facts, snapshot: Snapshot) -> None:
    known = facts.known
    there = {
        VISIT: {row.id for row in known.visits},
        CASE: {row.id for row in known.cases},
        EXCHANGE: {row.id for row in known.exchanges},
        DUTY: {row.id for row in known.assignments},
    }
    for figure in snapshot.figures.values():
        if figure.counted:
            assert sum(len(figure.ids(code)) for code in figure.entries) == figure.value
        else:
            assert figure.value == _raised(facts, figure)
        assert set(figure.all_ids()) <= there.get(figure.of, set(figure.all_ids()))


def _raised(facts: Facts, figure: Figure) -> int:
    """Added up once more over the slips behind it."""
    behind, (name, *_) = set(figure.all_ids()), re.split("[@~]", figure.name)
    rows = [row for row in facts.known.supports if row.visit_id in behind]
    if name == "support_value":
        return sum(row.value or 0 for row in rows)
    return sum(row.quantity for row in rows if f"support_{row.kind}" == name)


@given(provinces(sound=False))
def test_unsound_data_either_add_up_or_are_refused(facts: Facts) -> None:
    snapshot = compile_snapshot(facts)
    told = {one.label for one in violations(snapshot)}
    for rule in rules_of(snapshot):
        left, right = (_sum(snapshot, names) for names in (rule.whole, rule.parts))
        assert (left == right) == (rule.name not in told)


def rules_of(snapshot: Snapshot) -> list[Identity]:
    return [rule for block in snapshot.blocks for rule in block.rules]


def _sum(snapshot: Snapshot, names: tuple[str, ...]) -> int:
    """Added up once more, by hand."""
    total = 0
    for name, figure in snapshot.figures.items():
        for wanted in names:
            if name == wanted or (wanted[-1] == "*" and name.startswith(wanted[:-1])):
                total += figure.value
    return total


@given(provinces(), st.data())
def test_one_entry_too_many_anywhere_breaks_a_rule(facts: Facts, data: st.DataObject) -> None:
    """Of any figure that stands in a rule: nothing inconsistent reaches approval."""
    snapshot = compile_snapshot(facts)
    named = [name for rule in rules_of(snapshot) for name in (*rule.whole, *rule.parts)]
    able = [name for name in snapshot.figures if any(_fits(name, one) for one in named)]
    if not able:
        return
    name = data.draw(st.sampled_from(able))
    assert violations(_planted(snapshot, name))


def _fits(name: str, wanted: str) -> bool:
    return name == wanted or (wanted[-1] == "*" and name.startswith(wanted[:-1]))


def _planted(snapshot: Snapshot, name: str) -> Snapshot:
    """The same with one entry more in one figure, and its value raised with it."""
    old = snapshot.figures[name]
    code = next(iter(old.entries), "")
    entries = {**old.entries, code: pack([*old.ids(code), 9_999])}
    new = replace(old, value=old.value + 1, entries=entries)
    blocks = tuple(
        replace(block, figures=tuple(new if one is old else one for one in block.figures))
        for block in snapshot.blocks
    )
    return replace(snapshot, blocks=blocks)


@given(provinces())
def test_areas_sum_to_the_province(facts: Facts) -> None:
    whole = compile_snapshot(facts)
    parts = [
        compile_snapshot(replace(facts, known=facts.known.only({area.id})))
        for area in facts.known.areas
    ]
    names = ("visits", "cases_new", "cases_open", "exchanges", "required", "recorded", "supports")
    for name in (*names, "support_value", "support_qua"):
        assert sum(part.value(name) for part in parts) == whole.value(name)


@pytest.mark.parametrize("ids", [[], [1], [1, 2, 3], [3, 1, 2, 9, 10, 40]])
def test_packed_ids_come_back_in_order(ids: list[int]) -> None:
    assert unpack(pack(ids)) == sorted(ids)


def test_a_figure_that_is_not_the_count_of_its_entries_is_refused() -> None:
    figure = Figure("visits", 3, VISIT, {"": "1-2"})
    snapshot = _with(Block("visits", (figure,)))
    assert [str(one) for one in violations(snapshot)] == ["Số phiếu của visits: 3 khác 2"]


def test_a_violation_names_both_numbers_and_the_entries_on_one_side_only() -> None:
    figures = (
        counted("exchanges", EXCHANGE, [1, 2, 3]),
        counted("two_way", EXCHANGE, [1]),
        counted("one_way", EXCHANGE, [2]),
    )
    [found] = violations(_with(Block("two_way", figures, rules=two_way.RULES[:1])))
    assert str(found) == "Trao đổi: 3 khác 1 + 1 = 2"
    assert found.entries == (3,)


def test_what_was_not_counted_is_nought_and_does_not_make_a_rule_silent() -> None:
    figures = (counted("visits", VISIT, [1, 2]),)
    [found] = violations(_with(Block("visits", figures, rules=visits.RULES)))
    assert str(found) == "Phiếu theo số phần: 2 khác 0"
    assert found.entries == (1, 2)


def _with(block: Block) -> Snapshot:
    month = period("month", 2026, 10)
    return Snapshot(month, "tinh", datetime(2026, 11, 3, 10, tzinfo=UTC), True, (block,))
