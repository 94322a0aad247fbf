"""The certificates by which a server is known: read once, as that takes 20 ms and 1 MB."""

import ssl
from functools import cache

import httpx


@cache
def known_servers() -> ssl.SSLContext:
    """What every client of the process checks a server by."""
    return httpx.create_ssl_context(trust_env=False)
