"""Contents of the photos, voices and documents that pass through the sandbox."""

from __future__ import annotations

import io
import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

THUMB = 320


@dataclass(frozen=True)
class StoredFile:
    """One file: its id, a path as the channel shows it, and the bytes."""

    id: str
    unique: str
    path: str
    name: str
    mime: str
    content: bytes


class Files:
    """The files, by id and by path."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}
        self.by_path: dict[str, StoredFile] = {}

    def put(self, content: bytes, *, folder: str, name: str, mime: str = "") -> StoredFile:
        """Keep the content and give it an id; the same bytes twice are two files."""
        guessed = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        number = len(self.by_id)
        suffix = PurePath(name).suffix.lower() or mimetypes.guess_extension(guessed) or ".bin"
        file = StoredFile(
            id=f"SB{number}-{secrets.token_urlsafe(18)}",
            unique=secrets.token_urlsafe(9),
            path=f"{folder}/file_{number}{suffix}",
            name=PurePath(name).name,
            mime=guessed,
            content=content,
        )
        self.by_id[file.id] = file
        self.by_path[file.path] = file
        return file


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a picture, None when the bytes are no picture."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError):
        return None


def small_picture(content: bytes) -> bytes:
    """The picture within 320 × 320, as JPEG."""
    with Image.open(io.BytesIO(content)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((THUMB, THUMB))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=70)
        return out.getvalue()
