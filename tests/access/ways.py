"""Every way by which somebody can come to read something: typed, pressed, searched, exported."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time

from openpyxl import load_workbook
from sqlmodel import Session, col, select

from bot import files
from bot.conversation import step as steps
from bot.conversation.screens import EDIT, REVIEW, screen
from bot.desk import case_verbs, nouns, summaries
from bot.desk.contract import Start
from bot.forms import FORMS
from bot.messages import Incoming, Outgoing, Rejected
from bot.reports.snapshots import Snapshot
from bot.rules.zone import moment
from bot.work.look import DatabaseLook
from storage import cases, exports, talks, visits
from storage.facts import facts
from storage.known import Span
from storage.scope import Viewer
from storage.tables import Account, Case, Exchange, Invitation, Outbox, Report, Restricted, Visit
from tests.access.world import NOW, Secret, World, every_word

DEPTH = 3
RELEASED = re.compile(r"dong y gui \d+$")
"""The member approves a draft: its words become the answer, which is for everybody concerned."""
SAMPLES = ("CS-1", "CS-3", "KN-5", "TR-1", "GM-2")


@dataclass
class Found:
    """What one person came to read: the words by way, and how much was looked at."""

    who: str
    words: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    leaks: list[str] = field(default_factory=list)
    looked: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def see(self, way: str, text: str, secrets: Iterable[Secret], how: str) -> None:
        """Note the words of a text, and whoever may not read them."""
        self.looked[way] += 1
        for one in secrets:
            self.words[one.word].add(way)
            if self.who not in one.may:
                self.leaks.append(f"{self.who} reads {one.kind} of {one.area} by {way}: {how}")


@dataclass
class Walk:
    """One person's walk over the desk; whatever an act changes is rolled back."""

    world: World
    session: Session
    who: str
    found: Found

    @property
    def viewer(self) -> Viewer:
        return self.world.viewer(self.session, self.who)

    def everything(self) -> Found:
        """Every way there is."""
        self.desk()
        self.searches()
        self.queries()
        self.exported()
        return self.found

    def desk(self) -> None:
        """Every command and code, then every button that appears, three deep."""
        reached: set[str] = set()
        layer = list(dict.fromkeys(first_tokens(self.session)))
        for depth in range(DEPTH + 1):
            way = "typed" if depth == 0 else f"button {depth}"
            following: list[str] = []
            for token in layer:
                reached.add(token)
                following += self.press(token, way)
            layer = [t for t in dict.fromkeys(following) if t not in reached]

    def press(self, token: str, way: str) -> list[str]:
        """What a token brings; the tokens that come with it."""
        words = nouns.read(Incoming(token=token), inbox_id=1, account_id=1)
        outer = self.session.begin_nested()
        try:
            said = nouns.answer(self.session, self.viewer, words, NOW)
            shown = [m for one in said for m in self._shown(one)]
            self.session.flush()
        except Rejected as sentence:
            shown = [Outgoing(str(sentence))]
        finally:
            outer.rollback()
            self.session.expire_all()
        return [t for message in shown for t in self._read(message, token, way)]

    def _read(self, message: Outgoing, token: str, way: str) -> list[str]:
        text = text_of(message)
        if message.person_id is None:
            self.found.see(way, text, every_word(self.world.secrets, text), token)
        else:
            self._told(message.person_id, text, token)
            return []
        return [o.token for row in message.rows for o in row if not o.token.startswith("#")]

    def _told(self, person_id: int, text: str, token: str) -> None:
        """What an act tells somebody else is bound by what that person may read."""
        self.found.looked["told"] += 1
        reader = self.world.who()[person_id]
        for one in every_word(self.world.secrets, text):
            released = RELEASED.search(token) and one.kind == "internal: a draft"
            if reader not in one.may and not released:
                self.found.leaks.append(f"{reader} is told {one.kind} of {one.area} by {token}")

    def _shown(self, said: object) -> list[Outgoing]:
        """Of a form its first prompt, its review, and the list of what can be changed."""
        if isinstance(said, Outgoing):
            return [said]
        if not isinstance(said, Start):
            return []
        form = FORMS[said.form]
        look = DatabaseLook(self.session, self.world.cast[self.who], NOW)
        draft = replace(steps.start(form, said.answers, at=NOW, inbox_id=1), id=1)
        shown = list(steps.begin(form, draft, look, place=said.ask_first).say)
        needed = [q for q in form.questions if not q.optional and not q.more and q.when(draft)]
        if all(q.name in draft.answers for q in needed):
            shown += [screen(form, draft, place, look) for place in (REVIEW, EDIT)]
        shown += [screen(form, draft, q.name, look) for q in form.questions if q.when(draft)]
        return shown

    def searches(self) -> None:
        """A search must not even confirm a word that the person may not read."""
        for one in self.world.secrets:
            words = nouns.read(Incoming(token=f"tim {one.word}"), inbox_id=1, account_id=1)
            [said] = nouns.answer(self.session, self.viewer, words, NOW)
            assert isinstance(said, Outgoing)
            answer = said.text.replace(one.word, "")
            code = self.world.codes.get(one.word, "nothing")
            hit = [one] if f"{code} " in answer else []
            others = every_word(self.world.secrets, answer)
            self.found.see("search", answer, [*hit, *others], f"tim {one.kind}")

    def queries(self) -> None:
        """The lists that every noun is made of."""
        session, viewer = self.session, self.viewer
        span = Span(
            date(2026, 10, 1),
            date(2027, 1, 1),
            moment(date(2026, 10, 1), time()),
            moment(date(2027, 1, 1), time()),
        )
        numbers = session.exec(select(Visit.id)).all()
        seen = cases.listed(session, viewer)
        held = talks.exchanges_begun(session, viewer, span.begins, span.ends)
        lists: dict[str, Iterable[object]] = {
            "visits": visits.listed(session, viewer),
            "commitments": visits.commitments(session, viewer, [n for n in numbers if n]),
            "companions": [visits.companions(session, viewer, n) for n in numbers if n],
            "cases": seen,
            "exchanges": [m for e in held for m in talks.messages(session, viewer, e)],
            "invitations": talks.invitations_sent(session, viewer, span.begins, span.ends),
            "figures": [facts(session, viewer, span, cut=NOW)],
        }
        for name, rows in lists.items():
            for row in rows:
                text = repr(row)
                self.found.see(f"query {name}", text, every_word(self.world.secrets, text), name)

    def exported(self) -> None:
        """Every table that can be exported, as this person would get it."""
        for noun in exports.NOUNS:
            for row in exports.rows(self.session, self.viewer, noun):
                text = json.dumps(row, ensure_ascii=False, default=str)
                words = every_word(self.world.secrets, text)
                self.found.see("export", text, words, f"{noun} {row['id']}")


