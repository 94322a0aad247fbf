"""Every message of the transcripts as a channel without buttons prints it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.plain import MOST, printed, units
from bot.channels.zalo_text import PART
from bot.conversation.commands import BACK, CLEAR, DONE, KEEP, LATER, MORE, SKIP, press_token
from bot.messages import Option, Outgoing
from bot.sandbox.choices import read_choices

FILES = sorted((Path(__file__).parents[1] / "transcripts").glob("*.txt"))
CONTROLS = (BACK, LATER, DONE, SKIP, KEEP, CLEAR)
LOOKS_LIKE_A_CHOICE = re.compile(r"^\s*\d{1,3}\.\s", re.MULTILINE)
_LABEL = re.compile(r"\[ (.+?) \](?= \[ |$)")


def messages(transcript: str) -> Iterator[Outgoing]:
    """What the service said in a transcript, with its buttons."""
    for said in re.findall(r"^[<~] (.*(?:\n(?:  .*)?)*)", transcript, re.MULTILINE):
        lines = [line.removeprefix("  ") for line in said.rstrip("\n").split("\n")]
        rows = [line for line in lines if line.startswith("[ ") and line.endswith(" ]")]
        labels = [label for row in rows for label in _LABEL.findall(row)]
        text = "\n".join(lines[: len(lines) - len(rows)])
        yield Outgoing(text, tuple((_option(label),) for label in labels))


def _option(label: str) -> Option:
    return Option(label, press_token(7, "cau", f":{label}" if label in CONTROLS else label))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_is_printed_offers_what_the_buttons_did(path: Path) -> None:
    for message in messages(path.read_text("utf-8")):
        text = printed(message)
        read = read_choices(text)
        offered = [option.label for row in message.rows for option in row]
        picks = [label for label in offered if label not in CONTROLS]
        shown, beside = _shown(picks)
        assert list(read.numbered) == [(str(n), label) for n, label in enumerate(shown, start=1)]
        assert list(read.words) == [*beside, *(one for one in offered if one in CONTROLS)]
        assert units(text) <= PART
        if picks:
            assert not LOOKS_LIKE_A_CHOICE.search(read.body)


def _shown(picks: list[str]) -> tuple[list[str], list[str]]:
    """What is numbered, and what stands beside it: eight at most, and one way on."""
    if len(picks) <= MOST:
        return picks, []
    if MORE not in picks[: MOST + 1]:
        return [*picks[:MOST], MORE], []
    after = picks.index(MORE) + 1
    return picks[:after], picks[after:]


def test_a_list_that_somebody_wrote_looks_like_no_choice() -> None:
    message = Outgoing("Nắm: hai việc\n1. Đất\n2. Trường", ((_option("Gửi"),),))
    assert not LOOKS_LIKE_A_CHOICE.search(read_choices(printed(message)).body)
