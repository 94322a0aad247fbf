"""Accounts and messages for the tests of sending, fetching and polling."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from bot.messages import Outgoing
from bot.work import clock
from bot.work.post import post
from storage.database import Database
from storage.tables import metadata

BOT = "telegram:123456"
tables = metadata.tables


def account(db: Database, address: str = "101", state: str = "confirmed", bot: str = BOT) -> int:
    """A chat account; its id."""
    row = {"bot": bot, "external_id": address, "state": state, "keyboard": ""}
    with db.connection() as c:
        made = insert(tables["account"]).values(row).returning(tables["account"].c.id)
        return int(c.execute(made).scalar_one())


def put(db: Database, account_id: int, *messages: Outgoing | str) -> list[int]:
    """Messages for an account, as a handler would put them into the outbox."""
    said = [Outgoing(each) if isinstance(each, str) else each for each in messages]
    with db.writing() as session:
        return post(session, said, account_id=account_id)


def row(db: Database, table: str, number: int) -> Any:
    """One row of a table."""
    with db.connection() as c:
        return c.execute(select(tables[table]).where(tables[table].c.id == number)).one()


def deliveries(db: Database, outbox_id: int) -> Sequence[Any]:
    """The calls of one outbox row, in their order."""
    made = tables["delivery"]
    with db.connection() as c:
        found = select(made).where(made.c.outbox_id == outbox_id).order_by(made.c.part)
        return c.execute(found).all()


def due_now(db: Database) -> None:
    """Let every retry be due: no test waits for one."""
    with db.connection() as c:
        c.execute(update(tables["outbox"]).values(next_try_at=clock.real()))
