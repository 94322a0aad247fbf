"""What is planted: words that stand nowhere else, each with who may ever read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlmodel import Session

from bot.rules.zone import day_of, moment
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.scope import Viewer
from storage.tables import Attachment
from tests.cast import Cast
from tests.doing import BOT

NOW = moment(date(2026, 12, 4), time(16, 40))

OFFICES = frozenset({"TT01", "TC01", "VP01", "VP02"})
WHOLE = {
    "HOAMAU": frozenset({"CB001", "GV01", "UV01"}),
    "TANMAU": frozenset({"CB001", "GV01", "UV01"}),
    "LONGMAU": frozenset({"CB002", "UV01"}),
}
SEAT = {
    "HOAMAU": frozenset({"XA01"}),
    "TANMAU": frozenset({"XA02"}),
    "LONGMAU": frozenset({"XA03"}),
}
BEGINNING = "zq"
"""Of every planted word and of no other."""
RESTRICTED = "restricted item"
UPWARD = frozenset({"TT01", "VP01", "VP02", "UV01"})
ALONE = frozenset({"CB099", "QT01", "GQ01", "KT01"})
"""People of the roster whose role shows them nothing."""


@dataclass(frozen=True)
class Secret:
    """A planted word: in what it stands, where, and who may ever read it."""

    word: str
    kind: str
    area: str
    may: frozenset[str]
    must: frozenset[str]  # of these, who comes upon it by some way


@dataclass
class World:
    """Everything planted, and how to go on from there."""

    db: Database
    cast: Cast
    secrets: list[Secret] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # planted word -> code of its record
    pages: dict[str, str] = field(default_factory=dict)  # restricted word -> who opens it

    @property
    def people(self) -> list[str]:
        """Everybody on the roster, by code."""
        return list(self.cast.person)

    def who(self) -> dict[int, str]:
        """Roster codes by id."""
        return {number: code for code, number in self.cast.person.items()}

    def viewer(self, session: Session, code: str, at: datetime = NOW) -> Viewer:
        """What the person may see."""
        return viewer_for(session, self.cast[code], day_of(at))

    def word(
        self,
        kind: str,
        area: str,
        may: Iterable[str],
        *,
        must: Iterable[str] | None = None,
        code: str = "",
    ) -> str:
        """A new word, written as the beginning of a text; without `must` all who may come on it."""
        word = f"{BEGINNING}{len(self.secrets):03d}q"
        readers = frozenset(may)
        seen = readers if must is None else frozenset(must)
        self.secrets.append(Secret(word, kind, area, readers, seen))
        if code:
            self.codes[word] = code
        return word


def keep_file(
    session: Session,
    sender: int,
    name: str,
    *,
    kind: str = "document",
    reference: str = "",
    about: tuple[str, int | None] = ("", None),
    at: datetime = NOW,
) -> None:
    """A file that somebody sent and that is stored, under a planted name."""
    row = Attachment(
        bot=BOT,
        reference=reference or name,
        kind=kind,
        person_id=sender,
        about_kind=about[0],
        about_id=about[1],
        state="stored",
        path=f"ab/{name}.pdf",
        name=f"{name}.pdf",
        wanted_at=at,
    )
    session.add(row)
    session.flush()


def whole_part(area: str, *authors: str) -> frozenset[str]:
    """Who reads situation and check."""
    return OFFICES | WHOLE[area] | frozenset(authors)


def commune_part(area: str, *authors: str) -> frozenset[str]:
    """Who reads date, activity, advice, commitments and cases."""
    return whole_part(area, *authors) | SEAT[area]


def every_word(secrets: Sequence[Secret], text: str) -> list[Secret]:
    """The planted words that stand in the text."""
    folded = text.casefold()
    return [one for one in secrets if one.word in folded] if BEGINNING in folded else []
