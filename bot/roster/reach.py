"""Who can be reached and who cannot, with the reason as the office reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.rules import ways as rules
from bot.rules.zone import day_of
from bot.words import day
from storage import accounts, invites, people, ways
from storage.tables import Account, Invite, Person


@dataclass(frozen=True)
class Unreached:
    """A person to whom nothing gets through; `needs_code`: a new code would help."""

    person: Person
    why: str
    needs_code: bool


def unreached(session: Session, at: datetime) -> list[Unreached]:
    """Everybody who has something to do with the service and cannot be reached."""
    held, codes = accounts.of_all(session), invites.newest(session)
    kept_back = ways.kept_back(session.connection(), rules.KEPT_BACK)
    found = []
    for person in people.users(session, day_of(at)):
        mine = held.get(person.id or 0, [])
        if not any(account.state == "confirmed" for account in mine):
            why, needs_code = _why(mine, codes.get(person.id or 0), at)
            found.append(Unreached(person, why, needs_code))
        elif reason := kept_back.get(person.id or 0):
            found.append(Unreached(person, rules.why(reason), needs_code=False))
    return found


def _why(mine: Sequence[Account], code: Invite | None, at: datetime) -> tuple[str, bool]:
    states = {account.state for account in mine}
    if "unreachable" in states:
        return "đã chặn tin", False
    if "linked" in states:
        return "đã nhắn mã, chưa bấm Đúng là tôi", False
    if code is None:
        return "chưa được cấp mã", True
    if code.used_at is not None or code.revoked_at is not None:
        return "chưa kết nối lại (mã đã dùng)", True
    until = day(day_of(code.expires_at))
    if code.expires_at <= at:
        return f"chưa kết nối (mã hết hạn {until})", True
    return f"chưa kết nối (mã dùng được đến {until})", False
