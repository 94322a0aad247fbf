"""Hướng dẫn: what this person can do here, with the words to type."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.commands import RESUME
from bot.conversation.screens import layout
from bot.desk.contract import Noun, Result, Words
from bot.desk.menus import COMMANDS, GUIDE, KEYBOARDS
from bot.messages import Option, Outgoing
from bot.words import fold
from storage import drafts
from storage.scope import Viewer

SEATS = (
    "thuong_truc",
    "duyet",
    "tong_hop",
    "ban_to_chuc",
    "phu_trach",
    "co_so",
    "theo_doi",
    "giup_viec",
    "giai_quyet",
    "kiem_tra",
    "quan_tri",
)
"""Whose menu a person with several roles gets: the first of these."""

TELL = {
    "theo_doi": "Đi cơ sở về, đồng chí chỉ cần nhắn một câu, ví dụ:\n"
    "Sáng nay tôi dự họp Đảng ủy xã (tên xã). Tình hình …. Góp ý …. Kiến nghị ….",
    "co_so": "Xã có kiến nghị, đồng chí nhắn: Kiến nghị: (nội dung).",
}


def seat(viewer: Viewer) -> str:
    """The role whose menu this person gets."""
    return next((role for role in SEATS if role in viewer.roles), "khach")


def menu(session: Session, viewer: Viewer, *, lead: str = "") -> list[Outgoing]:
    """The main list, under a sentence saying why it comes."""
    role = seat(viewer)
    rows = tuple(
        tuple(Option(label, token) for label, token in row) for row in KEYBOARDS.get(role, ())
    )
    text = f"{lead}\nĐồng chí chọn việc, hoặc nhắn một câu:".strip()
    return [Outgoing(text, rows, menu=role)]


def main_list(session: Session, viewer: Viewer) -> list[Outgoing]:
    """Everything of the role: what is open, the keys at hand, the guide, the other commands."""
    role = seat(viewer)
    keys = [Option(label, token) for row in KEYBOARDS.get(role, ()) for label, token in row]
    at_hand = {key.token for key in keys}
    others = [Option(shown, name) for name, shown in COMMANDS.get(role, ()) if name not in at_hand]
    open_now = drafts.newest_unfinished(session.connection(), viewer.person_id)
    begun = [Option(RESUME, fold(RESUME))] if open_now is not None else []
    others.sort(key=lambda one: one.token != GUIDE)  # on the first page, also of a long list
    return [Outgoing("Danh mục chính", layout([*begun, *keys, *others]))]


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The guide on one screen, or the main list."""
    if words.command in ("0", "menu"):
        return main_list(session, viewer)
    role = seat(viewer)
    lines = ["Sâu Sát, hệ thống nhắn tin phục vụ theo dõi cơ sở."]
    lines += [TELL[role]] if role in TELL else []
    lines += [f"/{command} {shown}" for command, shown in COMMANDS.get(role, [])]
    lines.append("Nhắn mã (ví dụ KN-312) để xem một việc, nhắn 0 để về danh mục chính.")
    lines.append("Việc khẩn xin gọi trực ban Tỉnh ủy.")
    return [Outgoing("\n".join(lines), menu=role)]


_ASKED = ("huongdan", "huong dan", "tro giup", "trogiup", "menu", "0", "start")
NOUN = Noun("guide", act, (*_ASKED, "huy"))  # with a slip open, /huy never comes this far
