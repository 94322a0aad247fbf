"""What is done on the signed page for restricted items, each thing in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.desk import restricted as desk
from bot.desk.restricted import Letter
from bot.messages import Rejected
from bot.rules.guard import Kind, inspect
from bot.rules.zone import day_of
from bot.web.links import Link
from bot.words import capital
from bot.work import clock
from bot.work.intake import usable
from bot.work.post import post
from bot.work.receive import SECRET
from bot.work.viewers import viewer_for
from storage import audit, credentials, people, restricted
from storage.database import Database
from storage.restricted import Listed, Opened
from storage.scope import SYSTEM, Viewer
from storage.secrecy import NotOpened, box

NO_KEY = "Nội dung này được mã hóa bằng khóa khác. Xin báo quản trị."
NOT_YOURS = "Không có nội dung này trong phần đồng chí mở được."


@dataclass(frozen=True)
class Seen:
    """What stands on the page when it is opened: lists, and who might receive a new item."""

    name: str
    received: list[Listed]
    sent: list[tuple[Listed, str]]
    choices: list[tuple[int, str]]


@dataclass(frozen=True)
class Acting:
    """Whoever pressed a button of the page, in one transaction."""

    session: Session
    viewer: Viewer
    at: datetime


def greeted(db: Database, link: Link) -> str:
    """How the person is addressed; raises NoLonger when the link is of no use any more."""
    with db.reading() as session:
        usable(session, link)
        return _name(session, link)


def seen(db: Database, link: Link) -> Seen:
    """The lists of this person; nothing is opened."""
    with _acting(db, link) as now:
        day = day_of(now.at)
        known = {one.person_id for one in desk.candidates(now.session, day)}
        found = people.by_ids(now.session, known - {now.viewer.person_id})
        ordered = sorted(found.values(), key=lambda person: (person.rank, person.id or 0))
        return Seen(
            _name(now.session, link),
            restricted.received(now.session, now.viewer),
            restricted.of_author(now.session, now.viewer),
            [(person.id or 0, _titled(person.full_name, person.post)) for person in ordered],
        )


def write(db: Database, link: Link, letter: Letter) -> int:
    """Send it; its number, 0 when this very page sent it before. Rejected says what is amiss."""
    if not box():
        raise Rejected(desk.CLOSED)
    if inspect(letter.text).kind in (Kind.SECRET, Kind.ASK):
        raise Rejected(SECRET)
    with _acting(db, link) as now:
        number, told = desk.send(now.session, now.viewer, letter, now.at)
        post(now.session, told)
        return number


def open_(db: Database, link: Link, number: int) -> tuple[Opened, str]:
    """The item and who wrote it ("" where that stays unnamed); the opening is logged."""
    with _acting(db, link) as now:
        found = restricted.opened(now.session, now.viewer, number, now.at)
        if found is None:
            raise Rejected(NOT_YOURS)
        author = people.by_id(now.session, found.author_id) if found.author_id else None
        named = _titled(author.full_name, author.post, author.phone) if author else ""
        return found, named


def answer(db: Database, link: Link, number: int, text: str) -> None:
    """Answer it; the author gets the same neutral words as everybody."""
    if not text.strip():
        raise Rejected("Xin viết trả lời.")
    with _acting(db, link) as now:
        author = restricted.answer(now.session, now.viewer, number, text.strip(), now.at)
        if author is None:
            raise Rejected(NOT_YOURS)
        post(now.session, desk.told(now.session, [author], now.at))


def end(db: Database, link: Link, number: int) -> None:
    """It needs no answer any more."""
    with _acting(db, link) as now:
        if restricted.end(now.session, now.viewer, number, now.at) is None:
            raise Rejected(NOT_YOURS)


def hand(db: Database, link: Link, number: int, said: str) -> None:
    """Let one more person open it."""
    with _acting(db, link) as now:
        post(now.session, desk.handed_to(now.session, now.viewer, number, said, now.at))


def remind_receivers(db: Database, at: datetime) -> int:
    """Tell receivers once more, in the same neutral words, of what nobody settled by its day."""
    with db.reading() as session:
        if not restricted.any_waits(session, SYSTEM):
            return 0
    day = day_of(at)
    count = _pass_on(db, at)
    with db.reading() as session:
        if not restricted.neglected(session, SYSTEM, day):
            return count
    with db.writing() as session:
        late = restricted.neglected(session, SYSTEM, day)
        restricted.reminded(session, {item for items in late.values() for item in items}, at)
        return count + len(post(session, desk.told(session, sorted(late), at)))


def _pass_on(db: Database, at: datetime) -> int:
    """Nothing waits for people who have all left their seats; how many messages."""
    with db.reading() as session:
        roles = {(one.person_id, one.role) for one in desk.candidates(session, day_of(at))}
        if not restricted.left_alone(session, SYSTEM, roles):
            return 0
    with db.writing() as session:
        return len(post(session, desk.pass_on(session, at)))


def rotate(db: Database) -> int:
    """Seal everything with the first key; how many items. All of it, or nothing."""
    with db.writing() as session:
        audit.through(session, "cli")
        audit.note(session, "restricted.rotate", "restricted", at=clock.now(session))
        try:
            credentials.reseal(session.connection())
            return restricted.reseal(session)
        except NotOpened:
            raise Rejected(
                "Có nội dung không mở được: chưa có khóa cũ trong SAUSAT_CONTENT_KEY."
            ) from None


@contextmanager
def _acting(db: Database, link: Link) -> Iterator[Acting]:
    with db.writing() as session:
        usable(session, link)
        at = clock.now(session)
        audit.through(session, "web", link.person_id)
        try:
            yield Acting(session, viewer_for(session, link.person_id, day_of(at)), at)
        except NotOpened:
            raise Rejected(NO_KEY) from None


def _name(session: Session, link: Link) -> str:
    person = people.by_id(session, link.person_id)
    return capital(f"{person.address} {person.full_name}") if person else ""


def _titled(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
