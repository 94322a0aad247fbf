"""Directives (ND-…): issued by the office, carried by followers, known to have arrived."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import day_at
from bot.desk.exchanges import excerpt, named
from bot.desk.morning import Day, Line, Said
from bot.desk.shown import page_of, paged
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules.directives import Stage, Way, at_least, before, delays, percentile
from bot.rules.zone import day_of, moment
from bot.words import capital, fold, full_day, uncapital
from bot.words import day as short_day
from storage import areas, assignments, directives, occurrences, people
from storage.occurrences import Due, claim
from storage.scope import SYSTEM, Viewer
from storage.tables import Directive, DirectiveTarget, Person

ISSUERS = frozenset({"tong_hop", "duyet"})
COMMANDS = ("truyendat", "truyen dat", "noi dung can truyen dat")
NEWS, NOTE, PASS = "directive", "directive_note", "directive_pass"
PAGE = 8
NEW = "moi"

NOTED, PASSED = "đã nắm", "đã truyền đạt"
LISTS = {
    "chua nhan": (Stage.DELIVERED, "chưa nhận được"),
    "chua nam": (Stage.NOTED, "chưa nắm"),
    "chua truyen dat": (Stage.PASSED, "chưa truyền đạt"),
}
"""What can be listed under a directive, and the stage that those areas have not come to."""


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/truyendat lists what is on its way or begins a new one; "ND-17 đã nắm" says how far."""
    if words.code is None:
        if words.rest and viewer.roles & ISSUERS:
            known = {} if fold(words.rest) == NEW else {"text": words.rest}
            return [Start("directive", known)]
        return [_listed(session, viewer)]
    found = directives.by_number(session, viewer, words.code.number)
    if found is None:
        raise Rejected(f"Không tìm thấy ND-{words.code.number}.")
    said = fold(words.rest).rstrip(".")
    if not said:
        return [_card(session, viewer, found)]
    if said == fold(NOTED):
        return [_noted(session, viewer, found, at)]
    if said.startswith(fold(PASSED)):
        return [_passed(session, viewer, found, words.rest[len(PASSED) :], at)]
    for name, (stage, label) in LISTS.items():
        if said.startswith(name):
            return [_behind(session, viewer, found, name, stage, label, said.split())]
    raise Rejected(f"Xin nhắn: ND-{found.number} {NOTED}, hoặc ND-{found.number} {PASSED}.")


def issue(
    session: Session,
    viewer: Viewer,
    *,
    text: str,
    area_ids: Sequence[int],
    due_on: date,
    at_once: bool,
    at: datetime,
) -> list[Outgoing]:
    """Store it for the followers of these areas; they hear it at 07:15, or at once."""
    if not viewer.roles & ISSUERS:
        raise Rejected("Nội dung cần truyền đạt do Văn phòng gửi.")
    if not area_ids:
        raise Rejected("Chưa chọn địa bàn nào.")
    row = Directive(number=0, text=text, issued_by_id=viewer.person_id, issued_at=at, due_on=due_on)
    targets = directives.issue(session, row, followers(session, area_ids, day_of(at)))
    cadres = {one.cadre_id for one in targets if one.cadre_id is not None}
    when = "ngay" if at_once else f"cùng tin {day_at(session, at).province.send_at:%H:%M}"
    said = f"Đã ghi ND-{row.number}, gửi {len(cadres)} đồng chí theo dõi {len(area_ids)} địa bàn"
    receipt = Outgoing(f"{said}, {when}. Hạn truyền đạt {short_day(due_on)}.", kind="receipt")
    alone = [one for one in targets if one.cadre_id is None]
    if alone:
        without = f"{len(alone)} địa bàn chưa có người theo dõi, xem ND-{row.number} chưa nhận."
        receipt = replace(receipt, text=f"{receipt.text}\n{without}")
    return [receipt, *(_at_once(session, row, targets, at) if at_once else [])]


def followers(
    session: Session, area_ids: Iterable[int], today: date
) -> list[tuple[int, int | None]]:
    """(area, cadre) pairs: whoever follows each area today, None where nobody does."""
    held: dict[int, list[int | None]] = {}
    for row in assignments.on(session, today, "theo_doi"):
        held.setdefault(row.area_id, []).append(row.person_id)
    return [(area, cadre) for area in area_ids for cadre in held.get(area) or [None]]


