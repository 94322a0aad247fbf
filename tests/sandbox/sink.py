"""A web server that keeps what is posted to it."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Sink:
    """Answers every post with `status`, for the first `failing` of them with 500."""

    def __init__(self, status: int = 200, failing: int = 0) -> None:
        self.got: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                sink.got.put((headers, self.rfile.read(length)))
                sink.failing -= 1
                self.send_response(500 if sink.failing >= 0 else status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.failing = failing
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Sink:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self) -> tuple[dict[str, str], bytes]:
        """The next post: headers in lower case, body."""
        return self.got.get(timeout=10)
