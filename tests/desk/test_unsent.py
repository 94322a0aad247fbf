"""The office sees what did not reach people, and has it sent on another way or once more."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.desk import people, unsent
from bot.desk.contract import Words
from bot.messages import Incoming, Outgoing, Rejected
from bot.work import clock
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage import claims, ways
from storage.database import Database
from storage.deliveries import mark_doubtful
from storage.jobs import Job
from storage.tables import Account, Outbox
from tests.cast import TODAY, Cast, cast


class Office:
    """VP01 at the list, and messages whose fate is decided by the test."""

    def __init__(self, session: Session, everybody: Cast) -> None:
        self.session, self.cast, self.at = session, everybody, clock.real()

    def account(self, code: str, bot: str) -> int:
        made = Account(bot=bot, external_id=code, person_id=self.cast[code], state="confirmed")
        self.session.add(made)
        self.session.flush()
        return made.id or 0

    def notice(self, code: str) -> int:
        said = Outgoing("Thông báo", kind="notice", person_id=self.cast[code])
        return post(self.session, [said])[0]

    def failed(self, code: str, account: int, reason: str, *, doubtful: bool = False) -> int:
        number = self.notice(code)
        connection = self.session.connection()
        ways.give(connection, number, account)
        job = Job(number, account, code, self.cast[code], 5, "notice", {"text": "Thông báo"})
        if doubtful:
            mark_doubtful(connection, job, 0)
        claims.give_up(connection, job, reason)
        return number

    def says(self, rest: str = "") -> Outgoing:
        viewer = viewer_for(self.session, self.cast["VP01"], TODAY)
        words = Words(Incoming(), "chuagui", rest=rest)
        (said,) = unsent.act(self.session, viewer, words, self.at)
        assert isinstance(said, Outgoing)
        return said

    def row(self, number: int) -> Outbox:
        self.session.expire_all()
        found = self.session.get(Outbox, number)
        assert found is not None
        return found


@pytest.fixture
def office(db: Database) -> Iterator[Office]:
    with db.writing() as session:
        yield Office(session, cast(session))


def labels(said: Outgoing) -> list[str]:
    return [option.label for row in said.rows for option in row]


def test_nothing_is_left_to_send(office: Office) -> None:
    said = office.says()
    assert (said.text, said.rows) == ("Không có tin nào chưa gửi được.", ())


def test_each_person_has_a_line_with_the_reason(office: Office) -> None:
    telegram = office.account("CB001", "telegram:1")
    for _ in range(2):
        office.failed("CB001", telegram, "blocked")
    waiting = office.notice("XA01")
    until = office.at + timedelta(hours=1)
    ways.keep_back(office.session.connection(), waiting, "window_closed", until)
    said = office.says()
    assert said.text.splitlines() == [
        "Chưa gửi được: 3 tin",
        "Nguyễn Văn Mẫu: 2 tin, đã chặn tin (Telegram)",
        "Trần Thị Hòa: 1 tin, quá 7 ngày không nhắn (Zalo OA), tin còn chờ",
    ]
    assert labels(said) == ["Gửi lại"]


def test_on_another_channel_it_goes_where_it_has_not_failed(office: Office) -> None:
    telegram = office.account("CB001", "telegram:1")
    number = office.failed("CB001", telegram, "blocked")
    office.account("CB001", "zalo:1")
    assert labels(office.says()) == ["Gửi kênh khác", "Gửi lại"]
    assert office.says("kenh khac").text == "Đang gửi 1 tin qua kênh khác của người nhận."
    row = office.row(number)
    assert (row.state, row.account_id, row.body["text"]) == ("waiting", None, "Thông báo")
    assert ways.failures(office.session.connection(), [number]) == {(number, telegram): "blocked"}


def test_what_may_have_arrived_says_so_when_it_comes_again(office: Office) -> None:
    telegram = office.account("CB001", "telegram:1")
    number = office.failed("CB001", telegram, "unreachable", doubtful=True)
    office.account("CB001", "zalo:1")
    office.says("kenh khac")
    text = office.row(number).body["text"]
    assert text == "Tin này có thể đã đến đồng chí trên Telegram.\nThông báo"


def test_once_more_it_may_go_where_it_failed(office: Office) -> None:
    telegram = office.account("CB001", "telegram:1")
    number = office.failed("CB001", telegram, "blocked")
    assert office.says("gui lai").text == "Đang gửi lại 1 tin."
    assert office.row(number).state == "waiting"
    assert ways.failures(office.session.connection(), [number]) == {}


def test_with_one_channel_there_is_no_other(office: Office) -> None:
    telegram = office.account("CB001", "telegram:1")
    office.failed("CB001", telegram, "refused")
    assert office.says("kenh khac").text.startswith("Không có tin nào gửi được qua kênh khác")


def test_whoever_cannot_be_reached_is_listed_with_what_waits(office: Office) -> None:
    office.account("XA01", "zalo_oa:1")
    waiting = office.notice("XA01")
    until = office.at + timedelta(hours=1)
    ways.keep_back(office.session.connection(), waiting, "window_closed", until)
    viewer = viewer_for(office.session, office.cast["VP01"], TODAY)
    words = Words(Incoming(), "chualienlac")
    (said,) = people.act(office.session, viewer, words, office.at)
    assert isinstance(said, Outgoing)
    assert "1 quá 7 ngày không nhắn (Zalo OA), tin còn chờ" in said.text.splitlines()
    assert labels(said) == ["Cấp lại mã, in phiếu", "Tin chưa gửi được", "Danh sách"]


def test_only_the_office_sees_it(office: Office) -> None:
    viewer = viewer_for(office.session, office.cast["CB001"], TODAY)
    with pytest.raises(Rejected):
        unsent.act(office.session, viewer, Words(Incoming(), "chuagui"), office.at)
