"""Visits: what followers owed, what is recorded, and which parts the slips hold."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import chain

from bot.reports.blocks import Block, Passage, before
from bot.reports.facts import Duties, Facts
from bot.reports.figures import ASSIGNMENT, DUTY, VISIT, Figure, counted, pack, percent, share
from bot.reports.wording import portions, rate
from bot.rules.cadence import Owed
from bot.rules.documents import regulation
from bot.rules.figures import Identity
from bot.rules.periods import previous
from bot.words import capital
from bot.words import vietnamese_number as shown
from storage.known import ADVICE, CHECK, SITUATION

title = "ĐI CƠ SỞ"
PARTS = {3: "đủ ba phần", 2: "hai phần", 1: "một phần", 0: "chưa có phần nào"}
HELD = {"situation": (SITUATION, "nắm"), "advice": (ADVICE, "góp ý"), "check": (CHECK, "kiểm tra")}
UNITS = {"month": "tháng", "quarter": "quý", "half": "sáu tháng", "year": "năm"}
RULES = (
    Identity("Phải đi và được miễn", ("assigned",), ("required", "excused")),
    Identity("Phải đi", ("required",), ("recorded", "not_recorded")),
    Identity("Đã ghi nhận", ("recorded",), ("recorded_in_time", "recorded_late")),
    Identity("Phân công phải đi", ("duty_holders",), ("full", "short", "wholly_excused")),
    Identity("Phiếu theo số phần", ("visits",), ("visits_with_*",)),
)


def gather(facts: Facts) -> Block | None:
    """The ratio of what had to be done, the whole period before in brackets."""
    duties = facts.duties
    if not (duties.all or facts.visits):
        return None
    figures = (
        *duty_figures(duties),
        *_by_assignment(duties),
        _unlinked(facts),
        *_not_due(facts),
        *_by_parts(facts),
        *_added(facts),
    )
    written = Passage("work", "Đi cơ sở", tuple(_written(facts, duties, figures)))
    return Block("visits", figures, (_lines(facts, duties),), written=(written,), rules=RULES)


def duty_figures(duties: Duties) -> tuple[Figure, ...]:
    """assigned = required + excused; required = recorded + not recorded."""
    late = set(duties.late)
    return (
        duty_figure("assigned", duties.all),
        duty_figure("excused", duties.excused),
        duty_figure("required", duties.required),
        duty_figure("recorded", duties.recorded),
        duty_figure("recorded_in_time", [one for one in duties.recorded if one not in late]),
        duty_figure("recorded_late", duties.late),
        duty_figure("not_recorded", duties.not_recorded),
    )


def _by_assignment(duties: Duties) -> tuple[Figure, ...]:
    """Each assignment once: all of its periods recorded, some not, or wholly excused."""
    short = {due.assignment.id for due in duties.not_recorded}
    done = {due.assignment.id for due in duties.recorded}
    held = {due.assignment.id for due in duties.all}
    return (
        counted("duty_holders", ASSIGNMENT, held),
        counted("full", ASSIGNMENT, done - short),
        counted("short", ASSIGNMENT, short),
        counted("wholly_excused", ASSIGNMENT, held - done - short),
    )


def duty_figure(name: str, owed: Iterable[Owed]) -> Figure:
    ids: dict[str, list[int]] = defaultdict(list)
    for due in owed:
        ids[due.period.code].append(due.assignment.id)
    entries = {code: pack(found) for code, found in ids.items()}
    return Figure(name, sum(map(len, ids.values())), DUTY, entries)


def _unlinked(facts: Facts) -> Figure:
    """Not recorded by somebody who has no account: counted apart, for the office to enter."""
    people = facts.known.person
    found = [due for due in facts.duties.not_recorded if not people[due.assignment.person].linked]
    return duty_figure("unlinked", found)


def _not_due(facts: Facts) -> list[Figure]:
    """Not recorded yet, with time left at the cut."""
    ahead = [due for due in facts.duties.not_recorded if due.period.end > facts.day]
    return [duty_figure("not_due", ahead)] if ahead else []


def _by_parts(facts: Facts) -> list[Figure]:
    """All slips, how many hold three, two, one of nắm, góp ý, kiểm tra, and how many hold each."""
    ids: dict[int, list[int]] = defaultdict(list)
    for (_, held), found in facts.slips.items():
        ids[held] += found

    @cache
    def all_of(those: tuple[int, ...]) -> Figure:
        return counted("", VISIT, chain.from_iterable(ids[parts] for parts in those))

    def slips(name: str, those: Iterable[int]) -> Figure:
        return replace(all_of(tuple(those)), name=name)

    counts = {n: [held for held in ids if held.bit_count() == n] for n in PARTS}
    parts = {name: [held for held in ids if held & bit] for name, (bit, _) in HELD.items()}
    return [
        slips("visits", ids),
        *(slips(f"visits_with_{n}", those) for n, those in counts.items()),
        *(slips(f"holding:{name}", those) for name, those in parts.items()),
    ]


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
    return (heading, *_beside(facts, duties), *_monthly(facts, duties), *_supplement(facts))


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


def _monthly(facts: Facts, duties: Duties) -> list[str]:
    """The three months of a quarter in one line."""
    if facts.period.kind != "quarter":
        return []
    months = [(month.index, duties.ending_in(month)) for month in facts.period.months()]
    if not all(month.required for _, month in months):
        return []
    return [
        " · ".join(
            f"T{index} {share(len(month.recorded), len(month.required))}" for index, month in months
        )
    ]


def _supplement(facts: Facts) -> list[str]:
    added = next((one.value for one in _added(facts) if one.name == "visits_added"), 0)
    return [f"Bổ sung {previous(facts.period).short}: {shown(added)} phiếu"] if added else []


def _written(facts: Facts, duties: Duties, figures: tuple[Figure, ...]) -> list[str]:
    """What was owed under which cadence, what was made of it, what the slips hold."""
    values = {figure.name: figure.value for figure in figures}
    return [*_done(facts, duties, values), *_slips(facts, values)]


def _done(facts: Facts, duties: Duties, values: dict[str, int]) -> list[str]:
    if not duties.all:
        return []
    made, whole = values["recorded"], values["required"]
    said = [
        f"{_cadence(facts, duties)}, có {shown(values['assigned'])} lượt địa bàn được phân công; "
        f"{_excused(values)}phải đi {shown(whole)}."
    ]
    if whole:
        late = values["recorded_late"]
        when = f" (trong kỳ {shown(made - late)}, sau khi hết kỳ {shown(late)})" if late else ""
        sooner = _ratio_before(facts).replace(": ", " đạt ")
        said.append(
            f"Đã ghi nhận {shown(made)}, đạt {rate(made, whole, 'số phải đi')}{when}"
            f"{_missing(values)}.{f' {capital(sooner)}.' if sooner else ''}"
        )
    if values.get("not_due"):
        return said  # who is short is not known yet
    kinds = [("đủ số lượt", "full"), ("chưa đủ", "short"), ("được miễn", "wholly_excused")]
    parts = [(label, values[name]) for label, name in kinds]
    return [*said, f"Trong {shown(values['duty_holders'])} phân công: {portions(parts)}."]


def _excused(values: dict[str, int]) -> str:
    return f"được miễn {shown(values['excused'])}; " if values["excused"] else ""


def _missing(values: dict[str, int]) -> str:
    """Of a period that is not over, those that may still come stand apart."""
    missing, ahead = values["not_recorded"], values.get("not_due", 0)
    if not missing:
        return ""
    some = "đều" if ahead == missing else f"trong đó {shown(ahead)}"
    apart = f" ({some} chưa hết kỳ phải đi)" if ahead else ""
    return f"; chưa ghi nhận {shown(missing)}{apart}"


def _cadence(facts: Facts, duties: Duties) -> str:
    """Theo Quy định số 02-QĐ/TU (1 lượt mỗi tháng): the cadences in force, the commonest first."""
    kinds = Counter(
        (due.assignment.regulation, due.visits, UNITS.get(due.period.kind, "kỳ"))
        for due in duties.all
    )
    said = [
        f"{_cited(facts, number)} ({visits} lượt mỗi {unit})"
        for (number, visits, unit), _ in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
    ]
    return f"Theo {', '.join(said)}"


def _cited(facts: Facts, number: str) -> str:
    """Quy định số 02-QĐ/TU ngày 29/4/2021 của Tỉnh ủy, as far as the office's list says."""
    for row in facts.known.regulations:
        if row.number == number:
            return regulation(number, row.title, row.issued_on).cited(row.issuer)
    return regulation(number).cited()


def _slips(facts: Facts, values: dict[str, int]) -> list[str]:
    whole = values["visits"]
    if not whole:
        return []
    parts = [(label, values[f"visits_with_{count}"]) for count, label in PARTS.items()]
    each = [f"{label} {shown(values[f'holding:{name}'])}" for name, (_, label) in HELD.items()]
    some = [(label, count) for label, count in parts if count]
    return [
        f"Có {shown(whole)} phiếu đi cơ sở: {portions(some)}. Số phiếu có nội dung "
        f"{', '.join(each)}."
    ]
