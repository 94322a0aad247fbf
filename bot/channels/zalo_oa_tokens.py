"""The Official Account's tokens: refreshed early, by one at a time, stored before they are used.

A refresh token counts once. Whoever refreshes must hold the vault's lock and must have stored the
new pair before anybody uses it; an answer that is lost on its way costs the account its access,
and the office then authorises the app again.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from bot.channels.contract import SendFailed

EARLY = 15 * 60.0  # seconds before its end that an access token is replaced
WAIT = 20.0  # seconds for another process that is refreshing
LOOK = 0.25


@dataclass(frozen=True)
class Pair:
    """What the vault holds. `seed` is the digest of the setting that the pair descends from."""

    access: str
    refresh: str
    seconds_left: float
    seed: str


class Vault(Protocol):
    """Keeps one bot's pair for every process. Its methods block: they are called in threads."""

    def pair(self) -> Pair | None:
        """The newest pair."""

    def hold(self) -> bool:
        """Take the right to refresh; False while another process has it."""

    def keep(self, access: str, refresh: str, seconds: float, seed: str) -> None:
        """Store a new pair; it is safe when this returns."""

    def release(self) -> None:
        """Give the right back."""


class Memory:
    """A vault that lasts as long as the process, for tests and tools."""

    def __init__(self) -> None:
        self._pair: Pair | None = None

    def pair(self) -> Pair | None:
        """The newest pair."""
        return self._pair

    def hold(self) -> bool:
        """Nobody else is there."""
        return True

    def keep(self, access: str, refresh: str, seconds: float, seed: str) -> None:
        """Until the process ends."""
        self._pair = Pair(access, refresh, seconds, seed)

    def release(self) -> None:
        """Nothing to give back."""


class Tokens:
    """Gives the access token of one account.

    `first` is the refresh token of the settings; another one there than the stored pair began
    with means that the office has authorised the app again.
    """

    def __init__(
        self, client: httpx.AsyncClient, url: str, *, app_id: str, app_secret: str, first: str
    ) -> None:
        self._client = client
        self._url = url
        self._app_id = app_id
        self._app_secret = app_secret
        self._first = first
        self._seed = hashlib.sha256(first.encode()).hexdigest()
        self._lock = asyncio.Lock()
        self._known = ""
        self._until = 0.0
        self._unkept: Pair | None = None
        self.vault: Vault = Memory()

    async def access(self) -> str:
        """A token that counts for some minutes yet; raises SendFailed."""
        if self._known and asyncio.get_running_loop().time() < self._until:
            return self._known
        return await self._renewed(lambda pair: pair.seconds_left > EARLY)

    async def instead_of(self, refused: str) -> str:
        """Another token than the one that was refused; raises SendFailed."""
        return await self._renewed(lambda pair: pair.access != refused and pair.seconds_left > 0)

    async def _renewed(self, counts: Callable[[Pair], bool]) -> str:
        async with self._lock:
            loop = asyncio.get_running_loop()
            late = loop.time() + WAIT
            while loop.time() < late:
                await self._keep_the_unkept()
                pair = await self._pair()
                if pair and counts(pair):
                    return self._remember(pair)
                if await asyncio.to_thread(self.vault.hold):
                    return self._remember(await self._held(counts))
                await asyncio.sleep(LOOK)
        raise SendFailed("unreachable", detail="another process is refreshing the token")

    async def _pair(self) -> Pair | None:
        """The stored pair, if it descends from the refresh token of today's settings."""
        pair = await asyncio.to_thread(self.vault.pair)
        return pair if pair and pair.seed == self._seed else None

    async def _held(self, counts: Callable[[Pair], bool]) -> Pair:
        """Refresh, unless somebody did before we got the right to."""
        try:
            pair = await self._pair()
            if pair and counts(pair):
                return pair
            self._unkept = await self._refresh(pair.refresh if pair else self._first)
            await self._keep_the_unkept()
            return await self._pair() or _lost()
        finally:
            await asyncio.to_thread(self.vault.release)

    async def _keep_the_unkept(self) -> None:
        """A pair that could not be stored is not used, and not let go either."""
        if new := self._unkept:
            try:
                await asyncio.to_thread(
                    self.vault.keep, new.access, new.refresh, new.seconds_left, new.seed
                )
            except Exception as error:  # whatever the database says: nothing may be sent yet
                raise SendFailed("unreachable", detail="the token was not stored") from error
            self._unkept = None

    def _remember(self, pair: Pair) -> str:
        self._known = pair.access
        now = asyncio.get_running_loop().time()
        self._until = now + max(min(pair.seconds_left - EARLY, EARLY), 0.0)
        return pair.access

    async def _refresh(self, refresh: str) -> Pair:
        asked = {
            "refresh_token": refresh,
            "app_id": self._app_id,
            "grant_type": "refresh_token",
        }
        try:
            answer = await self._client.post(
                self._url, data=asked, headers={"secret_key": self._app_secret}
            )
            return self._read(answer.json())
        except httpx.HTTPError as error:
            raise SendFailed("unreachable", detail=type(error).__name__) from None
        except ValueError:
            raise SendFailed("unreachable", detail="token: not JSON") from None

    def _read(self, said: Any) -> Pair:
        """The new pair; an error comes with status 200 too."""
        body = said if isinstance(said, dict) else {}
        access, refresh = body.get("access_token"), body.get("refresh_token")
        if not access or not refresh:
            why = str(body.get("error_name") or body.get("message") or body.get("error") or "")
            raise SendFailed("unauthorized", detail=f"refresh token: {why}")
        seconds = float(body.get("expires_in") or 3600)
        return Pair(str(access), str(refresh), seconds, self._seed)


def _lost() -> Pair:
    raise SendFailed("unreachable", detail="the token was not stored")
