"""Behind the buttons of a digest: what stands out, what is overdue, areas, the chart."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlmodel import Session

from bot import files
from bot.desk import coded, highlights
from bot.desk.case_cards import short
from bot.desk.duties import calendar_of, province_on
from bot.desk.shown import PAGE, Shown, cover_of, cut_day, is_office, page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports import chart as charts
from bot.reports.snapshots import Snapshot
from bot.rules.cases import COMMUNE, MEMBER, STATES
from bot.rules.zone import day_of
from bot.words import natural, uncapital
from bot.words import vietnamese_number as shown_number
from storage import areas, people, reports, settings
from storage.assignments import followers
from storage.scope import Viewer
from storage.tables import Area, Case, Person

NAMED = 12
"""Areas a page where a line each is enough."""


@dataclass(frozen=True)
class Reader:
    """One viewer before one summary; `asked` is the message that asks."""

    session: Session
    viewer: Viewer
    shown: Shown
    at: datetime
    asked: int | None = None

    @property
    def snapshot(self) -> Snapshot:
        return self.shown.snapshot

    @property
    def token(self) -> str:
        """What buttons of the digest begin with."""
        return self.shown.token

    @property
    def detail(self) -> str:
        """What buttons to entries begin with."""
        return self.shown.token.replace("tonghop", "chitiet", 1)

    @cached_property
    def _areas(self) -> dict[int, Area]:
        return {}

    def area_name(self, area_id: int) -> str:
        """Xã Hòa Mẫu."""
        if area_id not in self._areas:
            self._areas.update(areas.by_ids(self.session, [area_id]))
        return self._areas[area_id].name

    def official(self, ids: Iterable[int]) -> list[Area]:
        """Those of the areas that the viewer sees, in the order of the official list."""
        viewer = self.viewer
        seen = [one for one in ids if viewer.everywhere or one in viewer.areas]
        found = areas.by_ids(self.session, seen)
        self._areas.update(found)
        return list(found.values())

    @cached_property
    def fields(self) -> dict[int, str]:
        """Fields of work by id."""
        found = settings.fields_of_work(self.session, day_of(self.snapshot.cut_at))
        return {row.id: row.name for row in found if row.id is not None}


def standing_out(reader: Reader, args: Sequence[str]) -> Outgoing:
    """At most five sentences in the cadres' own words, and the fields to go on from."""
    chosen = highlights.chosen(reader.session, reader.viewer, reader.shown)
    lines = [f"NỔI LÊN {reader.snapshot.period.short}: lời ghi của cán bộ"]
    lines += [f'{one.code} {reader.area_name(one.area_id)}: "{one.text}"' for one in chosen]
    if not chosen:
        lines.append("Văn phòng chưa chọn lời ghi nào.")
    known = reader.snapshot.figures
    by_field = sorted(
        (one for name, one in known.items() if name.startswith("field:")),
        key=lambda one: (-one.value, one.name),
    )
    options = [
        Option(f"{_field_name(reader, one.name)} ({one.value})", f"{reader.detail} {one.name}")
        for one in by_field[:PAGE]
    ]
    codes = tuple(Option(one.code, one.code) for one in chosen)
    return Outgoing("\n".join(lines), (*((codes,) if codes else ()), *((one,) for one in options)))


def _field_name(reader: Reader, name: str) -> str:
    return reader.fields.get(int(name.removeprefix("field:")), "Chưa xếp lĩnh vực")


