"""Marks that only the holder of a key can make: HMAC-SHA256 with the name of its key."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Keys:
    """The first key marks; the others still recognise what they marked. Without any, "" marks."""

    secrets: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.secrets)

    def mark(self, text: str) -> str:
        """The mark of a text, "name:digest"; "" without a key."""
        return _marked(self.secrets[0], text) if self.secrets else ""

    def marks(self, text: str) -> list[str]:
        """What each key makes of the text, the first key's first."""
        return [_marked(secret, text) for secret in self.secrets]

    def knows(self, text: str, mark: str) -> bool:
        """Whether one of the keys made this mark of this text."""
        return any(hmac.compare_digest(mark, made) for made in self.marks(text))


def keys_for(purpose: str, given: Iterable[str]) -> Keys:
    """A key for one purpose from each secret, so that none serves two."""
    made = (
        hmac.digest(secret.encode(), f"sausat {purpose}".encode(), "sha256") for secret in given
    )
    return Keys(tuple(dict.fromkeys(made)))


def _marked(secret: bytes, text: str) -> str:
    return f"{_name(secret)}:{hmac.digest(secret, text.encode(), 'sha256').hex()}"


@cache
def _name(secret: bytes) -> str:
    return hashlib.sha256(b"name" + secret).hexdigest()[:8]
