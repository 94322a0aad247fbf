"""One line of the doctor, and what every look at the network shares."""

from dataclasses import dataclass
from typing import Literal

from bot.settings import Settings
from bot.words import vietnamese_number

WAIT = 10.0  # seconds for a channel's answer

State = Literal["good", "bad", "note", "off"]
SHOWN: dict[State, str] = {"good": "tốt", "bad": "LỖI", "note": "chú ý", "off": "tắt"}


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and what to do; `count` is shown for a note."""

    name: str  # in English, for scripts
    label: str
    state: State
    detail: str
    count: int | None = None

    @property
    def shown(self) -> str:
        """The second column."""
        return SHOWN[self.state] if self.count is None else vietnamese_number(self.count)


def way(settings: Settings) -> str:
    """How this machine gets out."""
    return "proxy" if settings.proxy else "mạng trực tiếp"
