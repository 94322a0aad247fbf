"""Telegram: the Bot API over httpx; python-telegram-bot carries the files, from a file of its own.

The library takes ten times as long over a message as the message itself does.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bot.channels import telegram_reading, telegram_rendering
from bot.channels.calling import broken_off
from bot.channels.contract import Call, Menu, Payload, SendFailed
from bot.channels.telegram_refusals import answered, refusal, wait
from bot.messages import Arrival, Incoming, Outgoing
from bot.tls import known_servers

if TYPE_CHECKING:
    from bot.channels.telegram_files import Files

POLL_SECONDS = 25
CONNECTIONS = 32
SECONDS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}
POLLING = SECONDS | {"read": POLL_SECONDS + 10.0}
SECRET_HEADER = "x-telegram-bot-api-secret-token"

_JSON = (b"Content-Type", b"application/json")
_EDIT_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


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
        self._token, self._server, self._proxy = token, api, proxy
        self._root = f"{api}/bot{token}/"
        self._urls: dict[str, httpx.URL] = {}
        # SAUSAT_PROXY alone decides the way out, not the variables that httpx would read.
        self._way: dict[str, Any] = {"trust_env": False, "verify": known_servers()}
        self._wire = transport or httpx.AsyncHTTPTransport(
            proxy=proxy or None,
            limits=httpx.Limits(max_connections=CONNECTIONS),
            **self._way,
        )
        self._way |= {"transport": transport} if transport else {}
        self._library: Files | None = None

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
        except SendFailed as failed:
            said = failed.detail.lower()
            if "message is not modified" in said:
                return str(call.params["message_id"])
            if call.instead and any(words in said for words in _EDIT_GONE):
                return await self.send(address, call.instead)
            if call.method == "editMessageText" and "no text in the message" in said:
                return await self.send(address, _of_caption(call))
            raise

    async def _call(self, address: str, call: Call) -> str:
        given = {**call.params}
        if call.method in ("setMyCommands", "deleteMyCommands"):
            given["scope"] = {"type": "chat", "chat_id": int(address)}
        else:
            given["chat_id"] = int(address)
        if call.file:
            field = call.method.removeprefix("send").lower()
            given |= {field: self._files / call.file, "filename": call.name or None}
            return await self._files_api().upload(call.method, given)
        result = await self._post(call.method, given)
        shown = result if isinstance(result, dict) else given
        return str(shown.get("message_id", ""))

    def _files_api(self) -> "Files":
        """What carries files, loaded with the first of them."""
        if self._library is None:
            from bot.channels.telegram_files import Files

            self._library = Files(
                self._token, api=self._server, proxy=self._proxy, seconds=SECONDS, way=self._way
            )
        return self._library

    async def _post(
        self, method: str, given: Payload, seconds: Mapping[str, float] = SECONDS
    ) -> Any:
        """One call's result; raises SendFailed."""
        if method not in self._urls:
            self._urls[method] = httpx.URL(self._root + method)
        url, body = self._urls[method], json.dumps(given).encode()
        request = httpx.Request(
            "POST",
            url,
            headers=[(b"Host", url.netloc), _JSON, (b"Content-Length", b"%d" % len(body))],
            stream=httpx.ByteStream(body),  # given `content`, httpx would look for more headers
            extensions={"timeout": seconds},
        )
        try:
            answer = await self._wire.handle_async_request(request)
            payload = await answer.aread()
        except httpx.HTTPError as error:
            raise broken_off(error) from error
        return _result(answer.status_code, payload)

    async def fetch(self, reference: str) -> bytes:
        """The content behind a file id; the Bot API hands out up to 20 MB."""
        return await self._files_api().fetch(reference)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Stop the pressed button's clock; "query is too old" and other troubles pass."""
        if not incoming.callback_id:
            return
        try:
            await self._post("answerCallbackQuery", {"callback_query_id": incoming.callback_id})
        except SendFailed:
            return

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        """One long poll; the library's own would confirm updates before they are kept."""
        asked: Payload = {
            "timeout": POLL_SECONDS,
            "limit": 100,
            "allowed_updates": telegram_reading.UPDATES,
        }
        if cursor:
            asked["offset"] = int(cursor)
        updates = await self._post("getUpdates", asked, POLLING)
        if not isinstance(updates, list):
            raise SendFailed("unreachable", detail="getUpdates: no list")
        payloads = [each if isinstance(each, dict) else {"malformed": each} for each in updates]
        after = [each["update_id"] + 1 for each in payloads if _numbered(each)]
        return payloads, str(max(*after, int(cursor or 0))) if after else cursor

    async def listen(self, url: str) -> None:
        """Set the webhook, or take it away so that polling works."""
        if not url:
            await self._post("deleteWebhook", {})
            return
        asked = {"url": url, "allowed_updates": telegram_reading.UPDATES}
        await self._post(
            "setWebhook", asked | ({"secret_token": self._secret} if self._secret else {})
        )

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret that setWebhook was given came along."""
        given = headers.get(SECRET_HEADER, "")
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())

    async def close(self) -> None:
        """Let the connections go."""
        if self._library is not None:
            await self._library.close()
        await self._wire.aclose()


def _result(status: int, payload: bytes) -> Any:
    body = answered(payload)
    if body.get("ok") is True:
        return body.get("result")
    raise refusal(status, str(body.get("description", "")), seconds=wait(body))


def _of_caption(call: Call) -> Call:
    params = {key: value for key, value in call.params.items() if key != "link_preview_options"}
    params["caption"] = params.pop("text")
    return Call("editMessageCaption", params, fresh=False, instead=call.instead)


def _numbered(payload: Payload) -> bool:
    return isinstance(payload.get("update_id"), int)