def overdue(reader: Reader, args: Sequence[str]) -> Outgoing:
    """How many, which the longest, with whom; the list and the units behind buttons."""
    figure = reader.snapshot.figures.get("cases_overdue")
    ids = figure.all_ids() if figure else []
    cases = reports.cases_of(reader.session, reader.viewer, ids)
    if not ids:
        return Outgoing(f"Không có kiến nghị quá hạn, tính đến {cut_day(reader.shown)}")
    if args[:1] == ["donvi"]:
        return _by_unit(reader, cases)
    count = shown_number(len(ids))
    lines = [f"{count} kiến nghị quá hạn trả lời, tính đến {cut_day(reader.shown)}"]
    lines += _longest(reader, cases)
    where = Counter(_holder(reader, case) for case in cases)
    if where:
        lines.append("Đang ở: " + ", ".join(f"{unit} {n}" for unit, n in where.most_common()))
    row = (
        Option(f"Xem {count} kiến nghị", f"{reader.detail} cases_overdue"),
        Option("Theo đơn vị", f"{reader.token} quahan donvi"),
    )
    return Outgoing("\n".join(lines), (row,))


def _longest(reader: Reader, cases: Sequence[Case]) -> list[str]:
    """The one that has been due the longest, still so when the figures closed."""
    cut = day_of(reader.snapshot.cut_at)
    late = [(case.due_on, case) for case in cases if case.due_on is not None and case.due_on < cut]
    if not late:
        return []
    due, case = min(late, key=lambda pair: (pair[0], pair[1].number))
    days = calendar_of(reader.session).overdue_workdays(due, cut)
    name = f"KN-{case.number} {reader.area_name(case.area_id)}, {uncapital(short(case.text))}"
    return [f"Quá hạn lâu nhất: {name}, {days} ngày làm việc"]


def _holder(reader: Reader, case: Case) -> str:
    """With which body the case is; no person is named."""
    state = STATES.get(case.state)
    if state is None or not state.open:
        return "đã kết thúc sau ngày chốt"
    if case.owner_role:
        return "Thường trực" if case.owner_role == "thuong_truc" else "Văn phòng"
    if state.holder in (COMMUNE, MEMBER):
        return "Ủy viên phụ trách" if state.holder == MEMBER else "xã"
    owner = people.by_id(reader.session, case.owner_id) if case.owner_id else None
    return owner.unit if owner and owner.unit else "cán bộ theo dõi"


def _by_unit(reader: Reader, cases: Sequence[Case]) -> Outgoing:
    held: dict[str, list[str]] = {}
    for case in cases:
        held.setdefault(_holder(reader, case), []).append(f"KN-{case.number}")
    lines = [f"{unit}: {', '.join(codes)}" for unit, codes in held.items()]
    return Outgoing("\n".join([f"Quá hạn theo đơn vị, tính đến {cut_day(reader.shown)}", *lines]))


def by_area(reader: Reader, args: Sequence[str]) -> Outgoing:
    """Province → member in charge → commune → entries; a member begins with the communes."""
    kind, number = (args[0][:1], natural(args[0][1:])) if args else ("", None)
    if kind == "x" and number is not None:
        return _commune(reader, number)
    members = dict(reader.snapshot.members)
    if kind == "u" and number is not None:
        ids = members.get(number) or _others(reader)
        return _communes(reader, ids, args[0], page_of(args[1:]))
    if reader.snapshot.area is not None:
        figure = reader.snapshot.figures.get("areas")
        return _communes(reader, figure.all_ids() if figure else (), "", page_of(args))
    if reader.snapshot.member is not None:
        return _communes(reader, members.get(reader.snapshot.member, ()), "", page_of(args))
    if not reader.viewer.everywhere:
        return _communes(reader, reader.viewer.in_charge, "", page_of(args))
    return _members(reader, page_of(args))


def _members(reader: Reader, page: int) -> Outgoing:
    held = [(who, ids) for who, ids in reader.snapshot.members]
    named = people.by_ids(reader.session, [who for who, _ in held])
    groups = [(f"u{who}", _said(named[who]), ids) for who, ids in held if who in named]
    if rest := _others(reader):
        groups.append(("u0", "Địa bàn khác" if groups else "Các địa bàn", rest))
    here = groups[(page - 1) * PAGE : page * PAGE]
    lines = [f"Theo địa bàn, {reader.snapshot.period.label}"]
    lines += [f"{name}: {_sums(reader, ids)}" for _, name, ids in here]
    rows = [
        (Option(f"{name} ({len(_places(reader, ids))})", f"{reader.token} diaban {key}"),)
        for key, name, ids in here
    ]
    turn = paged(f"{reader.token} diaban", page, len(groups))
    return Outgoing("\n".join(lines), (*rows, *turn))


