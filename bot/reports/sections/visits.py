"""Visits: what followers owed, what is recorded, and which parts the slips hold."""

from collections import defaultdict
from collections.abc import Iterable

from bot.reports.blocks import Block, before
from bot.reports.facts import Duties, Facts
from bot.reports.figures import DUTY, VISIT, Figure, counted, pack, percent, share
from bot.rules.cadence import Owed
from bot.rules.periods import previous
from bot.words import vietnamese_number as shown

title = "ĐI CƠ SỞ"


def gather(facts: Facts) -> Block | None:
    """The ratio of what had to be done, the whole period before in brackets."""
    duties = facts.duties
    if not (duties.all or facts.visits):
        return None
    figures = (
        *duty_figures(duties),
        _unlinked(facts),
        counted("visits", VISIT, [row.id for row in facts.visits]),
        *_by_parts(facts),
        *_added(facts),
    )
    return Block("visits", figures, (_lines(facts, duties),))


def duty_figures(duties: Duties) -> tuple[Figure, ...]:
    """assigned = required + excused; required = recorded + not recorded."""
    return (
        _duty("assigned", duties.all),
        _duty("excused", duties.excused),
        _duty("required", duties.required),
        _duty("recorded", duties.recorded),
        _duty("not_recorded", duties.not_recorded),
    )


def _duty(name: str, owed: Iterable[Owed]) -> Figure:
    ids: dict[str, list[int]] = defaultdict(list)
    for due in owed:
        ids[due.period.code].append(due.assignment.id)
    entries = {code: pack(found) for code, found in ids.items()}
    return Figure(name, sum(map(len, ids.values())), DUTY, entries)


def _unlinked(facts: Facts) -> Figure:
    """Not recorded by somebody who has no account: counted apart, for the office to enter."""
    people = facts.known.person
    found = [due for due in facts.duties.not_recorded if not people[due.assignment.person].linked]
    return _duty("unlinked", found)


def _by_parts(facts: Facts) -> list[Figure]:
    """How many slips hold three, two, one of nắm, góp ý, kiểm tra."""
    ids: dict[int, list[int]] = defaultdict(list)
    for row in facts.visits:
        ids[row.parts.bit_count()].append(row.id)
    return [counted(f"visits_with_{count}", VISIT, ids[count]) for count in (3, 2, 1, 0)]


def _added(facts: Facts) -> list[Figure]:
    """What was entered or taken back after the report on the period before had gone out."""
    sent = facts.earlier.get("visits")
    if sent is None or facts.before is None:
        return []
    then, now = set(sent.all_ids()), {row.id for row in facts.before.visits}
    return [
        counted("visits_added", VISIT, now - then),
        counted("visits_withdrawn", VISIT, then - now),
    ]


def _lines(facts: Facts, duties: Duties) -> tuple[str, ...]:
    if not duties.required:
        return (f"{title}: {shown(len(facts.visits))} phiếu", *_supplement(facts))
    made, whole = len(duties.recorded), len(duties.required)
    heading = f"{title}: {shown(made)}/{shown(whole)} {_unit(duties)}, {percent(made, whole)}"
    return (heading, *_beside(facts, duties), *_monthly(facts), *_supplement(facts))


def _unit(duties: Duties) -> str:
    """An area for each duty, unless one area stands there twice."""
    areas = {due.assignment.area for due in duties.required}
    return "địa bàn" if len(areas) == len(duties.required) else "lượt"


def _beside(facts: Facts, duties: Duties) -> list[str]:
    missing = len(duties.not_recorded)
    said = f"chưa ghi nhận {shown(missing)}" if missing else ""
    ratio = _ratio_before(facts)
    if not ratio:
        return [said.capitalize()] if said else []
    return ["; ".join(part for part in (f"({ratio})", said) if part)]


def _ratio_before(facts: Facts) -> str:
    if facts.before is None:
        return ""
    duties = facts.before.duties
    made = before(facts, "recorded", len(duties.recorded))
    whole = before(facts, "required", len(duties.required))
    return f"{previous(facts.period).short}: {percent(made, whole)}" if whole else ""


def _monthly(facts: Facts) -> list[str]:
    """The three months of a quarter in one line."""
    if facts.period.kind != "quarter":
        return []
    months = [(one.period.index, one.duties) for one in facts.months]
    if not all(duties.required for _, duties in months):
        return []
    return [
        " · ".join(
            f"T{index} {share(len(duties.recorded), len(duties.required))}"
            for index, duties in months
        )
    ]


def _supplement(facts: Facts) -> list[str]:
    added = next((one.value for one in _added(facts) if one.name == "visits_added"), 0)
    return [f"Bổ sung {previous(facts.period).short}: {shown(added)} phiếu"] if added else []
