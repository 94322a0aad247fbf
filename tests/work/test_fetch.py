import asyncio
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import select
from sqlmodel import Session

from bot.channels.telegram import Telegram
from bot.messages import Rejected
from bot.sandbox import Remote, create_app, running
from bot.work import clock, media
from bot.work.fetch import Fetcher
from bot.work.media import check
from bot.work.receive import store
from storage import attachments
from storage.attachments import Wanted
from storage.database import Database
from storage.tables import Attachment
from tests.cast import cast
from tests.channels.wire import Wire, ok, refused, telegram
from tests.work.posting import BOT, tables


def picture(kind: str = "JPEG", **details: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, kind, **details)
    return out.getvalue()


def from_a_camera() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của đồng chí Mẫu"
    exif[0x0112] = 6  # to be turned by 90 degrees
    return picture(exif=exif)


def workbook(folder: str = "xl/") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{folder}document.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "content", "suffix"),
    [
        ("photo", picture(), ".jpg"),
        ("photo", picture("PNG"), ".png"),
        ("photo", picture("WEBP"), ".webp"),
        ("voice", b"OggS" + bytes(64), ".ogg"),
        ("voice", bytes(4) + b"ftypM4A " + bytes(64), ".m4a"),
        ("document", workbook(), ".xlsx"),
        ("document", workbook("word/"), ".docx"),
        ("document", b"%PDF-1.7 ...", ".pdf"),
        ("document", "mã,tên\nHM,Hòa Mẫu\n".encode("utf-8-sig"), ".csv"),
        ("document", picture(), ".jpg"),
    ],
)
def test_a_file_is_known_by_its_content(kind: str, content: bytes, suffix: str) -> None:
    checked = check(kind, content)
    assert (checked.content, checked.suffix) == (content, suffix)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("photo", b""),
        ("photo", b"%PDF-1.7"),
        ("photo", picture()[:200]),
        ("photo", picture("GIF")),
        ("photo", bytes(media.BYTES["photo"] + 1)),
        ("voice", picture()),
        ("document", b"MZ\x90\x00" + bytes(100)),
        ("document", b"PK\x03\x04 broken"),
        ("document", workbook("macros/")),
    ],
)
def test_what_it_is_not_is_refused_in_words(kind: str, content: bytes) -> None:
    with pytest.raises(Rejected) as refusal:
        check(kind, content)
    assert str(refusal.value)


def test_what_a_camera_writes_into_a_picture_is_taken_out() -> None:
    checked = check("photo", from_a_camera())
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert not kept.getexif()
        assert kept.size == (30, 40)
    assert "Máy ảnh".encode() not in checked.content


TOLD = b"Cau thon 3, 13.78 109.22"


def with_text() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", TOLD.decode())
    return picture("PNG", pnginfo=notes)


def with_segment(marker: int) -> bytes:
    """What a program writes into a JPEG under a marker of its own."""
    whole = picture()
    length = (len(TOLD) + 2).to_bytes(2, "big")
    return whole[:2] + bytes((0xFF, marker)) + length + TOLD + whole[2:]


def two_pictures() -> bytes:
    out = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "navy"), Image.new("RGB", (40, 30), "red")
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        with_text(),
        with_segment(0xED),  # where editors keep the place and the author
        with_segment(0xE5),
        with_segment(0xFE),
        picture() + TOLD,  # a film behind the photo, as some phones have it
        picture("PNG") + TOLD,
        picture("WEBP") + TOLD,
        picture("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0" + TOLD),
        picture("JPEG", xmp=TOLD),
        picture("PNG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0" + TOLD),
    ],
)
def test_nothing_but_the_picture_is_kept(content: bytes) -> None:
    assert TOLD in content
    kept = check("photo", content).content
    assert TOLD not in kept
    with Image.open(io.BytesIO(kept)) as seen:
        assert (seen.size, seen.convert("RGB").getpixel((9, 9))[2] > 100) == ((40, 30), True)
    assert check("photo", kept).content == kept


def test_a_photo_of_two_pictures_keeps_the_first() -> None:
    checked = check("photo", two_pictures())
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert (kept.format, checked.suffix) == ("JPEG", ".jpg")
    assert len(checked.content) < len(two_pictures())


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "I;16", "1"])
def test_every_mode_of_a_picture_keeps_its_look(mode: str) -> None:
    out = io.BytesIO()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", TOLD.decode())
    Image.new("RGB", (40, 30), "white").convert("L").convert(mode).save(out, "PNG", pnginfo=notes)
    with Image.open(io.BytesIO(check("photo", out.getvalue()).content)) as kept:
        assert kept.size == (40, 30)
        assert TOLD not in out.getvalue() or TOLD.decode() not in str(kept.info)


