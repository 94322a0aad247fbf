"""Puts the sandbox together: one Starlette application with the phones, the page and Telegram."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox import desk_api, phone_api
from bot.sandbox.clock import Clock, Hook
from bot.sandbox.phones import Phone, Story, read_phone, read_story
from bot.sandbox.telegram import raw, server
from bot.sandbox.telegram.state import Telegram
from bot.sandbox.world import World

PAGE = Path(__file__).parent / "page"
POLICY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"


def real_time() -> datetime:
    """The time of this machine, aware UTC."""
    return datetime.now(UTC)


def create_app(
    *,
    token: str,
    phones: Iterable[Phone | Mapping[str, Any]] = (),
    story: Story | Mapping[str, Any] | None = None,
    clock_hook: Hook | None = None,
    now: Callable[[], datetime] = real_time,
    zone: str = "Asia/Ho_Chi_Minh",
) -> Starlette:
    """The sandbox as an application.

    `token` is the bot's; `now` is what the service's clock shows; `clock_hook` moves that clock to
    the moment it is given and returns the time reached. Without a hook only the sandbox's own clock
    moves. `app.state.world` and `app.state.close` serve those who run it in their own process.
    """
    world = World(Clock(now, clock_hook, ZoneInfo(zone)))
    telegram = Telegram(world, token)
    world.networks[telegram.name] = telegram
    for phone in phones:
        world.add_phone(read_phone(phone))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        delivery = asyncio.create_task(telegram.updates.deliver())
        yield
        delivery.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await delivery

    app = Starlette(
        routes=[
            *server.routes(telegram),
            *raw.routes(telegram),
            *desk_api.routes(world, read_story(story)),
            *phone_api.routes(world),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ],
        middleware=[Middleware(PagePolicy)],
        lifespan=lifespan,
    )
    app.state.world = world
    app.state.close = partial(_close, world, telegram)
    return app


def _close(world: World, telegram: Telegram) -> None:
    world.record.close()
    telegram.updates.close()


class PagePolicy:
    """Adds headers that keep the page to this server and out of the browser's cache."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message["headers"]}
                if b"content-security-policy" not in names:
                    message["headers"].append((b"content-security-policy", POLICY.encode()))
                message["headers"].append((b"cache-control", b"no-cache"))
            await send(message)

        await self.app(scope, receive, with_policy if scope["type"] == "http" else send)
