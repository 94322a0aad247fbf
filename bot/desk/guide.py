"""Hướng dẫn: what this person can do here, with the words to type."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Words
from bot.desk.menus import COMMANDS, KEYBOARDS
from bot.messages import Option, Outgoing
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


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The guide on one screen."""
    role = seat(viewer)
    lines = ["Sâu Sát, hệ thống nhắn tin phục vụ theo dõi cơ sở."]
    lines += [TELL[role]] if role in TELL else []
    lines += [f"/{command} {shown}" for command, shown in COMMANDS.get(role, [])]
    lines.append("Nhắn mã (ví dụ KN-312) để xem một việc. Việc khẩn xin gọi trực ban Tỉnh ủy.")
    return [Outgoing("\n".join(lines), menu=role)]


NOUN = Noun("guide", act, ("huongdan", "huong dan", "tro giup", "trogiup", "menu", "0", "start"))
