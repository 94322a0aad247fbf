"""Telegram: the Bot API by python-telegram-bot for files, by httpx for messages and updates.

The library takes ten times as long over a message as the message itself does; its errors stay.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.channels import telegram_reading, telegram_rendering
from bot.channels.calling import NOT_SENT, client
from bot.channels.contract import Call, Menu, Payload, Reason, SendFailed
from bot.messages import Arrival, Incoming, Outgoing
from bot.tls import known_servers

POLL_SECONDS = 25
CONNECTIONS = 32
SECONDS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}
SECRET_HEADER = "x-telegram-bot-api-secret-token"

_EDIT_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_ERRORS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
}
_NO_FILE = ("wrong file_id", "file is temporarily unavailable", "invalid file_id")


class TooMany(TelegramError):
    """429, told before the library builds its own error, which warns each time it is built."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("Too Many Requests")
        try:
            self.seconds = float(json.loads(payload)["parameters"]["retry_after"])
        except (ValueError, KeyError, TypeError):
            self.seconds = 1.0


class Requests(HTTPXRequest):
    """The library's requests over httpx."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One request; raises TooMany."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooMany(payload)
        return code, payload


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
        # SAUSAT_PROXY alone decides the way out, not the variables that httpx would read.
        way: dict[str, Any] = {"trust_env": False, "verify": known_servers()}
        way |= {"transport": transport} if transport else {}
        self._request = Requests(
            connection_pool_size=CONNECTIONS,
            proxy=proxy or None,
            connect_timeout=SECONDS["connect"],
            read_timeout=SECONDS["read"],
            write_timeout=SECONDS["write"],
            pool_timeout=SECONDS["pool"],
            httpx_kwargs=way,
        )
        self._api = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._root = f"{api}/bot{token}/"
        self._urls: dict[str, httpx.URL] = {}
        self._wire = transport or httpx.AsyncHTTPTransport(
            proxy=proxy or None,
            trust_env=False,
            verify=known_servers(),
            limits=httpx.Limits(max_connections=CONNECTIONS),
        )
        self._updates = client(
            base_url=self._root,
            proxy=proxy,
            transport=transport,
            timeout=httpx.Timeout(10, read=POLL_SECONDS + 10),
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
        except BadRequest as error:
            said = str(error).lower()
            if "message is not modified" in said:
                return str(call.params["message_id"])
            if call.instead and any(words in said for words in _EDIT_GONE):
                return await self.send(address, call.instead)
            if call.method == "editMessageText" and "no text in the message" in said:
                return await self.send(address, _of_caption(call))
            raise failure(error) from error
        except TelegramError as error:
            raise failure(error) from error

    async def _call(self, address: str, call: Call) -> str:
        given = {**call.params}
        if call.method in ("setMyCommands", "deleteMyCommands"):
            given["scope"] = {"type": "chat", "chat_id": int(address)}
        else:
            given["chat_id"] = int(address)
        if call.file:
            field = call.method.removeprefix("send").lower()
            given[field] = self._files / call.file
            sent = await self._uploads()[call.method](**given)
            return str(sent.message_id)
        result = await self._post(call.method, given)
        shown = result if isinstance(result, dict) else given
        return str(shown.get("message_id", ""))

    def _uploads(self) -> dict[str, Callable[..., Awaitable[Any]]]:
        api = self._api
        return {
            "sendPhoto": api.send_photo,
            "sendDocument": api.send_document,
            "sendVoice": api.send_voice,
        }

    async def _post(self, method: str, given: Payload) -> Any:
        """One call's result; raises what the library would."""
        if method not in self._urls:
            self._urls[method] = httpx.URL(self._root + method)
        request = httpx.Request(
            "POST",
            self._urls[method],
            headers={"Content-Type": "application/json"},
            content=json.dumps(given).encode(),
            extensions={"timeout": SECONDS},
        )
        try:
            answer = await self._wire.handle_async_request(request)
            payload = await answer.aread()
        except httpx.HTTPError as error:
            raise NetworkError(type(error).__name__) from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooMany(payload)
        return _result(answer.status_code, payload)

    async def fetch(self, reference: str) -> bytes:
        """The content behind a file id; the Bot API hands out up to 20 MB."""
        try:
            file = await self._api.get_file(reference)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise failure(error) from error

    async def acknowledge(self, incoming: Incoming) -> None:
        """Stop the pressed button's clock; "query is too old" and other troubles pass."""
        if not incoming.callback_id:
            return
        try:
            await self._api.answer_callback_query(incoming.callback_id)
        except TelegramError:
            return

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        """One long poll; python-telegram-bot's own would confirm updates before they are kept."""
        asked: Payload = {
            "timeout": POLL_SECONDS,
            "limit": 100,
            "allowed_updates": telegram_reading.UPDATES,
        }
        if cursor:
            asked["offset"] = int(cursor)
        updates = await self._ask("getUpdates", asked)
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

    async def _ask(self, method: str, asked: Payload) -> Any:
        try:
            answer = await self._updates.post(method, json=asked)
            body = answer.json()
        except httpx.HTTPError as error:
            raise SendFailed("unreachable", detail=type(error).__name__) from error
        except ValueError as error:
            raise SendFailed("unreachable", detail=f"{method}: not JSON") from error
        if not isinstance(body, dict) or body.get("ok") is not True:
            raise _refusal(answer.status_code, body)
        return body.get("result")

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret that setWebhook was given came along."""
        given = headers.get(SECRET_HEADER, "")
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())

    async def close(self) -> None:
        """Let the connections go."""
        await self._request.shutdown()
        await self._updates.aclose()
        await self._wire.aclose()


def _result(status: int, payload: bytes) -> Any:
    try:
        body = json.loads(payload)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    if body.get("ok") is True:
        return body.get("result")
    raise _ERRORS.get(status, NetworkError)(str(body.get("description", status)))


def failure(error: TelegramError) -> SendFailed:
    """Telegram's refusal in our words; its text holds no token and no text of people."""
    said = str(error)
    if isinstance(error, TooMany):
        return SendFailed("too_many", retry_after=error.seconds)
    if isinstance(error, Forbidden):
        return SendFailed("blocked", permanent=True, detail=said)
    if isinstance(error, InvalidToken):
        return SendFailed("unauthorized", detail=said)
    if isinstance(error, BadRequest):
        return SendFailed(_refused(said.lower()), permanent=True, detail=said)
    doubtful = not isinstance(error.__cause__, NOT_SENT)
    return SendFailed("unreachable", doubtful=doubtful, detail=type(error).__name__)


def _refused(said: str) -> Reason:
    if any(words in said for words in (*_NO_CHAT, *_NO_FILE)):
        return "not_found"
    return "too_big" if "file is too big" in said else "refused"


def _refusal(status: int, body: Any) -> SendFailed:
    said = str(body.get("description", "")) if isinstance(body, dict) else ""
    if status in (401, 404):
        return SendFailed("unauthorized", detail=said)
    if status == 429:
        wait = (body.get("parameters") or {}).get("retry_after", 1)
        return SendFailed("too_many", retry_after=float(wait), detail=said)
    return SendFailed("unreachable", detail=f"{status} {said}")


def _of_caption(call: Call) -> Call:
    params = {key: value for key, value in call.params.items() if key != "link_preview_options"}
    params["caption"] = params.pop("text")
    return Call("editMessageCaption", params, fresh=False, instead=call.instead)


def _numbered(payload: Payload) -> bool:
    return isinstance(payload.get("update_id"), int)
