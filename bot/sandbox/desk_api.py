"""What lies around the phones over HTTP: events, clock, switches, statistics, transcript, files."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.phone_api import phone_data
from bot.sandbox.phones import Phone, Story, story_data
from bot.sandbox.record import Event
from bot.sandbox.transcripts import transcript
from bot.sandbox.world import World

BEAT = 15.0
LONGEST_WAIT = 60.0


def routes(world: World, story: Story) -> list[Route]:
    """Everything under /sandbox that is no phone."""
    desk = Desk(world, story)
    return [
        Route("/sandbox/ready", desk.ready),
        Route("/sandbox/state", desk.state),
        Route("/sandbox/events", desk.events),
        Route("/sandbox/clock", desk.clock, methods=["GET", "POST"]),
        Route("/sandbox/switches", desk.switches, methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/switches/{id:int}", desk.switch_off, methods=["DELETE"]),
        Route("/sandbox/statistics", desk.statistics, methods=["GET", "DELETE"]),
        Route("/sandbox/transcript", desk.transcript),
        Route("/sandbox/files/{id}", desk.file),
    ]


class Desk:
    """The handlers, over one world."""

    def __init__(self, world: World, story: Story) -> None:
        self.world = world
        self.story = story

    async def ready(self, request: Request) -> Response:
        """Answers as soon as the server takes calls."""
        return JSONResponse({"ready": True})

    async def state(self, request: Request) -> Response:
        """What the page needs once; everything else comes as events."""
        world = self.world
        return JSONResponse(
            {
                "phones": [phone_data(world, chat) for chat in world.chats.values()],
                "story": story_data(self.story),
                "clock": self._clock(),
                "switches": self._switches(),
                "channels": list(world.networks),
                "last_event": len(world.record.events),
            }
        )

    async def events(self, request: Request) -> Response:
        """Events after a number: a stream for browsers, else a list, with `wait` a long poll."""
        after = int(request.query_params.get("after", 0))
        if "text/event-stream" in request.headers.get("accept", ""):
            after = int(request.headers.get("last-event-id", after))
            return StreamingResponse(self._stream(after), media_type="text/event-stream")
        found = await self._wait_for(request, after)
        return JSONResponse([event.json() for event in found])

    async def _wait_for(self, request: Request, after: int) -> list[Event]:
        phone = request.query_params.get("phone", "")
        wait = min(float(request.query_params.get("wait", 0)), LONGEST_WAIT)
        until = time.monotonic() + wait
        while True:
            record = self.world.record
            found = [e for e in record.after(after) if not phone or e.phone == phone]
            left = until - time.monotonic()
            if found or left <= 0 or record.closed:
                return found
            await record.changed(left)

    async def _stream(self, after: int) -> AsyncIterator[str]:
        """Events as they come; a reader who knows more than happened is told to begin anew."""
        record = self.world.record
        if after > len(record.events):
            yield "event: restart\ndata: {}\n\n"
        while not record.closed:
            for event in record.after(after):
                after = event.number
                yield f"id: {after}\ndata: {json.dumps(event.json(), ensure_ascii=False)}\n\n"
            if not record.after(after) and not await record.changed(BEAT):
                yield ": beat\n\n"

    async def clock(self, request: Request) -> Response:
        """The service's time; POST {"to": …} moves it forward (see Clock.read)."""
        if request.method == "POST":
            try:
                data = await request.json()
                wanted = self.world.clock.read(str(data["to"]))
            except (KeyError, TypeError, ValueError) as error:
                return _refusal(str(error))
            self.world.note("clock", now=wanted.isoformat())  # before what arrives on the way
            await self.world.clock.move(wanted)
        return JSONResponse(self._clock())

    async def switches(self, request: Request) -> Response:
        """What misbehaves; POST switches one on, DELETE switches all off."""
        if request.method == "POST":
            try:
                self.world.switches.add(await request.json())
            except (TypeError, ValueError) as error:
                return _refusal(str(error))
        elif request.method == "DELETE":
            self.world.switches.clear()
        return JSONResponse(self._switches())

    async def switch_off(self, request: Request) -> Response:
        """Switch one off."""
        if not self.world.switches.remove(request.path_params["id"]):
            return _refusal("Công tắc này đã tắt.", 404)
        return JSONResponse(self._switches())

    async def statistics(self, request: Request) -> Response:
        """Calls, the fullest second, refusals; DELETE starts counting anew."""
        if request.method == "DELETE":
            self.world.rates.reset()
        return JSONResponse(self.world.rates.statistics())

    async def transcript(self, request: Request) -> Response:
        """What was done so far, as a transcript."""
        chats = self.world.chats.values()
        codes = {chat.phone.id: _code(chat.phone, self.world) for chat in chats}
        numbering = {chat.phone.id for chat in chats if self.world.network(chat).numbers}
        zone = self.world.clock.zone
        events = self.world.record.after(int(request.query_params.get("after", 0)))
        return PlainTextResponse(transcript(events, codes, zone, numbering=numbering))

    async def file(self, request: Request) -> Response:
        """A photo, voice or document for the page; only pictures and sounds are shown in it."""
        file = self.world.files.by_id.get(request.path_params["id"])
        if not file:
            return _refusal("Không có tệp này.", 404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        if not file.mime.startswith(("image/", "audio/")) or "svg" in file.mime:
            headers["Content-Disposition"] = "attachment"
        return Response(file.content, media_type=file.mime, headers=headers)

    def _clock(self) -> dict[str, Any]:
        now = self.world.now()
        local = now.astimezone(self.world.clock.zone)
        return {"now": now.isoformat(), "local": local.isoformat(), "zone": str(local.tzinfo)}

    def _switches(self) -> list[dict[str, Any]]:
        return [switch.json() for switch in self.world.switches.on]


def _code(phone: Phone, world: World) -> str:
    """The roster code, with the channel where it is not the person's first phone."""
    first = next(c.phone for c in world.chats.values() if c.phone.code == phone.code)
    return phone.code if first.channel == phone.channel else f"{phone.code} {phone.channel}"


def _refusal(words: str, code: int = 400) -> JSONResponse:
    return JSONResponse({"error": words}, status_code=code)
