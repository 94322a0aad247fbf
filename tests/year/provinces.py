"""The province that is played: its roster as workbooks, imported as an office would import them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import col, select

from bot.roster.loading import import_roster
from bot.work import clock
from storage.database import Database
from storage.tables import Account, Area, Person
from tests.roster.books import book

BOT = "telegram:4242"
RULE = "02-QĐ/TU"
SINCE = date(2021, 4, 29)
SWITCH = date(2026, 7, 1)
"""On this day visits are owed by the quarter, no longer by the month, and communes merge."""
TWO_AREAS_EVERY = 9
STAFF = (
    ("TT01", "Võ Văn Thường", "Phó Bí thư Thường trực Tỉnh ủy", "thuong_truc"),
    ("VP01", "Hồ Thị Tổng", "Bộ phận tổng hợp", "tong_hop"),
    ("VP02", "Đinh Văn Chánh", "Chánh Văn phòng Tỉnh ủy", "duyet"),
    ("TC01", "Vũ Văn Điển", "Ban Tổ chức Tỉnh ủy", "ban_to_chuc"),
)
FIELDS = (
    "GT | Giao thông | cầu, đường",
    "DD | Đất đai, tái định cư | đất đai, tái định cư, giao đất",
    "BC | Biên chế, cán bộ xã | biên chế, công chức",
    "MC | Phần mềm một cửa | một cửa, phần mềm",
    "GD | Giáo dục | giáo viên, trường học, mầm non",
)
DAYS_OFF = ("2026-03-20 | Ngày hội của tỉnh | ", "2026-08-22 | Làm bù | x")


@dataclass(frozen=True)
class Size:
    """How much happens between the two days, both in it."""

    areas: int = 159
    members: int = 10
    visits: int = 2000
    cases: int = 1500
    exchanges: int = 620
    invitations: int = 150
    first: date = date(2026, 1, 1)
    last: date = date(2026, 12, 31)

    @property
    def spares(self) -> int:
        """People who take over areas in the course of the year."""
        return max(3, self.areas // 12)


@dataclass
class Span:
    """Who follows an area from when to when, as the year itself remembers it."""

    person: int
    area: int
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Made:
    """Ids by code, and who sits where."""

    people: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    seats: dict[int, int] = field(default_factory=dict)  # area -> who speaks for it
    spans: list[Span] = field(default_factory=list)
    spares: list[int] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)  # old area -> new one

    @property
    def code(self) -> dict[int, str]:
        return {number: code for code, number in self.people.items()}

    @property
    def area_code(self) -> dict[int, str]:
        return {number: code for code, number in self.areas.items()}

    def following(self, day: date) -> list[Span]:
        """Who follows what on the day."""
        return [span for span in self.spans if span.holds(day)]

    def communes(self, day: date) -> list[int]:
        """The communes that somebody follows on the day."""
        return sorted({span.area for span in self.following(day)})

    def now(self, area: int, day: date) -> int:
        """The area, or what has become of it by the day."""
        return self.merged.get(area, area) if day >= SWITCH else area

    def seat(self, area: int, day: date) -> int:
        """Who speaks on the day for the commune, or for what became of it."""
        return self.seats[self.now(area, day)]


def found(db: Database, size: Size, folder: Path, at: datetime) -> Made:
    """Import the roster into an empty database and link everybody's phone."""
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, at)
    import_roster(db, book(folder / "first", **_first(size)), at)
    made = Made()
    _learn(db, made)
    for place in range(1, size.areas + 1):
        area = made.areas[_area(place)]
        made.spans.append(Span(made.people[_follower(place)], area, SINCE))
        made.seats[area] = made.people[_seat(place)]
    made.spares = [made.people[f"TM{n:02d}"] for n in range(1, size.spares + 1)]
    return made


def link(db: Database, people: Iterable[int], at: datetime) -> None:
    """A phone for each; its address is the person's number."""
    with db.writing() as session:
        session.add_all(
            Account(bot=BOT, external_id=str(who), person_id=who, state="confirmed", linked_at=at)
            for who in people
        )


