"""Tra cứu: by a code or by words without marks, within what this person may see."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col

from bot.desk.contract import Noun, Result, Words
from bot.messages import Outgoing
from bot.rules.zone import day_of, moment
from bot.words import day, fold
from storage import areas, cases, visits
from storage.scope import Viewer
from storage.tables import Case

SHOWN = 8
HOW = "Xin nhắn mã (ví dụ KN-312), hoặc: tim và từ cần tìm.\nVí dụ: tim cầu thôn 3"
BACK = timedelta(days=2 * 366)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/tim từ cần tìm: the newest matches, each with its code."""
    wanted = fold(words.rest).split()
    if not wanted:
        return [Outgoing(HOW)]
    since = day_of(at) - BACK
    found = [*_cases(session, viewer, wanted, since), *_visits(session, viewer, wanted, at, since)]
    if not found:
        return [Outgoing(f"Không thấy “{words.rest}” trong những nội dung đồng chí được xem.")]
    newest = [line for _, line in sorted(found, reverse=True)[:SHOWN]]
    head = f"“{words.rest}”: {len(found)} kết quả"
    head += f", {SHOWN} kết quả mới nhất" if len(found) > SHOWN else ""
    return [Outgoing("\n".join([head, *newest, "Nhắn mã để xem chi tiết."]))]


def _cases(
    session: Session, viewer: Viewer, wanted: list[str], since: date
) -> list[tuple[date, str]]:
    start = moment(since, datetime.min.time())
    rows = cases.listed(session, viewer, col(Case.raised_at) >= start)
    names = areas.by_ids(session, {row.area_id for row in rows})
    return [
        (day_of(row.raised_at), f"KN-{row.number} {names[row.area_id].name}: {row.text[:60]}")
        for row in rows
        if _holds(wanted, row.text, row.answer, names[row.area_id].name)
    ]


def _visits(
    session: Session, viewer: Viewer, wanted: list[str], at: datetime, since: date
) -> list[tuple[date, str]]:
    rows = visits.between(session, viewer, since, day_of(at) + timedelta(days=1))
    names = areas.by_ids(session, {row.area_id for row in rows})
    return [
        (row.visited_on, f"CS-{row.number} {names[row.area_id].name}, {day(row.visited_on)}")
        for row in rows
        if _holds(wanted, row.situation or "", row.advice, row.check or "", names[row.area_id].name)
    ]


def _holds(wanted: list[str], *texts: str) -> bool:
    folded = f" {fold(' '.join(texts))}"
    return all(f" {word}" in folded for word in wanted)


NOUN = Noun("search", act, ("tim", "tra cuu"))