def _said(person: Person) -> str:
    return f"Đ/c {person.full_name}"


def _others(reader: Reader) -> tuple[int, ...]:
    """Areas of which nobody is in charge."""
    held = {one for _, ids in reader.snapshot.members for one in ids}
    figure = reader.snapshot.figures.get("areas")
    return tuple(sorted(set(figure.all_ids()) - held)) if figure else ()


def _places(reader: Reader, ids: Iterable[int]) -> list[Area]:
    """Areas of the lowest level among these: those without others of them below."""
    found = reader.official(ids)
    above = {area.parent_id for area in found}
    return [area for area in found if area.id not in above]


def _sums(reader: Reader, ids: Iterable[int]) -> str:
    visits, new = (sum(_at(reader, name, one) for one in ids) for name in ("visits", "cases_new"))
    missing = reader.snapshot.figures.get("areas_not_recorded")
    count = len(set(missing.all_ids()) & set(ids)) if missing else 0
    said = [f"{shown_number(visits)} phiếu", f"{shown_number(new)} kiến nghị mới"]
    return ", ".join([*said, f"chưa ghi nhận {count}"] if count else said)


def _at(reader: Reader, name: str, area_id: int) -> int:
    return reader.snapshot.value(f"{name}@{area_id}")


def _communes(reader: Reader, ids: Iterable[int], key: str, page: int) -> Outgoing:
    places = _places(reader, ids)
    here = places[(page - 1) * PAGE : page * PAGE]
    missing = reader.snapshot.figures.get("areas_not_recorded")
    lacking = set(missing.all_ids()) if missing else set()
    lines = [f"{shown_number(len(places))} địa bàn, {reader.snapshot.period.label}"]
    for area in here:
        new = _at(reader, "cases_new", area.id or 0)
        visits = _at(reader, "visits", area.id or 0)
        said = "chưa ghi nhận" if area.id in lacking else f"{visits} phiếu"
        lines.append(f"{area.name}: {said}" + (f", {new} kiến nghị mới" if new else ""))
    options = [Option(area.name, f"{reader.token} diaban x{area.id}") for area in here]
    rows = [tuple(options[place : place + 2]) for place in range(0, len(options), 2)]
    turn = paged(f"{reader.token} diaban {key}".strip(), page, len(places))
    return Outgoing("\n".join(lines), (*rows, *turn))


def _commune(reader: Reader, area_id: int) -> Outgoing:
    if not reader.official([area_id]):
        raise Rejected("Bản tổng hợp này không có địa bàn đó.")
    labels = {
        "visits": "Phiếu đi cơ sở",
        "cases_new": "Kiến nghị mới",
        "cases_open": "Kiến nghị còn lại",
        "exchanges": "Trao đổi",
    }
    found = [(name, label, _at(reader, name, area_id)) for name, label in labels.items()]
    lines = [f"{reader.area_name(area_id)}, {reader.snapshot.period.label}"]
    lines += [f"{label}: {value}" for _, label, value in found]
    rows = [
        (Option(f"{label} ({value})", f"{reader.detail} {name}@{area_id}"),)
        for name, label, value in found
        if value
    ]
    return Outgoing("\n".join(lines), tuple(rows))


