"""Numbers for codes such as CS-1437: one series a kind for the whole province, never reset."""

from sqlalchemy import Integer, text
from sqlmodel import Session

from storage.prepared import Prepared

_NEXT = Prepared(
    text(
        "INSERT INTO counter (kind, value) VALUES (:kind, :count) "
        "ON CONFLICT (kind) DO UPDATE SET value = counter.value + :count RETURNING value"
    ).columns(value=Integer)
)


def next_number(session: Session, kind: str) -> int:
    """The next number of the series ("CS", "KN" …), taken for good when the transaction commits."""
    return next_numbers(session, kind, 1)[0]


def next_numbers(session: Session, kind: str, count: int) -> range:
    """So many numbers of the series in a row."""
    row = _NEXT.first(session.connection(), kind=kind, count=count)
    assert row is not None
    return range(row.value - count + 1, row.value + 1)
