"""Every way by which somebody can come to read something: typed, pressed, searched, exported."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, col, select

from bot import files
from bot.conversation import step as steps
from bot.conversation.screens import EDIT, REVIEW, screen
from bot.desk import case_verbs, nouns, restricted, sent_files, summaries
from bot.desk.contract import Start
from bot.desk.search import CODES
from bot.forms import FORMS
from bot.messages import Incoming, Outgoing, Rejected
from bot.reports.snapshots import Snapshot
from bot.rules.zone import moment
from bot.work.look import DatabaseLook
from storage import (
    absences,
    alerts,
    cases,
    commitments,
    directives,
    exports,
    meetings,
    papers,
    programmes,
    reviews,
    search,
    signals,
    supports,
    talks,
    visits,
)
from storage.facts import facts
from storage.known import Span
from storage.scope import Viewer
from storage.tables import (
    Account,
    Area,
    Attachment,
    Case,
    Commitment,
    Directive,
    Exchange,
    IndicatorValue,
    Invitation,
    Outbox,
    Paper,
    Person,
    Report,
    Restricted,
    Visit,
    WorkItem,
)
from tests.access.world import BEGINNING, NOW, Secret, World, every_word
from tests.doing import Doing

DEPTH = 3
RELEASED = re.compile(r"dong y gui \d+$")
"""The member approves a draft: its words become the answer, which is for everybody concerned."""
COUNTS = (
    *("viec", "kiennghi", "dagui", "chuagui", "tinhhinh", "danhsach", "chualienlac", "truyendat"),
    *("tonghop", "tonghop 2026-11", "diaban HOAMAU", "rasoat", "chogui"),
)
"""What would tell most, if something were to be told."""
IN_FILES = ("word/", "xl/worksheets/", "xl/sharedStrings")
VERBS = {
    "CS": ("sua", "gui xa", "trao doi"),
    "VB": ("thong nhat", "gop y", "tiep thu", "giai trinh"),
    "ND": ("da nam", "da truyen dat", "chua nhan", "chua nam", "chua truyen dat"),
    "GM": ("tham du", "khong tham du", "rut"),
    "VH": ("xong",),
    "CV": ("xong",),
}
"""What can be said of each kind besides cases, which have all of their verbs."""


@dataclass
class Found:
    """What one person came to read: the words by way, and how much was looked at."""

    who: str
    words: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    leaks: list[str] = field(default_factory=list)
    looked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)  # by more restricted items
    touched: list[str] = field(default_factory=list)  # tokens that looked for restricted items

    def see(self, way: str, text: str, secrets: Iterable[Secret], how: str) -> None:
        """Note the words of a text, and whoever may not read them."""
        self.looked[way] += 1
        for one in secrets:
            self.words[one.word].add(way)
            if self.who not in one.may:
                self.leaks.append(f"{self.who} reads {one.kind} of {one.area} by {way}: {how}")


@dataclass
class Walk:
    """One person's walk over the desk; whatever an act changes is undone.

    `viewer` is what the person may see, unless a test says otherwise.
    """

    world: World
    session: Session
    who: str
    found: Found
    viewer: Viewer = field(default_factory=lambda: Viewer(0))

    def __post_init__(self) -> None:
        if not self.viewer.person_id:
            self.viewer = self.world.viewer(self.session, self.who)
        self._point: SessionTransaction | None = None
        self._sealed = False
        self._driver: Any = self.session.connection().connection.driver_connection

    def everything(self, depth: int = DEPTH) -> Found:
        """Every way there is."""
        self.desk(depth)
        self.searches()
        self.queries()
        self.exported()
        self.linked()
        return self.found

    def desk(self, depth: int = DEPTH) -> None:
        """Every command and code, then every button that appears, so many layers deep.

        What can be done to a case is done once in each of its states.
        """
        reached: set[str] = set()
        states = {f"KN-{c.number}": c.state for c in self.session.exec(select(Case))}
        layer = list(dict.fromkeys(first_tokens(self.session)))
        self._driver.set_trace_callback(self._asked)
        for layers in range(depth + 1):
            way = f"button {layers}" if layers else "typed"
            following: list[str] = []
            for token in layer:
                following += self.press(token, way)
            reached |= {_alike(token, states) for token in layer}
            fresh = {_alike(token, states): token for token in following}
            layer = [token for key, token in fresh.items() if key not in reached]
        self._driver.set_trace_callback(None)
        self.undo()

    def _asked(self, statement: str) -> None:
        """SQLite tells of every statement."""
        self._sealed = self._sealed or " restricted" in statement

    def press(self, token: str, way: str) -> list[str]:
        """What a token brings; the tokens that come with it."""
        self._sealed = False
        said = self.said(token)
        if self._sealed:
            self.found.touched.append(token)
        return [t for message in said for t in self._read(message, token, way)]

    def said(self, token: str) -> list[Outgoing]:
        """Everything that is answered; done for nothing."""
        words = nouns.read(Incoming(token=token), inbox_id=1, account_id=1)
        before = self._written()
        self._point = self._point or self.session.begin_nested()
        try:
            said = nouns.answer(self.session, self.viewer, words, NOW)
            shown = [m for one in said for m in self._shown(one)]
            self.session.flush()
        except Rejected as sentence:
            shown = [Outgoing(str(sentence))]
        if self.session.new or self.session.dirty or self._written() != before:
            self.undo()
        return shown

    def undo(self) -> None:
        """As it was before the walk."""
        if self._point is not None:
            self._point.rollback()
            self.session.expire_all()
        self._point = None

    def _written(self) -> object:
        """How many rows were; alike before and after an act that wrote nothing."""
        return getattr(self._driver, "total_changes", object())

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
        asked = {(one.kind, self.who in one.may): one for one in self.world.secrets}
        for one in asked.values():
            [said] = self.said(f"tim {one.word}")
            answer = said.text.replace(one.word, "")
            self._hit(answer, [one], f"tim {one.kind}")
        found = search.found(self.session, self.viewer, BEGINNING, limit=1000)
        seen = {f"{CODES[hit.kind]}-{hit.number}" for hit in found}
        for code in seen & set(self.world.codes.values()):
            there = [one for one in self.world.secrets if self.world.codes.get(one.word) == code]
            if not any(self.who in one.may for one in there):
                self._hit(f"{code} ", there, "tim of everything")

    def _hit(self, answer: str, wanted: Iterable[Secret], how: str) -> None:
        """That the code is found says that the word stands there."""
        codes = self.world.codes
        hit = [one for one in wanted if f"{codes.get(one.word, 'nothing')} " in answer]
        others = every_word(self.world.secrets, answer)
        self.found.see("search", answer, [*hit, *others], how)

    def queries(self) -> None:
        """The lists that every noun is made of."""
        session, viewer = self.session, self.viewer
        for name, rows in lists(session, viewer).items():
            for row in rows:
                text = spelled(row)
                self.found.see(f"query {name}", text, every_word(self.world.secrets, text), name)

    def exported(self) -> None:
        """Every table that can be exported, as this person would get it."""
        for noun in exports.NOUNS:
            for row in exports.rows(self.session, self.viewer, noun):
                text = json.dumps(row, ensure_ascii=False, default=str)
                words = every_word(self.world.secrets, text)
                self.found.see("export", text, words, f"{noun} {row['id']}")

    def linked(self) -> None:
        """Every file that is kept, if a link to it would open for this person."""
        for path in kept_files(self.session):
            if sent_files.may_have(self.session, self.viewer, path, NOW):
                text = path + inside(path)
                self.found.see("file link", text, every_word(self.world.secrets, text), path)

    def compared(self) -> dict[str, tuple[str, str]]:
        """What reads otherwise once three more restricted items have been sent, by token.

        Asked are the tokens that came upon their tables at all, and those that count things.
        """
        tokens = [*COUNTS, *self.found.touched]
        before = {token: self._settled(token) for token in dict.fromkeys(tokens)}
        sent = self.session.begin_nested()
        sender = Doing(self.session, self.world.cast, "CB002", NOW)
        for number in range(3):
            letter = restricted.Letter(f"việc riêng {number}", [], "", False, f"more {number}")
            sender.keep(restricted.send(self.session, sender.viewer, letter, NOW)[1])
        after = {token: self._settled(token) for token in before}
        sent.rollback()
        self.session.expire_all()
        return {t: (said, after[t]) for t, said in before.items() if said != after[t]}

    def _settled(self, token: str) -> str:
        """Without what differs at every asking: names of files that are made anew."""
        said = "\n".join(text_of(message) for message in self.said(token))
        self.undo()
        return re.sub(r"[0-9a-f]{16}", "", said)


def lists(session: Session, viewer: Viewer) -> dict[str, Iterable[object]]:
    """The queries that every noun is made of, and all that they bring this viewer."""
    span = Span(
        date(2026, 10, 1),
        date(2027, 1, 1),
        moment(date(2026, 10, 1), time()),
        moment(date(2027, 1, 1), time()),
    )
    ids = [n for n in session.exec(select(Visit.id)) if n]
    sent = session.exec(select(Paper)).all()
    issued = session.exec(select(Directive)).all()
    begun = [one.number for one in session.exec(select(Exchange))]
    held = [one for n in begun if (one := talks.exchange_by_number(session, viewer, n))]
    places = session.exec(select(Area.id)).all()
    return {
        "visits": visits.listed(session, viewer),
        "commitments": [
            *visits.commitments(session, viewer, ids),
            *commitments.open_in(session, viewer, {place or 0 for place in places}),
        ],
        "supports": [supports.of_visit(session, viewer, n) for n in ids],
        "companions": [visits.companions(session, viewer, n) for n in ids],
        "cases": cases.listed(session, viewer),
        "exchanges": [m for e in held for m in talks.messages(session, viewer, e)],
        "invitations": talks.invitations_sent(session, viewer, span.begins, span.ends),
        "invitations called off": talks.called_off(session, viewer, span.begins),
        "invitation files": [
            talks.invitation_files(session, viewer, one) for one in session.exec(select(Invitation))
        ],
        "papers": [papers.by_number(session, viewer, one.number) for one in sent],
        "paper comments": [papers.comments(session, viewer, one) for one in sent],
        "paper files": [papers.files(session, viewer, one) for one in sent],
        "papers that wait": [
            *papers.uncommented(session, viewer),
            *papers.unanswered(session, viewer),
            *papers.told_back(session, viewer, span.begins),
        ],
        "directives": [
            *directives.in_force(session, viewer),
            *(row for place in places for row in directives.of_area(session, viewer, place or 0)),
            *(directives.by_number(session, viewer, one.number) for one in issued),
        ],
        "alerts": [
            *alerts.open_ones(session, viewer),
            *(alerts.of_case(session, viewer, n) for n in session.exec(select(Case.number))),
        ],
        "works": programmes.works(session, viewer),
        "figures entered": programmes.current(session, viewer, ["KETNAP"]),
        "signals": signals.own(session, viewer),
        "meetings": meetings.coming(session, viewer, span.start),
        "reviews": [
            reviews.of_year(session, viewer, person or 0, NOW.year)
            for person in session.exec(select(Person.id)).all()
        ],
        "absences": absences.waiting(session, viewer),
        "figures": [facts(session, viewer, span, cut=NOW)],
    }


def _alike(token: str, states: dict[str, str]) -> str:
    code, _, verb = token.partition(" ")
    return f"{states[code]} {verb}" if verb and code in states else token


def spelled(found: object) -> str:
    """All of it: what SQLAlchemy prints of a row of several things leaves out their middle."""
    if isinstance(found, Sequence) and not isinstance(found, str):
        return "\n".join(spelled(each) for each in found)
    return repr(found)


def kept_files(session: Session) -> list[str]:
    """What was sent in and what was drawn up, as it lies under SAUSAT_FILES."""
    top = files.place(".").resolve()
    made = [path.relative_to(top).as_posix() for path in sorted(top.rglob("*")) if path.is_file()]
    sent = [row.path for row in session.exec(select(Attachment)) if row.path]
    return [*(path for path in made if "/" in path), *sent]


def spellings() -> list[str]:
    """Every command, once however it may be spaced."""
    found: dict[tuple[str, str], str] = {}
    for said, noun in nouns.commands().items():
        found.setdefault((noun.name, said.replace(" ", "")), said)
    return list(found.values())


def first_tokens(session: Session) -> Iterator[str]:
    """What anybody could type: commands alone and before codes, codes before verbs, periods."""
    sealed = session.exec(select(Restricted.number)).all()
    yield from spellings()
    for command in spellings():
        yield from (f"{command} {code}" for code in ("KN-5", f"KN-{sealed[0]}"))
    for kind, found in _numbers(session).items():
        yield from (f"{kind}-{number}" for number in found)
        yield from (f"{kind}-{n} {verb}" for verb in VERBS.get(kind, ()) for n in found)
    states = {c.state: c.number for c in session.exec(select(Case).order_by(col(Case.number)))}
    newest = sorted(states.values())
    for verb in dict.fromkeys(verb.words for verb in case_verbs.VERBS):
        yield from (f"KN-{number} {verb}" for number in (newest[0], newest[-1], sealed[0]))
    yield from (f"da nhan KN-{number}" for number in (*newest, *sealed))
    for area in ("HOAMAU", "TANMAU", "LONGMAU", "TINH"):
        yield from (f"{command} {area}" for command in ("diaban", "phancong", "toi da di", "ghi"))
        yield f"diaban {area} tiep 1"
    yield from ("diaban Hòa Mẫu", "nhap thay CB001", "nhap thay Nguyễn Văn Mẫu")
    for person in session.exec(select(Person.id)).all():
        yield from (f"phieu nhan xet {person} 2026{part}" for part in ("", " ghi", " tep"))
    yield from (f"nghe ghi am {n} CB001" for n in range(3))
    yield from (f"tep: {row.id}" for row in with_files(session))
    yield from _periods(session)


def _numbers(session: Session) -> dict[str, Sequence[int]]:
    """Every number that was given out, by the letters before it."""
    return {
        "CS": session.exec(select(Visit.number)).all(),
        "KN": [*session.exec(select(Case.number)), *session.exec(select(Restricted.number))],
        "TR": session.exec(select(Exchange.number)).all(),
        "GM": session.exec(select(Invitation.number)).all(),
        "VB": session.exec(select(Paper.number)).all(),
        "ND": session.exec(select(Directive.number)).all(),
        "VH": session.exec(select(Commitment.number)).all(),
        "CV": session.exec(select(WorkItem.number)).all(),
        "SL": session.exec(select(IndicatorValue.number)).all(),
    }


def with_files(session: Session) -> list[Outbox]:
    """Messages that carried a file."""
    rows = session.exec(select(Outbox).order_by(col(Outbox.id)))
    return [row for row in rows if row.body.get("files")]


def _periods(session: Session) -> Iterator[str]:
    figures = {
        name
        for report in session.exec(select(Report))
        for name in Snapshot.from_json(report.snapshot).figures
    }
    yield from ("tonghop 2026-11", "tonghop 2026-Q4")
    for period in ("2026-10", "2026-10 tinh"):
        parts = ("", *summaries.PARTS, "ykien", "ykien chung")
        yield from (f"tonghop {period} {part}".strip() for part in parts)
        yield from (f"chitiet {period} {name}" for name in sorted(figures))
    for part in ("xem", "trinh", "sualoi", "linhvuc", "chon", "gui", "tralai"):
        yield from (f"{command} 2026-10 {part}" for command in ("rasoat", "duyet"))
        yield f"rasoat 2026-11 {part}"


def text_of(message: Outgoing) -> str:
    """The text with the labels and tokens under it, and what the files hold."""
    parts = [message.text]
    parts += [f"{o.label} {o.token}" for row in message.rows for o in row]
    parts += [name + inside(name) for name in message.files]
    return "\n".join(parts)


def inside(name: str) -> str:
    """The words of a Word or Excel file."""
    if not name.endswith((".docx", ".xlsx")):
        return ""
    path = files.place(name)
    return _unpacked(path, path.stat().st_mtime_ns)


@cache
def _unpacked(path: Path, _changed: int) -> str:
    with ZipFile(path) as packed:
        written = [packed.read(part) for part in packed.namelist() if part.startswith(IN_FILES)]
    return "\n".join(unescape(re.sub(r"<[^>]*>", " ", part.decode())) for part in written)


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
        steps = Walk(world, session, who, Found(who))
        steps.everything()
        steps.found.changed = steps.compared()
        return steps.found
