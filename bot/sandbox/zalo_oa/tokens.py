"""The account's tokens: a refresh token counts once, and a new pair ends the old one."""

from __future__ import annotations

import secrets
import time
from typing import Any

from bot.sandbox.zalo_oa.errors import BAD_TOKEN, EXPIRED_TOKEN

LIFE = 90_000  # seconds, 25 hours


class Tokens:
    """The pair that counts now; times are monotonic."""

    def __init__(self, app_id: str, app_secret: str, refresh_token: str, life: int = LIFE) -> None:
        self._app_id = app_id
        self._app_secret = app_secret
        self._refresh = refresh_token
        self._access = ""
        self._ended: set[str] = set()
        self._until = 0.0
        self._life = life
        self.refreshed = 0

    def refresh(self, form: dict[str, str], secret_key: str) -> dict[str, Any]:
        """The token endpoint: a new pair, or what is wrong, both under HTTP 200."""
        if form.get("app_id") != self._app_id:
            return _refusal(-14002, "Invalid app id", "app_id")
        if secret_key != self._app_secret:
            return _refusal(-14004, "Invalid secret key", "secret_key")
        given = form.get("refresh_token", "")
        if form.get("grant_type") != "refresh_token" or given != self._refresh:
            return _refusal(-14014, "Invalid refresh token", "refresh_token")
        self._ended.add(self._access)
        self._access, self._refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        self._until = time.monotonic() + self._life
        self.refreshed += 1
        return {
            "access_token": self._access,
            "refresh_token": self._refresh,
            "expires_in": str(self._life),
        }

    def check(self, given: str) -> None:
        """Refuse a token that does not count, or no longer."""
        if given and given in self._ended:
            raise EXPIRED_TOKEN
        if not given or given != self._access:
            raise BAD_TOKEN
        if time.monotonic() >= self._until:
            raise EXPIRED_TOKEN

    def expire(self) -> None:
        """End the access token before its time."""
        self._ended.add(self._access)
        self._access = ""


def _refusal(code: int, name: str, field: str) -> dict[str, Any]:
    return {
        "error": code,
        "error_name": name,
        "error_reason": f"{field} is not valid",
        "error_description": "",
    }
