"""From a stranger to a person: codes, the first contact, limits on guessing, goodbye."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.desk import linking
from bot.desk.contract import Words
from bot.messages import Incoming, Outgoing
from bot.roster import invites
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage import accounts, people, settings, ways
from storage.database import Database
from storage.tables import Account, Outbox, Person, Role
from tests.cast import ISSUED, NOW, TODAY, Cast, cast

FIRST = """Sâu Sát, hệ thống nhắn tin tự động của Văn phòng Tỉnh ủy
Kính gửi đồng chí Nguyễn Văn Mẫu, Giám đốc Sở Công Thương, theo dõi xã Hòa Mẫu và phường Tân Mẫu.
Hệ thống lưu nội dung, ảnh đồng chí gửi và thời gian gửi. Không gửi bí mật nhà nước, \
tài liệu có dấu mật, số định danh cá nhân. Việc khẩn xin gọi trực ban Tỉnh ủy."""


class Phone:
    """One account that writes to the service."""

    def __init__(self, session: Session, name: str = "1", bot: str = "telegram:1") -> None:
        account = Account(bot=bot, external_id=name)
        session.add(account)
        session.flush()
        self.session, self.id, self.at = session, account.id or 0, NOW

    @property
    def account(self) -> Account:
        return accounts.by_id(self.session, self.id)

    def says(self, text: str) -> list[Outgoing]:
        words = Words(Incoming(text), account_id=self.id)
        return linking.greet(self.session, self.id, words, self.at)

    def presses(self, token: str) -> list[Outgoing]:
        words = Words(Incoming(token=token), account_id=self.id)
        return linking.greet(self.session, self.id, words, self.at)

    def later(self, **time: float) -> "Phone":
        self.at += timedelta(**time)
        return self


def _invited(session: Session, code: str, at: datetime = NOW) -> str:
    return invites.issue(session, [_person(session, code)], at)[0].code


def _person(session: Session, code: str) -> Person:
    person = people.by_code(session, code)
    assert person is not None
    return person


def _linked(session: Session, people_: Cast, code: str, name: str, bot: str = "telegram:1") -> int:
    phone = Phone(session, name, bot)
    accounts.change(session, phone.id, person_id=people_[code], state="confirmed")
    return phone.id


def test_a_stranger_gets_one_neutral_line_a_day(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        phone = Phone(session)
        assert [message.text for message in phone.says("Chào")] == [linking.STRANGER]
        assert phone.says("Có ai không") == []
        assert phone.says("/start") == []
        assert len(phone.later(days=1).says("Chào")) == 1


def test_another_stranger_gets_the_line_too(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        assert Phone(session, "1").says("Chào")
        assert Phone(session, "2").says("Chào")


@pytest.mark.parametrize("how", ["{}", "/start {}", "mã: {}"])
def test_a_code_brings_the_first_contact(db: Database, how: str) -> None:
    with db.writing() as session:
        cast(session)
        phone = Phone(session)
        (message,) = phone.says(how.format(_invited(session, "CB001")))
        assert phone.account.state == "linked"
    assert message.text == FIRST
    assert [option.label for option in message.rows[0]] == ["Đúng là tôi", "Không phải tôi"]


def test_the_standing_board_is_addressed_by_post(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        (message,) = Phone(session).says(_invited(session, "TT01"))
    assert "\nKính gửi đồng chí Phó Bí thư Thường trực Tỉnh ủy.\n" in message.text
    assert "Võ Văn Thường" not in message.text


def test_a_member_with_many_areas_reads_their_number(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        (message,) = Phone(session).says(_invited(session, "UV01"))
    assert "phụ trách xã Hòa Mẫu, phường Tân Mẫu và xã Long Mẫu." in message.text


def test_the_names_of_bodies_are_the_provinces_own(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        settings.put(session, "ten_tinh_uy", "Thành ủy", ISSUED)
        settings.put(session, "ten_van_phong", "Văn phòng Thành ủy", ISSUED)
        settings.put(session, "truc_ban", "0000 000 001", ISSUED)
        (message,) = Phone(session).says(_invited(session, "CB001"))
    assert message.text.startswith("Sâu Sát, hệ thống nhắn tin tự động của Văn phòng Thành ủy\n")
    assert message.text.endswith("gọi trực ban Thành ủy, 0000 000 001.")


def test_confirming_gives_the_menu_of_the_role(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        phone = Phone(session)
        phone.says(_invited(session, "CB001"))
        (message,) = phone.presses("dung la toi")
        assert (phone.account.state, phone.account.person_id) == ("confirmed", people_["CB001"])
        assert people.linked(session) == {people_["CB001"]}
    assert message.menu == "theo_doi"
    assert message.text.startswith("Đã kết nối.")
    assert "ví dụ" in message.text


@pytest.mark.parametrize("said", ["Đúng là tôi", "dung la toi", "ĐÚNG LÀ TÔI"])
def test_the_answer_may_be_typed(db: Database, said: str) -> None:
    with db.writing() as session:
        cast(session)
        phone = Phone(session)
        phone.says(_invited(session, "XA01"))
        (message,) = phone.says(said)
    assert message.menu == "co_so"


def test_before_confirming_nothing_else_is_answered(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        phone = Phone(session)
        phone.says(_invited(session, "CB001"))
        (message,) = phone.says("KN-312")
        assert message.text == FIRST
        assert people.linked(session) == set()


def test_not_me_voids_the_code_and_tells_the_office(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        phone = Phone(session)
        code = _invited(session, "CB001")
        phone.says(code)
        mine, told = phone.presses("khong phai toi")
        assert (phone.account.state, phone.account.person_id) == ("new", None)
        assert Phone(session, "2").says(code)[0].text == linking.WRONG
    assert (mine.person_id, told.person_id) == (None, people_["VP01"])
    assert "đồng chí Nguyễn Văn Mẫu (Giám đốc Sở Công Thương)" in told.text
    assert told.rows[0][0].token == "capma CB001"


def test_a_code_opens_one_phone_only(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        code = _invited(session, "CB001")
        Phone(session, "1").says(code)
        assert [m.text for m in Phone(session, "2").says(code)] == [linking.WRONG]


def test_wrong_used_ended_and_late_codes_sound_the_same(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        used, ended = _invited(session, "CB001"), _invited(session, "CB002")
        Phone(session, "1").says(used)
        invites.revoke(session, _person(session, "CB002"), NOW)
        late = _invited(session, "XA01", NOW - timedelta(days=31))
        said = [Phone(session, c).says(c) for c in (used, ended, late, "AAA-BBB-CC1")]
    assert {message.text for (message,) in said} == {linking.WRONG}


def test_five_wrong_tries_lock_the_chat_for_an_hour(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        phone, code = Phone(session), _invited(session, "CB001")
        said = [phone.says(f"AAA-BBB-CC{n}")[0].text for n in range(5)]
        assert said == [*[linking.WRONG] * 4, "Đã nhập sai mã 5 lần. Xin thử lại sau 17:40."]
        assert phone.says(code) == []  # it was told already, and the right code does not help
        assert phone.account.person_id is None
        phone.later(minutes=61).says(code)
        assert phone.account.person_id == people_["CB001"]


def test_the_lock_of_one_chat_leaves_others_alone(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        first, second = Phone(session, "1"), Phone(session, "2")
        for n in range(5):
            first.says(f"AAA-BBB-CC{n}")
        assert second.says(_invited(session, "CB001"))[0].text == FIRST


def test_too_many_wrong_tries_of_all_chats_pause_linking_and_tell_the_office(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "WRONG_TRIES_OF_ALL", 12)
    with db.writing() as session:
        people_ = cast(session)
        said = [
            message
            for n in range(12)
            for message in Phone(session, f"{n}").says(f"AAA-BBB-C{n:02d}")
        ]
        told = [message for message in said if message.person_id]
        code = _invited(session, "CB001")
        late = Phone(session, "late")
        assert [message.text for message in late.says(code)] == [linking.PAUSED]
        assert late.says(code) == []
        assert late.later(minutes=61).says(code)[0].text == FIRST
    assert [message.person_id for message in told] == [people_["VP01"]]


def test_guessing_opens_nothing(db: Database, request: pytest.FixtureRequest) -> None:
    guesses = 10_000 if request.config.getoption("--many") else 100
    with db.writing() as session:
        people_ = cast(session)
        for code in people_.person:
            _invited(session, code)
        phone = Phone(session)
        for n in range(guesses):
            if n % 4 == 0:
                phone = Phone(session, f"g{n}")
            phone.at = NOW + timedelta(seconds=20 * n)  # slow enough for the limit over all chats
            phone.says(invites.grouped(invites.new_code()))
        linked = session.exec(select(Account).where(Account.state != "new")).all()
    assert linked == []


def test_a_new_phone_takes_the_place_of_the_old_one_on_the_same_channel(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        old = _linked(session, people_, "CB001", "old")
        other = _linked(session, people_, "CB001", "other", "zalo:1")
        phone = Phone(session, "new")
        phone.says(_invited(session, "CB001"))
        assert accounts.by_id(session, old).state == "confirmed"  # not before it is confirmed
        message, told = phone.presses("dung la toi")
        assert accounts.by_id(session, old).person_id is None
        assert accounts.by_id(session, other).person_id == people_["CB001"]
    assert "Máy trước" in message.text
    assert told.account_id == other


def test_the_same_kind_of_code_links_a_second_channel_and_both_stay(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        first = _linked(session, people_, "CB001", "first")
        phone = Phone(session, "second", "zalo:1")
        phone.says(_invited(session, "CB001"))
        message, told = phone.presses("dung la toi")
        states = {a.bot: a.state for a in accounts.of_person(session, people_["CB001"])}
    assert states == {"telegram:1": "confirmed", "zalo:1": "confirmed"}
    assert "Đồng chí dùng được cả Zalo và Telegram. Chọn kênh nhận tin: /kenh." in message.text
    assert (told.account_id, told.person_id) == (first, None)
    assert told.text.startswith("Zalo vừa được kết nối thêm cho đồng chí; kênh này vẫn dùng")


def test_what_waited_for_the_person_goes_once_linked_and_what_waited_for_a_lost_phone_moves(
    db: Database,
) -> None:
    with db.writing() as session:
        people_ = cast(session)
        first = _linked(session, people_, "CB001", "first")
        said = Outgoing("Thông báo", kind="notice", person_id=people_["CB001"])
        given, waits = post(session, [said, said])
        connection = session.connection()
        assert ways.give(connection, given, first)
        ways.keep_back(connection, waits, "no account", NOW + timedelta(days=1))
        accounts.release(session, [first])
        phone = Phone(session, "second", "zalo:1")
        phone.says(_invited(session, "CB001"))
        phone.presses("dung la toi")
        found = ways.unaddressed(connection, at=NOW, real=NOW, most=9)
    assert [row.id for row in found] == [given, waits]


def test_several_people_share_the_seat_of_a_commune(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        area = people_.area["HOAMAU"]
        session.add(Role(person_id=people_["CB099"], role="co_so", area_id=area))
        session.flush()
        for code in ("XA01", "CB099"):
            phone = Phone(session, code)
            phone.says(_invited(session, code))
            phone.presses("dung la toi")
        assert people.linked(session) == {people_["XA01"], people_["CB099"]}
        assert viewer_for(session, people_["CB099"], TODAY).communes == {area}


def test_disconnecting_asks_first_and_then_lets_the_account_go(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        account = _linked(session, people_, "CB001", "1")
        viewer = viewer_for(session, people_["CB001"], TODAY)
        (sure,) = linking.act(
            session, viewer, Words(Incoming(), "ngatketnoi", account_id=account), NOW
        )
        assert isinstance(sure, Outgoing)
        assert accounts.by_id(session, account).state == "confirmed"
        waiting = post(session, [Outgoing("Việc chờ")], account_id=account)
        words = Words(Incoming(), "ngatketnoi", rest="dong y", account_id=account)
        (gone,) = linking.act(session, viewer, words, NOW)
        assert isinstance(gone, Outgoing)
        assert accounts.by_id(session, account).person_id is None
        row = session.get(Outbox, waiting[0])
        assert row is not None
        assert row.state == "cancelled"
    assert [option.token for option in sure.rows[0]] == ["ngatketnoi dong y", "menu"]
    assert gone.menu == "khach"


def test_who_blocks_the_bot_is_unreachable_until_it_is_allowed_again(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        account = _linked(session, people_, "CB001", "1")
        linking.blocked(session, account, blocked=True)
        assert people.linked(session) == set()
        linking.blocked(session, account, blocked=False)
        assert people.linked(session) == {people_["CB001"]}


def test_a_stranger_who_blocks_stays_a_stranger(db: Database) -> None:
    with db.writing() as session:
        phone = Phone(session)
        linking.blocked(session, phone.id, blocked=True)
        linking.blocked(session, phone.id, blocked=False)
        assert phone.account.state == "new"