def _at_once(
    session: Session, row: Directive, targets: Sequence[DirectiveTarget], at: datetime
) -> list[Outgoing]:
    """A message of its own for each cadre; the morning has nothing left to say of it."""
    found = []
    for cadre, theirs in _by_cadre(targets).items():
        claim(session, [_news(row, one) for one in theirs], at)
        text = f"ND-{row.number}: {row.text}\n{_where(session, theirs, row)}"
        about = (directives.KIND, theirs[0].id or 0)
        told = Outgoing(text, kind="notice", person_id=cadre, about=about)
        found.append(told.with_row(*_buttons(row, theirs)))
    return found


def morning(session: Session, on: Day) -> Iterable[Said]:
    """What is new, what nobody took note of, and what falls due."""
    for row, targets in _open(session):
        for cadre, theirs in _by_cadre(targets).items():
            yield cadre, _line(session, on, row, theirs)


def _line(session: Session, on: Day, row: Directive, theirs: Sequence[DirectiveTarget]) -> Line:
    """One paragraph: the latest of what there is to say, which covers what came before."""
    where = _where(session, theirs, row)
    first = [_news(row, one) for one in theirs]
    if on.today >= on.calendar.add_workdays(row.due_on, -1):
        step = "after" if on.today > row.due_on else "before"
        late = "đã quá hạn" if step == "after" else "sắp đến hạn"
        said = f"{late} truyền đạt: {excerpt(row.text)}\n{where}"
        dues = [_due(PASS, on, row, one, step) for one in theirs]
    elif theirs[0].noted_at is None and on.today >= _asked_on(on, row):
        said = f"chờ đồng chí bấm Đã nắm: {excerpt(row.text)}\n{where}"
        dues = [_due(NOTE, on, row, one) for one in theirs]
    else:
        said, dues, first = f"{excerpt(row.text)}\n{where}", first, []
    text = f"ND-{row.number} {said}" if first else f"ND-{row.number}: {said}"
    return Line(text, due=tuple(dues), covers=tuple(first), options=tuple(_buttons(row, theirs)))


def _asked_on(on: Day, row: Directive) -> date:
    """When who has not taken note is asked to: the second working day after it was sent."""
    return on.calendar.add_workdays(day_of(row.issued_at), 2)


def _news(row: Directive, target: DirectiveTarget) -> Due:
    return Due(NEWS, f"{directives.KIND}:{target.id}", row.issued_at, str(target.cadre_id))


def _due(kind: str, on: Day, row: Directive, target: DirectiveTarget, step: str = "") -> Due:
    at = moment(row.due_on, on.province.send_at)
    return Due(kind, f"{directives.KIND}:{target.id}", at, f"{step} {target.cadre_id}".strip())


def _where(session: Session, theirs: Sequence[DirectiveTarget], row: Directive) -> str:
    known = areas.by_ids(session, {one.area_id for one in theirs})
    names = ", ".join(uncapital(known[one.area_id].name) for one in theirs[:3])
    more = f" và {len(theirs) - 3} địa bàn khác" if len(theirs) > 3 else ""
    return f"Truyền đạt đến {names}{more}, hạn {short_day(row.due_on)}."


def _buttons(row: Directive, theirs: Sequence[DirectiveTarget]) -> list[Option]:
    found = [Option(f"Đã truyền đạt ND-{row.number}", f"ND-{row.number} {PASSED}")]
    if theirs[0].noted_at is None:
        found.insert(0, Option(f"Đã nắm ND-{row.number}", f"ND-{row.number} {NOTED}"))
    return found


def _open(session: Session) -> list[tuple[Directive, list[DirectiveTarget]]]:
    found: dict[int, tuple[Directive, list[DirectiveTarget]]] = {}
    for row, target in directives.waiting(session, SYSTEM):
        found.setdefault(row.id or 0, (row, []))[1].append(target)
    return list(found.values())


