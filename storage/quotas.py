"""What bots with a monthly quota have used of it, counted with the messages themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, case, null, select, update

from storage.inbox import upsert_ignoring
from storage.prepared import Prepared
from storage.tables import metadata

bot_month = metadata.tables["bot_month"]


@dataclass(frozen=True)
class Used:
    """One bot in one month; both directions count, for the channel does not say which do."""

    bot: str
    month: str
    most: int
    sent: int
    received: int
    used_up_at: datetime | None  # the channel itself said so

    @property
    def used(self) -> int:
        """Messages that count."""
        return self.sent + self.received

    @property
    def used_up(self) -> bool:
        """Whether the channel has said that no more goes."""
        return self.used_up_at is not None


_mine = (bot_month.c.bot == bindparam("of_bot")) & (bot_month.c.month == bindparam("of_month"))
_out = bindparam("out", type_=Integer)
_COUNT = Prepared(
    update(bot_month)
    .where(_mine)
    .values(
        most=bindparam("limit"),
        sent=bot_month.c.sent + _out,
        used_up_at=case((_out > 0, null()), else_=bot_month.c.used_up_at),
        received=bot_month.c.received + bindparam("come"),
    )
)
_USED_UP = Prepared(update(bot_month).where(_mine).values(used_up_at=bindparam("at")))


def count(
    connection: Connection, bot: str, month: str, *, most: int, sent: int = 0, received: int = 0
) -> None:
    """So many messages more went out and came in; what goes out proves that there is quota."""
    values = {"of_bot": bot, "of_month": month, "limit": most, "out": sent, "come": received}
    if not _COUNT.run(connection, **values):
        first = {"bot": bot, "month": month, "most": most, "sent": 0, "received": 0}
        connection.execute(upsert_ignoring(connection, bot_month), [first])
        _COUNT.run(connection, **values)


def use_up(connection: Connection, bot: str, month: str, *, most: int, at: datetime) -> None:
    """The channel refused a message because the month's quota is used up."""
    count(connection, bot, month, most=most)
    _USED_UP.run(connection, of_bot=bot, of_month=month, at=at)


_OF_MONTH = Prepared(
    select(bot_month).where(bot_month.c.month == bindparam("month")).order_by(bot_month.c.bot)
)


def of_month(connection: Connection, month: str) -> dict[str, Used]:
    """What was used in the month, by bot."""
    return {
        row.bot: Used(row.bot, month, row.most, row.sent, row.received, row.used_up_at)
        for row in _OF_MONTH.all(connection, month=month)
    }
