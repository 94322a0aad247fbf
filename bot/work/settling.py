"""What time itself does to cases: a promised day has come, or a commune has kept silent."""

from datetime import datetime

from sqlmodel import Session, col

from bot.desk import case_acts, case_notices
from bot.desk.case_cards import Cards
from bot.rules.zone import day_of
from bot.work.post import post
from storage import cases
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Case

BY_TIME = {"doing": "promise_due", "told": "silence"}
"""What happens to a case of the state when its due day is over."""


def settle_cases(db: Database, at: datetime) -> int:
    """Move the cases whose last day is over, each once; how many.

    A commune that said nothing in time has nothing against the answer, and the case says so.
    """
    with db.reading() as session:
        if not _over(session, at):
            return 0
    with db.writing() as session:
        late = _over(session, at)
        for number in late:
            _settle(session, number, at)
    return len(late)


def _over(session: Session, at: datetime) -> list[int]:
    """Numbers of the cases whose day was yesterday or earlier."""
    waiting = col(Case.state).in_(BY_TIME)
    return [c.number for c in cases.listed(session, SYSTEM, cases.overdue_on(day_of(at)), waiting)]


def _settle(session: Session, number: int, at: datetime) -> None:
    case = case_acts.take(session, SYSTEM, number)
    token = BY_TIME.get(case.state)
    if token is None or case.due_on is None or case.due_on >= day_of(at):
        return  # somebody acted in the meantime
    event = case_acts.by_clock(session, case, token, at)
    cards = Cards(session, SYSTEM, at)
    post(session, case_notices.after(cards, case, event))
