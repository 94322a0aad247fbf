"""The Bot API's refusals: a code, Telegram's own words, and how long to wait where it says so."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A call that is answered with {"ok": false}."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(words: str) -> ApiError:
    """400 with these words."""
    return ApiError(400, f"Bad Request: {words}")


def too_many_requests(seconds: int) -> ApiError:
    """429, with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def forbidden_blocked() -> ApiError:
    """403: the person blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")
