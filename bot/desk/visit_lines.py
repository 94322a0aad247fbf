"""The part of the morning message that speaks of visits: what is owed, and a button for each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.desk.duties import coming, owed_on
from bot.desk.morning import Day, Line, Said
from bot.messages import Option
from bot.rules.periods import Period
from bot.rules.reminding import Duty, Place, State, speakers
from bot.rules.zone import day_of, local, moment
from bot.words import capital, day, nfc, weekday
from storage import areas
from storage.duties import snoozes
from storage.occurrences import Due
from storage.scope import SYSTEM
from storage.tables import Area, Invitation, Snooze

REMINDER = "visit_reminder"
SNOOZED = "snooze"
NAMED_AT_MOST = 4  # areas that are listed one by one; more are counted
SNOOZE_LASTS = timedelta(days=40)
COMING = "dự được"

_LEVELS = ("đặc khu", "thị trấn", "thành phố", "phường", "huyện", "thị xã", "xã")


@dataclass(frozen=True)
class Scene:
    """What the lines of everybody are worded from."""

    day: Day
    areas: Mapping[int, Area]
    invitations: Mapping[Place, Sequence[Invitation]]
    snoozes: Mapping[int, Snooze]


def visit_lines(session: Session, day: Day) -> Iterable[Said]:
    """Whoever has a reminder step behind him and a visit not recorded; one line a period."""
    found = owed_on(session, SYSTEM, day)
    by_person: defaultdict[int, list[Duty]] = defaultdict(list)
    for duty in found:
        by_person[duty.person].append(duty)
    scene = Scene(
        day,
        areas.by_ids(session, {duty.area for duty in found}),
        _invitations(session, day),
        snoozes(session, day.at - SNOOZE_LASTS),
    )
    for person, duties in by_person.items():
        if person not in day.board and not _snoozing(scene, person):
            yield from ((person, line) for line in lines_of(duties, scene))


def lines_of(duties: Sequence[Duty], scene: Scene) -> list[Line]:
    """One person's lines, a period each, those that end first coming first."""
    groups = speakers(duties)
    spoken: defaultdict[Period, list[Duty]] = defaultdict(list)
    for group in groups.values():
        if group[0].step:
            spoken[group[0].owed.period].append(group[0])
    return [
        _line(period, _open_in(period, groups), _shown(period, duties, groups), groups, scene)
        for period in sorted(spoken, key=lambda one: (one.end, one.start))
    ]


def _open_in(period: Period, groups: Mapping[Place, Sequence[Duty]]) -> list[Duty]:
    return [group[0] for group in groups.values() if group[0].owed.period == period]


def _shown(
    period: Period, duties: Sequence[Duty], groups: Mapping[Place, Sequence[Duty]]
) -> list[Duty]:
    """The period's areas in official order, each once, without those another period speaks for."""
    shown: dict[int, Duty] = {}
    for duty in duties:
        speaker = groups.get((duty.person, duty.area), [duty])[0]
        if duty.owed.period == period and speaker.owed.period == period:
            kept = shown.get(duty.area)
            shown[duty.area] = duty if kept is None or duty.state == "open" else kept
    return list(shown.values())


def _line(
    period: Period,
    open_ones: Sequence[Duty],
    shown: Sequence[Duty],
    groups: Mapping[Place, Sequence[Duty]],
    scene: Scene,
) -> Line:
    over = scene.day.today >= period.end
    text = _over(period, open_ones, scene) if over else _running(period, shown, scene)
    return Line(
        text,
        due=_dues(open_ones, groups, scene),
        top=_went(open_ones, scene, at_once=over),
        options=() if over else _occasions(open_ones, scene),
        last=_last(period, over),
        foot="" if over else _hint(open_ones[0], scene),
        opens=True,
        covers=() if over or len(shown) > NAMED_AT_MOST else _invited(shown, scene),
    )


def _dues(
    open_ones: Sequence[Duty], groups: Mapping[Place, Sequence[Duty]], scene: Scene
) -> tuple[Due, ...]:
    """The steps reached, of those spoken for too, and a snooze that is over."""
    found = [
        _due(duty, scene.day)
        for speaker in open_ones
        for duty in groups[speaker.person, speaker.area]
        if duty.step
    ]
    snooze = scene.snoozes.get(open_ones[0].person)
    if snooze is not None:
        found.append(Due(SNOOZED, f"snooze:{snooze.id}", snooze.until))
    return tuple(found)


