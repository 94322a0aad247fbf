"""Papers for comment (VB-…): a commune sends a draft, its follower says what he thinks of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.conversation.form import DIRECT
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import day_at
from bot.desk.enclosed import enclosing
from bot.desk.exchanges import counterparts, excerpt, named, usual
from bot.desk.morning import Day, Line, Said
from bot.desk.quiet import at_work
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules.papers import STATES, Facts, state
from bot.rules.zone import day_of, moment
from bot.words import capital, fold, full_day, natural, uncapital
from bot.words import day as short_day
from storage import areas, occurrences, papers, people
from storage.occurrences import Due, claim
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Paper, PaperComment, Person

COMMANDS = ("xinykien", "xin y kien van ban", "gui van ban", "van ban xin y kien")
NEWS, DUE, SAID, TOLD = "paper", "paper_due", "paper_comment", "paper_answer"
TOLD_WITHIN = timedelta(days=30)  # an answer nobody was told of is not brought up after this

AGREES = "thống nhất"
COMMENT = "góp ý"
ATTACH = "kèm tệp"
TAKEN, EXPLAINED = "tiếp thu", "giải trình"
ANSWERS = {TAKEN: "taken", EXPLAINED: "explained"}
LABELS = {"taken": "xã tiếp thu", "explained": "xã giải trình"}


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/xinykien sends one or lists what waits; "VB-41 …" comments on it or answers a comment."""
    if words.code is None:
        return _begin(session, viewer, words.rest, at)
    found = papers.by_number(session, viewer, words.code.number)
    if found is None:
        raise Rejected(f"Không tìm thấy VB-{words.code.number}.")
    if not words.rest:
        return [_card(session, viewer, found, at)]
    if fold(words.rest) == fold(ATTACH) and found.area_id in viewer.communes:
        return [Start("paper_files", {"_paper": found.number})]
    if _comments(viewer, found):
        return _commented(session, viewer, found, words.rest, at)
    if found.area_id in viewer.communes:
        return _answered(session, viewer, found, words.rest, at)
    raise Rejected(f"VB-{found.number} do xã gửi đồng chí theo dõi góp ý.")


def _begin(session: Session, viewer: Viewer, text: str, at: datetime) -> Result:
    if viewer.communes:
        known = counterparts(session, viewer, day_of(at))
        if not known:
            raise Rejected("Chưa có đồng chí nào theo dõi xã để góp ý văn bản.")
        answers: dict[str, Any] = {"text": text} if text else {DIRECT: True}
        if party := usual(session, viewer, text, day_of(at)):
            answers["party"] = party
        return [Start("paper", answers)]
    waiting = waits(session, viewer, at)
    if not waiting:
        return [Outgoing("Không có văn bản nào chờ đồng chí góp ý.")]
    lines = [f"{one.code} {one.text}" for one in waiting]
    rows = tuple((Option(one.code, one.token),) for one in waiting[:8])
    return [Outgoing("\n".join(["Văn bản chờ góp ý", *lines[:8]]), rows)]


def send(session: Session, viewer: Viewer, paper: Paper, at: datetime) -> list[Outgoing]:
    """Store it; the follower hears in the morning message, or at once when time is short."""
    if paper.area_id not in viewer.communes:
        raise Rejected("Văn bản xin ý kiến do Đảng ủy xã gửi.")
    if paper.due_on < day_of(at):
        raise Rejected("Hạn góp ý đã qua. Xin sửa hạn.")
    papers.send(session, paper)
    said = f"Đã gửi VB-{paper.number}, hạn góp ý {short_day(paper.due_on)}."
    receipt = Outgoing(said, kind="receipt")
    on = day_at(session, at)
    if on.next_morning(paper.cadre_id) < paper.due_on:
        return [receipt]
    claim(session, [_news(paper)], at)
    text = f"{_asks(session, paper)}\nNhắn VB-{paper.number} để xem văn bản."
    about = (papers.KIND, paper.id or 0)
    told = Outgoing(text, person_id=paper.cadre_id, about=about)
    return [receipt, at_work(told.with_row(*_buttons(paper)), on)]


def comment(
    session: Session, viewer: Viewer, paper: Paper, text: str, at: datetime
) -> list[Outgoing]:
    """The follower's words; the commune reads them in its morning message."""
    if not _comments(viewer, paper):
        raise Rejected(f"VB-{paper.number} do xã gửi đồng chí theo dõi góp ý.")
    agrees = fold(text).rstrip(".") == fold(AGREES)
    said = PaperComment(
        paper_id=paper.id or 0,
        by_id=viewer.person_id,
        text="Thống nhất, không có ý kiến thêm." if agrees else text,
        agrees=agrees,
        at=at,
    )
    papers.comment(session, paper, said)
    occurrences.withdraw(session, f"{papers.KIND}:{paper.id}")
    return [Outgoing(f"Đã gửi ý kiến về VB-{paper.number} đến xã.", kind="receipt")]


