"""Numbers for codes such as CS-1437: one series a kind for the whole province, never reset."""

from sqlalchemy import text
from sqlmodel import Session

_NEXT = text(
    "INSERT INTO counter (kind, value) VALUES (:kind, :count) "
    "ON CONFLICT (kind) DO UPDATE SET value = counter.value + :count RETURNING value"
)


def next_number(session: Session, kind: str) -> int:
    """The next number of the series ("CS", "KN" …), taken for good when the transaction commits."""
    return next_numbers(session, kind, 1)[0]


def next_numbers(session: Session, kind: str, count: int) -> range:
    """So many numbers of the series in a row."""
    last = int(session.connection().execute(_NEXT, {"kind": kind, "count": count}).scalar_one())
    return range(last - count + 1, last + 1)
