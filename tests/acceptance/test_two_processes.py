"""Two processes share one database: nothing is handled twice, nobody's messages out of order."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlmodel import col, select

from storage.database import Database
from storage.tables import Inbox, Outbox, Person, Visit
from tests.acceptance.worker import work
from tests.cast import cast
from tests.together import together
from tests.work.inbox import linked, text

PEOPLE, EACH = 30, 16  # 480 messages


def run_two(db: Database, batches: Sequence[list[dict[str, Any]]], times: int) -> None:
    """Two processes begin together, each with its updates."""
    url = db.url.render_as_string(hide_password=False)
    together(work, [(url, batch, times) for batch in batches])


def test_the_same_update_fifty_times_by_two_processes_is_one_entry(db: Database) -> None:
    with db.writing() as session:
        everybody = cast(session)
        session.add(linked(everybody["CB001"], 1))
    told = text(1, "Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận hiến đất")
    send = text(1, "Gửi")
    for payload in (told, send):
        run_two(db, [[payload], [payload]], times=25)
    with db.reading() as session:
        assert len(session.exec(select(Visit)).all()) == 1
        assert len(session.exec(select(Inbox)).all()) == 2
        said = [row.body["text"] for row in session.exec(select(Outbox))]
    assert len([one for one in said if one.startswith("Đã lưu phiếu")]) == 1


def test_480_messages_of_30_people_are_handled_once_and_in_order(db: Database) -> None:
    with db.writing() as session:
        for number in range(1, PEOPLE + 1):
            person = Person(code=f"CB{number}", full_name=f"Cán bộ {number}")
            session.add(person)
            session.flush()
            assert person.id is not None
            session.add(linked(person.id, number))
    messages = [text(phone, "0") for _ in range(EACH) for phone in range(1, PEOPLE + 1)]
    run_two(db, [messages[::2], messages[1::2]], times=1)
    with db.reading() as session:
        inbox = session.exec(select(Inbox).order_by(col(Inbox.id))).all()
        replies = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
    assert len(inbox) == PEOPLE * EACH
    assert {row.state for row in inbox} == {"handled"}
    answered: dict[int | None, list[int]] = defaultdict(list)
    for reply in replies:
        assert reply.inbox_id is not None
        answered[reply.account_id].append(reply.inbox_id)
    for account, ids in answered.items():
        once = [key for key, _ in groupby(ids)]
        assert once == sorted(set(ids)), f"account {account}: out of order, or handled twice"
    assert sum(len(set(ids)) for ids in answered.values()) == PEOPLE * EACH
