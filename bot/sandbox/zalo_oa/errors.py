"""Refusals of the Official Account's interface: a negative code and words, under HTTP 200."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A call that is answered with an error other than 0."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": self.code, "message": self.message}


def invalid(words: str) -> ApiError:
    """-201: a parameter is wrong."""
    return ApiError(-201, f"Params is invalid: {words}")


RATE = ApiError(-32, "Your application reached limit call api")
UNSUPPORTED_API = ApiError(-209, "This API is not supported")
OUT_OF_QUOTA = ApiError(-211, "Out of quota")
NOT_FOLLOWER = ApiError(-213, "User has not followed OA")
BAD_TOKEN = ApiError(-216, "Access token is invalid")
EXPIRED_TOKEN = ApiError(-220, "access_token is expired or removed")
BLOCKED = ApiError(-222, "User has blocked OA or has not been active for 45 days")
LOW_TIER = ApiError(-224, "The OA needs to upgrade OA Tier Package")
WINDOW_CLOSED = ApiError(-230, "User has not interacted with the OA in the past 7 days")
UNSUPPORTED_MESSAGE = ApiError(-233, "The message type is not supported")
OLD_ATTACHMENT = ApiError(-100, "The attachment is expired or does not exist")
ON_PURPOSE = {
    "quota": OUT_OF_QUOTA,
    "window_closed": WINDOW_CLOSED,
    "not_follower": NOT_FOLLOWER,
    "blocked_user": BLOCKED,
}