def explain(
    session: Session, viewer: Viewer, paper: Paper, comment_id: int, note: str, at: datetime
) -> list[Outgoing]:
    """The commune says why it does not take a comment."""
    return [_settle(session, viewer, paper, _one(session, viewer, paper, comment_id), note, at)]


def _commented(
    session: Session, viewer: Viewer, paper: Paper, rest: str, at: datetime
) -> list[Outgoing | Start]:
    if fold(rest).rstrip(":.") == fold(COMMENT):
        return [Start("paper_comment", {"_paper": paper.number})]
    said = rest
    if fold(rest).startswith(fold(COMMENT) + ":"):
        said = rest.partition(":")[2].strip()
    return list(comment(session, viewer, paper, said, at))


def _answered(
    session: Session, viewer: Viewer, paper: Paper, rest: str, at: datetime
) -> list[Outgoing | Start]:
    """ "tiếp thu", "tiếp thu 3", "giải trình 3: vì …"."""
    for words in ANSWERS:
        if not fold(rest).startswith(fold(words)):
            continue
        left = rest[len(words) :].strip(" .:,")
        first, _, behind = left.partition(" ")
        number = natural(first.rstrip(":,."))
        note = left if number is None else behind.strip(" :,.")
        found = _one(session, viewer, paper, number)
        if words == EXPLAINED and not note:
            return [Start("paper_explain", {"_paper": paper.number, "_comment": found.id})]
        return [_settle(session, viewer, paper, found, "" if words == TAKEN else note, at)]
    raise Rejected(f"Xin nhắn: VB-{paper.number} {TAKEN}, hoặc VB-{paper.number} {EXPLAINED}: …")


def _one(session: Session, viewer: Viewer, paper: Paper, number: int | None) -> PaperComment:
    """The comment meant: the one named, else the only one that waits for an answer."""
    known = papers.comments(session, viewer, paper)
    if number is not None:
        named_one = next((one for one in known if one.id == number), None)
        if named_one is not None:
            return named_one
    waiting = [one for one in known if not one.answer and not one.agrees]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise Rejected(f"VB-{paper.number}: không còn góp ý nào chờ xã trả lời.")
    raise Rejected(f"VB-{paper.number} có {len(waiting)} góp ý. Xin bấm nút dưới góp ý muốn nói.")


def _settle(
    session: Session, viewer: Viewer, paper: Paper, said: PaperComment, note: str, at: datetime
) -> Outgoing:
    if paper.area_id not in viewer.communes:
        raise Rejected(f"VB-{paper.number} do xã trả lời.")
    what = "explained" if note else "taken"
    by = viewer.person_id
    if not papers.answer(session, said, what, note, by_id=by, at=at):
        who = people.by_id(session, said.answered_by_id or 0)
        whom = f" ({named(who)})" if who and who.id != viewer.person_id else ""
        return Outgoing(f"VB-{paper.number}: {LABELS[said.answer]} từ trước{whom}.")
    occurrences.withdraw(session, f"{papers.KIND}:{paper.id}")
    return Outgoing(f"Đã ghi: VB-{paper.number}, {LABELS[what]}.", kind="receipt")


def morning(session: Session, on: Day) -> Iterable[Said]:
    """New papers and those falling due for followers, comments for communes, answers back."""
    for paper in papers.uncommented(session, SYSTEM):
        yield paper.cadre_id, _for_follower(session, on, paper)
    for paper, said in papers.unanswered(session, SYSTEM):
        for person in people.seat(session, paper.area_id, on.today):
            yield person.id or 0, _for_commune(session, paper, said, person)
    for paper, said in papers.told_back(session, SYSTEM, on.at - TOLD_WITHIN):
        note = f": “{excerpt(said.answer_note)}”" if said.answer_note else "."
        text = f"VB-{paper.number}: {LABELS[said.answer]} góp ý của đồng chí{note}"
        yield said.by_id, Line(text, due=(_due(TOLD, paper, said.at, f"{said.id}"),))


def _for_follower(session: Session, on: Day, paper: Paper) -> Line:
    first, dues = (_news(paper),), (_news(paper),)
    text = _asks(session, paper)
    if on.today >= on.calendar.add_workdays(paper.due_on, -1):
        step = "after" if on.today > paper.due_on else "before"
        late = "đã quá hạn" if step == "after" else "sắp đến hạn"
        day_due = moment(paper.due_on, on.province.send_at)
        dues = (_due(DUE, paper, day_due, f"{step} {paper.cadre_id}"),)
        text = f"VB-{paper.number}, {_area(session, paper)}: {late} góp ý."
    covered = first if dues != first else ()
    return Line(text, due=dues, covers=covered, options=_buttons(paper))


