"""Encryption of restricted content: the first key writes, every key reads."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from storage.seals import Keys, keys_for

if TYPE_CHECKING:  # loaded where something is restricted: most processes never need it
    from cryptography.fernet import MultiFernet


class NotOpened(Exception):
    """Sealed with a key that is not there, or damaged."""


class Box:
    """Seals and opens with the keys of SAUSAT_CONTENT_KEY; false while there is none."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = tuple(keys)
        self._marks: Keys = keys_for("restricted author", self._keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def seal(self, content: Mapping[str, Any]) -> str:
        """What only a key opens."""
        text = json.dumps(content, ensure_ascii=False)
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """What was sealed; raises NotOpened."""
        from cryptography.fernet import InvalidToken

        try:
            found: dict[str, Any] = json.loads(self._fernet().decrypt(sealed.encode()))
        except InvalidToken:
            raise NotOpened from None
        return found

    def again(self, sealed: str) -> str:
        """The same, sealed with the first key; raises NotOpened."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet().rotate(sealed.encode()).decode()
        except InvalidToken:
            raise NotOpened from None

    def author_marks(self, person_id: int) -> list[str]:
        """By what this person's own items are found, the mark of the first key first."""
        return self._marks.marks(f"person {person_id}")

    def _fernet(self) -> "MultiFernet":
        from cryptography.fernet import Fernet, MultiFernet

        return MultiFernet([Fernet(_fernet_key(key)) for key in self._keys])


def _fernet_key(secret: str) -> bytes:
    """A key as Fernet makes them is used as it is, any other secret through SHA-256."""
    try:
        if len(base64.urlsafe_b64decode(secret.encode())) == 32:
            return secret.encode()
    except (binascii.Error, ValueError):
        pass
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())


_in_use = [Box()]


def use(keys: Sequence[str]) -> None:
    """Seal with these keys from now on; called once, when the program starts."""
    _in_use[0] = Box(keys)


def box() -> Box:
    """The one in use."""
    return _in_use[0]
