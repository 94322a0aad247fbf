"""What a channel cannot carry goes over a signed page: the message says where to find it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from bot import files
from bot.channels.contract import Limits
from bot.messages import Option, Outgoing
from bot.web.links import LIFE, Pages, Purpose
from storage.database import Database
from storage.jobs import Job
from storage.tables import Account

AGAIN = "tep:"
"""With the number of the outbox row: the files of that message once more."""
_NEEDS = {
    "photos": frozenset({"photo", "document"}),
    "place": frozenset({"place"}),
    "restricted": frozenset({"no channel at all"}),
}
_OFFERS: dict[str, tuple[Purpose, str]] = {
    "photos": ("gui", "Gửi ảnh hoặc tệp"),
    "place": ("noi", "Gửi vị trí"),
    "restricted": ("rieng", "Mở trang bảo mật"),
}
_CALLED = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp"), "Xem hình"),
    **dict.fromkeys((".ogg", ".oga", ".m4a", ".mp3", ".amr", ".aac"), "Nghe ghi âm"),
}
_VALID = f"Đường dẫn dùng được trong {LIFE.seconds // 60} phút."
_NO_FILES = "Kênh này không gửi được tệp. Đề nghị Văn phòng gửi đồng chí: {}."
_NO_DOCUMENTS = "Ảnh xin gửi tại đây. Tệp thì kênh này chưa nhận, xin gửi Văn phòng."
_NO_RESTRICTED = "Trang bảo mật chưa mở được tại đây. Xin gặp trực tiếp đồng chí trong Thường trực."
_NO_PHOTOS = "Kênh này chưa nhận ảnh và tệp. Xin gửi Văn phòng."
_NO_PLACE = "Kênh này chưa nhận vị trí. Xin ghi địa điểm bằng lời, hoặc chọn Quay lại."


def needs_page(message: Outgoing, limits: Limits) -> bool:
    """Whether the channel cannot carry some file of the message, or what the message asks for."""
    return bool(_kept_back(message, limits)) or _asks_too_much(message, limits)


def with_pages(
    db: Database, message: Outgoing, job: Job, limits: Limits, *, pages: Pages, at: datetime
) -> Outgoing:
    """The message with new links (at real time `at`) in place of what the channel cannot carry.

    Links are made when a message goes out, because they do not last. Without pages, or for an
    account that nobody holds, the message says what to do instead.
    """
    holder = _holder(db, job.account_id) if pages else None
    minted = _Minted(pages, job, holder, at) if holder else None
    kept = replace(message, files=tuple(f for f in message.files if _carries(limits, f)))
    if over := _kept_back(message, limits):
        kept = _instead_of_files(kept, over, minted)
    if _asks_too_much(message, limits):
        kept = _with_line(kept, _offer(message, limits, minted))
    return kept


@dataclass(frozen=True)
class _Minted:
    """Makes the links of one outbox row for whoever holds the account."""

    pages: Pages
    job: Job
    holder: int
    at: datetime

    def __call__(self, purpose: Purpose, about: int, part: int = 0) -> str:
        return self.pages.link(
            purpose,
            person_id=self.holder,
            account_id=self.job.account_id,
            about=about,
            part=part,
            at=self.at,
        )


def _kept_back(message: Outgoing, limits: Limits) -> list[tuple[int, str]]:
    return [(n, f) for n, f in enumerate(message.files) if not _carries(limits, f)]


def _carries(limits: Limits, path: str) -> bool:
    if not limits.carries(path):
        return False
    if limits.file_bytes is None:
        return True
    kept = files.place(path)
    return not kept.is_file() or kept.stat().st_size <= limits.file_bytes


def _asks_too_much(message: Outgoing, limits: Limits) -> bool:
    return message.wants is not None and not _NEEDS[message.wants[0]] <= limits.takes


def _holder(db: Database, account_id: int) -> int | None:
    with db.reading() as session:
        account = session.get(Account, account_id)
        return account.person_id if account is not None else None


def _instead_of_files(
    message: Outgoing, over: Sequence[tuple[int, str]], minted: _Minted | None
) -> Outgoing:
    if minted is None:
        names = ", ".join(message.name_of(path) for _, path in over)
        return _with_line(message, _NO_FILES.format(names))
    links = [minted("tep", minted.job.id, n) for n, _ in over]
    called = [_called(path, message.name_of(path)) for _, path in over]
    lines = [f"{words}: {link}" for words, link in zip(called, links, strict=True)]
    again = Option("Lấy đường dẫn mới", f"{AGAIN} {minted.job.id}")
    return _with_line(message, "\n".join([*lines, _VALID])).with_row(again)


def _called(path: str, name: str) -> str:
    return _CALLED.get(PurePath(path).suffix, f"Tải tệp {name}")


def _offer(message: Outgoing, limits: Limits, minted: _Minted | None) -> str:
    wanted, draft = message.wants or ("", 0)
    if minted is not None:
        purpose, words = _OFFERS[wanted]
        return f"{words}: {minted(purpose, draft)}\n{_VALID}"
    if wanted == "restricted":
        return _NO_RESTRICTED
    if wanted == "place":
        return _NO_PLACE
    return _NO_DOCUMENTS if "photo" in limits.takes else _NO_PHOTOS


def _with_line(message: Outgoing, line: str) -> Outgoing:
    return replace(message, text=f"{message.text}\n{line}" if message.text.strip() else line)
