"""An overloaded commune needs at most two messages, taps counted, for each thing it does."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.desk import case_raising, directives, exchanges, papers
from bot.desk.cases import raise_case
from bot.desk.menus import by_label
from bot.messages import Incoming, Media
from bot.rules.case_table import ACTS, COMMUNE
from storage import secrecy
from storage.counters import next_numbers
from storage.database import Database
from storage.tables import (
    Alert,
    Assignment,
    Case,
    Commitment,
    DirectiveTarget,
    Exchange,
    Invitation,
    Paper,
    PaperComment,
    ReviewComment,
    Visit,
)
from tests.cast import TODAY, cast
from tests.desk.counter import Counter
from tests.work.inbox import linked

MOST = 2


class Counted(Counter):
    """A desk that counts what the commune types and presses."""

    count = 0

    def sends_file(self, who: str) -> str:
        """What is told to somebody who sends one document."""
        return self._goes(who, Incoming(media=Media("document", "so-1", name="du-toan.docx")))

    def _goes(self, who: str, *rest: object) -> str:
        self.count += who == "XA01"
        return super()._goes(who, *rest)  # type: ignore[arg-type]  # passed on as it came


@pytest.fixture
def desk(db: Database) -> Iterator[Counted]:
    with db.writing() as session:
        people = cast(session)
        next_numbers(session, "KN", 311)
        yield Counted(session, people)


def raised(desk: Counter, outcome: str = "passed_up") -> Case:
    case, _ = raise_case(
        desk.session,
        desk.viewer("CB001"),
        area_id=desk.cast.area["HOAMAU"],
        text="Sửa cầu thôn 3",
        source="nhan_dan",
        kind="kien_nghi",
        field_id=None,
        visit_id=None,
        outcome=outcome,
        document="",
        raised_by_id=desk.cast["CB001"],
        at=desk.at,
    )
    return case


def told(desk: Counter, act: str = "") -> Case:
    """A case whose answer, or reason, has been told to the commune."""
    case = raised(desk)
    desk.says("VP01", "KN-312 công văn số 12-CV/VPTU" if not act else f"KN-312 {act}: không có vốn")
    desk.presses("VP01", "Gửi")
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    assert case.state == "told"
    return case


def words_on_a_case(token: str) -> Callable[[Counted], None]:
    """The label under the question that was sent to the commune, pressed."""

    def act(desk: Counted) -> None:
        case = told(desk, "chưa có chế tài" if token == "word_noted" else "")
        desk.presses("XA01", ACTS[token].label)
        assert case.state != "told"

    return act


def result(desk: Counted) -> None:
    case = raised(desk, "passed_to_commune")
    desk.presses_token("XA01", "KN-312 xong")
    desk.says("XA01", "Đã thay cống")
    assert case.state == "ended"


def up(desk: Counted) -> None:
    case = raised(desk, "passed_to_commune")
    desk.presses_token("XA01", "KN-312 chuyen cap tren")
    desk.says("XA01", "Đường của tỉnh")
    assert case.state == "with_member"


def raising(desk: Counted) -> None:
    desk.says("XA01", "Kiến nghị: xã thiếu 2 công chức địa chính")
    desk.presses("XA01", "Gửi")
    assert desk.session.exec(select(Case)).one().state == "with_member"


def raising_by_the_keyboard(desk: Counted) -> None:
    """ "Kiến nghị của xã" lists what there is, and takes the next words as a new one."""
    raised(desk)
    assert "KN-312 Sửa cầu thôn 3" in desk.presses_token("XA01", by_label("Kiến nghị của xã") or "")
    said = desk.says("XA01", "Xã thiếu 2 công chức địa chính")
    case = desk.session.exec(select(Case).where(Case.number == 313)).one()
    assert (case.state, case.source, case.text) == (
        "with_member",
        "cap_uy",
        "Xã thiếu 2 công chức địa chính",
    )
    assert said == (
        "Đã gửi KN-313 đến đồng chí Phạm Văn Ví (phụ trách địa bàn) và đồng chí Nguyễn Văn Mẫu "
        "(theo dõi xã), hạn trả lời 03/12.\nLĩnh vực: Biên chế, cán bộ xã."
    )
    assert desk.labels("XA01") == ["Xem KN-313", "Rút KN-313"]


def saying_afterwards_what_it_is(desk: Counted) -> None:
    """Words that fit nothing, and then the button "Kiến nghị" under them."""
    viewer, words = desk.viewer("XA01"), "Xã thiếu 2 công chức địa chính, hồ sơ còn 140 bộ"
    start = case_raising.told_later(desk.session, viewer, words, TODAY)
    desk.count = 2
    desk.begins("XA01", start)
    assert desk.session.exec(select(Case)).one().state == "with_member"


def saying_afterwards_whom_it_is_for(desk: Counted) -> None:
    viewer, words = desk.viewer("XA01"), "Danh sách niêm yết gửi về đâu, xin đồng chí cho biết"
    desk.count = 2
    desk.begins("XA01", exchanges.told_later(desk.session, viewer, words, desk.at))
    assert desk.session.exec(select(Exchange)).one().begun_by == "commune"


def asking_where_it_stands(desk: Counted) -> None:
    raised(desk)
    assert "KN-312" in desk.says("XA01", "kn")


def withdrawing(desk: Counted) -> None:
    raising(desk)
    desk.count = 0
    desk.says("XA01", "KN-312 rút")
    desk.presses("XA01", "Rút KN-312")
    assert desk.session.exec(select(Case)).one().state == "withdrawn"


def inviting(desk: Counted) -> None:
    desk.says("XA01", "mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã, dự toán 2027")
    desk.presses("XA01", "Gửi")
    assert desk.session.exec(select(Invitation)).one().number


def inviting_by_the_keyboard(desk: Counted) -> None:
    desk.presses_token("XA01", by_label("Mời họp") or "")
    said = desk.says("XA01", "dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã, dự toán 2027")
    row = desk.session.exec(select(Invitation)).one()
    assert (row.occasion, row.content) == ("họp Đảng ủy", "dự toán 2027")
    assert "Dự họp Đảng ủy, 14:00 thứ Năm, 26/11/2026, hội trường xã" in said


def _invited(desk: Counted) -> Invitation:
    """Hòa Mẫu has invited its cadre; the receipt stands on the screen."""
    inviting(desk)
    desk.count = 0
    return desk.session.exec(select(Invitation)).one()


def calling_an_invitation_off(desk: Counted) -> None:
    row = _invited(desk)
    desk.presses("XA01", "Rút lời mời")
    desk.says("XA01", "Mưa lũ")
    assert (row.called_off_at, row.changed_why) == (desk.at, "Mưa lũ")


def moving_an_invitation(desk: Counted) -> None:
    row = _invited(desk)
    desk.presses("XA01", "Đổi ngày")
    assert "27/11" in desk.says("XA01", "15h thứ sáu 27/11, do họp tỉnh")
    assert row.changed_why == "họp tỉnh"


def sending_along_what_will_be_talked_about(desk: Counted) -> None:
    row = _invited(desk)
    desk.presses("XA01", "Kèm tài liệu")
    assert desk.sends_file("XA01") == f"Đã kèm 1 tệp vào GM-{row.number}."


def sending_the_paper_after_its_words(desk: Counted) -> None:
    sending_a_paper(desk)
    desk.count = 0
    [paper] = desk.session.exec(select(Paper))
    desk.presses_token("XA01", f"VB-{paper.number} kèm tệp")
    assert desk.sends_file("XA01") == f"Đã kèm 1 tệp vào VB-{paper.number}."


def beginning_an_exchange(desk: Counted) -> None:
    desk.says("XA01", "Nhắn cán bộ theo dõi: danh sách niêm yết gửi về đâu?")
    desk.presses("XA01", "Gửi")
    assert desk.session.exec(select(Exchange)).one().begun_by == "commune"


def beginning_one_by_the_button(desk: Counted) -> None:
    desk.presses_token("XA01", "traodoi")
    desk.says("XA01", "Danh sách niêm yết gửi về đâu?")
    assert desk.session.exec(select(Exchange)).one().begun_by == "commune"


def _visited(desk: Counter) -> Visit:
    visit = Visit(
        number=1437,
        person_id=desk.cast["CB001"],
        area_id=desk.cast.area["HOAMAU"],
        visited_on=TODAY,
        activity="cap_uy",
        advice="Công khai danh sách",
        written_by_id=desk.cast["CB001"],
        begun_at=desk.at,
        submitted_at=desk.at,
    )
    desk.session.add(visit)
    desk.session.flush()
    return visit


def talking_on_about_a_visit(desk: Counted) -> None:
    visit = _visited(desk)
    desk.presses_token("XA01", "trao doi CS-1437")
    desk.says("XA01", "Danh sách đã niêm yết ngày 20/11")
    assert desk.session.exec(select(Exchange)).one().visit_id == visit.id


def calling_at_once(desk: Counted) -> None:
    desk.session.add(linked(desk.cast["UV01"], 101))
    desk.says("XA01", "Báo ngay: sạt lở tại thôn 3, 12 hộ phải di dời")
    desk.presses("XA01", "Đúng, báo ngay")
    assert desk.session.exec(select(Alert)).one().id


def calling_at_once_by_the_menu(desk: Counted) -> None:
    desk.session.add(linked(desk.cast["UV01"], 101))
    asked = desk.presses_token("XA01", "baongay")
    assert asked.startswith("Báo ngay đến: đồng chí Phạm Văn Ví")
    assert asked.endswith("Nhắn xong là báo ngay.")
    assert desk.session.exec(select(Alert)).all() == []
    desk.says("XA01", "Sạt lở tại thôn 3, 12 hộ phải di dời")
    assert desk.session.exec(select(Alert)).one().chain[0] == desk.cast["UV01"]


def working_off_the_list(desk: Counted) -> None:
    told(desk)
    assert "KN-312" in desk.says("XA01", "viec")
    desk.presses("XA01", "KN-312")


def looking_up(desk: Counted) -> None:
    raised(desk)
    assert "KN-312" in desk.says("XA01", "tìm cầu thôn 3")


def reading_the_brief(desk: Counted) -> None:
    assert "Theo dõi: Nguyễn Văn Mẫu" in desk.says("XA01", "dia ban")


def reading_a_directive(desk: Counted) -> None:
    directives.issue(
        desk.session,
        desk.viewer("VP01"),
        text="Đẩy nhanh giải ngân",
        area_ids=[desk.cast.area["HOAMAU"]],
        due_on=TODAY + timedelta(days=9),
        at_once=False,
        at=desk.at,
    )
    desk.presses_token("CB001", "ND-1 đã nắm")
    target = desk.session.exec(
        select(DirectiveTarget).where(DirectiveTarget.area_id == desk.cast.area["HOAMAU"])
    ).one()
    target.passed_at = desk.at
    desk.session.flush()
    assert "Đẩy nhanh giải ngân" in desk.says("XA01", "ND-1")


def replying(desk: Counted) -> None:
    begun = exchanges.begin(
        desk.session,
        desk.viewer("CB001"),
        area_id=desk.cast.area["HOAMAU"],
        cadre_id=desk.cast["CB001"],
        text="Xã đã niêm yết chưa?",
        visit_id=None,
        at=desk.at,
    )
    assert begun
    exchange = desk.session.exec(select(Exchange)).one()
    desk.presses_token("XA01", f"TR-{exchange.number} trả lời")
    desk.says("XA01", "Đã niêm yết ngày 20/11")
    desk.session.refresh(exchange)
    assert exchange.answered_at


def sending_a_paper(desk: Counted) -> None:
    desk.says("XA01", "Văn bản xin ý kiến: dự thảo nghị quyết về thu ngân sách")
    desk.presses("XA01", "Gửi")
    assert desk.session.exec(select(Paper)).one().number


def sending_a_paper_by_the_menu(desk: Counted) -> None:
    desk.presses_token("XA01", "xinykien")
    said = desk.says("XA01", "Dự thảo nghị quyết về thu ngân sách, góp ý trước 30/11")
    paper = desk.session.exec(select(Paper)).one()
    assert said == (
        f"Đã gửi VB-{paper.number} đến đồng chí Nguyễn Văn Mẫu, hạn góp ý 30/11/2026. "
        "Chưa kèm văn bản."
    )


def commenting_on_the_year_of_a_cadre(desk: Counted) -> None:
    assert "PHIẾU NHẬN XÉT" in desk.says("XA01", "phiếu nhận xét")
    desk.says("XA01", "Về xã đều, góp ý cụ thể")
    assert desk.session.exec(select(ReviewComment)).one().role == "xa"


def finishing_a_commitment(desk: Counted) -> None:
    visit = _visited(desk)
    promised = Commitment(
        number=640, visit_id=visit.id or 0, area_id=visit.area_id, text="Lát đường"
    )
    desk.session.add(promised)
    desk.session.flush()
    desk.says("XA01", "VH-640 xong")
    desk.session.refresh(promised)
    assert promised.done_at


def commented(desk: Counter) -> Paper:
    paper = Paper(
        number=0,
        area_id=desk.cast.area["HOAMAU"],
        cadre_id=desk.cast["CB001"],
        sent_by_id=desk.cast["XA01"],
        text="Dự thảo nghị quyết",
        sent_at=desk.at,
        due_on=TODAY + timedelta(days=9),
    )
    papers.send(desk.session, desk.viewer("XA01"), paper, desk.at)
    desk.says("CB001", f"VB-{paper.number} góp ý: nêu rõ nguồn thu")
    return paper


def taking_a_comment(desk: Counted) -> None:
    paper = commented(desk)
    desk.says("XA01", f"VB-{paper.number} tiếp thu")
    assert desk.session.exec(select(PaperComment)).one().answer == "taken"


def explaining_a_comment(desk: Counted) -> None:
    paper = commented(desk)
    desk.says("XA01", f"VB-{paper.number} giải trình")
    desk.says("XA01", "Nguồn thu do tỉnh giao")
    assert desk.session.exec(select(PaperComment)).one().answer == "explained"


def asking_the_standing_board_to_meet(desk: Counted) -> None:
    secrecy.use(["k" * 32])
    try:
        desk.says("XA01", "/guirieng")
        said = desk.presses("XA01", "Đề nghị gặp trực tiếp: Võ Văn Thường")
    finally:
        secrecy.use([])
    assert said.startswith("Đã chuyển đề nghị gặp.")


ON_CASES: dict[str, Callable[[Counted], None]] = {
    **{
        token: words_on_a_case(token)
        for token, act in ACTS.items()
        if COMMUNE in act.by and "told" in act.frm
    },
    "commune_result": result,
    "pass_up": up,
}
OTHERS = (
    raising,
    raising_by_the_keyboard,
    saying_afterwards_what_it_is,
    saying_afterwards_whom_it_is_for,
    asking_where_it_stands,
    withdrawing,
    inviting,
    inviting_by_the_keyboard,
    sending_along_what_will_be_talked_about,
    sending_the_paper_after_its_words,
    calling_an_invitation_off,
    moving_an_invitation,
    beginning_an_exchange,
    beginning_one_by_the_button,
    talking_on_about_a_visit,
    calling_at_once,
    calling_at_once_by_the_menu,
    working_off_the_list,
    looking_up,
    reading_the_brief,
    reading_a_directive,
    replying,
    sending_a_paper,
    sending_a_paper_by_the_menu,
    commenting_on_the_year_of_a_cadre,
    finishing_a_commitment,
    asking_the_standing_board_to_meet,
    taking_a_comment,
    explaining_a_comment,
)


def test_no_act_of_a_commune_on_a_case_is_left_out() -> None:
    assert set(ON_CASES) == {token for token, act in ACTS.items() if COMMUNE in act.by}


@pytest.mark.parametrize("token", ON_CASES)
def test_an_act_on_a_case_takes_two_messages(desk: Counted, token: str) -> None:
    ON_CASES[token](desk)
    assert 1 <= desk.count <= MOST


@pytest.mark.parametrize("act", OTHERS, ids=lambda act: act.__name__)
def test_everything_else_takes_two_messages(desk: Counted, act: Callable[[Counted], None]) -> None:
    act(desk)
    assert 1 <= desk.count <= MOST


def _followed_by_two(desk: Counter) -> None:
    """CB002 follows Hòa Mẫu beside CB001, who comes first in protocol order."""
    desk.session.add(
        Assignment(
            person_id=desk.cast["CB002"],
            area_id=desk.cast.area["HOAMAU"],
            regulation_id=desk.cast.regulation,
            kind="theo_doi",
            from_date=TODAY,
        )
    )
    desk.session.flush()


def _guests(desk: Counter) -> list[int]:
    return [row.cadre_id for row in desk.session.exec(select(Invitation).order_by("id"))]


TO_A_CADRE = (
    raising,
    raising_by_the_keyboard,
    saying_afterwards_what_it_is,
    saying_afterwards_whom_it_is_for,
    inviting,
    inviting_by_the_keyboard,
    beginning_an_exchange,
    beginning_one_by_the_button,
    talking_on_about_a_visit,
    sending_a_paper,
    sending_a_paper_by_the_menu,
)


@pytest.mark.parametrize("act", TO_A_CADRE, ids=lambda act: act.__name__)
def test_a_second_follower_asks_for_no_third_message(
    desk: Counted, act: Callable[[Counted], None]
) -> None:
    _followed_by_two(desk)
    act(desk)
    assert 1 <= desk.count <= MOST


@pytest.mark.parametrize(
    ("words", "guest"),
    [
        ("mời dự họp Đảng ủy 14h thứ năm 26/11", "CB001"),
        ("mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11", "CB001"),
        ("mời đc Thay dự họp Đảng ủy 14h thứ năm 26/11", "CB002"),
    ],
)
@pytest.mark.parametrize("by_menu", [False, True])
def test_whoever_is_named_is_invited_else_who_gets_the_cases(
    desk: Counted, words: str, guest: str, *, by_menu: bool
) -> None:
    _followed_by_two(desk)
    if by_menu:
        desk.presses_token("XA01", "giaymoi")
        desk.says("XA01", words)
    else:
        desk.says("XA01", words)
        desk.presses("XA01", "Gửi")
    assert (_guests(desk), desk.count) == ([desk.cast[guest]], MOST)


def test_somebody_who_does_not_follow_the_commune_is_not_silently_exchanged(desk: Counted) -> None:
    _followed_by_two(desk)
    desk.presses_token("XA01", "giaymoi")
    asked = desk.says("XA01", "mời đc Ngoài dự họp Đảng ủy 14h thứ năm 26/11")
    assert _guests(desk) == []
    assert desk.labels("XA01")[:2] == ["Nguyễn Văn Mẫu", "Đỗ Văn Thay"], asked


@pytest.mark.parametrize(
    ("words", "cadre"),
    [("Danh sách gửi về đâu?", "CB001"), ("đồng chí Thay: danh sách gửi về đâu?", "CB002")],
)
def test_an_exchange_goes_to_whom_its_words_name(desk: Counted, words: str, cadre: str) -> None:
    _followed_by_two(desk)
    asked = desk.presses_token("XA01", "traodoi")
    assert asked == (
        "Xin nhắn nội dung trao đổi; nhắn xong là gửi đồng chí Nguyễn Văn Mẫu.\n"
        "Gửi người khác thì mở đầu bằng tên, ví dụ: đồng chí Đỗ Văn Thay: …"
    )
    desk.says("XA01", words)
    assert desk.session.exec(select(Exchange)).one().cadre_id == desk.cast[cadre]
    assert desk.count == MOST
