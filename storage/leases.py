"""Posts held by one process at a time: a conditional update decides, in real time."""

import os
import secrets
import socket
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlmodel import col

from storage.tables import Lease
from storage.upserts import insert

_BOOT = secrets.token_hex(4)
_serial = count(1)


def new_holder() -> str:
    """A name that tells the machine, the process's number and its start."""
    return f"{socket.gethostname()}:{os.getpid()}:{_BOOT}:{next(_serial)}"


def hold(connection: Connection, name: str, holder: str, *, seconds: float, real: datetime) -> bool:
    """Take the post or keep it; False while somebody else has it.

    A process of this machine that runs no more loses its post at once, others when their time
    is over.
    """
    row = {"name": name, "holder": holder, "until": real + timedelta(seconds=seconds)}
    if _open(connection, row):
        return True
    if _take(connection, row, (col(Lease.holder) == holder) | (col(Lease.until) < real)):
        return True
    other = connection.execute(select(col(Lease.holder)).where(col(Lease.name) == name)).scalar()
    return bool(other and _gone(other)) and _take(connection, row, col(Lease.holder) == other)


def release(connection: Connection, name: str, holder: str) -> None:
    """Give the post back."""
    mine = (col(Lease.name) == name) & (col(Lease.holder) == holder)
    connection.execute(delete(Lease).where(mine))


def holder_of(connection: Connection, name: str, real: datetime) -> str | None:
    """Who has the post."""
    held = (col(Lease.name) == name) & (col(Lease.until) >= real)
    return connection.execute(select(col(Lease.holder)).where(held)).scalar()


def _open(connection: Connection, row: dict[str, object]) -> bool:
    return (
        connection.execute(insert(connection, Lease).values(row).on_conflict_do_nothing()).rowcount
        == 1
    )


def _take(connection: Connection, row: dict[str, object], free: ColumnElement[bool]) -> bool:
    mine = col(Lease.name) == row["name"]
    return connection.execute(update(Lease).where(mine, free).values(row)).rowcount == 1


def _gone(holder: str) -> bool:
    """Whether the holder was a process of this machine that runs no more.

    In a container every start may have the same number, so the start is compared too.
    """
    host, number, boot, *_ = [*holder.split(":"), "", "", ""]
    if host != socket.gethostname() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return boot != _BOOT
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