def _by_cadre(targets: Iterable[DirectiveTarget]) -> dict[int, list[DirectiveTarget]]:
    found: dict[int, list[DirectiveTarget]] = {}
    for one in targets:
        if one.cadre_id is not None:
            found.setdefault(one.cadre_id, []).append(one)
    return found


def _mine(session: Session, viewer: Viewer, row: Directive) -> list[DirectiveTarget]:
    me = {viewer.person_id} | viewer.helps
    found = directives.targets(session, viewer, row.id or 0)
    mine = [one for one in found if one.cadre_id in me]
    if not mine:
        raise Rejected(f"ND-{row.number} do đồng chí theo dõi địa bàn truyền đạt.")
    return mine


def _noted(session: Session, viewer: Viewer, row: Directive, at: datetime) -> Outgoing:
    mine = _mine(session, viewer, row)
    changed = directives.note(session, row.id or 0, {one.cadre_id or 0 for one in mine}, at)
    _silence(session, mine)
    said = f"Đã ghi: đồng chí đã nắm ND-{row.number}. {_where(session, mine, row)}"
    if not changed:
        said = f"ND-{row.number}: đồng chí đã nắm từ trước."
    return Outgoing(said, kind="receipt").with_row(
        Option(f"Đã truyền đạt ND-{row.number}", f"ND-{row.number} {PASSED}")
    )


def _passed(session: Session, viewer: Viewer, row: Directive, rest: str, at: datetime) -> Outgoing:
    """To every area of mine, or to the one whose name or code follows."""
    mine = _mine(session, viewer, row)
    chosen = _named(session, mine, rest)
    changed = directives.passed_on(
        session,
        row.id or 0,
        {one.cadre_id or 0 for one in mine},
        by_id=viewer.person_id,
        at=at,
        area_ids={one.area_id for one in chosen},
    )
    _silence(session, chosen)
    known = areas.by_ids(session, {one.area_id for one in chosen})
    names = ", ".join(uncapital(area.name) for area in known.values())
    said = f"Đã ghi: ND-{row.number} {PASSED} đến {names}."
    return Outgoing(said if changed else f"ND-{row.number} {PASSED} từ trước.", kind="receipt")


def _named(
    session: Session, mine: Sequence[DirectiveTarget], rest: str
) -> Sequence[DirectiveTarget]:
    wanted = fold(rest).strip(" :,.").removeprefix("den ")
    if not wanted:
        return mine
    known = areas.by_ids(session, {one.area_id for one in mine})
    found = [one for one in mine if wanted in fold(known[one.area_id].name)]
    if not found:
        raise Rejected("Chưa rõ địa bàn nào. Xin nhắn tên xã sau chữ “đã truyền đạt”.")
    return found


def _silence(session: Session, targets: Iterable[DirectiveTarget]) -> None:
    for one in targets:
        occurrences.withdraw(session, f"{directives.KIND}:{one.id}")


def ways(session: Session, viewer: Viewer, row: Directive) -> list[Way]:
    """How far it is in each area that the viewer sees."""
    got = directives.delivered(session, viewer, row.id or 0)
    return [
        Way(one.area_id, one.cadre_id, got.get(one.cadre_id or 0), one.noted_at, one.passed_at)
        for one in directives.targets(session, viewer, row.id or 0)
    ]


def _card(session: Session, viewer: Viewer, row: Directive) -> Outgoing:
    head = f"ND-{row.number} · gửi {full_day(day_of(row.issued_at))}, hạn {short_day(row.due_on)}"
    known = ways(session, viewer, row)
    me = {viewer.person_id} | viewer.helps
    mine = [one for one in directives.targets(session, viewer, row.id or 0) if one.cadre_id in me]
    if mine and not viewer.everywhere:
        left = [one for one in mine if one.passed_at is None]
        done = f"\n{_where(session, left, row)}" if left else f"\nĐồng chí {PASSED}."
        card = Outgoing(f"{head}\n“{row.text}”{done}")
        return card.with_row(*_buttons(row, left)) if left else card
    if not (viewer.everywhere or viewer.in_charge):
        return Outgoing(f"{head}\n“{row.text}”")
    counts = [(label, before(known, stage)) for stage, label in LISTS.values()]
    card = Outgoing(f"{head}\n“{row.text}”\n{_progress(known, row)}")
    for (label, missing), name in zip(counts, LISTS, strict=True):
        if missing:
            text = f"{capital(label)} ({len(missing)})"
            card = card.with_row(Option(text, f"ND-{row.number} {name}"))
    return card


