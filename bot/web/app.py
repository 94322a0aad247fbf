"""The web server's application: webhooks of the channels, /health and /metrics."""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.contract import Channel, Malformed
from bot.web.metrics import backlog, registry_for
from bot.work.receive import store
from storage.database import Database

LARGEST = 1 << 20  # bytes of a posted update; Telegram's are far below

log = structlog.get_logger()


def create_app(
    db: Database,
    channels: Sequence[Channel],
    *,
    lifespan: Any = None,
    arrived: Callable[[], object] = lambda: None,
    more: Sequence[Route] = (),
) -> Starlette:
    """The application; `arrived` is called when a webhook has stored something.

    `more` are routes beside its own: the signed pages.
    """
    registry = registry_for(db)

    async def health(_request: Request) -> Response:
        try:
            found = await asyncio.to_thread(backlog, db)
        except SQLAlchemyError:
            log.exception("health_failed")
            return JSONResponse({"status": "bad", "database": "unreachable"}, 503)
        status = "bad" if found.is_bad else "ok"
        answer = {"status": status, "database": "ok", **asdict(found)}
        return JSONResponse(answer, 503 if found.is_bad else 200)

    async def metrics(_request: Request) -> Response:
        text = await asyncio.to_thread(generate_latest, registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/health", health), Route("/metrics", metrics)]
    routes += [
        Route(path(each), _webhook(db, each, arrived), methods=["GET", "POST"]) for each in channels
    ]
    return Starlette(routes=[*routes, *more], lifespan=lifespan)


def path(channel: Channel) -> str:
    """Where a channel's updates are posted to."""
    return path_of(channel.name)


def path_of(name: str) -> str:
    """The same by the channel's name."""
    return f"/{name}"


def _webhook(db: Database, channel: Channel, arrived: Callable[[], object]) -> Any:
    """Stores an update and only then answers 200; what is not stored is posted again."""

    async def receive(request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse("here")  # platforms look whether somebody is at home
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not channel.genuine(request.headers, body):
            return PlainTextResponse("not genuine", 401)
        try:
            payload = json.loads(body)
        except ValueError:
            return PlainTextResponse("not JSON", 400)
        if not isinstance(payload, dict):
            return PlainTextResponse("not an update", 400)
        await asyncio.to_thread(store, db, channel, [payload])
        arrived()
        return PlainTextResponse(
            "stored", background=BackgroundTask(_acknowledge, channel, payload)
        )

    return receive


async def _acknowledge(channel: Channel, payload: dict[str, Any]) -> None:
    """Stop the clock of a pressed button, after the answer has gone."""
    with suppress(Malformed):
        for arrival in channel.read(payload):
            await channel.acknowledge(arrival.incoming)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return body
