"""Messages as calls of Telegram's Bot API: pure.

Text goes without a parse mode, so that whatever people write arrives letter for letter.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from bot.channels.contract import Call, Limits, Menu, Payload
from bot.channels.plain import split, units
from bot.messages import Option, Outgoing

LIMITS = Limits(
    text=4096,
    caption=1024,
    most_buttons=100,
    edits=True,
    files=True,
    writes_first=False,
    per_second=30,
    per_chat_second=1,
)
CALLBACK_BYTES = 64
AT_HAND = "Các việc thường dùng nằm dưới ô nhập tin."
_SENT_AS = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp"), "sendPhoto"),
    **dict.fromkeys((".ogg", ".oga"), "sendVoice"),
}


def render(message: Outgoing, menu: Menu | None, edits: Sequence[str]) -> list[Call]:
    """The calls in their order; the buttons stand under the last one."""
    if edits and not message.files:
        return _edits(message, edits)
    calls = [*_texts(message), *_files(message)]
    if message.rows and calls:
        calls[-1] = _with(calls[-1], reply_markup=_buttons(message.rows))
    return calls if menu is None else [*_at_hand(menu, calls), *_commands(menu)]


def _texts(message: Outgoing) -> list[Call]:
    if len(message.files) == 1 and units(message.text) <= LIMITS.caption:
        return []
    return [
        _text(part, message.preview) for part in split(message.text, LIMITS.text) if _said(part)
    ]


def _text(part: str, preview: bool) -> Call:
    options = {"is_disabled": not preview}
    return Call("sendMessage", {"text": part, "link_preview_options": options})


def _said(part: str) -> bool:
    return bool(part.strip())


def _files(message: Outgoing) -> list[Call]:
    caption = message.text if not _texts(message) and _said(message.text) else ""
    return [_file(path, message.name_of(path), caption) for path in message.files]


def _file(path: str, name: str, caption: str) -> Call:
    params = {"caption": caption} if caption else {}
    method = _SENT_AS.get(PurePath(path).suffix.lower(), "sendDocument")
    return Call(method, params, file=path, name=name)


def _edits(message: Outgoing, ids: Sequence[str]) -> list[Call]:
    """Each part over the old part in its place; what is left over is taken away or sent anew."""
    texts = [part for part in split(message.text, LIMITS.text) if _said(part)]
    new = [_text(part, message.preview) for part in texts]
    if message.rows:
        new[-1] = _with(new[-1], reply_markup=_buttons(message.rows))
    over = [
        Call("editMessageText", {"message_id": int(old), **call.params}, fresh=False, instead=call)
        for old, call in zip(ids, new, strict=False)
    ]
    gone = [
        Call("deleteMessage", {"message_id": int(old)}, fresh=False, needed=False)
        for old in ids[len(new) :]
    ]
    return [*over, *gone, *new[len(ids) :]]


def _buttons(rows: Sequence[Sequence[Option]]) -> Payload:
    return {"inline_keyboard": [[_button(option) for option in row] for row in rows if row]}


def _button(option: Option) -> dict[str, str]:
    if option.url:
        return {"text": option.label, "url": option.url}
    if not 1 <= len(option.token.encode()) <= CALLBACK_BYTES:
        raise ValueError(f"a token must have 1 to {CALLBACK_BYTES} bytes: {option.token!r}")
    return {"text": option.label, "callback_data": option.token}


def _at_hand(menu: Menu, calls: list[Call]) -> list[Call]:
    """The main keyboard goes with a message that has no buttons of its own."""
    markup = _keyboard(menu)
    for place, call in enumerate(calls):
        if "reply_markup" not in call.params:
            return [*calls[:place], _with(call, reply_markup=markup), *calls[place + 1 :]]
    return [_with(_text(AT_HAND, False), reply_markup=markup), *calls] if menu.keyboard else calls


def _keyboard(menu: Menu) -> Payload:
    if not menu.keyboard:
        return {"remove_keyboard": True}
    rows = [[{"text": label} for label in row] for row in menu.keyboard]
    return {"keyboard": rows, "resize_keyboard": True, "is_persistent": True}


def _commands(menu: Menu) -> list[Call]:
    listed = [{"command": name, "description": words} for name, words in menu.commands]
    method = "setMyCommands" if listed else "deleteMyCommands"
    params = {"commands": listed} if listed else {}
    return [Call(method, params, fresh=False, needed=False)]


def _with(call: Call, **params: Payload) -> Call:
    return replace(call, params={**call.params, **params})
