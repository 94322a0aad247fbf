"""The account's interface over HTTP, under /zalo_oa, with the faults that are on."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import zalo
from bot.sandbox.drops import Dropped
from bot.sandbox.zalo_oa import sending
from bot.sandbox.zalo_oa.errors import (
    ON_PURPOSE,
    RATE,
    UNSUPPORTED_API,
    ApiError,
    invalid,
)
from bot.sandbox.zalo_oa.state import ZaloOA

UPLOADS = {
    "image": (1024 * 1024, (".jpg", ".jpeg", ".png")),
    "gif": (5 * 1024 * 1024, (".gif",)),
    "file": (5 * 1024 * 1024, (".pdf", ".doc", ".docx", ".csv")),
}

Run = Callable[[ZaloOA, Request], Awaitable[Any]]


def routes(oa: ZaloOA) -> list[Route]:
    """The routes of one account; /sandbox/zalo_oa is for tests."""

    async def tokens(request: Request) -> Response:
        return await _tokens(oa, request)

    async def call(request: Request) -> Response:
        return await _answer(oa, request)

    async def events(request: Request) -> Response:
        """POST queues an event as it is, GET lists what waits."""
        if request.method == "POST":
            oa.webhook.put_raw(await request.json())
        return JSONResponse(list(oa.webhook.pending))

    async def posts(request: Request) -> Response:
        """Takes what would be posted to the webhook."""
        taken = [oa.webhook.sealed(event) for event in oa.webhook.pending]
        oa.webhook.pending.clear()
        return JSONResponse([{"headers": h, "body": body.decode()} for h, body in taken])

    async def webhook(request: Request) -> Response:
        """The webhook's address, which is set in a console and not by the interface."""
        oa.webhook.url = str((await request.json())["url"])
        oa.webhook.wake()
        return JSONResponse({"url": oa.webhook.url})

    return [
        Route("/zalo_oa/v4/oa/access_token", tokens, methods=["POST"]),
        Route("/zalo_oa/{version}/oa/{method:path}", call, methods=["GET", "POST"]),
        zalo.media_route(oa.world, oa.name),
        Route("/sandbox/zalo_oa/events", events, methods=["GET", "POST"]),
        Route("/sandbox/zalo_oa/posts", posts, methods=["POST"]),
        Route("/sandbox/zalo_oa/webhook", webhook, methods=["POST"]),
    ]


async def _tokens(oa: ZaloOA, request: Request) -> Response:
    if fault := await zalo.gateway_fault(oa.world, oa.name, "access_token"):
        return fault
    oa.world.rates.calls["zalo_oa access_token"] += 1
    async with request.form() as form:
        fields = {name: str(value) for name, value in form.items()}
    answer = oa.tokens.refresh(fields, request.headers.get("secret_key", ""))
    if zalo.asked(oa.world, oa.name, "access_token", "drop_after"):
        return Dropped()
    return JSONResponse(answer)


async def _answer(oa: ZaloOA, request: Request) -> Response:
    name = request.path_params["method"]
    if fault := await zalo.gateway_fault(oa.world, oa.name, name):
        return fault
    oa.world.rates.calls[f"zalo_oa {name}"] += 1
    run = METHODS.get((request.method, request.path_params["version"], name))
    try:
        if zalo.asked(oa.world, oa.name, name, "token_expired"):
            oa.tokens.expire()
        oa.tokens.check(request.headers.get("access_token", ""))
        if not run:
            raise UNSUPPORTED_API
        _refuse_on_purpose(oa, name)
        data = await run(oa, request)
    except ApiError as error:
        oa.world.rates.refused += error is RATE
        return JSONResponse(error.json())
    if zalo.asked(oa.world, oa.name, name, "drop_after"):
        return Dropped()
    return JSONResponse({"data": data, "error": 0, "message": "Success"})


def _refuse_on_purpose(oa: ZaloOA, name: str) -> None:
    if zalo.asked(oa.world, oa.name, name, "too_many"):
        raise RATE
    if fault := zalo.asked(oa.world, oa.name, name, "error"):
        raise ApiError(fault.code or -200, fault.description or "Send message failed")
    if name == "message/cs" and (fault := zalo.asked(oa.world, oa.name, name, *ON_PURPOSE)):
        raise ON_PURPOSE[fault.kind]


async def _send(oa: ZaloOA, request: Request) -> Any:
    return await sending.send(oa, await _json(request))


async def _send_template(oa: ZaloOA, request: Request) -> Any:
    return sending.send_template(oa, await _json(request))


async def _user_detail(oa: ZaloOA, request: Request) -> Any:
    chat = oa.follower(str(_query(request).get("user_id", "")))
    return {
        "user_id": chat.phone.id,
        "user_id_by_app": f"{chat.phone.id}9",
        "display_name": chat.phone.name,
        "user_is_follower": True,
        "user_last_interaction_date": f"{oa.heard(chat):%d/%m/%Y}",
        "shared_info": {},
        "avatar": "",
    }


async def _quota(oa: ZaloOA, request: Request) -> Any:
    fields = await _json(request)
    if "user_id" not in fields:
        return [{"product_type": "cs", "quota_type": "sub_quota", "total": 2000, "remain": 2000}]
    chat = oa.follower(str(fields["user_id"]))
    left = oa.quota(chat)
    reply = {"remain": int(left["remain"]), "total": int(left["total"])}
    return {"last_interaction": str(zalo.stamp(oa.heard(chat))), "cs_reply": reply}


async def _account(oa: ZaloOA, request: Request) -> Any:
    followers = [c for c in oa.world.chats.values() if c.phone.channel == oa.name and c.opened]
    return {
        "oaid": oa.account.oa_id,
        "name": "Sâu Sát",
        "is_verified": True,
        "oa_type": 4,
        "num_follower": len(followers),
        "package_name": "Toàn diện",
    }


async def _upload(oa: ZaloOA, request: Request) -> Any:
    """A multipart field named `file`; ids stand for what was uploaded."""
    kind = request.path_params["method"].rpartition("/")[2]
    most, endings = UPLOADS[kind]
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise invalid("file")
        name, content = file.filename or "", await file.read()
    if len(content) > most or not name.lower().endswith(endings):
        raise invalid("file type or size")
    stored = oa.world.files.put(content, folder="uploads", name=name)
    token = zalo.new_id()
    oa.uploads[token] = stored.id
    return {"token" if kind == "file" else "attachment_id": token}


async def _json(request: Request) -> dict[str, Any]:
    try:
        return await zalo.json_body(request)
    except ValueError:
        raise invalid("body") from None


def _query(request: Request) -> dict[str, Any]:
    try:
        data = json.loads(request.query_params.get("data", ""))
    except ValueError:
        raise invalid("data") from None
    return data if isinstance(data, dict) else {}


METHODS: dict[tuple[str, str, str], Run] = {
    ("POST", "v3.0", "message/cs"): _send,
    ("POST", "v3.0", "message/template"): _send_template,
    ("GET", "v3.0", "user/detail"): _user_detail,
    ("POST", "v3.0", "quota/message"): _quota,
    ("GET", "v2.0", "getoa"): _account,
    ("POST", "v2.0", "upload/image"): _upload,
    ("POST", "v2.0", "upload/gif"): _upload,
    ("POST", "v2.0", "upload/file"): _upload,
}
