"""Who is assigned where: members in charge, followers, who came forward, what nobody follows."""

from datetime import date

from bot.reports.blocks import Block, Passage
from bot.reports.facts import FOLLOWS, IN_CHARGE, Facts
from bot.reports.figures import AREA, ASSIGNMENT, PERSON, Figure, counted, percent
from bot.rules.figures import Identity
from bot.words import full_day
from bot.words import vietnamese_number as shown
from storage.known import AreaRow, AssignmentRow

title = "PHÂN CÔNG"
SELF = "assignments_self"
RULES = (
    Identity("Phân công", ("assignments",), ("assignments:theo_doi", "assignments:phu_trach")),
    Identity("Địa bàn cần theo dõi", ("areas_to_follow",), ("areas_covered", "areas_without")),
)


def gather(facts: Facts) -> Block | None:
    """Those in force on the last day; a person is counted once, however many areas he has."""
    if not facts.known.assignments:
        return None
    last = min(facts.period.last, facts.day)
    held = [row for row in facts.known.assignments if _holds(row, last)]
    figures = (
        counted("assignments", ASSIGNMENT, [row.id for row in held]),
        *(_kind(kind, held) for kind in (FOLLOWS, IN_CHARGE)),
        *(_people(kind, held) for kind in (FOLLOWS, IN_CHARGE)),
        counted("areas_followed", AREA, {row.area_id for row in held if row.kind == FOLLOWS}),
        counted(SELF, ASSIGNMENT, [row.id for row in held if row.self_registered]),
        *_covered(facts, held, last),
        counted("assignments_begun", ASSIGNMENT, [row.id for row in _begun(facts)]),
        counted("assignments_ended", ASSIGNMENT, [row.id for row in _ended(facts)]),
    )
    values = {figure.name: figure.value for figure in figures}
    lines = [*_there(values, last), *_shares(values)]
    changes = (("phân công mới", "assignments_begun"), ("thôi phân công", "assignments_ended"))
    changed = [f"{said} {shown(values[name])} lượt" for said, name in changes if values[name]]
    if changed:
        lines.append(f"Trong kỳ {', '.join(changed)}.")
    return Block(
        "assignment", figures, written=(Passage("work", "Phân công", tuple(lines)),), rules=RULES
    )


def _there(values: dict[str, int], last: date) -> list[str]:
    """Who is assigned on the last day; nothing where nobody is any more."""
    in_charge, followers = values["people:phu_trach"], values["people:theo_doi"]
    parts = [f"{shown(in_charge)} đồng chí phụ trách địa bàn"] if in_charge else []
    if followers:
        areas = shown(values["areas_followed"])
        parts.append(f"{shown(followers)} đồng chí theo dõi {areas} địa bàn")
    whole = f"; tổng số {shown(values['assignments'])} lượt phân công" if parts else ""
    if in_charge and followers:
        whole += (
            f" (phụ trách {shown(values['assignments:phu_trach'])}, theo dõi "
            f"{shown(values['assignments:theo_doi'])})"
        )
    return [f"Đến ngày {full_day(last)} có {', '.join(parts)}{whole}."] if parts else []


def _covered(facts: Facts, held: list[AssignmentRow], day: date) -> tuple[Figure, ...]:
    """Of the areas in force at the levels that are followed: which have a follower."""
    if facts.scope.startswith("can_bo:"):
        return ()
    followed = {row.area_id for row in held if row.kind == FOLLOWS}
    levels = {facts.known.area[one].level for one in followed if one in facts.known.area}
    there = {row.id for row in facts.known.areas if row.level in levels and _stands(row, day)}
    return (
        counted("areas_to_follow", AREA, there),
        counted("areas_covered", AREA, there & followed),
        counted("areas_without", AREA, there - followed),
    )


def _stands(row: AreaRow, day: date) -> bool:
    return (row.valid_from or day) <= day <= (row.valid_to or day)


def _shares(values: dict[str, int]) -> list[str]:
    """Each share with the name of what it is a share of."""
    own, whole = values[SELF], values["assignments"]
    to_follow, covered = values.get("areas_to_follow", 0), values.get("areas_covered", 0)
    lines = []
    if own:
        share = percent(own, whole)
        lines.append(
            f"Tự đăng ký {shown(own)}/{shown(whole)} lượt, bằng {share} số lượt phân công."
        )
    if covered < to_follow:
        share = percent(covered, to_follow)
        lines.append(
            f"Có người theo dõi {shown(covered)}/{shown(to_follow)} địa bàn, bằng {share} số địa "
            f"bàn cùng cấp; còn {shown(values['areas_without'])} địa bàn chưa có người theo dõi."
        )
    return lines


def _holds(row: AssignmentRow, day: date) -> bool:
    return row.from_date <= day <= (row.to_date or day)


def _kind(kind: str, held: list[AssignmentRow]) -> Figure:
    return counted(f"assignments:{kind}", ASSIGNMENT, [row.id for row in held if row.kind == kind])


def _people(kind: str, held: list[AssignmentRow]) -> Figure:
    return counted(f"people:{kind}", PERSON, {row.person_id for row in held if row.kind == kind})


def _begun(facts: Facts) -> list[AssignmentRow]:
    return [row for row in facts.known.assignments if row.from_date in facts.period]


def _ended(facts: Facts) -> list[AssignmentRow]:
    return [row for row in facts.known.assignments if row.to_date and row.to_date in facts.period]
