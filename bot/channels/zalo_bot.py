"""Zalo Bot Platform: text, one event a poll or a webhook; its answers are judged by the body."""

import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import structlog

from bot.channels import zalo_bot_reading, zalo_media, zalo_text
from bot.channels.calling import broken_off, client
from bot.channels.contract import Call, Limits, Menu, Payload, SendFailed
from bot.messages import Arrival, Incoming, Outgoing

POLL_SECONDS = 5  # short, so that a poll can be waited out: an event is handed out only once
SLACK = 15.0  # seconds that the answer to an idle poll may be late
GATEWAY_PAUSE = 5.0  # seconds after the gateway itself said 429
SECRET_HEADER = "x-bot-api-secret-token"
LIMITS = Limits(
    text=zalo_text.PART,
    caption=0,
    most_buttons=0,
    edits=False,
    files=False,
    writes_first=False,
    per_second=20,
    per_chat_second=1,
    monthly=3000,
    people=50,
    takes=frozenset({"photo", "voice"}),
    redelivers=False,
)

log = structlog.get_logger()


class ZaloBot:
    """One bot of the Zalo Bot Platform. Its token is a part of every address it calls."""

    name = "zalo"
    limits = LIMITS

    def __init__(
        self,
        token: str,
        *,
        files: Path = Path(),
        api: str = "https://bot-api.zaloplatforms.com",
        proxy: str = "",
        secret: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: zalo_media.Resolve | None = zalo_media.addresses,
    ) -> None:
        self.bot = f"{self.name}:{token.partition(':')[0]}"
        self._secret = secret
        self._root = f"{api}/bot{token}/"
        self._client = client(proxy=proxy, transport=transport, timeout=httpx.Timeout(10))
        self._media = zalo_media.Media(self._client, api, resolve=None if proxy else resolve)

    def external_id(self, payload: Payload) -> str:
        """The message's id, or a digest of an event that has none."""
        return zalo_bot_reading.external_id(payload)

    def read(self, payload: Payload) -> list[Arrival]:
        """What one event says; raises Malformed."""
        return zalo_bot_reading.read(payload)

    def render(
        self,
        message: Outgoing,
        *,
        menu: Menu | None = None,
        edits: Sequence[str] = (),
        numbered: bool = True,
    ) -> list[Call]:
        """Text in parts; what was sent cannot be changed, so an edit is a new message."""
        return zalo_text.calls("sendMessage", message, numbers=numbered)

    async def send(self, address: str, call: Call) -> str:
        """Do one call; a second one of the same text is a second message to the person."""
        asked = {"chat_id": address, "text": zalo_text.shown(call.params)}
        result = await self._ask(call.method, asked)
        return str(result.get("message_id", "")) if isinstance(result, dict) else ""

    async def fetch(self, reference: str) -> bytes:
        """The content behind an address that came with an event; it is gone after a while."""
        return await self._media.fetch(reference)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Nothing: there are no buttons whose clock could run."""

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        """One long poll: one event, or none when the time is over (408)."""
        try:
            result = await self._ask(
                "getUpdates", {"timeout": str(POLL_SECONDS)}, wait=POLL_SECONDS + SLACK
            )
        except _Idle:
            return [], cursor
        found = result if isinstance(result, list) else [result]
        return [
            each if isinstance(each, dict) else {"malformed": each} for each in found if each
        ], ""

    async def listen(self, url: str) -> None:
        """Set the webhook, or take it away so that polling works; none to take away is well too."""
        if not url:
            try:
                await self._ask("deleteWebhook", {})
            except SendFailed as trouble:
                if trouble.reason not in ("refused", "not_found"):
                    raise
            return
        result = await self._ask("setWebhook", {"url": url, "secret_token": self._secret})
        checked = result.get("verification") if isinstance(result, dict) else None
        if isinstance(checked, dict) and checked.get("ok") is False:
            log.warning("webhook_unverified", bot=self.bot, reason=str(checked.get("outcome")))

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret that setWebhook was given came along."""
        given = headers.get(SECRET_HEADER, "")
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def _ask(self, method: str, asked: Payload, *, wait: float = 10.0) -> Any:
        """One call's result; no exception's text holds the address, which holds the token."""
        try:
            answer = await self._client.post(
                self._root + method, json=asked, timeout=httpx.Timeout(10, read=wait)
            )
        except httpx.HTTPError as error:
            raise broken_off(error) from None
        return _result(answer, method)


class _Idle(SendFailed):
    """408: nothing came while we waited."""

    def __init__(self) -> None:
        super().__init__("unreachable", doubtful=True, detail="408")


def _result(answer: httpx.Response, method: str) -> Any:
    """The body decides, whatever the status says; without a body that can be read, the status."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "ok" not in body:
        raise _of_gateway(answer, method)
    if body["ok"] is True:
        return body.get("result")
    raise _refusal(_code(body, answer.status_code), str(body.get("description", "")))


def _code(body: Payload, status: int) -> int:
    """Zalo's own number, which may come as text and under either name."""
    given = str(body.get("error_code", body.get("errorCode", "")))
    return int(given) if given.lstrip("-").isdigit() else status


def _of_gateway(answer: httpx.Response, method: str) -> SendFailed:
    """What stands before Zalo's service answered, with a page of its own."""
    status = answer.status_code
    if status == httpx.codes.REQUEST_TIMEOUT:
        return _Idle()
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SendFailed("too_many", retry_after=GATEWAY_PAUSE, detail="gateway")
    return SendFailed("unreachable", doubtful=True, detail=f"{method}: {status}, not JSON")


def _refusal(code: int, said: str) -> SendFailed:
    """Zalo's refusal in our words. 403 is documented as an error of Zalo's own server."""
    words = said.lower()
    if code == 408:
        return _Idle()
    if code == 401:
        return SendFailed("unauthorized", detail=said)
    if code == 429:
        return SendFailed("out_of_quota", detail=said)
    if code == 404:
        return SendFailed(
            "not_found" if "chat" in words else "refused", permanent=True, detail=said
        )
    if code == 400:
        gone = "chat" in words and ("not found" in words or "invalid" in words)
        return SendFailed("not_found" if gone else "refused", permanent=True, detail=said)
    return SendFailed("unreachable", doubtful=True, detail=f"{code} {said}")
