"""Keeps what is handed in over a signed page as messages of the account whose link it was."""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlmodel import Session

from bot.messages import Rejected
from bot.rules.zone import local
from bot.web.links import Link
from bot.work import clock
from bot.work.paged import PAGE
from bot.work.receive import CAPITALS, SECRET, guarded
from storage import accounts, drafts, inbox
from storage.database import Database
from storage.tables import Account

GONE = "Máy này không còn kết nối với Sâu Sát. Xin liên hệ Văn phòng."
_NOT_OPEN = {
    "parked": "Phiếu này đang để sau. Xin chọn Ghi tiếp trong trò chuyện rồi gửi lại.",
    "filed": "Phiếu này đã gửi. Muốn thêm ảnh, xin nhắn mã phiếu trong trò chuyện.",
}
_NO_DRAFT = "Phiếu này không còn ghi. Xin trở lại trò chuyện."

log = structlog.get_logger()


class NoLonger(Exception):
    """The link is ours and in time, but what it was for is over; a sentence says so."""


def usable(session: Session, link: Link) -> Account:
    """The account that the link was sent to; raises NoLonger unless it may still be used."""
    account = session.get(Account, link.account_id)
    if account is None or account.person_id != link.person_id or account.state != "confirmed":
        raise NoLonger(GONE)
    if link.purpose in ("tep", "rieng"):
        return account
    connection = session.connection()
    if used := inbox.received(connection, account.bot, _external(link, 0)):
        raise NoLonger(f"Đã nhận lúc {local(used):%H:%M}. Đường dẫn này chỉ dùng một lần.")
    state = drafts.filed_as(connection, link.about, link.person_id)[0] if link.about else "open"
    if state != "open":
        raise NoLonger(_NOT_OPEN.get(state, _NO_DRAFT))
    return account


def take_in(db: Database, link: Link, parts: Sequence[dict[str, Any]]) -> None:
    """Keep all of it as messages, or nothing; when this returns it will be handled.

    The account is locked, so that a link which is used twice at once is used once. Raises
    NoLonger, and Rejected with what the guard says.
    """
    with db.writing() as session:
        connection = session.connection()
        accounts.lock(session, link.account_id)
        account = usable(session, link)
        passes = account.external_id in inbox.unmasked(connection, account.bot, clock.real())
        inbox.put(connection, [_row(link, account, n, parts, passes) for n in range(len(parts))])
    log.info("page_used", purpose=link.purpose, account_id=link.account_id, messages=len(parts))


def _row(
    link: Link, account: Account, number: int, parts: Sequence[dict[str, Any]], passes: bool
) -> dict[str, Any]:
    external_id = _external(link, number)
    said = {**parts[number], "id": external_id, "more": number + 1 < len(parts)}
    if said.get("path"):
        said["reference"] = f"{external_id}:{said.pop('path')}"
    kept = guarded({PAGE: said}, may_pass=passes)
    if kept.get("state") == "refused":
        raise Rejected(CAPITALS if kept["reason"] == "ask" else SECRET)
    return {
        "bot": account.bot,
        "external_id": external_id,
        "account_id": account.id,
        "message_id": external_id,
        "received_at": clock.real(),
        "state": "waiting",
        "reason": "",
        "tries": 0,
        **kept,
    }


def _external(link: Link, number: int) -> str:
    return f"{PAGE}:{link.mark}:{number}"
