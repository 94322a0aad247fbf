"""Messages as calls of the Official Account's API: pure."""

from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from bot.channels import zalo_text
from bot.channels.contract import Call, Limits, Payload
from bot.channels.plain import printed, units
from bot.messages import Option, Outgoing

PRESSED = "#:"  # before a button's token, which comes back as text: nobody types this
PRESSED_BYTES = 66
TITLE = 100  # letters of a button
MB = 1024 * 1024
PICTURES = (".jpg", ".jpeg", ".png")
LIMITS = Limits(
    text=zalo_text.PART,
    caption=0,
    most_buttons=5,
    edits=False,
    files=True,
    writes_first=False,
    per_second=30,
    per_chat_second=1,
    window=timedelta(days=7),
    polls=False,
    endings=(*PICTURES, ".pdf", ".doc", ".docx", ".csv"),
    file_bytes=5 * MB,  # pictures 1 MB
)


def render(message: Outgoing, *, limits: Limits, numbered: bool) -> list[Call]:
    """Files first, then the text; up to five buttons under its last part, else numbered lines."""
    if message.template:
        return [Call("template", {"text": message.text})]
    files = [_file(path, message.name_of(path)) for path in message.files]
    options = sum(len(row) for row in message.rows)
    if not 1 <= options <= limits.most_buttons:
        return [*files, *zalo_text.calls("text", message, numbers=numbered)]
    room = units(printed(message)) - units(message.text)
    *before, last = zalo_text.parts("text", message.text, zalo_text.PART - max(room, 0))
    return [*files, *before, _with_buttons(last, message)]


def _with_buttons(call: Call, message: Outgoing) -> Call:
    """The last part with its buttons, or with numbered lines where the plan has no buttons."""
    buttons = [_button(option) for row in message.rows for option in row]
    listed = printed(replace(message, text=call.params["text"]))
    plain = replace(call, params={**call.params, "text": listed})
    return replace(call, params={**call.params, "buttons": buttons}, instead=plain)


def body(address: str, params: Payload) -> Payload:
    """What is posted for a text; buttons go without a template type."""
    message: Payload = {"text": zalo_text.shown(params)}
    if buttons := params.get("buttons"):
        message["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
    return {"recipient": {"user_id": address}, "message": message}


def file_body(address: str, kind: str, given: Payload) -> Payload:
    """What is posted for a file that was uploaded before; `given` is what the upload returned."""
    if kind == "image":
        element = {"media_type": "image", "attachment_id": given["attachment_id"]}
        payload = {"template_type": "media", "elements": [element]}
        attachment: Payload = {"type": "template", "payload": payload}
    else:
        attachment = {"type": "file", "payload": {"token": given["token"]}}
    return {"recipient": {"user_id": address}, "message": {"attachment": attachment}}


def _file(path: str, name: str) -> Call:
    method = "image" if PurePath(path).suffix.lower() in PICTURES else "file"
    return Call(method, file=path, name=name)


def _button(option: Option) -> Payload:
    title = option.label[:TITLE]
    if option.url:
        return {"title": title, "type": "oa.open.url", "payload": {"url": option.url}}
    return {"title": title, "type": "oa.query.hide", "payload": f"{PRESSED}{option.token}"}
