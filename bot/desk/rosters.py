"""The roster by chat: the office sends the workbook as a file, and gets the present one back."""

import secrets
from datetime import datetime

from sqlmodel import Session

from bot import files
from bot.desk.contract import Noun, Result, Words
from bot.desk.people import OFFICE
from bot.messages import Outgoing, Rejected
from bot.roster.current import current
from bot.rules.zone import day_of
from bot.words import full_day
from storage import attachments
from storage.scope import Viewer

ABOUT = "roster"
FOLDER = "rosters"


def is_roster(viewer: Viewer, words: Words) -> bool:
    """Whether this message is a workbook from somebody who keeps the roster."""
    media = words.incoming.media
    if media is None or media.kind != "document" or not viewer.roles & OFFICE:
        return False
    return media.name.lower().endswith(".xlsx")


def take(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """Keep the file as a roster; it is imported as soon as it has been fetched."""
    media = words.incoming.media
    assert media is not None
    about = (ABOUT, viewer.person_id)
    attachments.belong(session, viewer.person_id, references=[media.reference], about=about)
    return [Outgoing(f"Đã nhận {media.name}, đang kiểm tra. Kết quả có trong ít phút.")]


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The roster as it stands, to be edited and sent back."""
    if not viewer.roles & OFFICE:
        raise Rejected("Mục này dành cho Văn phòng.")
    path = f"{FOLDER}/{viewer.person_id}/{secrets.token_hex(8)}/danh-sach.xlsx"
    today = full_day(day_of(at))
    from bot.roster.writing import write  # late: the service starts without Excel

    write(files.place(path), current(session, viewer), f"Danh sách đến {today}")
    text = f"Danh sách đến {today}. Sửa trong tệp rồi gửi lại vào đây để nhập."
    return [Outgoing(text, files=(path,))]


def may_have(viewer: Viewer, rest: list[str]) -> bool:
    """Whoever asked for it: a workbook holds what that person may see."""
    return bool(viewer.roles & OFFICE) and rest[:1] == [str(viewer.person_id)]


NOUN = Noun("rosters", act, commands=("danhsach", "danh sach"))
