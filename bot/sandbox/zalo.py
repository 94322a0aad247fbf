"""What both of Zalo's programming interfaces share: media, ids, times, and the gateway's faults."""

from __future__ import annotations

import asyncio
import json
import secrets
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.sandbox.chats import Media
from bot.sandbox.drops import Dropped
from bot.sandbox.files import StoredFile
from bot.sandbox.switches import Switch
from bot.sandbox.world import Sound, World

# An AAC frame of silence as ADTS: 16 kHz, mono.
SOUND = Sound("ghi-am.aac", "audio/aac", bytes.fromhex("fff160401edffc2120") + bytes(48))

PAGES = {
    429: "<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n"
    "<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n",
    502: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n",
}


def new_id() -> str:
    """An id as Zalo gives them: twenty hexadecimal digits."""
    return secrets.token_hex(10)


def stamp(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def units(text: str) -> int:
    """Length in UTF-16 units, the strictest reading of Zalo's limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def gateway(code: int) -> Response:
    """What stands before the interface answers: a page, no JSON."""
    return HTMLResponse(PAGES[code], code)


async def gateway_fault(world: World, channel: str, method: str) -> Response | None:
    """What a switch answers before the interface sees the call; None lets it through."""
    switches = world.switches
    if slow := switches.take("slow", method=method, channel=channel):
        await asyncio.sleep(slow.seconds)
    kinds = ("html_429", "html_502", "server_error", "drop_before")
    fault = switches.take(*kinds, method=method, channel=channel)
    if not fault:
        return None
    if fault.kind == "drop_before":
        return Dropped()
    return gateway(429 if fault.kind == "html_429" else 502)


def asked(world: World, channel: str, method: str, *kinds: str) -> Switch | None:
    """The switch of these kinds that is on for the call."""
    return world.switches.take(*kinds, method=method, channel=channel)


async def json_body(request: Request) -> dict[str, Any]:
    """The object in the body; ValueError when there is none."""
    data = json.loads(await request.body() or b"{}")
    if not isinstance(data, dict):
        raise ValueError("object expected")
    return data


def media_route(world: World, channel: str) -> Route:
    """Where photos, voices and files of the phones lie, as on Zalo's open media hosts."""

    async def download(request: Request) -> Response:
        """A file's bytes; switches know it as the method "download"."""
        if fault := await gateway_fault(world, channel, "download"):
            return fault
        file = world.files.by_path.get(request.path_params["path"])
        if not file:
            return Response("Not Found", 404)
        return Response(file.content, media_type=file.mime)

    return Route(f"/{channel}/media/{{path:path}}", download)


def address_of(world: World, channel: str, file: StoredFile) -> str:
    """Where the file can be fetched."""
    return f"{world.address}/{channel}/media/{file.path}"


def file_of(world: World, media: Media) -> StoredFile:
    """The content of a photo, voice or document."""
    return world.files.by_id[media.file]
