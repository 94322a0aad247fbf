"""Fetches what people sent from the hosts where Zalo keeps it, and from nowhere else."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import httpx

from bot.channels.contract import SendFailed

HOSTS = (".zdn.vn", ".zadn.vn")
LARGEST = 20 * 1024 * 1024
REDIRECTS = 3
_GONE = (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.GONE)

Resolve = Callable[[str], Awaitable[list[str]]]


async def addresses(host: str) -> list[str]:
    """The addresses that a name stands for."""
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Media:
    """Gets files over https from Zalo's hosts, or from an API that runs on this machine itself.

    `resolve` None: names are left to the proxy. An address that is given out of a private
    network is refused, also after a redirect.
    """

    def __init__(
        self, client: httpx.AsyncClient, api: str, *, resolve: Resolve | None = addresses
    ) -> None:
        self._client = client
        self._resolve = resolve
        url = httpx.URL(api)
        self._here = _origin(url) if _is_loopback(url.host) else None

    async def fetch(self, reference: str) -> bytes:
        """The content behind an address; raises SendFailed."""
        try:
            url = httpx.URL(reference)
            for _ in range(REDIRECTS):
                await self._check(url)
                found = await self._get(url)
                if isinstance(found, bytes):
                    return found
                url = url.join(found)
        except httpx.InvalidURL as error:
            raise _refused("not an address") from error
        except (httpx.HTTPError, OSError) as error:
            raise SendFailed("unreachable", detail=type(error).__name__) from error
        raise _refused("too many redirects")

    async def _get(self, url: httpx.URL) -> bytes | str:
        """The content, or where it is to be found instead."""
        async with self._client.stream("GET", url, follow_redirects=False) as answer:
            if answer.is_redirect:
                return str(answer.headers.get("location", ""))
            if answer.status_code in _GONE:
                raise SendFailed("not_found", permanent=True, detail=str(answer.status_code))
            if not answer.is_success:
                raise SendFailed("unreachable", detail=str(answer.status_code))
            return await _content(answer)

    async def _check(self, url: httpx.URL) -> None:
        if self._here and _origin(url) == self._here:
            return
        known = url.host.endswith(HOSTS) and not url.userinfo
        if url.scheme != "https" or url.port not in (None, 443) or not known:
            raise _refused("not one of Zalo's hosts")
        if self._resolve is None:
            return
        found = await self._resolve(url.host)
        if not found or not all(ipaddress.ip_address(each).is_global for each in found):
            raise _refused("a private address")


async def _content(answer: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > LARGEST:
            raise SendFailed("too_big", permanent=True)
    return bytes(content)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(why: str) -> SendFailed:
    return SendFailed("refused", permanent=True, detail=why)