def _for_commune(session: Session, paper: Paper, said: PaperComment, person: Person) -> Line:
    who = people.by_ids(session, [said.by_id])[said.by_id]
    text = f"VB-{paper.number}, {named(who)} góp ý: “{excerpt(said.text)}”"
    due = _due(SAID, paper, said.at, f"{said.id} {person.id}")
    return Line(text, due=(due,), options=_answer_buttons(paper, said))


def _news(paper: Paper) -> Due:
    return _due(NEWS, paper, paper.sent_at, str(paper.cadre_id))


def _due(kind: str, paper: Paper, at: datetime, step: str) -> Due:
    return Due(kind, f"{papers.KIND}:{paper.id}", at, step)


def _asks(session: Session, paper: Paper) -> str:
    return (
        f"VB-{paper.number}: {_area(session, paper)} xin ý kiến “{excerpt(paper.text)}”, "
        f"hạn {short_day(paper.due_on)}."
    )


def _area(session: Session, paper: Paper) -> str:
    area = areas.by_id(session, paper.area_id)
    assert area is not None
    return uncapital(area.name)


def _buttons(paper: Paper) -> tuple[Option, ...]:
    code = f"VB-{paper.number}"
    return (
        Option(f"Xem {code}", code),
        Option(f"Góp ý {code}", f"{code} {COMMENT}"),
        Option(f"Thống nhất {code}", f"{code} {AGREES}"),
    )


def _answer_buttons(paper: Paper, said: PaperComment) -> tuple[Option, ...]:
    code = f"VB-{paper.number}"
    return (
        Option(f"Tiếp thu {code}", f"{code} {TAKEN} {said.id}"),
        Option(f"Giải trình {code}", f"{code} {EXPLAINED} {said.id}"),
    )


def _card(session: Session, viewer: Viewer, paper: Paper, at: datetime) -> Outgoing:
    """The paper with its files, what was said of it and where it stands."""
    area, said = areas.by_id(session, paper.area_id), papers.comments(session, viewer, paper)
    known = people.by_ids(session, {one.by_id for one in said} | {paper.cadre_id})
    assert area is not None
    lines = [
        f"VB-{paper.number} · {area.name} · gửi {named(known[paper.cadre_id])}",
        f"“{paper.text}”",
        f"Hạn góp ý {full_day(paper.due_on)}: {STATES[state(facts(paper, said), day_of(at))]}",
    ]
    for one in said:
        lines.append(f"{named(known[one.by_id])}: “{one.text}”")
        if one.answer:
            note = f": “{one.answer_note}”" if one.answer_note else ""
            lines.append(f"{capital(LABELS[one.answer])}{note}")
    hanging = papers.files(session, viewer, paper)
    card = enclosing(Outgoing("\n".join(lines)), hanging, f"VB-{paper.number}")
    return card.with_row(*_possible(viewer, paper, said))


def _possible(viewer: Viewer, paper: Paper, said: Sequence[PaperComment]) -> tuple[Option, ...]:
    if _comments(viewer, paper):
        return _buttons(paper)[1:]
    waiting = [one for one in said if not one.answer and not one.agrees]
    if paper.area_id in viewer.communes and len(waiting) == 1:
        return _answer_buttons(paper, waiting[0])
    return ()


def facts(paper: Paper, said: Iterable[PaperComment]) -> Facts:
    """What its state is worked out from."""
    open_ones = sum(1 for one in said if not one.answer and not one.agrees)
    return Facts(paper.due_on, _day(paper.commented_at), open_ones)


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at is not None else None


def _comments(viewer: Viewer, paper: Paper) -> bool:
    """Whether the viewer, or whom he helps, comments on it: only while the area is theirs."""
    asked = paper.cadre_id == viewer.person_id or paper.cadre_id in viewer.helps
    return asked and paper.area_id in viewer.whole


def waits(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Papers for the viewer to comment on, and comments for the viewer's commune to answer."""
    mine = [one for one in papers.uncommented(session, viewer) if _comments(viewer, one)]
    theirs = [
        (paper, said)
        for paper, said in papers.unanswered(session, viewer)
        if paper.area_id in viewer.communes
    ]
    known: dict[int, Area] = areas.by_ids(session, {one.area_id for one in mine})
    found = [
        Waiting(
            f"VB-{one.number}",
            f"{known[one.area_id].name} xin ý kiến: {excerpt(one.text)}",
            one.due_on,
            f"VB-{one.number}",
        )
        for one in mine
    ]
    return found + [
        Waiting(f"VB-{paper.number}", f"góp ý: {excerpt(said.text)}", None, f"VB-{paper.number}")
        for paper, said in theirs
    ]


NOUN = Noun(
    "papers",
    act,
    commands=COMMANDS,
    codes=("VB",),
    shows={"xinykien": "Văn bản xin ý kiến"},
)