def first_tokens(session: Session) -> Iterator[str]:
    """What anybody could type: commands alone and before codes, codes before verbs, periods."""
    numbers = {
        "CS": session.exec(select(Visit.number)).all(),
        "KN": [*session.exec(select(Case.number)), *session.exec(select(Restricted.number))],
        "TR": session.exec(select(Exchange.number)).all(),
        "GM": session.exec(select(Invitation.number)).all(),
        "VH": range(1, 15),
    }
    commands = list(nouns.commands())
    yield from commands
    for kind, found in numbers.items():
        yield from (f"{kind}-{number}" for number in found)
    yield from (f"{command} {code}" for command in commands for code in SAMPLES)
    states = {c.state: c.number for c in session.exec(select(Case).order_by(col(Case.number)))}
    for verb in case_verbs.VERBS:
        yield from (f"KN-{number} {verb.words}" for number in sorted({1, *states.values()}))
    yield from (f"{verb} CS-{n}" for verb in ("sua", "gui xa", "trao doi") for n in numbers["CS"])
    for area in ("HOAMAU", "TANMAU", "LONGMAU", "TINH"):
        yield from (f"{command} {area}" for command in ("diaban", "phancong", "toi da di", "ghi"))
    yield from ("diaban Hòa Mẫu", "nhap thay CB001", "nhap thay Nguyễn Văn Mẫu")
    yield from (f"nghe ghi am {n} CB001" for n in range(3))
    yield from _periods(session)


def _periods(session: Session) -> Iterator[str]:
    figures = {
        name
        for report in session.exec(select(Report))
        for name in Snapshot.from_json(report.snapshot).figures
    }
    for period in ("", "2026-10", "2026-10 tinh", "2026-11", "2026-Q4"):
        head = f"tonghop {period}".strip()
        yield from (f"{head} {part}" for part in (*summaries.PARTS, "ykien", "ykien chung"))
    for period in ("2026-10", "2026-10 tinh", "2026-11"):
        yield from (f"chitiet {period} {name}" for name in sorted(figures))
    for part in ("xem", "trinh", "sualoi", "linhvuc", "chon", "gui", "tralai"):
        yield from (f"{command} 2026-10 {part}" for command in ("rasoat", "duyet"))
        yield f"rasoat 2026-11 {part}"


def text_of(message: Outgoing) -> str:
    """The text with the labels and tokens under it, and what the files hold."""
    parts = [message.text]
    parts += [f"{o.label} {o.token}" for row in message.rows for o in row]
    parts += [name + _inside(name) for name in message.files]
    return "\n".join(parts)


def _inside(name: str) -> str:
    if not name.endswith(".xlsx"):
        return ""
    book = load_workbook(files.place(name), read_only=True)
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )


def outbox(world: World, found: dict[str, Found]) -> int:
    """Whatever was written to people, by whichever way it came about; how many messages."""
    who = world.who()
    count = 0
    with world.db.reading() as session:
        owners = {a.id: a.person_id for a in session.exec(select(Account))}
        for row in session.exec(select(Outbox).order_by(col(Outbox.id))):
            reader = who[row.person_id or owners[row.account_id] or 0]
            text = text_of(Outgoing.from_json(row.body))
            words = every_word(world.secrets, text)
            found[reader].see(f"outbox {row.kind}", text, words, f"{row.kind} {row.about_kind}")
            count += 1
    return count


def walk(world: World, who: str) -> Found:
    """Everything that one person can come to read."""
    with world.db.writing() as session:
        return Walk(world, session, who, Found(who)).everything()
