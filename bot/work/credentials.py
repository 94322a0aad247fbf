"""The vault of a bot's tokens: in the database, refreshed by one process at a time."""

from datetime import timedelta

import structlog

from bot.channels.zalo_oa_tokens import Pair
from bot.work import clock, logs
from bot.work.posts import Post
from storage import credentials
from storage.credentials import Tokens
from storage.database import Database
from storage.secrecy import NotOpened

log = structlog.get_logger()


class Vault:
    """One bot's pair. Whoever holds the lease refreshes; a crash gives it back after a while."""

    def __init__(self, db: Database, bot: str) -> None:
        self._db = db
        self._bot = bot
        self._post = Post(db, f"token {bot}")

    def pair(self) -> Pair | None:
        """The newest pair; from now on no log shows it. One that no key opens is none."""
        try:
            with self._db.reading() as session:
                found = credentials.of_bot(session.connection(), self._bot)
        except NotOpened:
            log.error("tokens_not_opened", bot=self._bot)
            return None
        if found is None:
            return None
        logs.hide(found.access_token, found.refresh_token)
        left = (found.expires_at - clock.real()).total_seconds()
        return Pair(found.access_token, found.refresh_token, left, found.seed)

    def hold(self) -> bool:
        """Take the right to refresh; False while another process has it."""
        return self._post.hold()

    def keep(self, access: str, refresh: str, seconds: float, seed: str) -> None:
        """Store a new pair; it is safe when this returns."""
        logs.hide(access, refresh)
        real = clock.real()
        tokens = Tokens(access, refresh, real + timedelta(seconds=seconds), real, seed)
        with self._db.connection() as connection:
            credentials.keep(connection, self._bot, tokens)

    def release(self) -> None:
        """Give the right back."""
        self._post.release()
