"""Zalo's two interfaces called as a service would, over plain HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox import OfficialAccount

TOKEN = "12345:plainly-invented"
SECRET = "a-secret-of-the-tests"
ACCOUNT = OfficialAccount("7001", "app-secret", "oa-secret-key", "refresh-1")
PHONES = [
    {"id": "a1b2c3d4e5f60718293a", "name": "Nguyễn Văn Mẫu", "code": "CB001", "channel": "zalo"},
    {"id": "6001", "name": "Trần Thị Hòa", "code": "XA01", "channel": "zalo_oa"},
]


class BotApi:
    """Calls methods of the Bot Platform and returns the raw answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/zalo/bot{TOKEN}/", trust_env=False, timeout=15)

    def call(self, method: str, **fields: Any) -> dict[str, Any]:
        return dict(self.http.post(method, json=fields).json())

    def ok(self, method: str, **fields: Any) -> Any:
        answer = self.call(method, **fields)
        assert answer["ok"], answer
        return answer.get("result")

    def refusal(self, method: str, **fields: Any) -> tuple[int, str]:
        answer = self.call(method, **fields)
        assert not answer["ok"], answer
        return answer["error_code"], answer["description"]

    def event(self) -> dict[str, Any]:
        """What waits now, at once."""
        return dict(self.ok("getUpdates", timeout="0"))


class OaApi:
    """Calls the Official Account's interface with a token that counts."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/zalo_oa/", trust_env=False, timeout=15)
        self.refresh_token = ACCOUNT.refresh_token
        self.access_token = ""

    def refresh(self) -> dict[str, Any]:
        """A new pair of tokens, kept if there is one."""
        form = {
            "refresh_token": self.refresh_token,
            "app_id": ACCOUNT.app_id,
            "grant_type": "refresh_token",
        }
        secret = {"secret_key": ACCOUNT.app_secret}
        answer = dict(self.http.post("v4/oa/access_token", data=form, headers=secret).json())
        self.access_token = answer.get("access_token", self.access_token)
        self.refresh_token = answer.get("refresh_token", self.refresh_token)
        return answer

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"access_token": self.access_token}
        return dict(self.http.post(path, json=body, headers=headers).json())

    def send(self, user: str, **message: Any) -> dict[str, Any]:
        """message/cs."""
        return self.post("v3.0/oa/message/cs", {"recipient": {"user_id": user}, "message": message})
