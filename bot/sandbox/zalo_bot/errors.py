"""Refusals of the Zalo Bot Platform: a code and its words, mostly under HTTP 200."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A call that is answered with {"ok": false}."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description

    def json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "description": self.description, "error_code": self.code}


def bad_request(words: str) -> ApiError:
    """400 with these words."""
    return ApiError(400, f"Bad request: {words}")


UNAUTHORIZED = ApiError(401, "Unauthorized")
NOT_FOUND = ApiError(404, "Not Found")
IDLE = ApiError(408, "Request timeout")
QUOTA = ApiError(429, "Quota exceeded")
