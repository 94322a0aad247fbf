"""Zalo Official Account, OpenAPI v3: text, five buttons, pictures, files; events by webhook."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from bot.channels import zalo_media, zalo_oa_reading, zalo_oa_rendering
from bot.channels.calling import broken_off, client
from bot.channels.contract import Call, Menu, Payload, Reason, SendFailed
from bot.channels.zalo_oa_tokens import Tokens, Vault
from bot.messages import Arrival, Incoming, Outgoing

API = "https://openapi.zalo.me"
OAUTH = "https://oauth.zaloapp.com"
SIGNATURE_HEADER = "x-zevent-signature"
RATE_PAUSE = 15.0  # seconds after -32: the limit is counted by the minute
PICTURE_BYTES = 1024 * 1024

_EXPIRED = frozenset({-216, -220, -124})
_NO_BUTTONS = frozenset({-224, -233})
_REASONS: dict[int, Reason] = {
    **dict.fromkeys((-213, -217, -222, -227, -244, -114), "blocked"),
    **dict.fromkeys((-230, -232, -305, -311, -218), "window_closed"),
    **dict.fromkeys((-211, -320, -321), "out_of_quota"),
    **dict.fromkeys((-204, -205, -209, -212, -221, -223), "unauthorized"),
    **dict.fromkeys((-224, -234, -240), "not_allowed"),
}
_PERMANENT = frozenset({"blocked", "not_allowed"})


class _Refused(Exception):
    """The API's own number for what it did not do."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code}: {said}")
        self.code, self.said = code, said


