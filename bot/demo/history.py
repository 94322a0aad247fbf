"""Three months of invented work before the demo begins, so that its first summary has figures."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.demo.province import IN_CHARGE, Made
from bot.desk import case_acts
from bot.desk.case_acts import New
from bot.rules.zone import day_of, moment
from bot.work.viewers import viewer_for
from storage.counters import next_numbers
from storage.scope import Viewer
from storage.tables import Counter, Exchange, ExchangeMessage, Visit

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
MISSED = {  # places in the list that nobody visited that month
    9: (5, 11, 17),
    10: (7, 14),
    11: (0, 1, 8, 13, 19),  # the first two are still to come, in the story
}
TALKS = {9: range(12), 10: range(14), 11: range(2, 11)}  # places where a talk was begun
CASES = {9: 14, 10: 15, 11: 11}
EXPLAINED = (4, 8)  # on the spot, of each month's cases
STUCK = ((10, 3), (10, 6))  # month and place in it: with the office, which has not answered
WITH_THE_BOARD = (10, 12)
BETWEEN_ACTS = timedelta(days=2)


def write(session: Session, made: Made, today: date) -> None:
    """Visits, exchanges and cases of September, October and this month until yesterday."""
    for kind, value in FIRST_CODES.items():
        session.add(Counter(kind=kind, value=value))
    session.flush()
    for month in (9, 10, 11):
        places = [p for p in range(len(made.areas)) if p not in MISSED[month]]
        _visit(session, made, places, today.year, month)
        _talk(session, made, today.year, month)
        _raise(session, made, month, today)


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
    numbers = next_numbers(session, "TR", len(TALKS[month]))
    for number, place in zip(numbers, TALKS[month], strict=True):
        begun = moment(date(year, month, 5 + place), time(9))
        answered = begun + timedelta(hours=26) if (place + 1) % 3 else None
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


def _raise(session: Session, made: Made, month: int, today: date) -> None:
    """The month's cases, each as far as it has come by today."""
    for index in range(CASES[month]):
        place = (index + 2 * month) % IN_CHARGE
        at = moment(date(today.year, month, 12 + index), time(10, index))
        author = viewer_for(session, made.followers[place], at.date())
        outcome = "explained" if index in EXPLAINED else "passed_up"
        new = New(
            made.areas[place],
            RAISED[(index + month) % len(RAISED)],
            ("nhan_dan", "cap_uy", "can_bo")[index % 3],
            "kien_nghi",
            None,
            None,
            outcome,
            "",
            made.followers[place],
        )
        case = case_acts.create(session, author, new, at)
        if outcome == "passed_up":
            for viewer, act in _acts(session, made, (month, index), place, at):
                at += BETWEEN_ACTS
                if day_of(at) < today:
                    text = "Đã giao sở chuyên ngành bố trí." if act == "answer" else ""
                    case_acts.perform(session, viewer, case, act, at, text=text)


def _acts(
    session: Session, made: Made, which: tuple[int, int], place: int, at: datetime
) -> list[tuple[Viewer, str]]:
    """What brings a case to its end, or to where it is stuck."""
    office, member = (_viewer(session, made, code, at) for code in ("VP01", "UV01"))
    cadre = viewer_for(session, made.followers[place], at.date())
    commune = _viewer(session, made, f"XA{place + 1:02d}", at)
    if which == WITH_THE_BOARD:
        return [(member, "ask_board")]
    handed, answered = (member, "hand_to_office"), (office, "answer")
    return (
        [handed] if which in STUCK else [handed, answered, (cadre, "tell"), (commune, "word_done")]
    )


def _viewer(session: Session, made: Made, code: str, at: datetime) -> Viewer:
    return viewer_for(session, made.people[code], at.date())