def _progress(known: Sequence[Way], row: Directive) -> str:
    """How many areas are how far, and how long it took."""
    got, noted, passed = (
        len(at_least(known, stage)) for stage in (Stage.DELIVERED, Stage.NOTED, Stage.PASSED)
    )
    text = f"{len(known)} địa bàn: đã nhận {got}, đã nắm {noted}, đã truyền đạt {passed}\n"
    hours = delays(known, row.issued_at)
    half, most = percentile(hours, 50), percentile(hours, 95)
    if half is None or most is None:
        return text.rstrip()
    return f"{text}Từ lúc gửi đến lúc nhận: một nửa trong {_hours(half)}, 95% trong {_hours(most)}"


def _hours(value: float) -> str:
    if value < 1:
        return f"{max(round(value * 60), 1)} phút"
    return f"{value:.1f} giờ".replace(".", ",").replace(",0 ", " ")


def _behind(
    session: Session,
    viewer: Viewer,
    row: Directive,
    name: str,
    stage: Stage,
    label: str,
    args: Sequence[str],
) -> Outgoing:
    """The areas that have not come so far, with who follows them; office and members only."""
    if not (viewer.everywhere or viewer.in_charge):
        raise Rejected("Danh sách này dành cho Văn phòng và đồng chí phụ trách.")
    missing = before(ways(session, viewer, row), stage)
    if not missing:
        return Outgoing(f"ND-{row.number}: không còn địa bàn nào {label}.")
    known = areas.by_ids(session, {way.area_id for way in missing})
    cadres = people.by_ids(session, {way.cadre_id for way in missing if way.cadre_id})
    page = page_of(args[-1:]) if args[-1].isdigit() else 1
    order = {area: place for place, area in enumerate(known)}
    shown = sorted(missing, key=lambda way: order[way.area_id])[(page - 1) * PAGE : page * PAGE]
    lines = [f"{known[way.area_id].name}: {_follower(cadres, way)}" for way in shown]
    head = f"ND-{row.number}: {len(missing)} địa bàn {label}"
    rows = paged(f"ND-{row.number} {name}", page, len(missing), PAGE)
    return Outgoing("\n".join([head, *lines]), rows)


def _follower(cadres: dict[int, Person], way: Way) -> str:
    cadre = cadres.get(way.cadre_id or 0)
    return named(cadre) if cadre else "chưa có người theo dõi"


def _listed(session: Session, viewer: Viewer) -> Outgoing:
    """What is still on its way, and for the office the way to send a new one."""
    found = directives.in_force(session, viewer)
    lines = [f"ND-{one.number} ({short_day(one.due_on)}): {excerpt(one.text)}" for one in found]
    text = "\n".join(["Nội dung đang truyền đạt", *lines[:PAGE]])
    rows = [tuple(Option(f"ND-{one.number}", f"ND-{one.number}") for one in found[:PAGE])]
    if not found:
        text, rows = "Không có nội dung nào đang truyền đạt.", []
    if viewer.roles & ISSUERS:
        rows.append((Option("Soạn nội dung mới", f"truyendat {NEW}"),))
    return Outgoing(text, tuple(rows))


def waits(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """What the viewer, or whom the viewer helps, has to pass on."""
    me = {viewer.person_id} | viewer.helps
    found: dict[int, tuple[Directive, list[DirectiveTarget]]] = {}
    for row, target in directives.waiting(session, viewer):
        if target.cadre_id in me:
            found.setdefault(row.number, (row, []))[1].append(target)
    return [
        Waiting(
            f"ND-{number}",
            f"{'truyền đạt' if theirs[0].noted_at else 'nắm và truyền đạt'}: {excerpt(row.text)}",
            row.due_on,
            f"ND-{number}",
        )
        for number, (row, theirs) in found.items()
    ]


NOUN = Noun(
    "directives",
    act,
    commands=COMMANDS,
    codes=("ND",),
    shows={"truyendat": "Nội dung cần truyền đạt"},
)
