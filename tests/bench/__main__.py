"""Measures what was asked for: all, or those of the letters given."""

import argparse
import io
import sys
from collections.abc import Iterator

from bot.work import logs
from tests.bench import channels, conversations, printing, sending, service, summaries
from tests.bench.databases import ENGINES, Databases, databases
from tests.bench.lines import Line

LETTERS = "abcdefghr"


def main() -> None:
    """Print a line as soon as it is measured."""
    options = _options()
    logs.set_up([], io.StringIO())  # what the service writes costs the same, but is not shown
    sys.excepthook = sys.__excepthook__
    with databases(tuple(options.on)) as found:
        for line in _measured(found, set(options.benches) or set(LETTERS), options):
            line.print()


def _measured(found: Databases, wanted: set[str], options: argparse.Namespace) -> Iterator[Line]:
    people, times = options.people, options.times
    if "a" in wanted:
        yield conversations.steps(found, people=people or conversations.PEOPLE, times=times)
    if "b" in wanted:
        yield conversations.crowded(found, people=people or conversations.PEOPLE, times=times)
    if "c" in wanted:
        yield sending.paced(found)
    if "d" in wanted:
        small, large = summaries.IN_PERIOD, summaries.IN_ALL
        yield summaries.summaries(found, small=small, large=large, times=times)
    if wanted & set("efg"):
        crowd = people or service.PEOPLE
        yield from service.service(found, people=crowd, seconds=options.seconds, wanted=wanted)
    if "h" in wanted:
        yield channels.beside(found, people=people or conversations.PEOPLE, times=times)
    if "r" in wanted:
        yield printing.printed(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("benches", nargs="*", choices=[*LETTERS, []], help="all when none is given")
    parser.add_argument("--on", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--people", type=int, default=0, help="fewer people for a quick look")
    parser.add_argument("--seconds", type=float, default=service.MINUTE, help="of (e)")
    parser.add_argument("--times", type=int, default=3, help="how often to measure a, b, d and h")
    return parser.parse_args()


if __name__ == "__main__":
    main()
