"""The signed pages: send photos, files or a place into the chat, fetch a file out of it.

A GET changes nothing and uses up nothing, because robots open links before people do; what acts
is the pressed button of the page.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

import structlog
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.desk import sent_files
from bot.messages import Rejected
from bot.rules.zone import day_of
from bot.web import sheets
from bot.web.links import BadLink, Link, Pages, Purpose
from bot.words import capital, decimal, plain
from bot.work import clock
from bot.work.fetch import WHAT, write_file
from bot.work.intake import NoLonger, take_in, usable
from bot.work.media import MB, check, kind_of
from bot.work.viewers import viewer_for
from storage import attachments, audit, people
from storage.database import Database

MOST = 10  # files at once
LARGEST = 60 * MB  # of one sending
LONGEST = 1000  # letters beside it
SHOWN = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".ogg": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".aac": "audio/aac",
}
"""What a phone shows or plays by itself; everything else is to be kept."""
OF_FILES = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
DIGEST = 64  # letters of a name that says nothing
WRONG = "Đường dẫn này không dùng được. Xin mở đúng đường dẫn trong trò chuyện."
EXPIRED = "Đường dẫn này đã hết hạn. Xin trở lại trò chuyện và nhắn “gửi ảnh” để có đường dẫn mới."
FILE_EXPIRED = "Đường dẫn này đã hết hạn. Xin chọn Lấy đường dẫn mới dưới tin có tệp."
BACK = "Xin trở lại trò chuyện để tiếp tục."
AGAIN = "Xin mở đường dẫn trong trò chuyện lần nữa rồi bấm nút trên trang."
NOT_HERE = "Chưa nhận được vị trí. Xin bấm lại."

log = structlog.get_logger()


class Refused(Exception):
    """An answer in place of the page: why not, with the status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def page_routes(
    db: Database,
    files: Path,
    pages: Pages,
    *,
    arrived: Callable[[], object] = lambda: None,
) -> list[Route]:
    """The routes of the pages; none while they have no address or secret."""
    desk = _Desk(db, files, pages, arrived)
    both = ["GET", "POST"]
    found = [
        Route("/gui/{token}", guarded(desk.send_files), methods=both),
        Route("/noi/{token}", guarded(desk.send_place), methods=both),
        Route("/tep/{token}", guarded(desk.show_file), methods=both),
        Route("/tep/{token}/{press}/{name}", guarded(desk.give_file), methods=["GET"]),
    ]
    return found if pages else []


