"""Two months of invented work before the demo begins, so that its first summary has figures."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.demo.province import IN_CHARGE, Made
from bot.desk import case_acts
from bot.desk.case_acts import New
from bot.rules.zone import moment
from bot.work.viewers import viewer_for
from storage.counters import next_numbers
from storage.scope import Viewer
from storage.tables import Case, Counter, Exchange, ExchangeMessage, Visit

FIRST_CODES = {"CS": 1400, "KN": 280, "TR": 190, "GM": 80, "VH": 630}
SEEN = (
    "Sản xuất ổn định, bà con quan tâm giá vật tư.",
    "Khu tái định cư giao đất còn chậm, bà con mong được công khai tiến độ.",
    "Bộ phận một cửa đông người vào đầu tuần, phần mềm hay chậm.",
    "Phong trào hiến đất mở đường được hưởng ứng.",
)
ADVISED = (
    "Xã công khai danh sách hộ đủ điều kiện.",
    "Phân công người hướng dẫn nộp hồ sơ trực tuyến.",
    "Họp dân trước khi chốt phương án.",
)
CHECKED = ("Sổ theo dõi đơn thư, ghi đủ.", "Bộ phận một cửa, hồ sơ đúng hạn.", "")
RAISED = (
    "Đề nghị đẩy nhanh giao đất tái định cư",
    "Xã thiếu công chức địa chính, đề nghị biệt phái",
    "Phần mềm một cửa hay lỗi, đề nghị sửa",
    "Cầu bản thôn 2 xuống cấp, đề nghị sửa chữa",
    "Thiếu giáo viên mầm non, đề nghị bổ sung hợp đồng",
    "Trụ sở dôi dư xuống cấp, đề nghị cho phép sử dụng",
)
MISSED = {9: (5, 11, 17), 10: (7, 14)}  # places in the list that nobody visited that month
TALKS = {9: 12, 10: 14}


def write(session: Session, made: Made, today: date) -> None:
    """Visits of September, October and this month; cases in every state; exchanges."""
    for kind, value in FIRST_CODES.items():
        session.add(Counter(kind=kind, value=value))
    session.flush()
    for month in (9, 10):
        places = [p for p in range(len(made.areas)) if p not in MISSED[month]]
        _visit(session, made, places, today.year, month)
        _talk(session, made, today.year, month)
    _visit(session, made, list(range(3, 12)), today.year, 11)
    _raise(session, made, today)


def _visit(session: Session, made: Made, places: list[int], year: int, month: int) -> None:
    numbers = next_numbers(session, "CS", len(places))
    for number, place in zip(numbers, places, strict=True):
        on = date(year, month, 3 + place % 16)
        at = moment(on, time(16, place % 60))
        session.add(
            Visit(
                number=number,
                person_id=made.followers[place],
                area_id=made.areas[place],
                visited_on=on,
                activity=("lam_viec", "thon", "chi_bo", "tiep_dan")[place % 4],
                situation=SEEN[(place + month) % len(SEEN)],
                advice=ADVISED[place % len(ADVISED)],
                check=CHECKED[place % len(CHECKED)],
                written_by_id=made.followers[place],
                begun_at=at,
                submitted_at=at,
            )
        )
    session.flush()


def _talk(session: Session, made: Made, year: int, month: int) -> None:
    for number, place in zip(
        next_numbers(session, "TR", TALKS[month]), range(TALKS[month]), strict=True
    ):
        begun = moment(date(year, month, 5 + place), time(9))
        answered = begun + timedelta(hours=26) if place % 3 else None
        exchange = Exchange(
            number=number,
            area_id=made.areas[place],
            cadre_id=made.followers[place],
            begun_by="cadre",
            begun_at=begun,
            answered_at=answered,
            due_on=date(year, month, 12 + place),
        )
        session.add(exchange)
        session.flush()
        assert exchange.id is not None
        asked = "Đề nghị xã cho biết tiến độ công khai danh sách."
        said = [("cadre", made.followers[place], asked, begun)]
        if answered is not None:
            seat = made.people[f"XA{place + 1:02d}"]
            said.append(("commune", seat, "Xã đã niêm yết tại nhà văn hóa các thôn.", answered))
        for side, by_id, text, at in said:
            session.add(
                ExchangeMessage(exchange_id=exchange.id, side=side, by_id=by_id, text=text, at=at)
            )


def _raise(session: Session, made: Made, today: date) -> None:
    """Cases of two months; the earlier a case, the farther it has come."""
    for index in range(30):
        place = index % IN_CHARGE
        on = date(today.year, 9 + index // 14, 3 + (index * 2) % 24)
        if on >= today:
            continue
        at = moment(on, time(10, index))
        author = viewer_for(session, made.followers[place], on)
        new = New(
            made.areas[place],
            RAISED[index % len(RAISED)],
            ("nhan_dan", "cap_uy", "can_bo")[index % 3],
            "kien_nghi",
            None,
            None,
            "explained" if index % 9 == 4 else "passed_up",
            "",
            made.followers[place],
        )
        case = case_acts.create(session, author, new, at)
        if case.outcome == "passed_up" and index % 5 != 3:
            _settle(session, made, case, place, at, finished=index % 4 != 1)


def _settle(
    session: Session, made: Made, case: Case, place: int, at: datetime, *, finished: bool
) -> None:
    """The case as the office, the cadre and the commune brought it to its end."""
    office, member = (_viewer(session, made, code, at) for code in ("VP01", "UV01"))
    steps = [(member, "hand_to_office", ""), (office, "answer", "Đã giao sở chuyên ngành bố trí.")]
    if finished:
        cadre = viewer_for(session, made.followers[place], at.date())
        commune = _viewer(session, made, f"XA{place + 1:02d}", at)
        steps += [(cadre, "tell", ""), (commune, "word_done", "")]
    for days, (viewer, act, text) in enumerate(steps, start=1):
        case_acts.perform(session, viewer, case, act, at + timedelta(days=2 * days), text=text)


def _viewer(session: Session, made: Made, code: str, at: datetime) -> Viewer:
    return viewer_for(session, made.people[code], at.date())
