"""The Bot API over HTTP: /bot<token>/<method>, file downloads, and the faults that are on."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.drops import Dropped
from bot.sandbox.telegram.arguments import Arguments, read_arguments
from bot.sandbox.telegram.errors import ApiError, too_many_requests
from bot.sandbox.telegram.methods import METHODS, Method
from bot.sandbox.telegram.state import Telegram

UNAUTHORIZED = ApiError(401, "Unauthorized")
NOT_FOUND = ApiError(404, "Not Found")


def routes(bot: Telegram) -> list[Route]:
    """The routes of one bot."""

    async def call(request: Request) -> Response:
        return await _answer(bot, request)

    async def download(request: Request) -> Response:
        return await _download(bot, request)

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download),
    ]


async def _answer(bot: Telegram, request: Request) -> Response:
    method = METHODS.get(request.path_params["method"].lower())
    if request.path_params["token"] != bot.token:
        return _refusal(UNAUTHORIZED)
    if not method:
        return _refusal(NOT_FOUND)
    bot.world.rates.calls[method.name] += 1
    try:
        args = await read_arguments(request)
        if fault := await _fault(bot, method.name):
            return fault
        result = await _run(bot, method, args)
    except ApiError as error:
        bot.world.rates.refused += error.code == 429
        return _refusal(error)
    if bot.world.switches.take("drop_after", method=method.name, channel=bot.name):
        return Dropped()
    return JSONResponse({"ok": True, "result": result})


async def _download(bot: Telegram, request: Request) -> Response:
    """A file's bytes; switches know it as the method "download"."""
    if request.path_params["token"] != bot.token:
        return _refusal(UNAUTHORIZED)
    try:
        if fault := await _fault(bot, "download"):
            return fault
    except ApiError as error:
        return _refusal(error)
    file = bot.world.files.by_path.get(request.path_params["path"])
    if not file:
        return _refusal(NOT_FOUND)
    return Response(file.content, media_type="application/octet-stream")


async def _run(bot: Telegram, method: Method, args: Arguments) -> Any:
    method.check(args)
    _hold_pace(bot, method, args)
    result = method.run(bot, args)
    if inspect.isawaitable(result):
        return await result
    if method.pace:
        chat, new = args.text("chat_id"), method.pace == "new"
        bot.world.rates.note(chat, cost=method.cost(args), new=new)
    return result


def _hold_pace(bot: Telegram, method: Method, args: Arguments) -> None:
    if not method.pace:
        return
    strict = bot.world.switches.take("strict_rate", method=method.name, channel=bot.name)
    if not strict:
        return
    seconds = bot.world.rates.wait(
        args.text("chat_id"),
        overall=strict.overall,
        each=strict.each,
        cost=method.cost(args),
        new=method.pace == "new",
    )
    if seconds:
        raise too_many_requests(seconds)


async def _fault(bot: Telegram, method: str) -> Response | None:
    """What a switch answers instead of the method, before anything is accepted."""
    switches = bot.world.switches
    if slow := switches.take("slow", method=method, channel=bot.name):
        await asyncio.sleep(slow.seconds)
    kinds = ("too_many", "server_error", "error", "drop_before")
    fault = switches.take(*kinds, method=method, channel=bot.name)
    if not fault:
        return None
    if fault.kind == "drop_before":
        return Dropped()
    if fault.kind == "too_many":
        raise too_many_requests(fault.retry_after)
    if fault.kind == "server_error":
        return _refusal(ApiError(fault.code or 502, fault.description or "Bad Gateway"))
    return _refusal(ApiError(fault.code or 400, fault.description or "Bad Request"))


def _refusal(error: ApiError) -> JSONResponse:
    return JSONResponse(error.json(), status_code=error.code)