def guarded(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Every answer with the same headers, and every refusal as a page."""

    async def answered(request: Request) -> Response:
        try:
            given: Response = await answer(request)
        except Refused as refused:
            heading = "Chưa thực hiện được"
            page = sheets.told(heading, refused.sentence, wrong=True)
            given = HTMLResponse(page, refused.status)
        except HTTPException:  # a form that cannot be read
            given = HTMLResponse(sheets.told("Chưa nhận được", AGAIN, wrong=True), 400)
        given.headers.update({**sheets.HEADERS, **given.headers})
        return given

    return answered


class _Desk:
    """Answers the pages of one database."""

    def __init__(
        self, db: Database, files: Path, pages: Pages, arrived: Callable[[], object]
    ) -> None:
        self._db = db
        self._files = files
        self._pages = pages
        self._arrived = arrived
        self._one = asyncio.Semaphore(1)  # a large photo takes 200 MB while it is looked at

    async def send_files(self, request: Request) -> Response:
        """Photos and documents, several at once."""
        link, token = self._link(request, "gui")
        name = await asyncio.to_thread(self._holder, link)
        press = self._pages.press(token)
        if request.method != "POST":
            return HTMLResponse(sheets.files(name, press))
        check_size(request)
        async with request.form(max_files=MOST + 1, max_fields=5) as form:
            self._check_press(token, form)
            text = str(form.get("loi") or "").strip()[:LONGEST]
            sent = [f for f in form.getlist("tep") if isinstance(f, UploadFile) and f.filename]
            try:
                parts = await self._kept(sent)
                parts[0]["text"] = text
                await self._take_in(link, parts)
            except Rejected as sentence:
                again = sheets.files(name, press, text=text, wrong=str(sentence))
                return HTMLResponse(again, 422)
        return _received([WHAT[part["kind"]] for part in parts])

    async def send_place(self, request: Request) -> Response:
        """Where the phone is, once."""
        link, token = self._link(request, "noi")
        name = await asyncio.to_thread(self._holder, link)
        press = self._pages.press(token)
        if request.method != "POST":
            return HTMLResponse(sheets.place(name, press))
        check_size(request)
        async with request.form(max_files=0, max_fields=5) as form:
            self._check_press(token, form)
            place = _place(form)
        if place is None:
            return HTMLResponse(sheets.place(name, press, wrong=NOT_HERE), 422)
        await self._take_in(link, [{"place": place}])
        return _received(["vị trí"])

    async def show_file(self, request: Request) -> Response:
        """What there is to fetch; the button leads on to the file."""
        link, token = self._link(request, "tep")
        name = await asyncio.to_thread(self._holder, link)
        path, called = await asyncio.to_thread(self._file, link)
        press = self._pages.press(token)
        if request.method == "POST":
            check_size(request)
            async with request.form(max_files=0, max_fields=5) as form:
                self._check_press(token, form)
            return RedirectResponse(f"{token}/{press}/{_plain(called)}", 303)
        seen = path.suffix in SHOWN
        shown = called if len(PurePath(called).stem) < DIGEST else "Hình hoặc âm thanh"
        label = "Mở" if seen else "Tải về"
        return HTMLResponse(sheets.download(name, press, shown, _size(path), label))

    async def give_file(self, request: Request) -> Response:
        """The file itself, as often as it is asked for while the link lasts."""
        link, token = self._link(request, "tep")
        if not self._pages.is_pressed(token, request.path_params["press"]):
            raise Refused(403, AGAIN)
        path, called = await asyncio.to_thread(self._file, link)
        content = await asyncio.to_thread(self._given, link, path)
        kind = SHOWN.get(path.suffix)
        how = "inline" if kind else "attachment"
        told = {
            "Content-Disposition": f"{how}; {_named(called)}",
            "Content-Security-Policy": OF_FILES,
        }
        return Response(content, media_type=kind or "application/octet-stream", headers=told)

    def _link(self, request: Request, purpose: Purpose) -> tuple[Link, str]:
        token = request.path_params["token"]
        try:
            return self._pages.read(purpose, token, clock.real()), token
        except BadLink as bad:
            if not bad.expired:
                raise Refused(404, WRONG) from None
            raise Refused(410, FILE_EXPIRED if purpose == "tep" else EXPIRED) from None

    def _check_press(self, token: str, form: Mapping[str, Any]) -> None:
        if not self._pages.is_pressed(token, str(form.get("bam") or "")):
            raise Refused(403, AGAIN)

    def _holder(self, link: Link) -> str:
        """How the person is addressed; refused when the link is of no use any more."""
        with self._db.reading() as session:
            try:
                usable(session, link)
            except NoLonger as over:
                raise Refused(410, str(over)) from None
            person = people.by_id(session, link.person_id)
            return capital(f"{person.address} {person.full_name}") if person else ""

    def _file(self, link: Link) -> tuple[Path, str]:
        """Where the file lies, if the person may have it at this moment; and what it is called."""
        with self._db.reading() as session:
            at = clock.now(session)
            viewer = viewer_for(session, link.person_id, day_of(at))
            found = sent_files.files(session, viewer, link.about, at)
        if link.part >= len(found.files) or not (self._files / found.files[link.part]).is_file():
            raise Refused(410, sent_files.NOT_YOURS)
        kept = found.files[link.part]
        return self._files / kept, found.name_of(kept)

    def _given(self, link: Link, path: Path) -> bytes:
        """The content; that somebody opened it is written down."""
        with self._db.writing() as session:
            audit.through(session, "web", link.person_id)
            audit.note(session, "file.open", "outbox", link.about, at=clock.real())
        log.info("file_given", outbox_id=link.about, account_id=link.account_id)
        return path.read_bytes()

    async def _kept(self, sent: Sequence[UploadFile]) -> list[dict[str, Any]]:
        """Each file looked at and put on disk, under a name of ours."""
        if not sent:
            raise Rejected("Chưa có ảnh hay tệp nào được chọn.")
        if len(sent) > MOST:
            raise Rejected(f"Mỗi lần gửi tối đa {MOST} ảnh, tệp.")
        return [await self._keep(each) for each in sent]

    async def _keep(self, sent: UploadFile) -> dict[str, Any]:
        name = PurePath((sent.filename or "").replace("\\", "/")).name[:100]
        async with self._one:
            content = await sent.read()
            try:
                return await asyncio.to_thread(self._checked, name, content)
            except Rejected as why:
                raise Rejected(f"{name}: {why}.") from None

    def _checked(self, name: str, content: bytes) -> dict[str, Any]:
        kind = kind_of(content)
        kept = check(kind, content)
        digest = hashlib.sha256(kept.content).hexdigest()
        path = f"{digest[:2]}/{digest}{kept.suffix}"
        write_file(self._files / path, kept.content)
        with self._db.connection() as connection:
            attachments.alone(connection)
            write_file(self._files / path, kept.content)  # it may have been deleted meanwhile
        return {"kind": kind, "path": path, "name": name, "size": len(kept.content)}

    async def _take_in(self, link: Link, parts: Sequence[dict[str, Any]]) -> None:
        try:
            await asyncio.to_thread(take_in, self._db, link, parts)
        except NoLonger as over:
            raise Refused(410, str(over)) from None
        self._arrived()


def check_size(request: Request) -> None:
    """The server holds a body to the length it was announced with."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise Refused(411, AGAIN)
    if int(length) > LARGEST:
        raise Refused(413, f"Mỗi lần gửi tối đa {LARGEST // MB} MB. Xin gửi ít ảnh hơn.")


def _received(what: Sequence[str]) -> Response:
    counted = [f"{what.count(each)} {each}" for each in dict.fromkeys(what)]
    said = what[0] if what == ["vị trí"] else sheets.names(counted)
    return HTMLResponse(sheets.told(f"Đã nhận {said}", BACK))


def _place(form: Mapping[str, Any]) -> list[float] | None:
    """Latitude and longitude, when both are on the globe."""
    try:
        latitude, longitude = (float(str(form.get(name) or "")) for name in ("vi", "kinh"))
    except ValueError:
        return None
    there = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return [latitude, longitude] if there else None


def _size(path: Path) -> str:
    size = path.stat().st_size
    return f"{decimal(size / MB, 1)} MB" if size >= MB else f"{max(1, size // 1024)} KB"


def _named(called: str) -> str:
    """The name as RFC 6266 writes it: plain for old browsers, then with its marks."""
    return f"filename=\"{_plain(called)}\"; filename*=UTF-8''{quote(called, safe='')}"


def _plain(called: str) -> str:
    """The name without marks; what else an address or a header cannot hold is left out."""
    bare = plain(called).replace(" ", "-")
    return "".join(c for c in bare if c.isascii() and (c.isalnum() or c in "-_.")) or "tep"
