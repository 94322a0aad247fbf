"""Runs real processes that begin at the same moment: forked from one that has imported all."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.acceptance.worker", "bot.work.tick", "bot.cli"])
MINUTES = 2


def together(call: Callable[..., object], each: Sequence[tuple[Any, ...]]) -> None:
    """One process for each tuple of arguments; all begin together, and all have to end well."""
    line = _FORKED.Barrier(len(each))
    processes = [_FORKED.Process(target=_begin, args=(line, call, given)) for given in each]
    for process in processes:
        process.start()
    for process in processes:
        process.join(MINUTES * 60)
    assert [process.exitcode for process in processes] == [0] * len(each)


def _begin(line: Barrier, call: Callable[..., object], given: tuple[Any, ...]) -> None:
    line.wait(MINUTES * 60)
    call(*given)
