"""/kenh: the channels a person uses, and by which one each kind of message comes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.conversation.commands import take_apart
from bot.desk import channels, linking, nouns
from bot.desk.contract import Words
from bot.messages import Incoming, Outgoing, Rejected
from bot.work.viewers import viewer_for
from storage import ways
from storage.database import Database
from storage.tables import Account, Invite
from tests.cast import NOW, TODAY, cast


class Chat:
    """What CB001 types and presses outside of forms."""

    def __init__(self, session: Session, person_id: int) -> None:
        self.session, self.person_id = session, person_id
        self.last = Outgoing("")

    def uses(self, *bots: str) -> "Chat":
        for bot in bots:
            account = Account(bot=bot, external_id="1", person_id=self.person_id)
            account.state = "confirmed"
            self.session.add(account)
        self.session.flush()
        return self

    def says(self, text: str) -> str:
        said = take_apart(text, nouns.commands())
        return self._hear(Words(Incoming(text), said.command, rest=said.rest))

    def presses(self, label: str) -> str:
        token = next(o.token for row in self.last.rows for o in row if o.label == label)
        said = take_apart(token, nouns.commands(), pressed=True)
        return self._hear(Words(Incoming(token=token), said.command, rest=said.rest))

    def _hear(self, words: Words) -> str:
        assert words.command == "kenh"
        viewer = viewer_for(self.session, self.person_id, TODAY)
        (said,) = channels.act(self.session, viewer, words, NOW)
        assert isinstance(said, Outgoing)
        self.last = said
        return said.text

    @property
    def wishes(self) -> dict[str, str]:
        found = ways.wishes_of(self.session.connection(), [self.person_id])
        return {kind: channel for (_, kind), channel in found.items()}


@pytest.fixture
def chat(db: Database) -> Iterator[Chat]:
    with db.writing() as session:
        yield Chat(session, cast(session)["CB001"])


def test_both_channels_are_shown_with_what_comes_where(chat: Chat) -> None:
    chat.uses("telegram:1", "zalo:1")
    assert chat.says("/kenh").splitlines() == [
        "Đồng chí đang dùng: Telegram, Zalo",
        "Trả lời đi ngay trên kênh đồng chí nhắn.",
        "Nhắc việc: kênh đồng chí nhắn gần nhất",
        "Thông báo: kênh đồng chí nhắn gần nhất",
        "Bản tổng hợp: kênh đồng chí nhắn gần nhất",
        "Việc khẩn: mọi kênh",
    ]


def test_a_channel_is_chosen_for_one_kind(chat: Chat) -> None:
    chat.uses("telegram:1", "zalo_oa:1").says("/kenh")
    assert chat.presses("Nhắc việc") == "Nhắc việc gửi qua kênh nào?"
    text = chat.presses("Zalo OA")
    assert text.startswith("Đã ghi: nhắc việc gửi qua Zalo OA.")
    assert "\nNhắc việc: Zalo OA\nThông báo: kênh đồng chí nhắn gần nhất\n" in text
    assert chat.wishes == {"reminder": "zalo_oa"}


def test_a_channel_is_chosen_for_all_and_given_up_again(chat: Chat) -> None:
    chat.uses("telegram:1", "zalo:1").says("/kenh")
    chat.presses("Tất cả")
    chat.presses("Zalo")
    assert chat.wishes == {"reminder": "zalo", "notice": "zalo", "digest": "zalo"}
    chat.presses("Bản tổng hợp")
    chat.presses("Kênh nhắn gần nhất")
    assert chat.wishes == {"reminder": "zalo", "notice": "zalo"}


def test_it_may_be_typed_in_one_line(chat: Chat) -> None:
    chat.uses("telegram:1", "zalo:1")
    chat.says("/kenh thông báo Telegram")
    assert chat.wishes == {"notice": "telegram"}


def test_a_channel_that_is_not_linked_cannot_be_chosen(chat: Chat) -> None:
    chat.uses("telegram:1", "zalo:1")
    with pytest.raises(Rejected, match=r"chưa dùng kênh này\. Đang dùng: Telegram, Zalo\."):
        chat.says("/kenh nhắc việc zalo oa")


def test_whoever_has_one_channel_gets_a_code_for_another(chat: Chat) -> None:
    chat.uses("telegram:1")
    assert chat.says("/kenh nhắc việc zalo").startswith("Đồng chí đang dùng một kênh: Telegram.")
    code = chat.presses("Thêm kênh").splitlines()[0].removeprefix("Mã thêm kênh: ")
    invite = chat.session.exec(select(Invite)).one()
    assert invite.expires_at == NOW + timedelta(minutes=30)
    account = Account(bot="zalo:1", external_id="2")
    chat.session.add(account)
    chat.session.flush()
    (first,) = linking.greet(chat.session, account.id or 0, Words(Incoming(code)), NOW)
    assert "Nguyễn Văn Mẫu" in first.text
