"""Telegram's files by python-telegram-bot; loaded with the first of them, as it takes 25 MB."""

from collections.abc import Mapping
from typing import Any

import httpx
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.calling import NOT_SENT
from bot.channels.contract import SendFailed
from bot.channels.telegram_refusals import answered, refusal, wait

_STATUSES = {BadRequest: 400, InvalidToken: 401, Forbidden: 403}


class _TooMany(TelegramError):
    """429, told before the library builds its own error, which warns each time it is built."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("Too Many Requests")
        self.seconds = wait(answered(payload))


class _Requests(HTTPXRequest):
    """The library's requests over httpx."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One request; raises _TooMany."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == httpx.codes.TOO_MANY_REQUESTS:
            raise _TooMany(payload)
        return code, payload


class Files:
    """Sends and fetches files for one bot; raises SendFailed."""

    def __init__(
        self, token: str, *, api: str, proxy: str, seconds: Mapping[str, float], way: dict[str, Any]
    ) -> None:
        self._request = _Requests(
            proxy=proxy or None,
            httpx_kwargs=way,
            **{f"{name}_timeout": value for name, value in seconds.items()},  # type: ignore[arg-type]  # by these names
        )
        self._api = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def upload(self, method: str, given: dict[str, Any]) -> str:
        """The new message's id."""
        api = self._api
        upload: Any = {
            "sendPhoto": api.send_photo,
            "sendDocument": api.send_document,
            "sendVoice": api.send_voice,
        }[method]
        try:
            return str((await upload(**given)).message_id)
        except TelegramError as error:
            raise _failure(error) from error

    async def fetch(self, reference: str) -> bytes:
        """The content behind a file id; the Bot API hands out up to 20 MB."""
        try:
            file = await self._api.get_file(reference)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise _failure(error) from error

    async def close(self) -> None:
        """Let the connections go."""
        await self._request.shutdown()


def _failure(error: TelegramError) -> SendFailed:
    if isinstance(error, _TooMany):
        return refusal(429, seconds=error.seconds)
    for kind, status in _STATUSES.items():
        if isinstance(error, kind):
            return refusal(status, str(error))
    doubtful = not isinstance(error.__cause__, NOT_SENT)
    return SendFailed("unreachable", doubtful=doubtful, detail=type(error).__name__)
