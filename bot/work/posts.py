"""A post that one process holds at a time: a bot's poller, its sender, the clock."""

from datetime import datetime, timedelta

from bot.work import clock
from storage import leases
from storage.database import Database

SECONDS = 20.0


class Post:
    """A lease, renewed when a third of it has passed. Its methods block: call them in a thread."""

    def __init__(self, db: Database, name: str, holder: str = "") -> None:
        self.name = name
        self.holder = holder or leases.new_holder()
        self._db = db
        self._renew_at: datetime | None = None

    @property
    def fresh(self) -> bool:
        """Whether the post is surely ours without asking again."""
        return self._renew_at is not None and clock.real() < self._renew_at

    def hold(self) -> bool:
        """Take or keep the post; False while another process has it."""
        if self.fresh:
            return True
        real = clock.real()
        with self._db.connection() as connection:
            got = leases.hold(connection, self.name, self.holder, seconds=SECONDS, real=real)
        self._renew_at = real + timedelta(seconds=SECONDS / 3) if got else None
        return got

    def release(self) -> None:
        """Let another process take it."""
        self._renew_at = None
        with self._db.connection() as connection:
            leases.release(connection, self.name, self.holder)
