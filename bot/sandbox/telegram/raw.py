"""Raw updates for tests: whatever the bot shall receive, also what Telegram never sends."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.telegram.state import Telegram


def routes(bot: Telegram) -> list[Route]:
    """/sandbox/telegram/updates: POST queues an object under a new update_id, GET lists them."""

    async def updates(request: Request) -> Response:
        if request.method == "POST":
            body = await request.json()
            return JSONResponse({"update_id": bot.updates.put_raw(body)}, status_code=201)
        return JSONResponse([each.update for each in bot.updates.pending])

    return [Route("/sandbox/telegram/updates", updates, methods=["GET", "POST"])]
