"""Links that work for a while: signed, for one purpose, one person and one thing."""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

Purpose = Literal["gui", "noi", "tep", "rieng"]
"""The first part of the address: send photos and files, a place, fetch a file, restricted."""
LIFE = timedelta(minutes=30)
_TOKEN = re.compile(r"((?:[0-9a-f]{1,15}\.){5}[\w-]{6})\.([\w-]{22})", re.ASCII)


class BadLink(Exception):
    """The link opens nothing; `expired` when it once did."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "wrong")
        self.expired = expired


@dataclass(frozen=True)
class Link:
    """What a link says. `about` is a draft (0: none) or an outbox row, `part` one of its files."""

    purpose: Purpose
    person_id: int
    account_id: int
    about: int
    part: int
    expires_at: datetime
    mark: str  # its signature, which tells it from every other link


@dataclass(frozen=True)
class Pages:
    """Where the pages are served, and what signs links to them; false while either is missing."""

    base: str = ""  # https://sausat.example
    secret: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.base and self.secret)

    def link(
        self,
        purpose: Purpose,
        *,
        person_id: int,
        account_id: int,
        about: int = 0,
        part: int = 0,
        at: datetime,
    ) -> str:
        """A new address; no two are alike. `at` is real time."""
        until = int((at + LIFE).timestamp())
        numbers = (person_id, account_id, about, part, until)
        said = ".".join([*(f"{number:x}" for number in numbers), secrets.token_urlsafe(5)[:6]])
        return f"{self.base}/{purpose}/{said}.{self._sign(f'link {purpose} {said}')}"

    def read(self, purpose: Purpose, token: str, at: datetime) -> Link:
        """What the last part of an address says; raises BadLink unless it is ours and in time."""
        found = _TOKEN.fullmatch(token)
        if not self or found is None:
            raise BadLink
        said, mark = found.groups()
        if not hmac.compare_digest(mark, self._sign(f"link {purpose} {said}")):
            raise BadLink
        person, account, about, part, until = (int(each, 16) for each in said.split(".")[:5])
        expires_at = datetime.fromtimestamp(until, UTC)
        if at >= expires_at:
            raise BadLink(expired=True)
        return Link(purpose, person, account, about, part, expires_at, mark)

    def press(self, token: str) -> str:
        """What the page's own button sends along; nobody else knows it."""
        return self._sign(f"press {token}")

    def is_pressed(self, token: str, given: str) -> bool:
        """Whether the button of that page was pressed."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.press(token).encode())

    def _sign(self, said: str) -> str:
        """128 bits of HMAC-SHA256, 22 letters."""
        digest = hmac.digest(self.secret.encode(), said.encode(), "sha256")[:16]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


NO_PAGES = Pages()
