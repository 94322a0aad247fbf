"""A message in a sender's hand: a claimed row of the outbox, with all that its sender needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Lane = tuple[int, bool]  # account, whether it is for edits: one row of a lane is in flight


@dataclass(frozen=True)
class Job:
    """A claimed row, with all that a sender needs to know."""

    id: int
    account_id: int
    address: str  # the account's id on the channel
    person_id: int | None  # whom the row is for, None when it answers an account
    priority: int
    kind: str
    body: dict[str, Any]
    inbox_id: int | None = None
    edits_id: int | None = None
    tries: int = 0
    keyboard: str = ""  # signature of the menu the account has
    crowded: bool = False  # the person has an open draft
    edits: tuple[str, ...] = ()  # the channel's ids of the message to change
    done: Mapping[int, str] = field(default_factory=dict)  # parts that went out before
    tried: bool = False  # there may be deliveries of it already

    @property
    def lane(self) -> Lane:
        """What this row must not overtake."""
        return self.account_id, self.edits_id is not None
