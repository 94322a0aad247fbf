"""The Bot Platform over HTTP: /zalo/bot<token>/<method>, media, and the faults that are on."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import zalo
from bot.sandbox.drops import Dropped
from bot.sandbox.zalo_bot.errors import NOT_FOUND, QUOTA, UNAUTHORIZED, ApiError, bad_request
from bot.sandbox.zalo_bot.methods import METHODS, Call, Method
from bot.sandbox.zalo_bot.state import ZaloBot


def routes(bot: ZaloBot) -> list[Route]:
    """The routes of one bot; /sandbox/zalo is for tests."""

    async def call(request: Request) -> Response:
        return await _answer(bot, request)

    async def events(request: Request) -> Response:
        """POST queues an event as it is, GET lists what waits."""
        if request.method == "POST":
            bot.updates.put_raw(await request.json())
        return JSONResponse(list(bot.updates.pending))

    async def posts(request: Request) -> Response:
        """Takes what would be posted to the webhook."""
        taken = [bot.updates.post(event) for event in bot.updates.pending]
        bot.updates.pending.clear()
        return JSONResponse([{"headers": h, "body": body.decode()} for h, body in taken])

    return [
        Route("/zalo/bot{token}/{method}", call, methods=["GET", "POST"]),
        zalo.media_route(bot.world, bot.name),
        Route("/sandbox/zalo/events", events, methods=["GET", "POST"]),
        Route("/sandbox/zalo/posts", posts, methods=["POST"]),
    ]


async def _answer(bot: ZaloBot, request: Request) -> Response:
    name = request.path_params["method"]
    method = METHODS.get(name)
    if fault := await zalo.gateway_fault(bot.world, bot.name, name):
        return fault
    try:
        if request.path_params["token"] != bot.token:
            raise UNAUTHORIZED
        if not method:
            raise NOT_FOUND
        bot.world.rates.calls[f"zalo {name}"] += 1
        _refuse_on_purpose(bot, name, sends=method.sends)
        result = await _run(bot, method, request)
    except ApiError as error:
        bot.world.rates.refused += error.code == 429
        real = zalo.asked(bot.world, bot.name, name, "http_status")
        return JSONResponse(error.json(), error.code if real else 200)
    if zalo.asked(bot.world, bot.name, name, "drop_after"):
        return Dropped()
    return JSONResponse({"ok": True, "error_code": 0} | ({"result": result} if result else {}))


def _refuse_on_purpose(bot: ZaloBot, name: str, *, sends: bool) -> None:
    if sends and zalo.asked(bot.world, bot.name, name, "quota"):
        raise QUOTA
    if fault := zalo.asked(bot.world, bot.name, name, "too_many", "error"):
        code = 429 if fault.kind == "too_many" else fault.code or 400
        raise ApiError(code, fault.description or "Bad request")


async def _run(bot: ZaloBot, method: Method, request: Request) -> Any:
    call = Call(bot, await _fields(request), request.is_disconnected)
    method.check(call)
    return await method.run(call)


async def _fields(request: Request) -> dict[str, Any]:
    """Query, JSON or a plain form; fields of a multipart body are not read, as measured."""
    fields: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        async with request.form() as form:
            return fields | {name: str(value) for name, value in form.items()}
    if kind != "application/json":
        return fields
    try:
        return fields | await zalo.json_body(request)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
