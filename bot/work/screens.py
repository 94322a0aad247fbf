"""What a message leaves on a phone besides its text: the role's menu, the meaning of numbers."""

import hashlib
from typing import Any

from bot.channels.contract import Limits, Menu
from bot.channels.plain import MOST, choices, page
from bot.desk.menus import COMMANDS, KEYBOARDS
from bot.messages import Outgoing
from storage.jobs import Job

_SETTLES = frozenset({"prompt", "receipt"})
_ASKED_FOR = _SETTLES | {"answer", "edit"}
MORE_OF = "xem them"  # the token of Xem thêm: the outbox row, and how many were shown


def menu_to_show(role: str, shown: str) -> tuple[Menu | None, str | None]:
    """The role's menu with its signature, or nothing when the account has it (`shown`)."""
    if not role:
        return None, None
    rows = tuple(tuple(label for label, _ in row) for row in KEYBOARDS.get(role, ()))
    menu = Menu(role, rows, tuple(COMMANDS.get(role, ())))
    signature = f"{role} {hashlib.sha256(repr(menu).encode()).hexdigest()[:12]}"
    return (None, None) if signature == shown else (menu, signature)


def few_buttons(limits: Limits) -> bool:
    """Whether choices may be printed as numbers, so that people type what others tap."""
    return limits.most_buttons <= MOST


def numbers_shown(
    message: Outgoing, job: Job, limits: Limits
) -> tuple[bool, list[dict[str, Any]] | None]:
    """Whether the choices are numbered, and what numbers then mean (None: what they meant before).

    A prompt or a receipt always settles it. What nobody asked for takes no numbers while a slip
    is open.
    """
    if job.crowded and job.kind not in _ASKED_FOR:
        return False, None
    if not message.rows and job.kind not in _SETTLES:
        return True, None
    picks = choices(message).picks
    if sum(len(row) for row in message.rows) > limits.most_buttons:
        picks = page(picks, f"{MORE_OF} {job.id} {MOST}")
    entries = enumerate(picks, start=1)
    return True, [{"number": n, "label": o.label, "token": o.token} for n, o in entries]
