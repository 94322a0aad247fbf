"""What the guard lets into the inbox: what a person typed is judged, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.telegram import Telegram
from bot.work.receive import store
from storage.database import Database
from storage.tables import Inbox, Outbox

CHAT = {"id": 1006, "type": "private", "first_name": "Mẫu"}
OURS = {
    "message_id": 7,
    "date": 1795513320,
    "chat": CHAT,
    "text": "Không gửi bí mật nhà nước, tài liệu có dấu mật, số định danh cá nhân.",
}
Take = Callable[..., Inbox]


@pytest.fixture
def take(db: Database, tmp_path: Path) -> Take:
    """Stores one update and gives the row it became."""
    channel = Telegram("4242:guard", files=tmp_path)

    def stored(**update: Any) -> Inbox:
        store(db, channel, [{"update_id": 1, **update}])
        with db.reading() as session:
            return session.exec(select(Inbox)).one()

    return stored


def typed(text: str, **more: Any) -> dict[str, Any]:
    return {"message_id": 8, "date": 1795513380, "chat": CHAT, "from": CHAT, "text": text, **more}


def test_a_stamp_is_refused_and_its_text_is_nowhere(take: Take, db: Database) -> None:
    row = take(message=typed("Gửi kèm công văn số 12 MẬT"))
    assert (row.state, row.payload) == ("refused", {})
    with db.reading() as session:
        assert session.exec(select(Outbox)).one().body["text"].startswith("Tin vừa rồi có dấu hiệu")


def test_a_press_under_our_own_warning_is_no_secret(take: Take) -> None:
    query = {"id": "5", "from": CHAT, "data": "dung la toi", "message": OURS}
    assert take(callback_query=query).state == "waiting"


def test_an_answer_to_our_own_warning_is_no_secret(take: Take) -> None:
    assert take(message=typed("Đã rõ", reply_to_message=OURS)).state == "waiting"


def test_what_a_message_quotes_is_not_kept(take: Take) -> None:
    refused = typed("Gửi kèm công văn số 12 MẬT")
    row = take(message=typed("Xin xem tin này", reply_to_message=refused))
    assert "12" not in json.dumps(row.payload["message"].get("reply_to_message", ""))
    assert "công văn" not in json.dumps(row.payload, ensure_ascii=False)


def test_a_citizen_number_is_masked_before_it_is_kept(take: Take) -> None:
    row = take(message=typed("Hộ ông Tỏ, số 034567890142"))
    assert row.payload["message"]["text"] == "Hộ ông Tỏ, số 0xx•••••••42"


def test_a_malformed_update_is_judged_too(take: Take) -> None:
    row = take(message={"text": "Gửi kèm công văn số 12 MẬT"})
    assert (row.state, row.payload) == ("refused", {})
