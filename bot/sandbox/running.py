"""Runs the sandbox under uvicorn: alone, in somebody's event loop, or in a thread for tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

START_SECONDS = 10.0


class SandboxServer(uvicorn.Server):
    """Lets waiting polls and streams go before it stops, so that stopping takes no time."""

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="warning",
                timeout_graceful_shutdown=3,
                timeout_keep_alive=60,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; waiting readers are answered first."""
        self._app.state.close()
        await super().shutdown(sockets)


@contextmanager
def running(app: Starlette, port: int = 0) -> Iterator[str]:
    """The application served from a thread; yields its address once it answers."""
    listener = _listen(port)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = SandboxServer(app)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield address
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()


def _listen(port: int) -> socket.socket:
    """A socket whose protocol is named: asyncio sets TCP_NODELAY on no other, which costs 40 ms."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    listener.listen(1024)
    return listener


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the sandbox server did not start")
        time.sleep(0.01)
