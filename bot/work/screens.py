"""What a message leaves on a phone besides its text: the role's menu, the meaning of numbers."""

import hashlib
from typing import Any

from bot.channels.contract import Limits, Menu
from bot.channels.plain import page
from bot.conversation.commands import read_press
from bot.desk.menus import COMMANDS, KEYBOARDS
from bot.messages import Option, Outgoing
from storage.outbox import Job

_ASKED_FOR = frozenset({"prompt", "answer", "receipt", "edit"})


def menu_to_show(role: str, shown: str) -> tuple[Menu | None, str | None]:
    """The role's menu with its signature, or nothing when the account has it (`shown`)."""
    if not role:
        return None, None
    rows = tuple(tuple(label for label, _ in row) for row in KEYBOARDS.get(role, ()))
    menu = Menu(role, rows, tuple(COMMANDS.get(role, ())))
    signature = f"{role} {hashlib.sha256(repr(menu).encode()).hexdigest()[:12]}"
    return (None, None) if signature == shown else (menu, signature)


def numbers_shown(
    message: Outgoing, job: Job, limits: Limits
) -> tuple[bool, list[dict[str, Any]] | None]:
    """Whether the choices are numbered, and what numbers then mean (None: what they meant before).

    A prompt always settles it. What nobody asked for takes no numbers while a slip is open.
    """
    options = [option for row in message.rows for option in row]
    asked_for = job.kind in _ASKED_FOR
    if job.crowded and not asked_for:
        return False, None
    if not options and job.kind != "prompt":
        return True, None
    printed = [o for o in options if not _is_control(o)] if limits.buttons else page(options)
    entries = enumerate(printed, start=1)
    return True, [{"number": n, "label": o.label, "token": o.token} for n, o in entries]


def _is_control(option: Option) -> bool:
    """Quay lại, Để sau and their like: words, never numbers, so "2" stays an answer."""
    press = read_press(option.token)
    return press is not None and press.value.startswith(":")