def reform(db: Database, made: Made, folder: Path, at: datetime) -> None:
    """One more import, ahead of the day: communes merge, and visits are owed by the quarter."""
    pairs = _pairs(len(made.seats))
    before = (SWITCH - timedelta(days=1)).isoformat()
    areas, heirs, roles, assigned = [], [], [], []
    for number, (one, two) in enumerate(pairs, start=1):
        new, cluster = f"XM{number:02d}", _cluster_of(made, db, _area(one))
        for place in (one, two):
            areas.append(f"{_area(place)} | Xã Mẫu {place:03d} | xa | {cluster} | | {before}")
            heirs.append(f"{_area(place)} | {new}")
            roles.append(f"{_seat(place)} | co_so | {_area(place)} | | | {before}")
            assigned += _ended(made, _area(place), before)
        areas.append(f"{new} | Xã Mẫu Hợp {number:02d} | xa | {cluster} | {SWITCH}")
        roles.append(f"{_seat(one)} | co_so | {new} | | {SWITCH}")
        follower = made.code[_held(made, _area(one)).person]
        assigned.append(f"{follower} | {new} | {RULE} | theo_doi | {SWITCH}")
    sheets = {"dia_ban": areas, "ke_tuc": heirs, "vai_tro": roles, "phan_cong": assigned}
    sheets["dinh_ky"] = [f"{RULE} | theo_doi | {SWITCH} | quy | 1 | 1"]
    written = {name: "\n".join(rows) for name, rows in sheets.items()}
    import_roster(db, book(folder / "reform", **written), at)
    _learn(db, made)
    for number, (one, two) in enumerate(pairs, start=1):
        area = made.areas[f"XM{number:02d}"]
        taker = _held(made, _area(one)).person
        for place in (one, two):
            made.merged[made.areas[_area(place)]] = area
            _held(made, _area(place)).last = SWITCH - timedelta(days=1)
        made.spans.append(Span(taker, area, SWITCH))
        made.seats[area] = made.people[_seat(one)]


def _first(size: Size) -> dict[str, str]:
    places = range(1, size.areas + 1)
    clusters = [f"K{n:02d} | Cụm {n:02d} | cum | TINH" for n in range(1, size.members + 1)]
    communes = [f"{_area(p)} | Xã Mẫu {p:03d} | xa | K{_cluster(p, size):02d}" for p in places]
    cadres = sorted({_follower(p) for p in places})
    people = [f"{code} | {name} | {post} | Tỉnh ủy" for code, name, post, _ in STAFF]
    people += [
        f"UV{n:02d} | Ủy viên {n:02d} | Ủy viên Ban Thường vụ | Tỉnh ủy"
        for n in range(1, size.members + 1)
    ]
    people += [f"{code} | Cán bộ {code[2:]} | Lãnh đạo sở | Cơ quan cấp tỉnh" for code in cadres]
    people += [
        f"TM{n:02d} | Cán bộ thay {n:02d} | Lãnh đạo sở | Cơ quan cấp tỉnh"
        for n in range(1, size.spares + 1)
    ]
    people += [f"{_seat(p)} | Bí thư {p:03d} | Bí thư Đảng ủy xã | Đảng ủy xã" for p in places]
    roles = [f"{code} | {role}" for code, _, _, role in STAFF]
    roles += [f"{_seat(p)} | co_so | {_area(p)}" for p in places]
    assigned = [f"{_follower(p)} | {_area(p)} | {RULE} | theo_doi | {SINCE}" for p in places]
    assigned += [
        f"UV{n:02d} | K{n:02d} | {RULE} | phu_trach | {SINCE}" for n in range(1, size.members + 1)
    ]
    rows = {
        "dia_ban": ["TINH | Tỉnh Mẫu | tinh | ", *clusters, *communes],
        "can_bo": people,
        "vai_tro": roles,
        "quy_dinh": [f"{RULE} | {SINCE} | Phân công theo dõi cơ sở"],
        "dinh_ky": [f"{RULE} | theo_doi | {SINCE} | thang | 1 | 1"],
        "phan_cong": assigned,
        "linh_vuc": list(FIELDS),
        "ngay_nghi": list(DAYS_OFF),
    }
    return {name: "\n".join(lines) for name, lines in rows.items()}


def _area(place: int) -> str:
    return f"X{place:03d}"


def _seat(place: int) -> str:
    return f"XA{place:03d}"


def _follower(place: int) -> str:
    """Of every nine communes in a row the first two have the same follower."""
    return f"CB{place - 1 if place % TWO_AREAS_EVERY == 2 else place:03d}"


def _cluster(place: int, size: Size) -> int:
    return (place - 1) * size.members // size.areas + 1


def _pairs(areas: int) -> list[tuple[int, int]]:
    """Neighbours that merge: the first two have one follower, the others one each."""
    return [(1, 2), (5, 6)] if areas < 100 else [(1, 2), (5, 6), (41, 42)]


def _cluster_of(made: Made, db: Database, code: str) -> str:
    with db.reading() as session:
        parent = session.exec(select(Area.parent_id).where(Area.code == code)).one()
    return made.area_code[parent or 0]


def _held(made: Made, code: str) -> Span:
    """Who follows the area until the switch."""
    last = SWITCH - timedelta(days=1)
    return next(s for s in made.spans if s.area == made.areas[code] and s.holds(last))


def _ended(made: Made, code: str, last: str) -> list[str]:
    span = _held(made, code)
    who = made.code[span.person]
    return [f"{who} | {code} | {RULE} | theo_doi | {span.first} | {last}"]


def _learn(db: Database, made: Made) -> None:
    with db.reading() as session:
        people = session.exec(select(Person.code, Person.id).order_by(col(Person.id)))
        made.people = {code: number or 0 for code, number in people}
        areas = session.exec(select(Area.code, Area.id).order_by(col(Area.id)))
        made.areas = {code: number or 0 for code, number in areas}
