"""Codes by which a chat account becomes a person's: made, read as typed, used once."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.words import fold
from storage import accounts, audit, invites
from storage.tables import Person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 9  # 45 bits
VALID = timedelta(days=30)
LONGEST_TEXT = 100  # around a code: "Mã của tôi là K7M-2QX-9TR"
_LOOKALIKES = str.maketrans("ILOU", "110V")
_GROUPED = re.compile(
    r"(?<![0-9a-z])([0-9a-z]{3})[-. ]?([0-9a-z]{3})[-. ]?([0-9a-z]{3})(?![0-9a-z])"
)
_ALMOST = re.compile(r"(?=\S*\d)(?=\S*[a-z])[0-9a-z.-]{7,14}")
_SALT = b"sausat invite"


@dataclass(frozen=True)
class Issued:
    """A code as it is handed to a person; nobody can read it out of the database again."""

    person: Person
    code: str  # grouped: K7M-2QX-9TR
    expires_at: datetime


def new_code() -> str:
    """A code with at least one letter and one digit, so that it is told apart from a word."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if any(sign.isdigit() for sign in code) and any(sign.isalpha() for sign in code):
            return code


def grouped(code: str) -> str:
    """K7M-2QX-9TR."""
    return "-".join(code[at : at + 3] for at in range(0, LENGTH, 3))


def read_code(text: str) -> str | None:
    """The code in what was typed or scanned, whatever its case, dashes and spaces.

    Something that is nearly a code is given back as it is, so that it counts as a wrong one;
    None for any other text.
    """
    said = fold(text).removeprefix("/start").strip()
    if len(said) > LONGEST_TEXT:
        return None
    codes = ("".join(found.groups()) for found in _GROUPED.finditer(said))
    for code in codes:
        if any(sign.isdigit() for sign in code) and any(sign.isalpha() for sign in code):
            return code.upper().translate(_LOOKALIKES)
    return said.upper() if _ALMOST.fullmatch(said) else None


def hashed(code: str) -> str:
    """How a code is stored: slow on purpose, for 45 bits alone would be guessed from a copy."""
    return hashlib.scrypt(code.encode(), salt=_SALT, n=2**11, r=8, p=1, dklen=32).hex()


def issue(
    session: Session,
    people: Sequence[Person],
    at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    valid: timedelta = VALID,
) -> list[Issued]:
    """New codes for many people, in their order."""
    codes = prepare(people, at, progress, valid=valid)
    keep(session, codes, at)
    return [issued for issued, _ in codes]


def prepare(
    people: Iterable[Person],
    at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    valid: timedelta = VALID,
) -> list[tuple[Issued, str]]:
    """Codes with their hashes, not kept yet: hashing is slow and needs no transaction."""
    listed = list(people)
    made = []
    for done, person in enumerate(listed, 1):
        code = new_code()
        made.append((Issued(person, grouped(code), at + valid), hashed(code)))
        progress(done, len(listed))
    return made


def keep(session: Session, codes: Sequence[tuple[Issued, str]], at: datetime) -> None:
    """Store what `prepare` made."""
    new = [invites.New(issued.person.id or 0, code_hash) for issued, code_hash in codes]
    if codes:
        invites.add(session, new, at, codes[0][0].expires_at)


def redeem(session: Session, code: str, account_id: int, at: datetime) -> int | None:
    """The person whose code it was; from now on it is nobody's."""
    return invites.take(session, hashed(code), account_id, at)


def revoke(session: Session, person: Person, at: datetime) -> int:
    """Cut the person's accounts and end unused codes; how many accounts there were."""
    invites.void(session, [person.id or 0], at)
    audit.note(session, "account.revoke", "person", person.id, at=at)
    held = accounts.of_person(session, person.id or 0)
    return accounts.release(session, [each.id for each in held if each.id is not None])
