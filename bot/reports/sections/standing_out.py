"""What stands out: new cases by field of work, beside the whole period before."""

from collections import Counter, defaultdict

from bot.reports.blocks import COLUMNS, Block, Passage, clipped
from bot.reports.facts import Facts
from bot.reports.figures import AREA, CASE, Figure, counted
from bot.reports.wording import portions
from bot.rules.figures import Identity
from bot.rules.periods import previous
from bot.words import uncapital, vietnamese_number

title = "NỔI LÊN"
NAMED = 3
OTHERS = "Lĩnh vực khác"
UNFILED = "Chưa xếp lĩnh vực"
MOST_AREAS = 5
RULES = (Identity("Kiến nghị mới theo lĩnh vực", ("cases_new",), ("field:*",)),)


def gather(facts: Facts) -> Block | None:
    """The most frequent fields by name, the rest in one line, those without a field apart."""
    new = facts.raised
    if not new:
        return None
    figures = _by_field(facts)
    filed = sorted(
        (one for one in figures if one.name != "field:0"), key=lambda one: (-one.value, one.name)
    )
    areas = counted("areas_with_new", AREA, {row.area_id for row in new})
    heading = (
        f"{title}: {vietnamese_number(len(new))} kiến nghị mới, {vietnamese_number(areas.value)} xã"
    )
    sooner = {one.name: one.value for one in _sooner(facts)}
    variants = tuple(
        (heading, *_lines(facts, filed, named, sooner)) for named in range(NAMED, 0, -1)
    )
    written = Passage("standing", "Theo lĩnh vực, theo địa bàn", _written(facts, figures))
    return Block("standing_out", (areas, *figures), variants, written=(written,), rules=RULES)


def _written(facts: Facts, figures: list[Figure]) -> tuple[str, ...]:
    """Every field with its share, and the areas with the most, where some have more than one."""
    names = {f"field:{row.id}": row.name for row in facts.known.fields}
    ordered = sorted(figures, key=lambda one: (one.name == "field:0", -one.value, one.name))
    fields = [(names.get(one.name, UNFILED.lower()), one.value) for one in ordered]
    where = Counter(row.area_id for row in facts.raised)
    order = {row.id: place for place, row in enumerate(facts.known.areas)}
    most = sorted(where.items(), key=lambda one: (-one[1], order[one[0]]))[:MOST_AREAS]
    areas = [f"{uncapital(facts.known.area[one].name)} ({n})" for one, n in most if n > 1]
    some = areas and len(where) > 1
    many = [f"Địa bàn có nhiều kiến nghị, phản ánh: {', '.join(areas)}."] if some else []
    whole = vietnamese_number(len(facts.raised))
    return (
        f"Có {whole} kiến nghị, phản ánh mới ở {vietnamese_number(len(where))} địa bàn. "
        f"Theo lĩnh vực: {portions(fields)}.",
        *many,
    )


def _by_field(facts: Facts) -> list[Figure]:
    ids: dict[int, list[int]] = defaultdict(list)
    for row in facts.raised:
        ids[row.field_id or 0].append(row.id)
    return [counted(f"field:{field}", CASE, found) for field, found in sorted(ids.items())]


def _sooner(facts: Facts) -> list[Figure]:
    """The fields of the period before, as they were sent or as they are known by now."""
    sent = [one for name, one in facts.earlier.items() if name.startswith("field:")]
    if sent or facts.before is None:
        return sent
    return _by_field(facts.before)


def _lines(facts: Facts, filed: list[Figure], named: int, sooner: dict[str, int]) -> list[str]:
    names = {f"field:{row.id}": row.name for row in facts.known.fields}
    rows = [(names[one.name], one.value, sooner.get(one.name, 0)) for one in filed[:named]]
    rest = sum(one.value for one in filed[named:])
    unfiled = len([row for row in facts.raised if not row.field_id])
    named_before = sum(sooner.get(one.name, 0) for one in filed[:named])
    total_before = sum(sooner.values()) - sooner.get("field:0", 0)
    if rest:
        rows.append((OTHERS, rest, total_before - named_before))
    if unfiled:
        rows.append((UNFILED, unfiled, sooner.get("field:0", 0)))
    return [_line(facts, *row, first=place == 0) for place, row in enumerate(rows)]


def _line(facts: Facts, name: str, count: int, sooner: int, *, first: bool) -> str:
    number = f" {vietnamese_number(count)}"
    if facts.before is not None or facts.earlier:
        when = f"{previous(facts.period).short}: " if first else ""
        number += f" ({when}{vietnamese_number(sooner)})"
    return clipped(name, COLUMNS - len(number)) + number
