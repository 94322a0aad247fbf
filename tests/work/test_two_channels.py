"""A slip begun on one channel goes on on the other; numbers mean what that channel shows."""

import asyncio
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.channels.zalo_bot import ZaloBot
from bot.work.receive import handle_next, store
from bot.work.send import send_once
from bot.work.ways import Ways
from storage.database import Database
from storage.tables import Account, Draft, Outbox, Visit
from tests.cast import Cast, cast
from tests.channels import wire, zalo_wire
from tests.channels.wire import Wire
from tests.work.inbox import text

TELEGRAM, ZALO = "telegram:123456", "zalo:123456"
_numbers = count(1)


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        everybody = cast(session)
        for bot in (TELEGRAM, ZALO):
            account = Account(bot=bot, external_id="101", state="confirmed")
            account.person_id = everybody["CB001"]
            session.add(account)
        return everybody


class Phones:
    """One person with Telegram and Zalo; what is said there is answered and sent."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.screens: dict[str, Wire] = {}

    def telegram(self, words: str) -> list[str]:
        """What Telegram shows after this was typed there."""
        return self._said(TELEGRAM, text(101, words))

    def zalo(self, words: str) -> list[str]:
        """What Zalo shows after this was typed there."""
        return self._said(ZALO, zalo_text(words))

    def _said(self, bot: str, payload: dict[str, Any]) -> list[str]:
        self.screens = {TELEGRAM: Wire(), ZALO: Wire([zalo_wire.good()])}
        asyncio.run(self._play(bot, payload))
        sent = [(name, asked) for name, asked in self.screens[bot].asked]
        return [asked["text"] for name, asked in sent if name == "sendMessage"]

    async def _play(self, bot: str, payload: dict[str, Any]) -> None:
        telegram, zalo = wire.telegram(self.screens[TELEGRAM]), self._zalo()
        channels = {channel.bot: channel for channel in (telegram, zalo)}
        store(self.db, channels[bot], [payload])
        while handle_next(self.db, channels):
            pass
        known = Ways({name: channel.limits for name, channel in channels.items()})
        for _ in range(4):
            for channel in channels.values():
                await send_once(self.db, channel, ways=known)
        for channel in channels.values():
            await channel.close()

    def _zalo(self) -> ZaloBot:
        return zalo_wire.bot_on(self.screens[ZALO])


def zalo_text(words: str) -> dict[str, Any]:
    chat = {"id": "101", "chat_type": "PRIVATE"}
    message = {"message_id": f"z{next(_numbers)}", "date": 1, "chat": chat, "text": words}
    message["from"] = {"id": "101", "is_bot": False, "display_name": "A"}
    return {"event_name": "message.text.received", "message": message}


def test_a_slip_begun_on_telegram_is_sent_from_zalo(db: Database, people: Cast) -> None:
    phones = Phones(db)
    phones.telegram("/ghi")
    (again,) = phones.zalo("2")
    assert again.startswith("Đồng chí đang ghi dở trên Telegram, xin trả lời tiếp tại đây.\n\n")
    assert "\nTrả lời số:\n1. " in again
    (after,) = phones.zalo("1")
    assert not after.startswith("Đồng chí đang ghi dở")
    with db.reading() as session:
        assert len(_drafts(session)) == 1


def test_a_number_on_the_other_channel_does_not_answer_what_it_does_not_show(
    db: Database, people: Cast
) -> None:
    phones = Phones(db)
    phones.telegram("/ghi")
    with db.reading() as session:
        (before,) = _drafts(session)
    phones.zalo("1")
    with db.reading() as session:
        (after,) = _drafts(session)
    assert after.answers == before.answers
    assert after.asked == before.asked


def test_words_answer_wherever_they_are_written_and_the_old_question_shows_it(
    db: Database, people: Cast
) -> None:
    phones = Phones(db)
    phones.telegram("Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận hiến đất mở đường")
    phones.zalo("Gửi")
    with db.reading() as session:
        visits = session.exec(select(Visit)).all()
        receipt = session.exec(select(Outbox).where(col(Outbox.kind) == "receipt")).one()
        edit = session.exec(select(Outbox).where(col(Outbox.kind) == "edit")).one()
        accounts = {a.id: a.bot for a in session.exec(select(Account))}
    assert len(visits) == 1
    assert accounts[receipt.account_id] == ZALO
    assert (accounts[edit.account_id], edit.state) == (TELEGRAM, "sent")


def _drafts(session: Session) -> list[Draft]:
    return list(session.exec(select(Draft).where(col(Draft.state) == "open")))
