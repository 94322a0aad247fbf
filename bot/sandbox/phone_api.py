"""The phones' side over HTTP: what people do on their phones, for the page and for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import acts
from bot.sandbox.acts import Attachment, Refused
from bot.sandbox.chats import Chat, Message
from bot.sandbox.phones import read_phone
from bot.sandbox.world import World

Data = dict[str, Any]
Act = Callable[[World, Chat, Data], Any]

UPLOADS = 12


def routes(world: World) -> list[Route]:
    """GET /sandbox/phones, POST /sandbox/phones, GET one, POST an act on one."""

    async def listing(request: Request) -> Response:
        return JSONResponse([phone_data(world, chat) for chat in world.chats.values()])

    async def add(request: Request) -> Response:
        try:
            phone = read_phone(await request.json())
        except (TypeError, ValueError) as error:
            return _refusal(str(error))
        if phone.channel not in world.networks:
            return _refusal(f"unknown channel {phone.channel}")
        chat = world.add_phone(phone)
        data = phone_data(world, chat)
        world.note("phone", phone.id, profile=data)
        return JSONResponse(data, status_code=201)

    async def show(request: Request) -> Response:
        chat = world.chats.get(request.path_params["id"])
        if not chat:
            return _refusal("Không có máy này.", 404)
        messages = [message.data() for message in chat.visible()]
        return JSONResponse(phone_data(world, chat) | {"messages": messages})

    async def act(request: Request) -> Response:
        chat = world.chats.get(request.path_params["id"])
        run = ACTS.get(request.path_params["act"])
        if not chat or not run:
            return _refusal("Không có máy này." if not chat else "Không có việc này.", 404)
        return await _perform(world, chat, run, request)

    return [
        Route("/sandbox/phones", listing, methods=["GET"]),
        Route("/sandbox/phones", add, methods=["POST"]),
        Route("/sandbox/phones/{id}", show),
        Route("/sandbox/phones/{id}/{act}", act, methods=["POST"]),
    ]


def phone_data(world: World, chat: Chat) -> Data:
    """Who holds the phone and what surrounds its messages."""
    phone = chat.phone
    keys = [[{"label": key.label, "asks": key.asks} for key in row] for row in chat.keyboard]
    return {
        "id": phone.id,
        "name": phone.name,
        "role": phone.role,
        "tab": phone.tab,
        "about": phone.about,
        "code": phone.code,
        "start": phone.start,
        "channel": phone.channel,
        "edits": world.network(chat).edits,
        "opened": chat.opened,
        "blocked": chat.blocked,
        "keyboard": keys,
        "placeholder": chat.placeholder,
        "menu": world.network(chat).menu(chat),
    }


async def _perform(world: World, chat: Chat, run: Act, request: Request) -> Response:
    try:
        result = run(world, chat, await _read(request))
    except (KeyError, TypeError, ValueError) as error:
        return _refusal(f"{type(error).__name__}: {error}")
    except Refused as refused:
        return _refusal(str(refused))
    sent = result if isinstance(result, list) else [result]
    messages = [each.data() for each in sent if isinstance(each, Message)]
    return JSONResponse({"messages": messages})


async def _read(request: Request) -> Data:
    """The act's fields; uploaded files are gathered under "files"."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("multipart/", "application/x-www-form-urlencoded")):
        body = await request.body()
        data = await request.json() if body else {}
        if not isinstance(data, dict):
            raise ValueError("an object is expected")
        return data
    async with request.form(max_files=UPLOADS, max_part_size=60 * 1024 * 1024) as form:
        return await _form(form)


async def _form(form: FormData) -> Data:
    data: Data = {"files": []}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            mime = value.content_type or ""
            data["files"].append(Attachment(value.filename or "tep", content, mime))
        else:
            data[name] = value
    return data


def _refusal(words: str, code: int = 400) -> JSONResponse:
    return JSONResponse({"error": words}, status_code=code)


def _press(world: World, chat: Chat, data: Data) -> None:
    message = int(data.get("message", 0))
    acts.presses(world, chat, str(data.get("label", "")), message, str(data.get("token", "")))


def _voice(world: World, chat: Chat, data: Data) -> Message:
    sound = next(iter(data.get("files", ())), None)
    return acts.sends_voice(world, chat, int(data.get("seconds", 5)), sound)


def _document(world: World, chat: Chat, data: Data) -> Message:
    if not data.get("files"):
        raise Refused("Chưa chọn tệp nào.")
    return acts.sends_document(world, chat, data["files"][0], str(data.get("caption", "")))


ACTS: dict[str, Act] = {
    "text": lambda world, chat, data: acts.says(world, chat, str(data["text"])),
    "start": lambda world, chat, data: acts.starts(world, chat, str(data.get("code", ""))),
    "press": _press,
    "photos": lambda world, chat, data: acts.sends_photos(
        world, chat, data.get("files", []), str(data.get("caption", ""))
    ),
    "voice": _voice,
    "document": _document,
    "sticker": lambda world, chat, data: acts.sends_sticker(world, chat),
    "contact": lambda world, chat, data: acts.sends_contact(world, chat),
    "location": lambda world, chat, data: acts.sends_location(
        world, chat, float(data["latitude"]), float(data["longitude"])
    ),
    "edit": lambda world, chat, data: acts.edits(
        world, chat, int(data["message"]), str(data["text"])
    ),
    "block": lambda world, chat, data: acts.blocks(world, chat, bool(data.get("blocked", True))),
}
