"""What a file really is, told by its content: pure checks of kind and size."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Rejected

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MB = 1024 * 1024
BYTES = {"photo": 10 * MB, "voice": 20 * MB, "document": 20 * MB}
PIXELS = 50_000_000
UNPACKED = 200 * MB
_PICTURES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_OFFICE = {"xl/": ".xlsx", "word/": ".docx"}


@dataclass(frozen=True)
class Checked:
    """Content that may be kept, with the ending that belongs to it."""

    content: bytes
    suffix: str


def check(kind: str, content: bytes) -> Checked:
    """The content as it may be kept; raises Rejected with a sentence for the person."""
    if not content:
        raise Rejected("tệp trống")
    if len(content) > BYTES[kind]:
        raise Rejected(f"tệp lớn hơn {BYTES[kind] // MB} MB")
    return _CHECKS[kind](content)


def _photo(content: bytes) -> Checked:
    """A picture without what cameras write into it (place, time, owner)."""
    from PIL import Image, UnidentifiedImageError  # late: 5 MB that only pictures need

    try:
        with Image.open(io.BytesIO(content)) as picture:
            suffix = _PICTURES.get(str(picture.format))
            if suffix is None or picture.width * picture.height > PIXELS:
                raise Rejected("ảnh không đúng loại hoặc quá lớn")
            picture.load()  # a picture that is cut off fails here
            bare = not (picture.getexif() or picture.info.keys() & {"exif", "xmp", "comment"})
            return Checked(content if bare else _stripped(picture), suffix)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Rejected("tệp không phải ảnh đọc được") from error


def _stripped(picture: "Picture") -> bytes:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture)
    out = io.BytesIO()
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    clean.save(out, str(picture.format), quality=92)
    return out.getvalue()


def _voice(content: bytes) -> Checked:
    if content.startswith(b"OggS"):
        return Checked(content, ".ogg")
    if content.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return Checked(content, ".mp3")
    if content[4:8] == b"ftyp":
        return Checked(content, ".m4a")
    if content.startswith(b"#!AMR"):
        return Checked(content, ".amr")
    raise Rejected("tệp không phải ghi âm")


def _document(content: bytes) -> Checked:
    if content.startswith(b"%PDF-"):
        return Checked(content, ".pdf")
    if content.startswith(b"PK\x03\x04"):
        return Checked(content, _office(content))
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        return _photo(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected("chỉ nhận tệp Excel, Word, PDF, CSV và ảnh") from error
    if "\0" in text:
        raise Rejected("chỉ nhận tệp Excel, Word, PDF, CSV và ảnh")
    return Checked(content, ".csv")


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Rejected("tệp hỏng, không mở được") from error
    if size > UNPACKED:
        raise Rejected("tệp nén quá lớn")
    for folder, suffix in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return suffix
    raise Rejected("chỉ nhận tệp Excel, Word, PDF, CSV và ảnh")


_CHECKS: dict[str, Callable[[bytes], Checked]] = {
    "photo": _photo,
    "voice": _voice,
    "document": _document,
}
