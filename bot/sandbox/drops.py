"""An answer that never comes: the connection is closed without a byte."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Dropped(Response):
    """Closes the connection under uvicorn; elsewhere breaks the answer off half-way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn passes a bound method of its request cycle, which knows the transport; ASGI
        # itself has no word for hanging up.
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is None:
            headers = [(b"content-length", b"1000000")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            raise ConnectionAbortedError("dropped on purpose")
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
