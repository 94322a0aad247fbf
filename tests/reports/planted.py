"""October 2026 of an invented province, planted so that every figure of its digest is known."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel

from storage.tables import (
    Absence,
    Account,
    Area,
    Assignment,
    Cadence,
    Case,
    CaseEvent,
    Exchange,
    FieldOfWork,
    Person,
    Regulation,
    Role,
    Visit,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
CLOSE = datetime(2026, 11, 3, 17, 0, tzinfo=ZONE).astimezone(UTC)
AREAS = 135
FIELDS = (
    ("DD", "Đất đai, tái định cư", 9, 5),
    ("BC", "Biên chế, cán bộ xã", 6, 6),
    ("MC", "Phần mềm một cửa", 4, 7),
    ("GT", "Giao thông", 3, 3),
    ("GD", "Giáo dục", 3, 2),
    ("YT", "Y tế", 2, 1),
)
"""Code, name, new cases in October, new cases in September."""


@dataclass(frozen=True)
class Planted:
    """Ids of what was planted."""

    areas: list[int]
    followers: list[int]
    assignments: list[int]
    people: dict[str, int]
    cases: list[int]


def at(day: date, hour: int = 9) -> datetime:
    """A time of the day in the province, in UTC."""
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def plant(session: Session) -> Planted:
    """Everything in an empty database; the caller's transaction commits."""
    areas = _areas(session)
    people = _people(session)
    followers, assignments = _assign(session, areas, people["UV01"])
    _absences(session, followers)
    _visits(session, areas, followers)
    cases = _cases(session, areas, followers, people)
    _exchanges(session, areas, followers)
    session.flush()
    return Planted(areas, followers, assignments, people, cases)


def keep(session: Session, rows: list[SQLModel]) -> list[int]:
    """Store the rows and return their ids."""
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]  # type: ignore[attr-defined]  # every table here has an id


def _areas(session: Session) -> list[int]:
    [province] = keep(session, [Area(code="TINH", name="Tỉnh Mẫu", level="tinh")])
    names = ["Xã Hòa Mẫu", "Phường Tân Mẫu", "Xã Long Mẫu"]
    names += [f"Xã Mẫu {number:03d}" for number in range(4, AREAS + 1)]
    rows = [
        Area(code=f"X{place:03d}", name=name, level="xa", parent_id=province, place=place)
        for place, name in enumerate(names, start=1)
    ]
    return keep(session, [*rows])


def _people(session: Session) -> dict[str, int]:
    posts = {
        "TT01": ("Võ Văn Thường", "Phó Bí thư Thường trực Tỉnh ủy", "thuong_truc"),
        "UV01": ("Phạm Văn Ví", "Ủy viên Ban Thường vụ Tỉnh ủy", ""),
        "VP02": ("Đinh Văn Chánh", "Chánh Văn phòng Tỉnh ủy", "duyet"),
        "VP01": ("Hồ Thị Tổng", "Phó Trưởng phòng Tổng hợp", "tong_hop"),
        "TC01": ("Vũ Văn Điển", "Phó Trưởng ban", "ban_to_chuc"),
    }
    rows: list[SQLModel] = [
        Person(code=code, full_name=name, post=post, rank=rank)
        for rank, (code, (name, post, _)) in enumerate(posts.items())
    ]
    ids = dict(zip(posts, keep(session, rows), strict=True))
    session.add_all(
        Role(person_id=ids[code], role=role) for code, (_, _, role) in posts.items() if role
    )
    return ids


def _assign(session: Session, areas: list[int], member: int) -> tuple[list[int], list[int]]:
    """One follower for each area; the member is in charge of the first thirteen."""
    [rule] = keep(session, [Regulation(number="02-QĐ/TU", issued_on=date(2021, 4, 29))])
    begun = date(2026, 1, 1)
    session.add(Cadence(regulation_id=rule, kind="theo_doi", from_date=begun, unit="thang"))
    people: list[SQLModel] = [
        Person(code=f"CB{number:03d}", full_name=f"Cán bộ {number:03d}", rank=100 + number)
        for number in range(1, AREAS + 1)
    ]
    followers = keep(session, people)
    session.add_all(
        Account(bot="telegram:1", external_id=str(one), person_id=one, state="confirmed")
        for one in followers
    )
    pairs = list(zip(followers, areas, strict=True))
    rows: list[SQLModel] = [_assignment(who, where, rule, "theo_doi") for who, where in pairs]
    session.add_all(_assignment(member, where, rule, "phu_trach") for where in areas[:13])
    return followers, keep(session, rows)


