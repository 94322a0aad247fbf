"""Keeps the process small, where the C library can be asked to (glibc)."""

import contextlib
import ctypes

_ARENA_MAX = -8  # of mallopt(3)
ARENAS = 2  # each thread would have its own, and keep what it once needed


def keep_small() -> None:
    """Share few arenas among all threads; before they start."""
    with contextlib.suppress(AttributeError, OSError, TypeError):  # no glibc
        ctypes.CDLL(None).mallopt(_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Hand unused memory back to the system; takes some milliseconds."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
