"""How far a directive has come in each area, and how long it took to arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from math import ceil


class Stage(IntEnum):
    """How far one area is; each stage includes the ones before it."""

    ISSUED = 0
    DELIVERED = 1
    NOTED = 2
    PASSED = 3


@dataclass(frozen=True, slots=True)
class Way:
    """One area's way: when each thing happened, None while it has not."""

    area_id: int
    cadre_id: int | None
    delivered_at: datetime | None = None
    noted_at: datetime | None = None
    passed_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """Who has taken note has got it, whatever the channel says."""
        if self.passed_at is not None:
            return Stage.PASSED
        if self.noted_at is not None:
            return Stage.NOTED
        return Stage.ISSUED if self.delivered_at is None else Stage.DELIVERED

    @property
    def arrived_at(self) -> datetime | None:
        """When it reached the cadre, as far as is known."""
        known = (self.delivered_at, self.noted_at, self.passed_at)
        return min((at for at in known if at is not None), default=None)


def at_least(ways: Iterable[Way], stage: Stage) -> list[Way]:
    """The ways that have come so far."""
    return [way for way in ways if way.stage >= stage]


def before(ways: Iterable[Way], stage: Stage) -> list[Way]:
    """The ways that have not come so far."""
    return [way for way in ways if way.stage < stage]


def delays(ways: Iterable[Way], issued_at: datetime) -> list[float]:
    """Hours from issue to arrival of those that arrived, shortest first."""
    arrived = [way.arrived_at for way in ways if way.arrived_at is not None]
    return sorted((at - issued_at).total_seconds() / 3600 for at in arrived)


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The value that so many percent do not exceed (nearest rank); None of nothing."""
    if not ordered:
        return None
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1]