class ZaloOA:
    """One Official Account. `template` is the paid notice that a closed window lets through."""

    name = "zalo_oa"

    def __init__(
        self,
        *,
        app_id: str,
        app_secret: str,
        secret_key: str,
        refresh_token: str,
        files: Path,
        api: str = API,
        template: str = "",
        proxy: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: zalo_media.Resolve | None = zalo_media.addresses,
    ) -> None:
        self.bot = f"{self.name}:{app_id}"
        self.limits = replace(zalo_oa_rendering.LIMITS, template=bool(template))
        self._app_id, self._secret_key = app_id, secret_key
        self._files, self._api, self._template = files, api, template
        self._client = client(proxy=proxy, transport=transport, timeout=httpx.Timeout(15))
        self._media = zalo_media.Media(self._client, api, resolve=None if proxy else resolve)
        oauth = OAUTH if api == API else api  # another address speaks for both of Zalo's hosts
        self._tokens = Tokens(
            self._client,
            f"{oauth}/v4/oa/access_token",
            app_id=app_id,
            app_secret=app_secret,
            first=refresh_token,
        )

    def keep_tokens_in(self, vault: Vault) -> None:
        """Share the tokens with every process that has this vault."""
        self._tokens.vault = vault

    def external_id(self, payload: Payload) -> str:
        """The message's id, or a digest of an event that has none."""
        return zalo_oa_reading.external_id(payload)

    def read(self, payload: Payload) -> list[Arrival]:
        """What one event says; raises Malformed."""
        return zalo_oa_reading.read(payload)

    def render(
        self,
        message: Outgoing,
        *,
        menu: Menu | None = None,
        edits: Sequence[str] = (),
        numbered: bool = True,
    ) -> list[Call]:
        """The calls that carry the message; what was sent cannot be changed."""
        return zalo_oa_rendering.render(message, limits=self.limits, numbered=numbered)

    async def send(self, address: str, call: Call) -> str:
        """Do one call. An account whose plan has no buttons gets numbered text from then on."""
        try:
            return await self._send(address, call)
        except _Refused as refused:
            if call.instead and refused.code in _NO_BUTTONS:
                self.limits = replace(self.limits, most_buttons=0)
                return await self.send(address, call.instead)
            raise _failure(refused) from None

    async def _send(self, address: str, call: Call) -> str:
        if call.method == "template":
            return await self._notify(address, call)
        if call.method == "text":
            posted = zalo_oa_rendering.body(address, call.params)
        else:
            posted = zalo_oa_rendering.file_body(address, call.method, await self._upload(call))
        data = await self._ask("/v3.0/oa/message/cs", json=posted)
        return str(data.get("message_id", ""))

    async def _notify(self, address: str, call: Call) -> str:
        """The paid notice, which a closed window lets through; the template has one field."""
        data = {"noi_dung": call.params["text"]}
        asked = {"user_id": address, "template_id": self._template, "template_data": data}
        done = await self._ask("/v3.0/oa/message/template", json=asked)
        return str(done.get("message_id", done.get("msg_id", "")))

    async def _upload(self, call: Call) -> Payload:
        """Hand a file over; what comes back stands for it in the message."""
        path = self._files / call.file
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SendFailed("not_found", permanent=True, detail=type(error).__name__) from error
        most = PICTURE_BYTES if call.method == "image" else self.limits.file_bytes
        if most and len(content) > most:
            raise SendFailed("too_big", permanent=True)
        given = await self._ask(
            f"/v2.0/oa/upload/{call.method}", files={"file": (call.name or path.name, content)}
        )
        if not {"attachment_id", "token"} & given.keys():
            raise SendFailed("unreachable", detail="upload: nothing to send")
        return given

    async def fetch(self, reference: str) -> bytes:
        """The content behind an address that came with an event; it is gone after a while."""
        return await self._media.fetch(reference)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Nothing: a tap is an ordinary message."""

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        """Nothing can be fetched: an Official Account posts its events."""
        raise SendFailed("not_allowed", permanent=True, detail="events are posted only")

    async def listen(self, url: str) -> None:
        """Nothing: the address is entered on the developers' page of Zalo."""

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the body was signed with the account's key: a digest, no HMAC."""
        given = headers.get(SIGNATURE_HEADER, "").strip().removeprefix("mac=").lower()
        stamp = _timestamp(body)
        if not self._secret_key or not given or stamp is None:
            return False
        signed = self._app_id.encode() + body + stamp.encode() + self._secret_key.encode()
        return hmac.compare_digest(given.encode(), hashlib.sha256(signed).hexdigest().encode())

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def _ask(self, path: str, **content: Any) -> Payload:
        """One call's data; a token that counts no more is replaced once. Raises _Refused."""
        access = await self._tokens.access()
        try:
            return await self._post(path, access, content)
        except _Refused as refused:
            if refused.code not in _EXPIRED:
                raise
        try:
            return await self._post(path, await self._tokens.instead_of(access), content)
        except _Refused as refused:
            if refused.code in _EXPIRED:
                raise SendFailed("unauthorized", detail=str(refused)) from None
            raise

    async def _post(self, path: str, access: str, content: Payload) -> Payload:
        headers = {"access_token": access}
        try:
            answer = await self._client.post(self._api + path, headers=headers, **content)
            body = answer.json()
        except httpx.HTTPError as error:
            raise broken_off(error) from None
        except ValueError:
            raise _of_gateway(answer.status_code) from None
        return _data(body, answer.status_code)


def _data(body: Any, status: int) -> Payload:
    """What was asked for; the body's own number decides, with any status."""
    if not isinstance(body, dict) or "error" not in body:
        raise _of_gateway(status)
    code = str(body["error"])
    if code != "0":
        number = int(code) if code.lstrip("-").isdigit() else -200
        raise _Refused(number, str(body.get("message", "")))
    data = body.get("data")
    return data if isinstance(data, dict) else {}


def _of_gateway(status: int) -> SendFailed:
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SendFailed("too_many", retry_after=RATE_PAUSE, detail="gateway")
    return SendFailed("unreachable", doubtful=True, detail=f"{status}, no answer of the API")


def _failure(refused: _Refused) -> SendFailed:
    """The refusal in our words; what is not listed is our mistake, and stays so."""
    if refused.code == -32:
        return SendFailed("too_many", retry_after=RATE_PAUSE, detail=str(refused))
    if refused.code in _EXPIRED:
        return SendFailed("unauthorized", detail=str(refused))
    reason = _REASONS.get(refused.code)
    if reason is None:
        return SendFailed("refused", permanent=True, detail=str(refused))
    return SendFailed(reason, permanent=reason in _PERMANENT, detail=str(refused))


def _timestamp(body: bytes) -> str | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    stamp = found.get("timestamp") if isinstance(found, dict) else None
    return str(stamp) if isinstance(stamp, str | int) else None
