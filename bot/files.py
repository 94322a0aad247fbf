"""The folder in which files are kept, safe places in it, and files that are slow to make."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_in_use = [Path("files")]
_held = ContextVar("_held", default=False)


class Slow(Exception):
    """A file is wanted that takes time to make, and the database must not wait for it.

    Whoever holds the database lets it go, calls `make`, and does again what it was doing.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        super().__init__()
        self.make = make


def use(folder: Path) -> None:
    """Keep files here from now on; called once, when the program starts."""
    _in_use[0] = folder


def place(name: str) -> Path:
    """Where a file of this relative name lies; its folder exists."""
    path = _in_use[0] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def put(path: Path, content: bytes) -> None:
    """All of it or nothing is there after a crash, also where several write it at once."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def not_while_held() -> Iterator[None]:
    """Within it, a slow file that is not there yet is not made but raises Slow."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


def made(name: str, make: Callable[[], bytes], *, again: bool = True) -> Path:
    """Where the file lies that is made once under this name; all of it or nothing is there.

    `again` says that it would be asked for under the same name a moment later.
    """
    path = place(name)

    def write() -> None:
        put(path, make())

    if not path.exists():
        if again and _held.get():
            raise Slow(write)
        write()
    return path
