"""Counts what a bot with a monthly quota sends and receives, and tells the office in time."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection
from sqlmodel import Session

from bot.channels.contract import Channel, Limits
from bot.desk.duties import province_on
from bot.desk.linking import tell_office
from bot.messages import Option
from bot.rules import quota
from bot.rules.ways import shown
from bot.rules.zone import day_of, moment
from bot.words import vietnamese_number
from bot.work.post import post
from storage import occurrences, quotas, ways
from storage.database import Database
from storage.occurrences import Due
from storage.quotas import Used


@dataclass(frozen=True)
class Meter:
    """Counts for one bot; without a quota (`most` None) there is nothing to count.

    How many messages its plan holds is what the office says (`han_muc_zalo`), 0: as many as you
    like.
    """

    bot: str = ""
    most: int | None = None

    @staticmethod
    def of(channel: Channel) -> "Meter":
        """The meter of a channel's bot."""
        return Meter(channel.bot, channel.limits.monthly)

    def count(
        self, connection: Connection, at: datetime, *, sent: int = 0, received: int = 0
    ) -> None:
        """So many messages more; the province's month of `at` is theirs."""
        if self.most is not None and (sent or received):
            month, most = quota.month_of(at), plan(connection, at)
            quotas.count(connection, self.bot, month, most=most, sent=sent, received=received)

    def use_up(self, connection: Connection, at: datetime) -> None:
        """The channel says that nothing more goes this month."""
        month, most = quota.month_of(at), 0 if self.most is None else plan(connection, at)
        quotas.use_up(connection, self.bot, month, most=most, at=at)
        ways.leave_bot(connection, self.bot)


def plan(connection: Connection, at: datetime) -> int:
    """How many messages a bot may count up to in a month; 0: no number is set."""
    with Session(connection) as session:
        return province_on(session, day_of(at)).zalo_monthly


def is_counted(session: Session, limits: Limits, at: datetime) -> bool:
    """Whether each message counts: the channel has a monthly number, and so has the plan."""
    return limits.monthly is not None and province_on(session, day_of(at)).zalo_monthly > 0


def warn(db: Database, at: datetime) -> int:
    """Tell the office, once a month and bot, that the quota is nearly used; how many were told."""
    with db.reading() as session:
        if not _near(session.connection(), at):
            return 0
    with db.writing() as session:
        said = [
            message
            for used in _near(session.connection(), at)
            if occurrences.claim(session, [_once(used, at)], at)
            for message in tell_office(session, _said(used), at, ROWS)
        ]
        return len(post(session, said))


ROWS = ((Option("Tin chưa gửi được", "chuagui"),),)


def _near(connection: Connection, at: datetime) -> list[Used]:
    months = quotas.of_month(connection, quota.month_of(at)).values()
    return [u for u in months if u.used_up or (u.most and quota.is_near(u.used, u.most))]


def _once(used: Used, at: datetime) -> Due:
    month = moment(day_of(at).replace(day=1), time.min)
    return Due("quota", f"bot:{used.bot}", month, "used up" if used.used_up else "near")


def _said(used: Used) -> str:
    if used.used_up:
        return (
            f"{shown(used.bot)} báo hết hạn mức gửi tin. Tin không gấp đi kênh khác của người "
            "nhận, hoặc chờ có hạn mức mới."
        )
    return (
        f"{shown(used.bot)} đã dùng {counted(used)} tháng này. Đến {quota.HELD}%, tin không gấp đi "
        "kênh khác của người nhận hoặc chờ sang tháng; trả lời vẫn gửi."
    )


def counted(used: Used) -> str:
    """What was used of how much, "1.912/3.000 tin"; without a number only what was used."""
    return said_of(used.used, used.most)


def said_of(used: int, most: int) -> str:
    """The same of bare numbers."""
    of = f"/{vietnamese_number(most)}" if most else ""
    return f"{vietnamese_number(used)}{of} tin"
