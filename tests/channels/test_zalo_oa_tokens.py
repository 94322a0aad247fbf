"""The account's tokens: refreshed early, by one at a time, stored before they are used."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog

from bot.channels.contract import SendFailed
from bot.channels.zalo_oa import ZaloOA
from bot.channels.zalo_oa_tokens import Memory, Vault
from bot.messages import Outgoing
from bot.work import credentials, sealed
from storage import secrecy
from storage.database import Database
from storage.tables import Credential
from tests.channels.wire import Answer
from tests.channels.zalo_wire import Account, oa, pair

BOT = "zalo_oa:123456"


def with_vault(account: Account, vault: Vault) -> ZaloOA:
    channel = oa(account)
    channel.keep_tokens_in(vault)
    return channel


def tokens(account: Account, vault: Vault, times: int = 1) -> list[str]:
    channel = with_vault(account, vault)

    async def play() -> list[str]:
        return [await channel._tokens.access() for _ in range(times)]

    return asyncio.run(play())


def test_a_token_is_fetched_once_and_used_by_whoever_comes_later(db: Database) -> None:
    account = Account()
    assert tokens(account, credentials.Vault(db, BOT), 3) == ["access-1"] * 3
    assert tokens(account, credentials.Vault(db, BOT)) == ["access-1"], "another process"
    assert len(account.refreshed) == 1


def test_a_token_that_ends_soon_is_replaced_with_the_stored_refresh_token(db: Database) -> None:
    account = Account(pairs=[pair(1, "600"), pair(2, 90000)])
    vault = credentials.Vault(db, BOT)
    assert tokens(account, vault) == ["access-1"]
    assert tokens(account, vault) == ["access-2"]
    assert "refresh_token=refresh-1&" in account.refreshed[1]


def test_many_at_once_refresh_once(db: Database) -> None:
    account = Account()

    async def play() -> list[str]:
        channels = [with_vault(account, credentials.Vault(db, BOT)) for _ in range(4)]
        return list(await asyncio.gather(*(each._tokens.access() for each in channels * 3)))

    assert asyncio.run(play()) == ["access-1"] * 12
    assert len(account.refreshed) == 1


def test_the_pair_is_stored_before_it_is_used(db: Database) -> None:
    class Watching(Account):
        async def __call__(self, request: Any) -> Any:
            if request.url.path.endswith("/cs"):
                with db.reading() as session:
                    stored = session.get(Credential, BOT)
                assert stored is not None
                assert stored.access_token == request.headers["access_token"]
            return await super().__call__(request)

    account = Watching()
    channel = with_vault(account, credentials.Vault(db, BOT))
    (call,) = channel.render(Outgoing("Chào"))
    asyncio.run(channel.send("u1", call))
    assert len(account.asked) == 1


class Full(Memory):
    """A vault whose disk is full for a while."""

    def __init__(self, refusals: int) -> None:
        super().__init__()
        self.refusals = refusals

    def keep(self, access: str, refresh: str, seconds: float, seed: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("the disk is full")
        super().keep(access, refresh, seconds, seed)


def test_a_pair_that_cannot_be_stored_is_neither_used_nor_lost() -> None:
    account, vault = Account(), Full(refusals=2)
    channel = with_vault(account, vault)

    async def play() -> str:
        for _ in range(2):
            with pytest.raises(SendFailed):
                await channel._tokens.access()
        return await channel._tokens.access()

    assert asyncio.run(play()) == "access-1"
    assert len(account.refreshed) == 1
    stored = vault.pair()
    assert stored is not None
    assert stored.refresh == "refresh-1"


def test_a_new_refresh_token_in_the_settings_comes_before_the_stored_pair(db: Database) -> None:
    vault = credentials.Vault(db, BOT)
    vault.keep("old", "old-refresh", 90000, "digest of another setting")
    account = Account()
    assert tokens(account, vault) == ["access-1"]
    assert "refresh_token=refresh-0&" in account.refreshed[0]


def test_whoever_has_no_right_to_refresh_waits_for_the_one_who_has(db: Database) -> None:
    account, other = Account(), credentials.Vault(db, BOT)
    assert other.hold()
    channel = with_vault(account, credentials.Vault(db, BOT))

    async def play() -> str:
        waiting = asyncio.create_task(channel._tokens.access())
        await asyncio.sleep(0.4)
        assert not waiting.done()
        seed = channel._tokens._seed
        await asyncio.to_thread(other.keep, "access-9", "refresh-9", 90000.0, seed)
        return await waiting

    assert asyncio.run(play()) == "access-9"
    assert account.refreshed == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, b'{"error_name": "invalid refresh token", "error": -14014}'), "unauthorized"),
        ((400, b'{"message": "Invalid app_id"}'), "unauthorized"),
        ((502, b"<html>"), "unreachable"),
        (OSError("x"), "unreachable"),
    ],
)
def test_a_refresh_that_fails_says_why_and_stores_nothing(answer: Any, reason: str) -> None:
    given: Answer = httpx.ConnectError("no") if isinstance(answer, OSError) else answer
    vault = Memory()
    with pytest.raises(SendFailed) as caught:
        tokens(Account(pairs=[given]), vault)
    assert caught.value.reason == reason
    assert vault.pair() is None


def test_no_log_shows_a_token_that_came_while_running(db: Database, logged: io.StringIO) -> None:
    vault = credentials.Vault(db, BOT)
    vault.keep("access+in/1", "refresh=in:2", 90000, "seed")
    forms = (
        "access+in/1",
        "access%2Bin/1",
        "access%2Bin%2F1",
        "access%2bin%2f1",
        "refresh%3din%3a2",
    )
    structlog.get_logger().warning("poll_failed", reason=" ".join(forms))
    assert json.loads(logged.getvalue())["reason"] == " ".join(["***"] * len(forms))


@pytest.fixture
def keys() -> Iterator[Callable[..., None]]:
    """Sets the keys of restricted content, which also seal tokens."""
    yield lambda *given: secrecy.use(given)
    secrecy.use([])


def stored(db: Database) -> str:
    with db.reading() as session:
        row = session.get(Credential, BOT)
        assert row is not None
        return f"{row.access_token} {row.refresh_token}"


def test_with_a_key_no_token_can_be_read_in_the_database(
    db: Database, keys: Callable[..., None]
) -> None:
    account, vault = Account(), credentials.Vault(db, BOT)
    assert tokens(account, vault) == ["access-1"]
    assert stored(db) == "access-1 refresh-1", "there is no key yet"
    keys("k" * 32)
    assert tokens(account, vault) == ["access-1"]
    vault.keep("access-2", "refresh-2", 90000, "seed")
    assert "access" not in stored(db)
    assert "refresh" not in stored(db)
    assert (pair := vault.pair())
    assert (pair.access, pair.refresh) == ("access-2", "refresh-2")


def test_tokens_follow_a_key_that_is_rotated(db: Database, keys: Callable[..., None]) -> None:
    vault = credentials.Vault(db, BOT)
    vault.keep("access-1", "refresh-1", 90000, "seed")
    keys("new" * 11, "old" * 11)
    assert sealed.rotate(db) == 0
    assert "access" not in stored(db)
    keys("new" * 11)
    assert (pair := vault.pair())
    assert pair.refresh == "refresh-1"


@pytest.mark.parametrize("other", [(), ("other" * 7,)])
def test_tokens_that_no_key_opens_are_asked_for_anew(
    db: Database, keys: Callable[..., None], other: tuple[str, ...], logged: io.StringIO
) -> None:
    vault = credentials.Vault(db, BOT)
    keys("k" * 32)
    vault.keep("access-7", "refresh-7", 90000, "seed")
    keys(*other)
    assert vault.pair() is None
    assert json.loads(logged.getvalue())["event"] == "tokens_not_opened"