def not_recorded(reader: Reader, args: Sequence[str]) -> Outgoing:
    """The areas in the order of the official list; only the office reads who follows them."""
    figure = reader.snapshot.figures.get("areas_not_recorded")
    found = reader.official(figure.all_ids() if figure else [])
    value = reader.snapshot.value
    page = page_of(args)
    head = f"{shown_number(len(found))} địa bàn chưa ghi nhận, tính đến {cut_day(reader.shown)}"
    lines = [head]
    if value("unlinked"):
        lines.append(f"Trong đó {value('unlinked')} có cán bộ chưa kết nối")
    if value("excused"):
        lines.append(f"Được miễn trong kỳ: {value('excused')}")
    here = found[(page - 1) * NAMED : page * NAMED]
    lines += [_with_names(reader, area) for area in here]
    turn = paged(f"{reader.token} chuaghi", page, len(found), NAMED)
    return Outgoing("\n".join(lines), turn)


def _with_names(reader: Reader, area: Area) -> str:
    if not (is_office(reader.viewer) or "ban_to_chuc" in reader.viewer.roles):
        return area.name
    who = followers(reader.session, area.id or 0, reader.snapshot.period.last)
    return f"{area.name}: {', '.join(f'đ/c {one.full_name}' for one in who)}" if who else area.name


def chart(reader: Reader, args: Sequence[str]) -> Outgoing:
    """The picture with its words; drawn once for each snapshot."""
    return Outgoing(charts.alternative(reader.snapshot), files=_chart(reader))


def _chart(reader: Reader) -> tuple[str]:
    return (_kept(reader, "bieu-do", ".png", lambda: charts.png(reader.snapshot)),)


def to_print(reader: Reader, args: Sequence[str]) -> Outgoing:
    """Word to print, Excel with every figure, the chart with its words."""
    from bot.layout.papers import issuer_of  # late: they are seldom needed
    from bot.layout.profiles import PROFILES
    from bot.reports.word import docx
    from bot.reports.workbook import xlsx

    chosen = highlights.chosen(reader.session, reader.viewer, reader.shown)
    cover = replace(
        cover_of(reader.session, reader.shown),
        chosen=tuple(
            f"{one.code}, {reader.area_name(one.area_id)}: “{one.text}”" for one in chosen
        ),
    )
    words, snapshot = str(cover), reader.snapshot
    province = province_on(reader.session, day_of(reader.at))
    issuer, profile = issuer_of(province), PROFILES[province.layout]
    letter = f"{words} {issuer} {profile.name}"

    def word() -> bytes:
        return docx(snapshot, cover, issuer=issuer, profile=profile)

    entries = coded.entries(reader.session, reader.viewer, snapshot)

    def workbook() -> bytes:
        return xlsx(snapshot, cover, entries)

    names = (
        _kept(reader, "tong-hop", ".docx", word, said=letter),
        _kept(reader, "tong-hop", ".xlsx", workbook, said=f"{words} {_reads(reader.viewer)}"),
    )
    head = f"Bản tổng hợp {snapshot.period.label}: Word, phụ lục Excel, biểu đồ"
    said = f"{head}\n\n{charts.alternative(snapshot)}"
    return Outgoing(said, files=(*names, *_chart(reader)))


def _reads(viewer: Viewer) -> str:
    """Whose entries a workbook names: everybody's, or those that this viewer may see."""
    return "everything" if viewer.everywhere else f"person {viewer.person_id}"


def _digest(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def _kept(
    reader: Reader, name: str, suffix: str, make: Callable[[], bytes], *, said: str = ""
) -> str:
    """The name of a file made once for each snapshot and what is `said` beside it.

    What was counted only for this message would be another snapshot a moment later, when the
    message is taken up again: it is known by the message. The folders tell who may read it.
    """
    snapshot = reader.snapshot
    scope = snapshot.scope.replace(":", "-")
    once = reader.shown.report is None and reader.asked is not None
    known = f"{reader.asked} {reader.at:%Y-%m-%d %H}" if once else snapshot.sha256
    folder = f"tong-hop/{snapshot.period.code}/{scope}/{_digest(known, said)}"
    kept = f"{folder}/{name}-{snapshot.period.code}{suffix}"
    files.made(kept, make, again=once or reader.shown.report is not None)
    return kept
