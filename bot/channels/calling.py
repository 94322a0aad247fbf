"""How channels call their servers: one kind of client, and one reading of a call that broke off."""

import httpx

from bot.channels.contract import SendFailed
from bot.tls import known_servers

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""After these it is sure that nothing was sent; after any other trouble it is not."""


def client(
    *,
    proxy: str,
    transport: httpx.AsyncBaseTransport | None,
    timeout: httpx.Timeout,
    base_url: str = "",
) -> httpx.AsyncClient:
    """A client that knows servers by our certificates and no proxy but the one it is given."""
    return httpx.AsyncClient(
        base_url=base_url,
        proxy=proxy or None,
        trust_env=False,
        verify=known_servers(),
        transport=transport,
        timeout=timeout,
    )


def broken_off(error: httpx.HTTPError) -> SendFailed:
    """The trouble without the address, which may hold a token."""
    doubtful = not isinstance(error, NOT_SENT)
    return SendFailed("unreachable", doubtful=doubtful, detail=type(error).__name__)
