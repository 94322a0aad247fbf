"""One line a month: the figures that went out, and what else happened in it."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session, col, select

from bot.reports.facts import PROVINCE
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Period
from bot.rules.zone import moment
from storage.tables import Directive, DirectiveTarget
from tests.year.identities import Identities
from tests.year.recounts import commitments
from tests.year.years import Year

HEADINGS = (
    *("period", "owed", "made", "excused", "missing", "no phone", "visits"),
    *("carried", "new", "ended", "open", "overdue", "explained", "passed", "taken up"),
    *("two-way", "ND passed", "VH carried+new=done+open", "refused", "checks", "broken"),
)


@dataclass
class Table:
    """Prints as the year goes on; what was refused and checked is counted line by line."""

    checked: Identities
    refused: int = 0
    held: int = 0
    broken: int = 0

    def heading(self) -> str:
        return " | ".join(HEADINGS)

    def line(self, year: Year, period: str) -> str:
        """The figures of a period whose reports have gone out."""
        snapshot = self.checked.sent[period, PROVINCE]
        cells = [*_figures(snapshot), *self._beside(year, snapshot.period)]
        pairs = zip(HEADINGS, cells, strict=True)
        return " | ".join(str(cell).rjust(len(heading)) for heading, cell in pairs)

    def _beside(self, year: Year, period: Period) -> list[object]:
        with year.db.reading() as session:
            kept = commitments(session, period)
            passed = _passed(session, period)
        gone, held = year.phones.refused.total(), self.checked.held
        broken = len(self.checked.broken)
        cells = [
            passed,
            f"{kept.carried}+{kept.new}={kept.done}+{kept.open}",
            gone - self.refused,
            held - self.held,
            broken - self.broken,
        ]
        self.refused, self.held, self.broken = gone, held, broken
        return cells


def _figures(snapshot: Snapshot) -> list[object]:
    value = snapshot.value
    names = (
        *("required", "recorded", "excused", "not_recorded", "unlinked", "visits"),
        *("cases_carried", "cases_new", "cases_ended", "cases_open", "cases_overdue"),
        *("outcome:explained", "outcome:passed_to_commune", "outcome:passed_up"),
    )
    two_way = f"{value('two_way')}/{value('exchanges')}"
    return [snapshot.period.code, *(value(name) for name in names), two_way]


def _passed(session: Session, period: Period) -> str:
    """Of the areas to which directives of the period go, those that have been told."""
    begins, ends = moment(period.start, time.min), moment(period.end, time.min)
    issued: list[datetime | None] = list(
        session.exec(
            select(DirectiveTarget.passed_at)
            .join(Directive, col(Directive.id) == DirectiveTarget.directive_id)
            .where(Directive.issued_at >= begins, Directive.issued_at < ends)
        )
    )
    return f"{sum(at is not None for at in issued)}/{len(issued)}" if issued else ""
