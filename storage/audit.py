"""The log of who saw or changed what: written plainly by every act, chained by the clock.

No act waits for another: a row is one insert with a mark of its own. Its place in the chain, and
the link that makes a row that was changed, added or taken away show, come with the next pass.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, true, update
from sqlmodel import Session

from storage.prepared import Prepared
from storage.seals import Keys
from storage.tables import metadata

entry = metadata.tables["audit_entry"]

BATCH = 500
STREAMED = 1000
SEAL = 16  # characters of a link that are printed under a report
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ACTING = "audit: channel and person"
_CLOCK = ("clock", None)
_in_use = [Keys()]


def use(keys: Keys) -> None:
    """Mark and chain with these keys from now on; called once, when the program starts."""
    _in_use[0] = keys


def through(session: Session, channel: str, person_id: int | None = None) -> None:
    """Who does what this session does from now on, and by which channel; else it is the clock."""
    session.info[_ACTING] = channel, person_id


def acting(session: Session) -> tuple[str, int | None]:
    """The channel and the person of this session."""
    found: tuple[str, int | None] = session.info.get(_ACTING, _CLOCK)
    return found


def note(
    session: Session,
    verb: str,
    kind: str,
    about_id: int | None = None,
    *,
    at: datetime,
    by: int | None = None,
) -> None:
    """Write down that somebody did something, in the transaction that does it."""
    channel, person_id = acting(session)
    values: dict[str, Any] = {
        "at": at,
        "verb": verb,
        "kind": kind,
        "about_id": about_id,
        "person_id": by or person_id,
        "channel": channel,
        "nonce": secrets.token_hex(8),
    }
    _NEW.run(session.connection(), **values, mark=_in_use[0].mark(_said(values)))


_MARKED = ("at", "verb", "kind", "about_id", "person_id", "channel", "nonce")
_NEW = Prepared(
    insert(entry).values({name: bindparam(name) for name in (*_MARKED, "mark")} | {"link": ""})
)


@dataclass(frozen=True)
class Head:
    """How many rows are chained, and the link of the last one."""

    place: int = 0
    link: str = ""

    @property
    def seal(self) -> str:
        """As it is printed under a report: the number of rows and the beginning of the link."""
        return f"{self.place}:{self.link.partition(':')[2][:SEAL]}" if self.place else ""


_LAST = Prepared(
    select(entry.c.place, entry.c.link)
    .where(entry.c.place.is_not(None))
    .order_by(entry.c.place.desc())
    .limit(1)
)
_ANY_WAITING = Prepared(select(entry.c.id).where(entry.c.place.is_(None)).limit(1))


def head(connection: Connection) -> Head:
    """The end of the chain as the database has it."""
    row = _LAST.first(connection)
    return Head(row.place, row.link) if row else Head()


def at_place(connection: Connection, place: int) -> Head:
    """That row of the chain; empty where there is none."""
    found = select(entry.c.place, entry.c.link).where(entry.c.place == place)
    row = connection.execute(found).first()
    return Head(row.place, row.link) if row else Head()


def waits(connection: Connection) -> bool:
    """Whether a row waits for its place; without a key none can get one."""
    return bool(_in_use[0]) and _ANY_WAITING.first(connection) is not None


def chain(connection: Connection, limit: int = BATCH) -> int:
    """Give the oldest rows that wait their places; how many. Only the holder of the post does it.

    A row without a good mark was not written by this service and is left for `examine` to name,
    unless the chain begins here: what was written before there was a key is taken as it is.
    """
    keys, end = _in_use[0], head(connection)
    if not keys:
        return 0
    waiting = select(entry).where(entry.c.place.is_(None)).order_by(entry.c.id).limit(limit)
    linked: list[dict[str, Any]] = []
    for row in connection.execute(waiting).mappings():
        if keys.knows(_said(row), row["mark"]) or (end.place == 0 and not row["mark"]):
            link = keys.mark(_linked(row, Head(end.place + len(linked), _last(linked, end))))
            place = end.place + len(linked) + 1
            linked.append({"row": row["id"], "new_place": place, "new_link": link})
    if linked:
        connection.execute(_PLACE, linked)
    return len(linked)


_PLACE = (
    update(entry)
    .where(entry.c.id == bindparam("row"), entry.c.place.is_(None))
    .values(place=bindparam("new_place"), link=bindparam("new_link"))
)


def _last(linked: Sequence[Mapping[str, Any]], end: Head) -> str:
    return str(linked[-1]["new_link"]) if linked else end.link


@dataclass
class Verdict:
    """How the log is: rows in the chain, rows that wait, the first break, the chain's end."""

    chained: int = 0
    waiting: int = 0
    broken: str = ""
    end: Head = field(default_factory=Head)


def examine(connection: Connection, known: Iterable[Head] = ()) -> Verdict:
    """Go over all of it; `known` are ends of the chain that were kept outside the database."""
    found = Verdict()
    found.broken = next(_breaks(connection, [one for one in known if one.place], found), "")
    count = select(func.count()).select_from(entry)
    chained = entry.c.place.is_not(None)
    found.chained = int(connection.execute(count.where(chained)).scalar_one())
    found.waiting = int(connection.execute(count.where(~chained)).scalar_one())
    return found


def _breaks(connection: Connection, known: Sequence[Head], found: Verdict) -> Iterator[str]:
    keys, kept = _in_use[0], defaultdict[int, list[Head]](list)
    for one in known:
        kept[one.place].append(one)
    for row in _stream(connection, entry.c.place.is_not(None), entry.c.place):
        place = found.end.place + 1
        if row["place"] != place:
            yield f"mất dòng thứ {place}"
        if not keys.knows(_linked(row, found.end), row["link"]):
            yield f"dòng thứ {place} không khớp dấu nối"
        found.end = Head(place, row["link"])
        if not all(_same(one, found.end) for one in kept.pop(place, ())):
            yield f"dòng thứ {place} không khớp mốc đã lưu"
    if kept:
        yield f"mất phần cuối: còn {found.end.place} dòng, mốc đã lưu {max(kept)} dòng"
    for row in _stream(connection, entry.c.place.is_(None), entry.c.id):
        unmarked_before_keys = not row["mark"] and found.end.place == 0
        if not unmarked_before_keys and not keys.knows(_said(row), row["mark"]):
            yield f"dòng chờ nối số {row['id']} không do hệ thống ghi"


def _same(kept: Head, found: Head) -> bool:
    """A printed seal holds only the beginning of a link, without the name of the key."""
    digest = found.link.partition(":")[2]
    return kept.link == found.link or (len(kept.link) == SEAL and digest.startswith(kept.link))


def _stream(connection: Connection, which: Any, order: Any) -> Iterator[RowMapping]:
    """The rows in order, read in parts, so that whoever stops leaves nothing open."""
    last: int | None = None
    while True:
        after = true() if last is None else order > last
        part = select(entry).where(which, after).order_by(order).limit(STREAMED)
        rows = connection.execute(part).mappings().all()
        yield from rows
        if len(rows) < STREAMED:
            return
        last = rows[-1][order.name]


def _said(row: Mapping[str, Any] | RowMapping) -> str:
    """What a row says, always in the same letters."""
    at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
    microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    said = [microseconds, *(row[name] for name in _MARKED[1:])]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _linked(row: RowMapping, before: Head) -> str:
    return f"{before.place + 1}|{before.link}|{row['id']}|{row['mark']}|{_said(row)}"
