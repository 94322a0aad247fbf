"""Tin chưa gửi được: what did not reach people, why, and two ways to have it sent all the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Words
from bot.messages import Option, Outgoing, Rejected
from bot.rules import ways as rules
from bot.words import fold, natural
from storage import outbox, people, ways
from storage.scope import Viewer

OFFICE = frozenset({"tong_hop", "duyet", "quan_tri"})
LOOKED_AT = timedelta(days=30)
PAGE = 8
ELSEWHERE = Option("Gửi kênh khác", "chuagui kenh khac")
AGAIN = Option("Gửi lại", "chuagui gui lai")
SHOW = Option("Tin chưa gửi được", "chuagui")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The list, or one of its two buttons."""
    if not viewer.roles & OFFICE:
        raise Rejected("Mục này dành cho Văn phòng.")
    rest = fold(words.rest)
    if rest == "kenh khac":
        return [_elsewhere(session, at)]
    if rest == "gui lai":
        return [_again(session, at)]
    return [_listed(session, at, natural(rest.rpartition(" ")[2]) or 0)]


def buttons(session: Session, at: datetime) -> tuple[Option, ...]:
    """What can be done about messages that did not go out; nothing when there are none."""
    found = _stuck(session, at)
    if not found:
        return ()
    return (ELSEWHERE, SHOW) if _have_another(session, found) else (SHOW,)


def _stuck(session: Session, at: datetime) -> list[Any]:
    return ways.unsent(session.connection(), at - LOOKED_AT)


def _listed(session: Session, at: datetime, start: int) -> Outgoing:
    found = _stuck(session, at)
    moved = _moved(session, at)
    if not found:
        return Outgoing("\n".join(["Không có tin nào chưa gửi được.", *moved]))
    lines = _lines(session, found)
    shown = lines[start : start + PAGE]
    rows: list[tuple[Option, ...]] = []
    if start + PAGE < len(lines):
        rows.append((Option("Xem thêm", f"chuagui tiep {start + PAGE}"),))
    ways_out = [ELSEWHERE] if _have_another(session, found) else []
    ways_out += [AGAIN] if any(row.state == "failed" for row in found) else []
    rows += [tuple(ways_out)] if ways_out else []
    return Outgoing("\n".join([f"Chưa gửi được: {len(found)} tin", *shown, *moved]), tuple(rows))


def _lines(session: Session, found: Sequence[Any]) -> list[str]:
    """A line for each person and reason."""
    known = people.by_ids(session, {row.person_id for row in found})
    counts = Counter((row.person_id, _why(row)) for row in found)
    return [
        f"{known[person].full_name}: {count} tin, {why}"
        for (person, why), count in counts.items()
        if person in known
    ]


def _why(row: Any) -> str:
    where = f" ({rules.shown(row.bot)})" if row.bot else ""
    return f"{rules.why(row.reason)}{where}"


def _moved(session: Session, at: datetime) -> list[str]:
    found = ways.moved(session.connection(), at - LOOKED_AT)
    parts = [f"{rules.shown(a)} sang {rules.shown(b)} {count}" for a, b, count in found]
    return [f"Đã chuyển kênh trong {LOOKED_AT.days} ngày: {', '.join(parts)}"] if parts else []


def _have_another(session: Session, found: Sequence[Any]) -> list[int]:
    """Those of these messages whose people have an account on which they did not fail."""
    connection = session.connection()
    accounts = ways.accounts_of(connection, {row.person_id for row in found})
    failed = ways.failures(connection, [row.id for row in found])
    return [
        row.id
        for row in found
        if row.state == "failed"
        and any((row.id, a.id) not in failed for a in accounts.get(row.person_id, ()))
    ]


def _elsewhere(session: Session, at: datetime) -> Outgoing:
    ids = _have_another(session, _stuck(session, at))
    _warn(session, ids)
    count = ways.elsewhere(session.connection(), ids) if ids else 0
    if not count:
        return Outgoing("Không có tin nào gửi được qua kênh khác: người nhận chỉ dùng một kênh.")
    return Outgoing(f"Đang gửi {count} tin qua kênh khác của người nhận.")


def _again(session: Session, at: datetime) -> Outgoing:
    ids = [row.id for row in _stuck(session, at) if row.state == "failed"]
    _warn(session, ids)
    count = outbox.try_again(session, ids)
    return Outgoing(f"Đang gửi lại {count} tin." if count else "Không có tin nào để gửi lại.")


def _warn(session: Session, ids: Iterable[int]) -> None:
    """What may have reached a phone says so when it comes once more."""
    connection = session.connection()
    for row in ways.maybe_seen_of(connection, list(ids)):
        text = rules.said_before(str(row.body["text"]), row.bot)
        ways.reword(connection, row.id, {**row.body, "text": text})


NOUN = Noun("unsent", act, commands=("chuagui", "chua gui duoc", "tin chua gui duoc"))
