"""What /health and /metrics tell: ages and counts from the database, events from the logs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select
from sqlmodel import col

from bot.rules import quota
from bot.work import clock
from bot.work.logs import on_event
from storage import inbox, outbox, quotas
from storage.database import Database
from storage.tables import Account, Inbox, Outbox

UNHANDLED_LIMIT = timedelta(minutes=2)
UNSENT_LIMIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Backlog:
    """How far behind the service is, in seconds of real time, and what waits for a person."""

    oldest_unhandled_seconds: float
    oldest_unsent_seconds: float
    unhandled: int
    unsent: int
    set_aside: int
    failed: int
    unreachable: int

    @property
    def is_bad(self) -> bool:
        """Whether somebody should be woken."""
        return (
            self.oldest_unhandled_seconds > UNHANDLED_LIMIT.total_seconds()
            or self.oldest_unsent_seconds > UNSENT_LIMIT.total_seconds()
        )


def backlog(db: Database) -> Backlog:
    """Read it now; raises what the database raises."""
    with db.reading() as session:
        connection, real = session.connection(), clock.real()
        at = clock.now(session)
        return Backlog(
            oldest_unhandled_seconds=_age(inbox.oldest_waiting(connection), real),
            oldest_unsent_seconds=_age(outbox.oldest_unsent(connection, at), real),
            unhandled=_count(connection, Inbox, "waiting"),
            unsent=_count(connection, Outbox, "waiting"),
            set_aside=_count(connection, Inbox, "aside"),
            failed=_count(connection, Outbox, "failed"),
            unreachable=_count(connection, Account, "unreachable"),
        )


def registry_for(db: Database) -> CollectorRegistry:
    """A registry of its own: the backlog at each scrape, and every event this process logs."""
    registry = CollectorRegistry()
    registry.register(_Backlogs(db))
    events = Counter("sausat_events", "Logged events", ["event", "level"], registry=registry)
    on_event(lambda event, level: events.labels(event, level).inc())
    return registry


class _Backlogs(Collector):
    def __init__(self, db: Database) -> None:
        self._db = db

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, value in asdict(backlog(self._db)).items():
            about = name.replace("_", " ").capitalize()
            yield GaugeMetricFamily(f"sausat_{name}", about, value=value)
        yield from _quotas(self._db)


def _quotas(db: Database) -> Iterator[GaugeMetricFamily]:
    """What each bot with a monthly quota has used of this month, and how much there is."""
    with db.reading() as session:
        month = quota.month_of(clock.now(session))
        found = quotas.of_month(session.connection(), month).values()
    gauges = {
        "used": "Messages of this month, both ways",
        "limit": "Messages a month",
        "used_up": "The channel refused a message for its quota",
    }
    values = {"used": lambda u: u.used, "limit": lambda u: u.most, "used_up": lambda u: u.used_up}
    for name, about in gauges.items():
        gauge = GaugeMetricFamily(f"sausat_quota_{name}", about, labels=["bot"])
        for one in found:
            gauge.add_metric([one.bot], float(values[name](one)))
        yield gauge


def _age(since: datetime | None, real: datetime) -> float:
    return max((real - since).total_seconds(), 0.0) if since else 0.0


def _count(connection: Connection, table: type[Inbox | Outbox | Account], state: str) -> int:
    counted = select(func.count()).select_from(table).where(col(table.state) == state)
    return int(connection.execute(counted).scalar_one())
