"""Between a cadre and the commune: exchanges (TR-…) and invitations (GM-…)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.form import DIRECT
from bot.desk import exchanges, invitation_changes, invitations
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.morning import Day, Said
from bot.forms import invitation
from bot.messages import Rejected
from bot.rules.invitations import read_invitation
from bot.rules.zone import day_of
from storage.scope import Viewer
from storage.tables import Area, Person

INVITE = ("giaymoi", "giay moi", "moi", "moi hop", "moi can bo")
TALK = ("traodoi", "trao doi", "trao doi voi xa", "trao doi them", "nhan can bo theo doi")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """A code says which talk is meant; a command begins a new one."""
    if words.command in INVITE:
        return invite(session, viewer, words.rest, at)
    if words.command in TALK:
        return exchanges.start(session, viewer, words, at)
    if words.code is not None and words.code.kind == "GM":
        change = invitation_changes.asked(session, viewer, words, at)
        if change is not None:
            return change
        return invitations.show(session, viewer, words, at)
    return exchanges.show(session, viewer, words, at)


def invite(session: Session, viewer: Viewer, text: str, at: datetime) -> Result:
    """Begin an invitation, with what a sentence such as "mời đc Mẫu dự họp …" already says."""
    if not viewer.communes:
        raise Rejected("Giấy mời do Đảng ủy xã gửi.")
    at_once = {} if text else {DIRECT: True}  # asked for the sentence: no more than two messages
    return [Start("invitation", at_once | invitation_answers(session, viewer, text, at))]


def invited(session: Session, viewer: Viewer, text: str, at: datetime) -> Result:
    """An invitation for free text of a commune that plainly is one ("mời đc Mẫu dự …")."""
    today = day_of(at)
    keys = [(str(cadre.id), cadre.full_name) for _, cadre in _guests(session, viewer, today)]
    told = read_invitation(text, today, keys) if keys else None
    if told is None or not (told.person_keys or told.event):
        return []
    return invite(session, viewer, text, at)


def _guests(session: Session, viewer: Viewer, today: date) -> list[tuple[Area, Person]]:
    return exchanges.counterparts(session, viewer, today) if viewer.communes else []


def morning(session: Session, on: Day) -> Iterable[Said]:
    """What talks have to say this morning."""
    yield from invitations.morning(session, on)
    yield from invitation_changes.morning(session, on)
    yield from exchanges.morning(session, on)


def invitation_answers(
    session: Session, viewer: Viewer, text: str, at: datetime
) -> dict[str, object]:
    """The answers of the form that stand in the text."""
    today = day_of(at)
    usual = exchanges.usual(session, viewer, "", today) if viewer.communes else None
    return invitation.read(text, today, _guests(session, viewer, today), usual)


NOUN = Noun("talks", act, commands=(*INVITE, *TALK), codes=("TR", "GM"))
