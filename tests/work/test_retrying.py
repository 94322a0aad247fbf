"""Messages that were set aside are shown without their text and can be tried again."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.work.retrying import Again, said, try_again, waiting
from storage.database import Database
from storage.tables import Account, Inbox, Outbox

AT = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
SAID = "Tình hình thôn 3"
TRACE = "Traceback (most recent call last):\n  File x\nZeroDivisionError: division by zero"


@pytest.fixture
def stuck(db: Database) -> Database:
    with db.writing() as session:
        session.add(Account(bot="t:1", external_id="77"))
        session.flush()
        for number, (state, account) in enumerate([("aside", 1), ("aside", None), ("handled", 1)]):
            row = {"bot": "t:1", "external_id": str(number), "payload": {"text": SAID}}
            session.add(
                Inbox(**row, account_id=account, received_at=AT, state=state, tries=3, reason=TRACE)
            )
        body = {"text": SAID}
        session.add(
            Outbox(account_id=1, kind="answer", body=body, created_at=AT, state="failed", tries=9)
        )
    return db


def test_the_list_has_what_came_in_and_what_did_not_go_out_but_no_text(stuck: Database) -> None:
    found = waiting(stuck)
    assert [(each.direction, each.tries) for each in found] == [
        ("inbox", 3),
        ("inbox", 3),
        ("outbox", 9),
    ]
    lines = said(found).splitlines()
    assert lines[0].startswith("nhận 2  24/11 16:42")
    assert lines[0].endswith("ZeroDivisionError: division by zero")
    assert SAID not in said(found)


def test_trying_again_puts_back_whatever_somebody_can_read(stuck: Database) -> None:
    assert try_again(stuck) == Again(received=1, unsent=1)
    with stuck.reading() as session:
        states = {row.external_id: (row.state, row.tries) for row in session.exec(select(Inbox))}
        assert session.exec(select(Outbox.state)).all() == ["waiting"]
    assert states == {"0": ("waiting", 0), "1": ("aside", 3), "2": ("handled", 3)}
    assert try_again(stuck) == Again(0, 0)


def test_nothing_set_aside_is_said_so(db: Database) -> None:
    assert waiting(db) == []
    assert said([]) == "Không có tin nào để riêng."
