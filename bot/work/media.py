"""What a file really is, told by its content: pure checks of kind and size."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Rejected
from bot.work.looks import look_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MB = 1024 * 1024
BYTES = {"photo": 10 * MB, "voice": 20 * MB, "document": 20 * MB}
PIXELS = 50_000_000
UNPACKED = 200 * MB
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG"
_PICTURES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp"}
"""Many phones write MPO: a JPEG with a second picture behind it, which is left out."""
_HARMLESS = frozenset(
    (
        *("adobe", "adobe_transform", "jfif", "jfif_density", "jfif_unit", "jfif_version"),
        *("progression", "progressive", "dpi", "icc_profile", "gamma", "chromaticity", "srgb"),
        *("aspect", "interlace", "transparency", "background", "duration", "loop", "timestamp"),
    )
)
"""What a decoder needs; everything else in a picture tells of the camera, the place, the owner."""
_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
_SEGMENTS = {"APP0": b"JFIF\0", "APP2": b"ICC_PROFILE\0", "APP14": b"Adobe"}
_OFFICE = {"xl/": ".xlsx", "word/": ".docx"}


@dataclass(frozen=True)
class Checked:
    """Content that may be kept, with the ending that belongs to it."""

    content: bytes
    suffix: str
    looks: str = ""  # of a picture


def check(kind: str, content: bytes) -> Checked:
    """The content as it may be kept; raises Rejected with a sentence for the person."""
    if not content:
        raise Rejected("tệp trống")
    if len(content) > BYTES[kind]:
        raise Rejected(f"tệp lớn hơn {BYTES[kind] // MB} MB")
    return _CHECKS[kind](content)


def kind_of(content: bytes) -> str:
    """photo for what begins as a picture that is taken, else document."""
    picture = content.startswith((_JPEG, _PNG)) or content[:4] + content[8:12] == b"RIFFWEBP"
    return "photo" if picture else "document"


def _photo(content: bytes) -> Checked:
    """A picture without what cameras write into it (place, time, owner)."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # late: 5 MB that only pictures need

    try:
        with Image.open(io.BytesIO(content)) as picture:
            suffix = _PICTURES.get(str(picture.format))
            if suffix is None or picture.width * picture.height > PIXELS:
                raise Rejected("ảnh không đúng loại hoặc quá lớn")
            picture.load()  # a picture that is cut off fails here
            bare = _is_bare(picture, content)
            upright = picture if bare else ImageOps.exif_transpose(picture)
            clean = content if bare else _stripped(upright, str(picture.format))
            return Checked(clean, suffix, look_of(upright))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Rejected("tệp không phải ảnh đọc được") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Rejected("ảnh không đúng loại hoặc quá lớn") from error


def _is_bare(picture: "Picture", content: bytes) -> bool:
    """Whether it holds nothing but the picture: no notes in it, and nothing behind its end."""
    kind = str(picture.format)
    if kind == "MPO" or picture.getexif() or picture.info.keys() - _HARMLESS:
        return False
    segments = getattr(picture, "applist", [])  # of a JPEG: everything that a program wrote
    known = all(n in _SEGMENTS and data.startswith(_SEGMENTS[n]) for n, data in segments)
    end = int.from_bytes(content[4:8], "little") + 8 == len(content)
    return known and (content.endswith(_ENDS[kind]) if kind in _ENDS else end)


def _stripped(upright: "Picture", of: str) -> bytes:
    """The picture alone, the right way up, as other programs of this kind write it."""
    kind = "JPEG" if of == "MPO" else of
    mode = "RGBA" if kind != "JPEG" and upright.has_transparency_data else "RGB"
    clean = upright.convert(mode)
    clean.info = {}
    out = io.BytesIO()
    clean.save(out, kind, quality=92)
    return out.getvalue()


def _voice(content: bytes) -> Checked:
    if content.startswith(b"OggS"):
        return Checked(content, ".ogg")
    if content.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return Checked(content, ".mp3")
    if content[4:8] == b"ftyp":
        return Checked(content, ".m4a")
    if content.startswith((b"\xff\xf1", b"\xff\xf9")):  # ADTS, as Zalo keeps it
        return Checked(content, ".aac")
    if content.startswith(b"#!AMR"):
        return Checked(content, ".amr")
    raise Rejected("tệp không phải ghi âm")


def _document(content: bytes) -> Checked:
    if content.startswith(b"%PDF-"):
        return Checked(content, ".pdf")
    if content.startswith(b"PK\x03\x04"):
        return Checked(content, _office(content))
    if content.startswith((_JPEG, _PNG, b"RIFF")):
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
