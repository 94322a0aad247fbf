"""Puts the sandbox together: one Starlette application with the phones, the page and channels."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox import desk_api, phone_api
from bot.sandbox.clock import Clock, Hook
from bot.sandbox.phones import Phone, Story, read_phone, read_story
from bot.sandbox.telegram.state import Telegram
from bot.sandbox.world import Network, World
from bot.sandbox.zalo_bot.state import ZaloBot
from bot.sandbox.zalo_oa.state import OfficialAccount, ZaloOA

PAGE = Path(__file__).parent / "page"
POLICY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"


def real_time() -> datetime:
    """The time of this machine, aware UTC."""
    return datetime.now(UTC)


def create_app(
    *,
    token: str = "",
    zalo_token: str = "",
    zalo_oa: OfficialAccount | None = None,
    phones: Iterable[Phone | Mapping[str, Any]] = (),
    story: Story | Mapping[str, Any] | None = None,
    clock_hook: Hook | None = None,
    now: Callable[[], datetime] = real_time,
    zone: str = "Asia/Ho_Chi_Minh",
) -> Starlette:
    """The sandbox as an application; it speaks the protocols it is given tokens for.

    `token` is the Telegram bot's, `zalo_token` the Zalo bot's. `now` is what the service's clock
    shows; `clock_hook` moves that clock to the moment it is given and returns the time reached.
    Without a hook only the sandbox's own clock moves. `app.state.world` and `app.state.close`
    serve those who run it in their own process.
    """
    world = World(Clock(now, clock_hook, ZoneInfo(zone)))
    for network in _networks(world, token, zalo_token, zalo_oa):
        world.networks[network.name] = network
    for phone in phones:
        world.add_phone(read_phone(phone))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        deliveries = [asyncio.create_task(each.deliver()) for each in world.networks.values()]
        yield
        for delivery in deliveries:
            delivery.cancel()
        await asyncio.gather(*deliveries, return_exceptions=True)

    app = Starlette(
        routes=[
            *(route for network in world.networks.values() for route in network.routes()),
            *desk_api.routes(world, read_story(story)),
            *phone_api.routes(world),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ],
        middleware=[Middleware(PagePolicy, world)],
        lifespan=lifespan,
    )
    app.state.world = world
    app.state.close = partial(_close, world)
    return app


def _networks(
    world: World, token: str, zalo_token: str, zalo_oa: OfficialAccount | None
) -> Iterator[Network]:
    if token:
        yield Telegram(world, token)
    if zalo_token:
        yield ZaloBot(world, zalo_token)
    if zalo_oa:
        yield ZaloOA(world, zalo_oa)


def _close(world: World) -> None:
    world.record.close()
    for network in world.networks.values():
        network.close()


class PagePolicy:
    """Adds headers that keep the page to this server and out of the browser's cache.

    It also notes the server's address, from which Zalo's media are to be fetched.
    """

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.world.address = str(Request(scope).base_url).rstrip("/")

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message["headers"]}
                if b"content-security-policy" not in names:
                    message["headers"].append((b"content-security-policy", POLICY.encode()))
                message["headers"].append((b"cache-control", b"no-cache"))
            await send(message)

        with contextlib.suppress(ClientDisconnect):  # a caller that died has nobody to tell
            await self.app(scope, receive, with_policy if scope["type"] == "http" else send)
