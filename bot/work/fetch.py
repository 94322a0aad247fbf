"""Fetches photos, voice notes and documents into SAUSAT_FILES, under names of our own."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot import files
from bot.channels.contract import SendFailed
from bot.messages import Outgoing, Rejected
from bot.work import clock
from bot.work.media import check
from bot.work.post import post
from bot.work.posts import Post
from storage import attachments
from storage.attachments import Task
from storage.database import Database

log = structlog.get_logger()

IDLE = 0.5
LONGEST_PAUSE = 300.0
TRIES = 900  # with these pauses a little over three days
WHAT = {"photo": "ảnh", "voice": "ghi âm", "document": "tệp"}
_WHY = {
    "too_big": "tệp lớn hơn mức được gửi",
    "not_found": "tệp không còn trên máy chủ của kênh nhắn tin",
}


class Source(Protocol):
    """What hands out files by its own references: a channel, or the shelf of the pages."""

    bot: str

    async def fetch(self, reference: str) -> bytes:
        """The content; raises SendFailed."""


class Fetcher:
    """Fetches for one bot. `stored` hears the id of each file that was stored, in a thread."""

    def __init__(
        self,
        db: Database,
        channel: Source,
        files: Path,
        *,
        stored: Callable[[int], object] | None = None,
    ) -> None:
        self._db = db
        self._channel = channel
        self._files = files
        self._stored = stored
        self._post = Post(db, f"fetch {channel.bot}")

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch until told to stop, then finish the file in hand."""
        while not stop.is_set():
            try:
                found = await asyncio.to_thread(self._post.hold) and await self.step()
            except Exception as trouble:  # the top of the loop: a bad look must not end it
                log.error("fetch_crashed", bot=self._channel.bot, kind=type(trouble).__name__)
                found = 0
            if not found:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), IDLE)
        with contextlib.suppress(Exception):  # another process takes the post when its time is over
            await asyncio.to_thread(self._post.release)

    async def step(self) -> int:
        """Fetch what is due; how many files were tried."""
        tasks = await asyncio.to_thread(self._due)
        for task in tasks:
            await self._fetch(task)
        return len(tasks)

    def _due(self) -> list[Task]:
        with self._db.reading() as session:
            return attachments.due(session.connection(), self._channel.bot, clock.real())

    async def _fetch(self, task: Task) -> None:
        try:
            content = await self._channel.fetch(task.reference)
            await asyncio.to_thread(self._keep, task, content)
        except SendFailed as trouble:
            log.warning("file_not_fetched", attachment_id=task.id, reason=trouble.reason)
            await asyncio.to_thread(self._failed, task, trouble)
        except Rejected as refusal:
            log.info("file_refused", attachment_id=task.id)
            await asyncio.to_thread(self._refuse, task, "refused", str(refusal))
        except OSError as trouble:  # a full disk, say: worth another try
            log.error("file_not_written", attachment_id=task.id, kind=type(trouble).__name__)
            await asyncio.to_thread(self._failed, task, SendFailed("unreachable"))

    def _keep(self, task: Task, content: bytes) -> None:
        checked = check(task.kind, content)
        digest = hashlib.sha256(checked.content).hexdigest()
        path = f"{digest[:2]}/{digest}{checked.suffix}"
        write_file(self._files / path, checked.content)
        with self._db.connection() as connection:
            attachments.alone(connection)
            write_file(self._files / path, checked.content)  # it may have been deleted meanwhile
            attachments.mark_stored(
                connection,
                task.id,
                path=path,
                size=len(checked.content),
                sha256=digest,
                looks=checked.looks,
                at=clock.real(),
            )
        log.info("file_stored", attachment_id=task.id)
        if self._stored:
            self._stored(task.id)

    def _failed(self, task: Task, trouble: SendFailed) -> None:
        if trouble.permanent or task.tries + 1 >= TRIES:
            self._refuse(task, trouble.reason, _WHY.get(trouble.reason, "chưa tải được tệp"))
            return
        pause = trouble.retry_after or min(2.0 ** min(task.tries, 20), LONGEST_PAUSE)
        after = clock.real() + timedelta(seconds=pause)
        with self._db.connection() as connection:
            attachments.retry_later(connection, task, after, trouble.reason)

    def _refuse(self, task: Task, reason: str, why: str) -> None:
        """Say so to whoever sent it: nothing is dropped in silence."""
        said = f"Chưa lưu được {WHAT[task.kind]} vừa gửi: {why}. Xin gửi lại tệp khác."
        with self._db.writing() as session:
            attachments.mark_failed(session.connection(), task.id, f"{reason}: {why}")
            if task.person_id:
                post(session, [Outgoing(said, kind="answer", person_id=task.person_id)])


def write_file(path: Path, content: bytes) -> None:
    """Put the content there, whose digest is the name; what lies there already has just arrived."""
    try:
        os.utime(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.put(path, content)
