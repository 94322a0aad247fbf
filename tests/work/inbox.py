"""Updates as Telegram sends them, and a service without a network that takes them in."""

from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from bot.channels.telegram import Telegram
from bot.work.receive import handle_next, store
from storage.database import Database
from storage.tables import Account

BOT = "telegram:4242"
_numbers = count(1)


@cache
def channel() -> Telegram:
    """A channel that only reads."""
    return Telegram("4242:tests", files=Path("files"))


def text(person: int, words: str, *, update: int | None = None) -> dict[str, Any]:
    """A text of one person."""
    number = update or next(_numbers)
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_795_000_000,
            "chat": {"id": person, "type": "private", "first_name": "A"},
            "from": {"id": person, "is_bot": False, "first_name": "A"},
            "text": words,
        },
    }


def linked(person_id: int, phone: int) -> Account:
    """A confirmed account of a person."""
    return Account(bot=BOT, external_id=str(phone), person_id=person_id, state="confirmed")


def take_in(db: Database, *payloads: dict[str, Any]) -> int:
    """Store these updates; how many were new."""
    return store(db, channel(), list(payloads))


def work_off(db: Database) -> int:
    """Handle everything that waits; how many messages."""
    done = 0
    while handle_next(db, {BOT: channel()}):
        done += 1
    return done
