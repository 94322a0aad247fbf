"""Codes from the command line: for one person or for everybody, and the end of a lost phone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.desk.duties import province_on
from bot.messages import Rejected
from bot.roster import invites, slips
from bot.roster.invites import Issued
from bot.roster.slips import Bots
from bot.rules.zone import day_of
from bot.settings import Settings
from bot.words import full_day
from bot.work.doctor import telegram_name
from storage import audit, people
from storage.database import Database
from storage.tables import Person


@dataclass(frozen=True)
class Done:
    """The codes, and what was done in words."""

    issued: list[Issued]
    said: str


def to_all(db: Database, at: datetime, progress: Callable[[int, int], None]) -> Done:
    """A code for everybody who has no account yet."""
    return Done(*slips.invite_all(db, at, progress))


def to_one(db: Database, code: str, at: datetime) -> Done:
    """A code for one person; earlier ones that were not used are void."""
    with db.writing() as session:
        audit.through(session, "cli")
        issued = invites.issue(session, [_person(session, code)], at)
    return Done(issued, f"Dùng một lần, hết hạn {full_day(day_of(issued[0].expires_at))}.")


def revoke(db: Database, code: str, at: datetime) -> int:
    """Cut a person's accounts and codes; how many accounts there were."""
    with db.writing() as session:
        audit.through(session, "cli")
        return invites.revoke(session, _person(session, code), at)


def bots(settings: Settings, db: Database, at: datetime) -> Bots:
    """Where people find the service: by the settings of the office, else as Telegram says it."""
    with db.reading() as session:
        province = province_on(session, day_of(at))
    telegram = province.telegram or telegram_name(settings)
    return Bots(telegram, province.zalo, province.office)


def _person(session: Session, code: str) -> Person:
    person = people.by_code(session, code)
    if person is None:
        raise Rejected(f"Không có ai mang mã {code} trong danh sách.")
    return person
