"""Files that went out as links: who may still have one, and how to ask for a new link."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from sqlmodel import Session

from bot.desk import compliance, meetings, people, reviews, rosters, shown, signals, year_reports
from bot.desk.contract import Noun, Result, Words
from bot.messages import Outgoing, Rejected
from bot.rules.periods import parse
from bot.rules.zone import day_of
from bot.words import natural
from storage import attachments, deliveries, drafts, papers, talks
from storage.scope import Viewer

NOT_YOURS = "Tệp này không còn dành cho đồng chí."
WANTS = ("gui anh", "gui tep", "gui anh hoac tep")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "tệp: 1234" sends the files of that message again; "gửi ảnh" asks where to send some."""
    if words.command in WANTS:
        return [_where_to_send(session, viewer, at)]
    found = files(session, viewer, natural(words.rest) or 0, at)
    if not found.files:
        raise Rejected(NOT_YOURS)
    return [replace(found, text="Đường dẫn mới:")]


def files(session: Session, viewer: Viewer, outbox_id: int, at: datetime) -> Outgoing:
    """What a message to this person carried; nothing unless the person may still have all of it."""
    sent, names = deliveries.files_sent(session.connection(), outbox_id, viewer.person_id)
    if not all(may_have(session, viewer, path, at) for path in sent):
        return Outgoing("")
    return Outgoing("", files=tuple(sent), names=tuple(names.items()))


def may_have(session: Session, viewer: Viewer, path: str, at: datetime) -> bool:
    """Whether the viewer may read this file, by where it is kept; what is unknown nobody may."""
    folder, *rest = PurePath(path).parts or ("",)
    if ".." in rest:
        return False
    if len(folder) == 2:  # by digest: what somebody sent
        mine = attachments.held_by(session, path, {viewer.person_id, *viewer.helps})
        hangs = papers.holds(session, viewer, path) or talks.holds(session, viewer, path)
        return mine or hangs
    rule = _RULES.get(folder)
    return rule is not None and rule(session, viewer, rest, at)


def _slips(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return bool(viewer.roles & people.OFFICE)


def _roster(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return rosters.may_have(viewer, rest)


def _signals(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return signals.looks_again(session, viewer, day_of(at))


def _compliance(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return compliance.may_read(viewer)


def _summary(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    """In the folders of its period and scope."""
    if len(rest) < 2 or not shown.may_read(viewer):
        return False
    period, scope = parse(rest[0]), rest[1].replace("-", ":")
    return period is not None and shown.find(session, viewer, period, scope, at) is not None


def _review(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return reviews.may_have(session, viewer, rest, at)


def _year_report(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return year_reports.may_have(viewer, rest)


def _pack(session: Session, viewer: Viewer, rest: list[str], at: datetime) -> bool:
    return bool(rest) and meetings.may_read(viewer, rest[0])


_RULES: dict[str, Callable[[Session, Viewer, list[str], datetime], bool]] = {
    "slips": _slips,
    rosters.FOLDER: _roster,
    "danh-sach": _compliance,
    "can-xem-lai": _signals,
    "tong-hop": _summary,
    meetings.FOLDER: _pack,
    year_reports.FOLDER: _year_report,
    reviews.FOLDER: _review,
}
"""By folder under SAUSAT_FILES."""


def _where_to_send(session: Session, viewer: Viewer, at: datetime) -> Outgoing:
    """With a link where the channel needs one."""
    kept = drafts.open_draft(session.connection(), viewer.person_id, at)
    text = "Xin gửi ảnh hoặc tệp." if kept is None else "Xin gửi ảnh hoặc tệp cho phiếu đang ghi."
    return Outgoing(text, wants=("photos", kept.id if kept else 0))


NOUN = Noun("sent_files", act, commands=("tep", *WANTS))