def _due(duty: Duty, day: Day) -> Due:
    at = moment(duty.step_on or day.today, day.province.send_at)
    step = f"{duty.owed.period.code} {duty.step}"
    return Due(REMINDER, f"assignment:{duty.owed.assignment.id}", at, step)


def _running(period: Period, shown: Sequence[Duty], scene: Scene) -> str:
    left = scene.day.calendar.workdays_left(period, scene.day.today)
    head = f"Lịch đi cơ sở {period.short}, còn {left} ngày làm việc"
    return f"{head}\n\n" + "\n".join(_area_lines(shown, scene))


def _over(period: Period, open_ones: Sequence[Duty], scene: Scene) -> str:
    close = scene.day.calendar.close_day(period, scene.day.province.close_day)
    hour = f"{scene.day.province.close_time:%H:%M}"
    head = f"{capital(period.short)} đã hết. Số liệu chốt {hour} {_weekday(close)}, {day(close)}."
    if len(open_ones) > NAMED_AT_MOST:
        return f"{head}\n{len(open_ones)} địa bàn chưa ghi nhận chuyến đi nào."
    return "\n".join([head, *(_over_line(duty, scene) for duty in open_ones)])


def _over_line(duty: Duty, scene: Scene) -> str:
    name = scene.areas[duty.area].name
    if duty.made:
        return f"{name}: đã ghi {duty.made} trên {duty.owed.visits} chuyến."
    return f"{name}: chưa ghi nhận chuyến đi nào."


def _area_lines(shown: Sequence[Duty], scene: Scene) -> list[str]:
    if len(shown) <= NAMED_AT_MOST:
        return [f"{scene.areas[duty.area].name}: {_standing(duty, scene)}" for duty in shown]
    counts = Counter(duty.state for duty in shown)
    return [
        f"{counts[state]} địa bàn {words}" for state, words in _COUNTED.items() if counts[state]
    ]


_COUNTED: dict[State, str] = {
    "open": "chưa ghi nhận",
    "accepted": "đã nhận lời mời của địa phương",
    "asked": "đã đề nghị vắng, chờ ý kiến",
    "done": "đã ghi đủ",
    "excused": "được miễn trong kỳ",
}


def _standing(duty: Duty, scene: Scene) -> str:
    invitations = scene.invitations.get((duty.person, duty.area), ())
    if duty.state == "done":
        return _done(duty)
    if duty.state == "excused":
        return "được miễn trong kỳ"
    if duty.state == "asked":
        return "đã đề nghị vắng, chờ ý kiến"
    made = f"đã ghi {duty.made} trên {duty.owed.visits} chuyến" if duty.made else "chưa ghi nhận"
    if duty.state == "accepted":
        first = next(row for row in invitations if row.answer == "accepted")
        return f"{made}, đã nhận lời dự họp {_short_day(first)} (GM-{first.number})"
    asked = _unanswered(duty, scene)
    return f"{made}. {invites(asked, scene.areas[duty.area])}" if asked else made


def _done(duty: Duty) -> str:
    if not duty.visited:
        return "đã cử người đi thay, đủ"
    if len(duty.visited) == 1:
        return f"đã ghi ngày {day(duty.visited[0])}, đủ"
    return f"đã ghi {duty.made} chuyến, đủ"


def invites(row: Invitation, area: Area) -> str:
    """Xã mời họp Đảng ủy 14:00 thứ Năm, 26/11 (GM-86)."""
    return f"{_level(area)} mời {row.occasion} {when(row)} (GM-{row.number})"


def when(row: Invitation) -> str:
    """14:00 thứ Năm, 26/11, or the day alone where no hour is known."""
    return clock(row.starts_at, timed=row.timed)


def clock(at: datetime, *, timed: bool) -> str:
    """The same of any moment."""
    starts = local(at)
    hour = f"{starts:%H:%M} " if timed else ""
    return f"{hour}{_weekday(starts.date())}, {day(starts.date())}"


def short_name(area: Area) -> str:
    """The name without its level, as people say it on a button: Hòa Mẫu."""
    name = nfc(area.name)
    level = next((one for one in _LEVELS if name.casefold().startswith(f"{one} ")), "")
    return name[len(level) :].strip()


def _level(area: Area) -> str:
    name = nfc(area.name).casefold()
    return capital(next((one for one in _LEVELS if name.startswith(f"{one} ")), "địa bàn"))


