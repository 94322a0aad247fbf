"""The signed page for what goes to the standing board alone: read, written and answered here."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.desk.restricted import Letter
from bot.messages import Rejected
from bot.web import restricted_sheets as sheets
from bot.web.links import BadLink, Link, Pages
from bot.web.pages import AGAIN, WRONG, Refused, check_size, guarded
from bot.words import natural
from bot.work import clock, sealed
from bot.work.intake import NoLonger
from storage.database import Database

EXPIRED = "Đường dẫn này đã hết hạn. Xin nhắn /guirieng trong trò chuyện để có đường dẫn mới."
SENT = "Đã gửi riêng, mã KN-{}. Mã này chỉ dùng trên trang này, không tra được trong trò chuyện."
SENT_BEFORE = "Nội dung này đã gửi trước đó."


def restricted_routes(
    db: Database, pages: Pages, *, arrived: Callable[[], object] = lambda: None
) -> list[Route]:
    """The route of the page; none while pages have no address or secret."""
    desk = _Desk(db, pages, arrived)
    return [Route("/rieng/{token}", guarded(desk.answer), methods=["GET", "POST"])] if pages else []


class _Desk:
    """Answers the page: a GET shows only the door, a pressed button what is behind it."""

    def __init__(self, db: Database, pages: Pages, arrived: Callable[[], object]) -> None:
        self._db = db
        self._pages = pages
        self._arrived = arrived

    async def answer(self, request: Request) -> Response:
        token = request.path_params["token"]
        link, press = self._link(token), self._pages.press(token)
        try:
            if request.method != "POST":
                name = await asyncio.to_thread(sealed.greeted, self._db, link)
                return HTMLResponse(sheets.door(name, press))
            check_size(request)
            async with request.form(max_files=0, max_fields=60) as form:
                if not self._pages.is_pressed(token, str(form.get("bam") or "")):
                    raise Refused(403, AGAIN)
                return await asyncio.to_thread(self._do, link, press, form)
        except NoLonger as over:
            raise Refused(410, str(over)) from None

    def _link(self, token: str) -> Link:
        try:
            return self._pages.read("rieng", token, clock.real())
        except BadLink as bad:
            raise Refused(*((410, EXPIRED) if bad.expired else (404, WRONG))) from None

    def _do(self, link: Link, press: str, form: FormData) -> Response:
        try:
            return HTMLResponse(self._page(link, press, form))
        except Rejected as sentence:
            again = self._lists(link, press, wrong=str(sentence))
            return HTMLResponse(again, 422)

    def _page(self, link: Link, press: str, form: FormData) -> str:
        verb, number = str(form.get("viec") or ""), natural(str(form.get("so") or "")) or 0
        if verb == "mo":
            found, author = sealed.open_(self._db, link, number)
            return sheets.letter(found, author, press)
        done = self._done(link, verb, number, form)
        self._arrived()
        return self._lists(link, press, done=done)

    def _done(self, link: Link, verb: str, number: int, form: FormData) -> str:
        said = {name: str(form.get(name) or "") for name in ("loi", "khac", "ai", "lan")}
        if verb == "gui":
            sent = sealed.write(self._db, link, _letter(said, form))
            return SENT.format(sent) if sent else SENT_BEFORE
        if verb == "traloi":
            sealed.answer(self._db, link, number, said["loi"])
            return f"Đã gửi trả lời KN-{number}."
        if verb == "xong":
            sealed.end(self._db, link, number)
            return f"Đã kết thúc KN-{number}."
        if verb == "giao":
            sealed.hand(self._db, link, number, said["ai"])
            return f"Đã giao thêm người xem KN-{number}."
        return ""

    def _lists(self, link: Link, press: str, *, done: str = "", wrong: str = "") -> str:
        found = sealed.seen(self._db, link)
        return sheets.lists(found, press, secrets.token_hex(8), done=done, wrong=wrong)


def _letter(said: Mapping[str, str], form: Any) -> Letter:
    chosen = [natural(str(value)) or 0 for value in form.getlist("lienquan")]
    return Letter(
        text=said["loi"],
        concerned=[person for person in chosen if person],
        others=said["khac"],
        unnamed=form.get("kin") == "1",
        once=f"page {said['lan']}",
    )
