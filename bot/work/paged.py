"""What came over a signed page: read as a message, its files handed out like a channel's."""

import asyncio
from pathlib import Path
from typing import Any

from bot.channels.contract import SendFailed
from bot.messages import Arrival, Incoming, Media, Place

PAGE = "page"
"""The key of such a payload, and the name of the bot that "fetches" what it brought."""


def read(payload: dict[str, Any]) -> list[Arrival]:
    """The message that was kept; as a channel would read its own."""
    said = payload[PAGE]
    place, reference = said.get("place"), said.get("reference", "")
    media = None
    if reference:
        media = Media(said["kind"], reference, name=said["name"], size=said["size"])
    incoming = Incoming(
        text=said.get("text", ""),
        media=media,
        more=said.get("more", False),
        place=Place(*place) if place else None,
        message_id=said["id"],
    )
    return [Arrival("", said["id"], incoming)]


class Shelf:
    """Hands out what pages have put under SAUSAT_FILES, as channels hand out what they hold."""

    bot = PAGE

    def __init__(self, files: Path) -> None:
        self._files = files

    async def fetch(self, reference: str) -> bytes:
        """The content, by "page:mark:number:path"."""
        path = self._files / reference.split(":", 3)[3]
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as gone:
            raise SendFailed("not_found", permanent=True) from gone
