"""Telegram: the Bot API straight over httpx.

python-telegram-bot would take ten times as long over a message, 20 MB of memory and a second of
every start; what is used of it here would be its errors.
"""

import asyncio
import contextlib
import hmac
import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

import httpx

from bot.channels import telegram_reading, telegram_rendering
from bot.channels.contract import Call, Menu, Payload, Reason, SendFailed
from bot.messages import Arrival, Incoming, Outgoing

POLL_SECONDS = 25
CONNECTIONS = 32
FILE_SECONDS = 30.0
SECONDS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}
JSON = {"Content-Type": "application/json"}
SECRET_HEADER = "x-telegram-bot-api-secret-token"

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_EDIT_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_NO_FILE = ("wrong file_id", "file is temporarily unavailable", "invalid file_id")


class Refused(Exception):
    """Telegram answered, and it was no success; its words hold no token and no text of people."""

    def __init__(self, status: int, payload: bytes) -> None:
        body = _read(payload)
        self.status = status
        self.said = str(body.get("description", status)).removeprefix("Bad Request: ")
        self.wait = float((body.get("parameters") or {}).get("retry_after", 1))
        super().__init__(self.said)


class Telegram:
    """One Telegram bot."""

    name = "telegram"
    limits = telegram_rendering.LIMITS

    def __init__(
        self,
        token: str,
        *,
        files: Path,
        api: str = "https://api.telegram.org",
        proxy: str = "",
        secret: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.bot = f"{self.name}:{token.partition(':')[0]}"
        self._files = files
        self._secret = secret
        self._root = f"{api}/bot{token}/"
        self._files_root = f"{api}/file/bot{token}/"
        self._urls: dict[str, httpx.URL] = {}
        # SAUSAT_PROXY alone decides the way out, not the variables that httpx would read.
        self._wire = transport or httpx.AsyncHTTPTransport(
            proxy=proxy or None,
            trust_env=False,
            limits=httpx.Limits(max_connections=CONNECTIONS),
        )

    def external_id(self, payload: Payload) -> str:
        """The update's number, or a digest of an update that has none."""
        return telegram_reading.external_id(payload)

    def read(self, payload: Payload) -> list[Arrival]:
        """What one update says; raises Malformed."""
        return telegram_reading.read(payload)

    def render(
        self,
        message: Outgoing,
        *,
        menu: Menu | None = None,
        edits: Sequence[str] = (),
        numbered: bool = True,
    ) -> list[Call]:
        """The calls of the Bot API that carry the message."""
        return telegram_rendering.render(message, menu, edits)

    async def send(self, address: str, call: Call) -> str:
        """Do one call; an edit of a message that is no more becomes a new message."""
        try:
            return await self._call(address, call)
        except Refused as refusal:
            said = refusal.said.lower()
            if "message is not modified" in said:
                return str(call.params["message_id"])
            if call.instead and any(words in said for words in _EDIT_GONE):
                return await self.send(address, call.instead)
            if call.method == "editMessageText" and "no text in the message" in said:
                return await self.send(address, _of_caption(call))
            raise failure(refusal) from refusal

    async def _call(self, address: str, call: Call) -> str:
        given = {**call.params}
        if call.method in ("setMyCommands", "deleteMyCommands"):
            given["scope"] = {"type": "chat", "chat_id": int(address)}
        else:
            given["chat_id"] = int(address)
        result = await self._post(call.method, given, file=call.file)
        shown = result if isinstance(result, dict) else given
        return str(shown.get("message_id", ""))

    async def _post(
        self, method: str, given: Payload, *, file: str = "", seconds: float = SECONDS["read"]
    ) -> Any:
        """One call's result; raises Refused, or SendFailed where no answer came."""
        if method not in self._urls:
            self._urls[method] = httpx.URL(self._root + method)
        body: dict[str, Any] = {"content": json.dumps(given).encode(), "headers": JSON}
        if file:
            content = await asyncio.to_thread((self._files / file).read_bytes)
            field = method.removeprefix("send").lower()
            body = {"data": _fields(given), "files": {field: (PurePath(file).name, content)}}
        status, payload = await self._answer("POST", self._urls[method], seconds, **body)
        answer = _read(payload)
        if answer.get("ok") is not True:
            raise Refused(status, payload)
        return answer.get("result")

    async def _answer(
        self, verb: str, url: httpx.URL | str, seconds: float, **body: Any
    ) -> tuple[int, bytes]:
        timeout = SECONDS | {"read": seconds}
        request = httpx.Request(verb, url, extensions={"timeout": timeout}, **body)
        try:
            answer = await self._wire.handle_async_request(request)
            return answer.status_code, await answer.aread()
        except httpx.HTTPError as error:
            doubtful = not isinstance(error, _NOT_SENT)
            detail = type(error).__name__
            raise SendFailed("unreachable", doubtful=doubtful, detail=detail) from error

    async def fetch(self, reference: str) -> bytes:
        """The content behind a file id; the Bot API hands out up to 20 MB."""
        file = await self._ask("getFile", {"file_id": reference})
        path = file.get("file_path") if isinstance(file, dict) else None
        if not path:
            raise SendFailed("not_found", permanent=True, detail="getFile: no path")
        status, content = await self._answer("GET", f"{self._files_root}{path}", FILE_SECONDS)
        if status != httpx.codes.OK:
            raise failure(Refused(status, content))
        return content

    async def acknowledge(self, incoming: Incoming) -> None:
        """Stop the pressed button's clock; "query is too old" and other troubles pass."""
        if incoming.callback_id:
            with contextlib.suppress(Refused, SendFailed):
                await self._post("answerCallbackQuery", {"callback_query_id": incoming.callback_id})

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        """One long poll; what comes is confirmed by the next one, after it was kept."""
        asked: Payload = {
            "timeout": POLL_SECONDS,
            "limit": 100,
            "allowed_updates": telegram_reading.UPDATES,
        }
        if cursor:
            asked["offset"] = int(cursor)
        updates = await self._ask("getUpdates", asked, seconds=POLL_SECONDS + 10)
        if not isinstance(updates, list):
            raise SendFailed("unreachable", detail="getUpdates: no list")
        payloads = [each if isinstance(each, dict) else {"malformed": each} for each in updates]
        after = [each["update_id"] + 1 for each in payloads if _numbered(each)]
        return payloads, str(max(*after, int(cursor or 0))) if after else cursor

    async def listen(self, url: str) -> None:
        """Set the webhook, or take it away so that polling works."""
        if not url:
            await self._ask("deleteWebhook", {})
            return
        asked = {"url": url, "allowed_updates": telegram_reading.UPDATES}
        await self._ask(
            "setWebhook", asked | ({"secret_token": self._secret} if self._secret else {})
        )

    async def _ask(self, method: str, asked: Payload, *, seconds: float = SECONDS["read"]) -> Any:
        try:
            return await self._post(method, asked, seconds=seconds)
        except Refused as refusal:
            raise failure(refusal) from refusal

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret that setWebhook was given came along."""
        given = headers.get(SECRET_HEADER, "")
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())

    async def close(self) -> None:
        """Let the connections go."""
        await self._wire.aclose()


def _read(payload: bytes) -> dict[str, Any]:
    """What an answer says; nothing where it is no JSON object."""
    try:
        body = json.loads(payload)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _fields(given: Payload) -> dict[str, str]:
    """Values beside a file: what is no text goes as JSON."""
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}


def failure(refusal: Refused) -> SendFailed:
    """Telegram's refusal in our words."""
    match refusal.status:
        case 429:
            return SendFailed("too_many", retry_after=refusal.wait)
        case 403:
            return SendFailed("blocked", permanent=True, detail=refusal.said)
        case 401 | 404:
            return SendFailed("unauthorized", detail=refusal.said)
        case 400:
            reason = _refused(refusal.said.lower())
            return SendFailed(reason, permanent=True, detail=refusal.said)
    return SendFailed("unreachable", doubtful=True, detail=f"{refusal.status}")


def _refused(said: str) -> Reason:
    if any(words in said for words in (*_NO_CHAT, *_NO_FILE)):
        return "not_found"
    return "too_big" if "file is too big" in said else "refused"


def _of_caption(call: Call) -> Call:
    params = {key: value for key, value in call.params.items() if key != "link_preview_options"}
    params["caption"] = params.pop("text")
    return Call("editMessageCaption", params, fresh=False, instead=call.instead)


def _numbered(payload: Payload) -> bool:
    return isinstance(payload.get("update_id"), int)
