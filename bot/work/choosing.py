"""What was chosen, where choices are printed: a number, a label, or part of one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.channels.contract import Limits
from bot.channels.plain import choices
from bot.conversation.commands import read_press, take_apart
from bot.desk import menus, nouns
from bot.desk.case_verbs import SURE
from bot.messages import Incoming, Option, Outgoing
from bot.words import exact, find, fold, natural
from bot.work.screens import MORE_OF, few_buttons, numbers_shown
from storage import shown
from storage.inbox import Taken

LONGEST = 64  # letters of a label; what is longer is no choice
SHORTEST = 2  # letters of a part
ECHOES = ("Đã ghi", "Đã chọn", "Đã để trống", "Đã xóa")  # how a line of what was understood begins
FOR_GOOD = (" dong y", f" {SURE}")  # how a token ends that takes back, cuts off or gives out
_NUMBER = re.compile(r"(\d{1,2})(?:[\s.,:)]+(\S.*))?", re.DOTALL)

Menu = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Chosen:
    """The message as a tap, with the label to be echoed, or the choices that fit it."""

    incoming: Incoming
    label: str = ""
    several: tuple[Option, ...] = ()


def menu_seen(
    connection: Connection, incoming: Incoming, taken: Taken, limits: Limits
) -> list[dict[str, Any]] | None:
    """The newest menu that the person had before them: one whose sending is not marked counts."""
    menu = taken.menu
    if few_buttons(limits) and not incoming.token and len(incoming.text) <= LONGEST:
        for each in shown.unmarked(connection, taken.account_id, taken.received_at):
            _, newer = numbers_shown(Outgoing.from_json(each.body), each, limits)
            menu = menu if newer is None else newer
    return menu


def by_number(incoming: Incoming, menu: Menu | None) -> Chosen:
    """A typed number means the choice with that number in the newest menu of the account.

    Words after it ("2 lan can chưa làm") go along with a token that ends in a colon.
    """
    if incoming.token:
        return Chosen(incoming, next((i["label"] for i in menu or () if _is(i, incoming)), ""))
    typed = _NUMBER.fullmatch(incoming.text.strip())
    item = next((i for i in menu or () if typed and str(i["number"]) == typed[1]), None)
    if item is None or typed is None or not item["token"]:
        return Chosen(incoming)
    token, words = item["token"], typed[2]
    if words and not token.endswith(":"):
        return Chosen(incoming)
    token = f"{token} {words}" if words else token
    return Chosen(replace(incoming, token=token), item["label"])


def _is(item: Mapping[str, Any], incoming: Incoming) -> bool:
    return bool(item["token"] == incoming.token)


def by_label(connection: Connection, incoming: Incoming, taken: Taken, *, picking: bool) -> Chosen:
    """A label of the newest menu, one that was shown lately, or part of one in the newest menu.

    `picking`: a question stands whose choices the form itself finds by a part of their names.
    """
    text = incoming.text.strip()
    if incoming.token or incoming.media or not text or len(text) > LONGEST:
        return Chosen(incoming)
    newest = [Option(item["label"], item["token"]) for item in taken.menu or ()]
    if (option := _named(text, newest)) is not None:
        return Chosen(replace(incoming, token=option.token))
    said = take_apart(text, nouns.commands())
    if said.command or said.kind:
        return Chosen(incoming)
    lately = shown.lately(connection, taken.account_id, taken.person_id or 0)
    if (option := _named(text, _options(lately))) is not None:
        of_a_form = read_press(option.token) is not None
        return Chosen(incoming if of_a_form else replace(incoming, token=option.token))
    return Chosen(incoming) if picking else _by_part(incoming, newest)


def _named(text: str, options: Iterable[Option]) -> Option | None:
    """The first option with this label, marks or not."""
    return next((o for o in options if o.token and fold(o.label) == fold(text)), None)


def _by_part(incoming: Incoming, newest: Sequence[Option]) -> Chosen:
    """What cannot be undone needs its whole label, or its number."""
    text = incoming.text
    if len(fold(text)) < SHORTEST or text.strip().isdigit():
        return Chosen(incoming)
    labels = [(str(place), option.label) for place, option in enumerate(newest)]
    fitting = [newest[int(key)] for key in exact(text, labels) or find(text, labels)]
    if len(fitting) == 1 and not fitting[0].token.endswith(FOR_GOOD):
        return Chosen(replace(incoming, token=fitting[0].token), fitting[0].label)
    return Chosen(incoming, several=tuple(fitting))


def asked_which(options: Sequence[Option]) -> Outgoing:
    """Several labels hold what was typed, or one that must be chosen in full."""
    return Outgoing("Đồng chí chọn:", tuple((option,) for option in options))


def page_after(connection: Connection, taken: Taken, token: str) -> Outgoing | None:
    """The choices behind Xem thêm, under the first line of the message they belong to."""
    number, _, first = token.removeprefix(MORE_OF).strip().partition(" ")
    row, start = natural(number), natural(first)
    if not token.startswith(f"{MORE_OF} ") or row is None or start is None:
        return None
    body = shown.body(connection, row, taken.account_id, taken.person_id or 0)
    if body is None:
        return Outgoing("Danh mục này không còn.")
    offered = choices(Outgoing.from_json(body))
    rest = tuple((option,) for option in (*offered.picks[start:], *offered.controls))
    said = str(body["text"])
    if said.startswith(ECHOES):
        said = said.partition("\n\n")[2] or said
    first_line = said.partition("\n")[0]
    return Outgoing(f"{first_line} (tiếp)", rest)


def _options(bodies: Iterable[Mapping[str, Any]]) -> Iterable[Option]:
    for body in bodies:
        for row in Outgoing.from_json(dict(body)).rows:
            yield from row


def unlabelled(incoming: Incoming) -> Incoming:
    """A tapped key of the main keyboard as the command it stands for.

    Typed otherwise than it is printed, a command goes first: "cho ý kiến" is not "Chờ ý kiến".
    """
    text = incoming.text
    tapped = menus.is_label(text) or fold(text) not in nouns.commands()
    token = menus.by_label(text) if text and not incoming.token and tapped else None
    return replace(incoming, token=token) if token else incoming
