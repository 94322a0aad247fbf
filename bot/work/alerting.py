"""Tells alerts on: every fifteen minutes, to the next person after four times, until taken."""

from datetime import datetime

from sqlmodel import Session

from bot.desk import urgent
from bot.desk.case_cards import Cards
from bot.rules.alerts import is_due, turn
from bot.work.post import post
from storage import alerts, outbox
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Alert, Case


def tell_on(db: Database, at: datetime) -> int:
    """Tell whoever is next of each alert that is due; how many alerts were due."""
    with db.reading() as session:
        if not _due(session, at):
            return 0
    with db.writing() as session:
        found = _due(session, at)
        for alert, case in found:
            _next(session, alert, case, at)
    return len(found)


def _due(session: Session, at: datetime) -> list[tuple[Alert, Case]]:
    return [pair for pair in alerts.open_ones(session, SYSTEM) if is_due(pair[0].told_at, at)]


def _next(session: Session, alert: Alert, case: Case, at: datetime) -> None:
    cards, about = Cards(session, SYSTEM, at), alert.id or 0
    actor = alerts.acted_on(session, SYSTEM, alert)
    person = turn(alert.told, alert.chain)
    if actor is not None:
        if alerts.close(session, alert, at, actor):
            outbox.cancel_about(session, alerts.KIND, about)
            post(session, [urgent.taken(cards, alert, case, at)])
    elif person is None:
        if alerts.close(session, alert, at):
            post(session, [urgent.given_up(cards, alert, case)])
    elif alerts.tell(session, alert, at):
        outbox.cancel_about(session, alerts.KIND, about)
        post(session, [urgent.push(cards, alert, case, person)])