def _assignment(person: int, area: int, rule: int, kind: str) -> Assignment:
    begun = date(2026, 1, 1)
    return Assignment(
        person_id=person, area_id=area, regulation_id=rule, kind=kind, from_date=begun
    )


def _absences(session: Session, followers: list[int]) -> None:
    """Two are excused in October, one of them already in September."""
    for who, first in ((followers[-1], SEPTEMBER), (followers[-2], OCTOBER)):
        session.add(
            Absence(person_id=who, from_date=first, to_date=date(2026, 10, 31), form="mien")
        )


def _visits(session: Session, areas: list[int], followers: list[int]) -> None:
    """117 areas in October, 112 in September."""
    numbers = count(1)
    for month, made in ((SEPTEMBER, 112), (OCTOBER, 117)):
        for place in range(made):
            day = month + timedelta(days=place % 28)
            session.add(visit(next(numbers), followers[place], areas[place], day))


def visit(number: int, person: int, area: int, day: date) -> Visit:
    """A slip entered on the day itself."""
    return Visit(
        number=number,
        person_id=person,
        area_id=area,
        visited_on=day,
        activity="du_hop_cap_uy",
        situation="Tình hình ổn định." if number % 2 else "",
        advice="Công khai danh sách.",
        written_by_id=person,
        begun_at=at(day, 15),
        submitted_at=at(day, 16),
    )


def _cases(
    session: Session, areas: list[int], followers: list[int], people: dict[str, int]
) -> list[int]:
    """38 carried over and 27 new; 31 ended and 34 are open, 7 of them overdue."""
    fields = keep(session, [FieldOfWork(code=code, name=name) for code, name, _, _ in FIELDS])
    september = [field for field, row in zip(fields, FIELDS, strict=True) for _ in range(row[3])]
    october = [field for field, row in zip(fields, FIELDS, strict=True) for _ in range(row[2])]
    numbers = count(230)
    rows = [_case(next(numbers), areas[place], date(2026, 8, 20)) for place in range(30)]
    rows += [
        _case(next(numbers), areas[place], date(2026, 9, 10), field)
        for place, field in enumerate(september)
    ]
    rows += [
        _case(next(numbers), areas[place % 22], date(2026, 10, 5), field)
        for place, field in enumerate(october)
    ]
    for row in rows[:16]:  # 54 were raised before October; 38 of them were open when it began
        _end(row, date(2026, 9, 20))
    for row in rows[16:42]:  # 26 of these and 5 new ones end in October
        _end(row, date(2026, 10, 20))
    for row in rows[54:59]:
        _end(row, date(2026, 10, 28))
    for row in rows[42:49]:
        row.due_on = date(2026, 10, 21)
    by_number = {row.number: row for row in rows}
    asks = ((287, 0, "Vốn nhà văn hóa."), (294, 1, "Trụ sở dôi dư"))
    for number, place, text in asks:
        row = by_number[number]
        row.area_id, row.text, row.state = areas[place], text, "with_board"
        row.owner_role, row.ended_at, row.due_on = "thuong_truc", None, date(2026, 11, 20)
    _end(by_number[299], date(2026, 10, 27))
    for row in rows:
        row.raised_by_id = followers[0]
    ids = keep(session, [*rows])
    session.add_all(
        CaseEvent(case_id=one, at=row.raised_at, act="raise", state=row.state, due_on=row.due_on)
        for one, row in zip(ids, rows, strict=True)
    )
    return ids


def _case(number: int, area: int, day: date, field: int | None = None) -> Case:
    return Case(
        number=number,
        area_id=area,
        raised_by_id=0,
        source="cap_uy",
        field_id=field,
        text="Đề nghị tỉnh xem xét.",
        state="with_office",
        owner_role="tong_hop",
        due_on=date(2026, 11, 12),
        raised_at=at(day),
    )


def _end(row: Case, day: date) -> None:
    row.state, row.ended_at, row.due_on, row.owner_role = "ended", at(day), None, ""


def _exchanges(session: Session, areas: list[int], followers: list[int]) -> None:
    """46 begun in October, 32 of them answered."""
    for place in range(46):
        session.add(
            Exchange(
                number=place + 1,
                area_id=areas[place],
                cadre_id=followers[place],
                begun_by="cadre",
                begun_at=at(date(2026, 10, 12)),
                answered_at=at(date(2026, 10, 14)) if place < 32 else None,
                due_on=date(2026, 10, 19),
            )
        )
