"""Everybody of a province, each with a linked phone, doing things at the desk."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from bot.conversation.form import Answer, Draft
from bot.desk import nouns
from bot.desk.case_cards import Cards
from bot.desk.contract import Result
from bot.messages import Incoming, Outgoing
from bot.rules.zone import day_of
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.scope import Viewer
from storage.tables import Account, Assignment, DayOff, Person, Role
from tests.cast import Cast, cast

BOT = "telegram:4242"
EXTRA = (
    ("CB003", "Bùi Văn Cũ", "Phó Giám đốc Sở Tài chính", None, None),
    ("XA03", "Đặng Thị Long", "Bí thư Đảng ủy xã Long Mẫu", "co_so", "LONGMAU"),
    ("GQ01", "Cao Văn Giải", "Phó Giám đốc Sở Xây dựng", "giai_quyet", None),
    ("KT01", "Phan Thị Kiểm", "Ủy viên Ủy ban Kiểm tra", "kiem_tra", None),
)
"""On top of the cast; CB003 followed Hòa Mẫu until the end of October."""


def everybody(db: Database) -> Cast:
    """The cast and these, in a province that works on the Day of Culture, 24 November."""
    with db.writing() as session:
        session.merge(DayOff(day=date(2026, 11, 24), working=True))
        people = cast(session)
        for number, (code, name, post_, role, where) in enumerate(EXTRA, start=60):
            row = Person(code=code, full_name=name, post=post_, unit="Sở Mẫu", rank=number * 10)
            session.add(row)
            session.flush()
            people.person[code] = row.id or 0
            if role:
                area = people.area[where] if where else None
                session.add(Role(person_id=people[code], role=role, area_id=area))
        session.add(
            Assignment(
                person_id=people["CB003"],
                area_id=people.area["HOAMAU"],
                regulation_id=people.regulation,
                kind="theo_doi",
                from_date=date(2024, 1, 1),
                to_date=date(2026, 10, 31),
            )
        )
        for number in people.person.values():
            linked = Account(bot=BOT, external_id=str(number), person_id=number, state="confirmed")
            session.add(linked)
    return people


@dataclass
class Doing:
    """One person doing things on one session; everything said goes into the outbox."""

    session: Session
    cast: Cast
    who: str
    at: datetime

    @property
    def viewer(self) -> Viewer:
        """What the person may see."""
        return viewer_for(self.session, self.cast[self.who], day_of(self.at))

    @property
    def cards(self) -> Cards:
        """What the person reads of cases."""
        return Cards(self.session, self.viewer, self.at)

    def keep(self, said: Result) -> None:
        """Post what was said; an answer goes to the person's own account."""
        mine = self.session.exec(
            select(Account.id).where(Account.person_id == self.cast[self.who])
        ).one()
        found = [message for message in said if isinstance(message, Outgoing)]
        post(self.session, found, account_id=mine)
        self.session.flush()

    def presses(self, token: str) -> None:
        """Press the button with this token, or type it."""
        words = nouns.read(Incoming(token=token), inbox_id=None, account_id=None)
        self.keep(nouns.answer(self.session, self.viewer, words, self.at))

    def draft(self, form: str, **answers: object) -> Draft:
        """A form that is filled in."""
        given = {name: Answer(value) for name, value in answers.items()}
        return Draft(form, None, given | {"_begun": Answer(self.at.isoformat())})
