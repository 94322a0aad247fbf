"""Programmes and indicators: what was entered, shares, targets, work items, sets of criteria."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.reports.blocks import Block, Chapter, Passage, Table
from bot.reports.facts import PROVINCE, Facts
from bot.reports.ledger import Ledger, Standing
from bot.reports.sections import indicators, targets, works
from bot.rules.vocabulary import STAFF_GROUPS, label
from bot.words import capital
from storage.known_programmes import CriterionRow

title = "CHƯƠNG TRÌNH, CHỈ TIÊU"
CHAPTER: Chapter = "programmes"


def gather(facts: Facts) -> Block | None:
    """The sentences, lists and figures; on a phone the sums alone."""
    ledger = Ledger(facts)
    rows = [row for row in ledger.indicators.values() if not row.whole]
    said = [one for row in rows if (one := indicators.Line(ledger, facts, row)).known]
    standings = ledger.standings()
    of_work, figures_of_work = works.told(facts), works.figures(facts)
    criteria = _criteria(facts)
    if not (said or standings or of_work or criteria):
        return None
    if facts.scope != PROVINCE:
        rows = [one.row for one in said]  # others may be entered for the whole alone
    without = [row.name for row in rows if row.code not in {one.row.code for one in said}]
    of_targets = tuple(targets.sentence(ledger, one) for one in standings)
    passages = (
        Passage(CHAPTER, "Chỉ tiêu", (*indicators.sentences(said), *indicators.missing(without))),
        Passage(CHAPTER, "Mục tiêu", of_targets),
        Passage(CHAPTER, "Việc theo chương trình, việc đăng ký", of_work),
        Passage(CHAPTER, "Bộ tiêu chí", tuple(criteria)),
    )
    tables = (
        indicators.table(said),
        targets.table(standings),
        targets.portions(facts, ledger, standings),
    )
    return Block(
        "programmes",
        (*(figure for one in said for figure in one.figures()), *figures_of_work),
        _digest(said, len(rows), standings, facts),
        written=tuple(one for one in passages if one.lines),
        tables=tuple(one for one in (*tables, works.table(facts), _points(facts)) if one.rows),
        rules=(*(rule for one in said for rule in one.rules()), *works.RULES),
    )


def _criteria(facts: Facts) -> list[str]:
    """Each set with the points of both groups; how many were given points, nobody by name."""
    found = facts.known.programmes
    lines = []
    for of in dict.fromkeys(row.set_code for row in found.criteria):
        groups = [_group(of, staff.token, found.criteria) for staff in STAFF_GROUPS[:2]]
        people = sum(row.people for row in found.scored if row.set_code == of)
        scored = f"; đã chấm {people} người" if people else ""
        lines.append(f"Bộ {of}: {'; '.join(groups)}{scored}")
    return lines


def _group(of: str, staff: str, criteria: Iterable[CriterionRow]) -> str:
    held = [row for row in criteria if row.set_code == of and row.staff in (staff, "ca_hai")]
    total = sum(row.most for row in held)
    return f"nhóm {label(STAFF_GROUPS, staff)} {len(held)} tiêu chí, {total} điểm"


def _points(facts: Facts) -> Table:
    rows = tuple(
        (row.set_code, row.name, capital(label(STAFF_GROUPS, row.staff)), row.most)
        for row in facts.known.programmes.criteria
    )
    return Table("tieu_chi", "Bộ tiêu chí", ("Bộ", "Tiêu chí", "Nhóm cán bộ", "Tối đa"), rows)


def _digest(
    said: Sequence[indicators.Line], all_: int, standings: Sequence[Standing], facts: Facts
) -> tuple[tuple[str, ...], ...]:
    """One to three lines; sentences and lists are on paper."""
    lines = [f"{len(said)}/{all_} chỉ tiêu có số liệu"] if all_ else []
    met = Counter(targets.RESULTS[one.met] for one in standings if one.met is not None)
    if standings:
        met["chưa đủ kỳ"] = sum(one.met is None and bool(one.reached) for one in standings)
        met[indicators.NO_VALUE] = sum(one.reached is None for one in standings)
        parts = [f"{count} {word}" for word, count in met.items() if count]
        lines.append(f"Mục tiêu: {', '.join(parts)}")
    lines += works.short(facts)
    return ((title, *lines), (title,))