def test_a_picture_that_swells_is_refused() -> None:
    for side in (9_000, 20_000):
        out = io.BytesIO()
        Image.new("1", (side, side)).save(out, "PNG")
        with pytest.raises(Rejected, match="quá lớn"):
            check("photo", out.getvalue())


def test_the_sound_that_zalo_hands_out_is_taken() -> None:
    assert check("voice", b"\xff\xf1" + bytes(64)).suffix == ".aac"


def want(session: Session, kind: str = "photo", person_id: int | None = None) -> int:
    wanted = Wanted(BOT, "a-file", kind, clock.real(), person_id=person_id, name="../../etc/x")
    return attachments.want(session, wanted)


def attachment(db: Database, number: int) -> Attachment:
    with db.reading() as session:
        row = attachments.by_id(session, number)
        assert row is not None
        return row


def fetch(db: Database, wire: Wire, files: Path, heard: list[int] | None = None) -> None:
    told = None if heard is None else heard.append
    asyncio.run(Fetcher(db, telegram(wire), files, stored=told).step())


FILE = ok({"file_id": "a-file", "file_unique_id": "u", "file_path": "photos/file_1.jpg"})


def test_a_photo_is_stored_under_a_name_of_our_own(db: Database, files: Path) -> None:
    content, heard = picture(), list[int]()
    with db.writing() as session:
        number = want(session)
    fetch(db, Wire([FILE, (200, content)]), files, heard)
    digest = hashlib.sha256(content).hexdigest()
    row = attachment(db, number)
    assert (row.state, row.path, row.sha256) == ("stored", f"{digest[:2]}/{digest}.jpg", digest)
    assert (files / row.path).read_bytes() == content
    assert heard == [number]
    assert [path.name for path in files.rglob("*") if path.is_file()] == [f"{digest}.jpg"]


def test_a_file_of_the_wrong_kind_is_refused_and_its_sender_told(db: Database, files: Path) -> None:
    with db.writing() as session:
        person = cast(session)["CB001"]
        number = want(session, person_id=person)
    fetch(db, Wire([FILE, (200, b"MZ...")]), files)
    assert attachment(db, number).state == "failed"
    assert not files.exists()
    mine = tables["outbox"].c.person_id == person
    with db.connection() as c:
        (body,) = c.execute(select(tables["outbox"].c.body).where(mine)).scalars()
    assert body["text"].startswith("Chưa lưu được ảnh vừa gửi: tệp không phải ảnh đọc được.")


def test_a_file_that_is_gone_is_not_asked_for_again(db: Database, files: Path) -> None:
    with db.writing() as session:
        number = want(session)
    fetch(db, Wire([refused(400, "Bad Request: wrong file_id")]), files)
    assert attachment(db, number).state == "failed"


def test_trouble_on_the_way_is_tried_again_later(db: Database, files: Path) -> None:
    with db.writing() as session:
        number = want(session)
    fetch(db, Wire([FILE, (502, b"")]), files)
    row = attachment(db, number)
    assert (row.state, row.tries, row.reason) == ("wanted", 1, "unreachable")
    assert row.next_try_at is not None
    assert row.next_try_at > clock.real()
    with db.connection() as c:
        assert attachments.due(c, BOT, clock.real()) == []
        assert attachments.due(c, BOT, clock.real() + timedelta(seconds=3)) != []


def test_a_full_disk_is_tried_again_later(db: Database, files: Path) -> None:
    files.write_text("a file where the folder should be")
    with db.writing() as session:
        number = want(session)
    fetch(db, Wire([FILE, (200, picture())]), files)
    assert attachment(db, number).state == "wanted"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def sandbox() -> Iterator[Remote]:
    phones = [{"id": "101", "name": "Nguyễn Văn Mẫu", "opened": True}]
    with running(create_app(token="123456:x", phones=phones)) as url, Remote(url) as remote:
        yield remote


def test_a_photo_of_a_phone_arrives_on_disk(db: Database, sandbox: Remote, files: Path) -> None:
    content = picture()
    sandbox.phone("101").sends_photos(("cau.jpg", content), caption="Cầu thôn 3")
    api = str(sandbox.http.base_url).rstrip("/")

    async def play() -> str:
        channel = Telegram("123456:x", files=files, api=api)
        payloads, _ = await channel.poll("")
        (arrival,) = channel.read(payloads[0])
        assert store(db, channel, payloads) == 1
        assert arrival.incoming.media is not None
        wanted = Wanted(BOT, arrival.incoming.media.reference, "photo", clock.real())
        with db.writing() as session:
            number = attachments.want(session, wanted)
        await Fetcher(db, channel, files).step()
        await channel.close()
        return attachment(db, number).path

    assert (files / asyncio.run(play())).read_bytes() == content