def _went(open_ones: Sequence[Duty], scene: Scene, *, at_once: bool) -> tuple[Option, ...]:
    """ "Tôi đã đi …" for each area, or one button where they are many."""
    if len(open_ones) > NAMED_AT_MOST:
        see = Option(f"Xem {len(open_ones)} địa bàn", "chuaghi")
        return (Option("Ghi chuyến đi", "ghi"), see)
    places = [scene.areas[duty.area] for duty in open_ones]
    if at_once and len(places) == 1:
        return (Option("Tôi đã đi, ghi ngay", went_token(places[0])),)
    return tuple(Option(f"Tôi đã đi {short_name(area)}", went_token(area)) for area in places)


def went_token(area: Area) -> str:
    """Begins a visit slip for the area."""
    return f"toi da di {area.code}"


def _invited(shown: Sequence[Duty], scene: Scene) -> tuple[Due, ...]:
    """The invitations that the areas' lines speak of."""
    rows = [_unanswered(duty, scene) for duty in shown if duty.state == "open"]
    return tuple(news_of(row) for row in rows if row is not None)


def news_of(row: Invitation) -> Due:
    """The cadre hears that he is invited, and again when it is moved to another day."""
    return Due("invitation", f"invitation:{row.id}", row.sent_at, f"sent{_moved(row)}")


def eve_of(row: Invitation) -> Due:
    """The last morning before an occasion."""
    return Due("invitation_reminder", f"invitation:{row.id}", row.starts_at, f"before{_moved(row)}")


def _moved(row: Invitation) -> str:
    """Tells what is said of another day from what was said of the first."""
    return f" {meant(row)}" if row.moved_from else ""


def _unanswered(duty: Duty, scene: Scene) -> Invitation | None:
    invitations = scene.invitations.get((duty.person, duty.area), ())
    return next((row for row in invitations if not row.answer), None)


def _occasions(open_ones: Sequence[Duty], scene: Scene) -> tuple[Option, ...]:
    """Coming to what the commune invites to, while it waits for the answer."""
    asked = [
        row
        for duty in open_ones
        for row in scene.invitations.get((duty.person, duty.area), ())
        if not row.answer
    ]
    first = sorted(asked, key=lambda row: (row.starts_at, row.number))[:NAMED_AT_MOST]
    return tuple(Option(f"Dự họp {_short_day(row)}", answered_by(row, COMING)) for row in first)


def answered_by(row: Invitation, said: str) -> str:
    """The token of an answer; of an occasion that was moved it names the time that is meant."""
    return f"GM-{row.number} {said}{f' {meant(row)}' if row.moved_from else ''}"


def meant(row: Invitation) -> str:
    """The time of an occasion as a token holds it: 27/11 14:00."""
    return f"{_short_day(row)} {local(row.starts_at):%H:%M}"


def _last(period: Period, over: bool) -> tuple[Option, ...]:
    away = f"vang {period.code}"
    if over:
        return (Option(f"{capital(period.short)} vắng", away),)
    this = {"month": "Tháng này", "quarter": "Quý này", "year": "Năm này"}.get(
        period.kind, "Kỳ này"
    )
    return (Option("Nhắc lại sau", "nhắc lại sau"), Option(f"{this} vắng", away))


def _hint(duty: Duty, scene: Scene) -> str:
    area = scene.areas[duty.area]
    on = scene.day.calendar.add_workdays(scene.day.today, -2)
    meeting = "họp tổ dân phố 3" if _level(area) == "Phường" else "họp thôn 3"
    return (
        f"Nếu đã đi, xin nhắn một câu, ví dụ: {short_name(area)} {day(on)} {meeting}, tình hình …"
    )


def _invitations(session: Session, on: Day) -> dict[Place, list[Invitation]]:
    found: defaultdict[Place, list[Invitation]] = defaultdict(list)
    for row in coming(session, SYSTEM, on.today):
        found[row.cadre_id, row.area_id].append(row)
    return found


def _snoozing(scene: Scene, person: int) -> bool:
    snooze = scene.snoozes.get(person)
    return snooze is not None and snooze.until > scene.day.at


def _short_day(row: Invitation) -> str:
    return day(day_of(row.starts_at))


def _weekday(on: date) -> str:
    return weekday(on).replace("Thứ", "thứ").replace("Chủ", "chủ")
