"""What channels cannot carry goes over a page: by the same road, once, and only when pressed."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from bot import files as kept_files
from bot.web import pages, sheets
from bot.web.links import LIFE, NO_PAGES
from bot.work import clock
from bot.work.receive import SECRET
from storage.database import Database
from storage.tables import Account, Attachment, Inbox, Role
from tests.web.opening import PAGES, Opening, button, opening, picture

TOLD = "ghi Hòa Mẫu: hôm nay dự họp cấp ủy, tình hình ổn định, bà con phấn khởi"


@pytest.fixture
def world(db: Database, tmp_path: Path) -> Iterator[Opening]:
    kept_files.use(tmp_path / "files")
    yield opening(db, tmp_path / "files")
    kept_files.use(Path("files"))


def begin_slip(world: Opening) -> int:
    """CB001 writes a slip and stands before its review; the draft's number."""
    world.says(TOLD)
    number = world.draft().id
    assert number is not None
    return number


def test_photos_come_into_the_open_slip_with_one_prompt(world: Opening) -> None:
    draft = begin_slip(world)
    photos = [("cau.jpg", picture()), ("duong.jpg", picture("red")), ("x.png", picture(kind="PNG"))]
    done = world.press(world.link("gui", about=draft), *photos, loi="Cầu thôn 3")
    assert done.status_code == 200
    assert "Đã nhận 3 ảnh" in done.text
    assert world.rings == [1]
    assert [row.state for row in world.rows(Inbox)[-3:]] == ["waiting"] * 3
    (prompt,) = world.answers()
    assert "3 ảnh (Cầu thôn 3)" in prompt
    world.fetches()
    kept = world.rows(Attachment)
    assert [(row.state, row.kind, row.caption) for row in kept] == [
        ("stored", "photo", "Cầu thôn 3"),
        ("stored", "photo", ""),
        ("stored", "photo", ""),
    ]
    assert all((world.files / row.path).is_file() for row in kept)


def test_photos_of_a_page_are_filed_with_the_slip(world: Opening) -> None:
    draft = begin_slip(world)
    world.press(world.link("gui", about=draft), ("cau.jpg", picture()), ("b.jpg", picture("red")))
    world.answers()
    _, receipt = world.says("Gửi")  # first the review is changed
    assert receipt.startswith("Đã lưu phiếu CS-")
    assert {(row.about_kind, row.about_id) for row in world.rows(Attachment)} == {("visit", 1)}


def test_a_photo_for_a_slip_that_is_filed_comes_by_its_own_form(world: Opening) -> None:
    begin_slip(world)
    world.says("Gửi")
    assert "Xin gửi ảnh" in world.says("thêm ảnh CS-1")[0]
    world.press(world.link("gui", about=world.draft().id or 0), ("a.jpg", picture()))
    assert "1 ảnh" in world.answers()[0]
    world.says("Xong, xem lại")
    assert "Đã thêm 1 ảnh vào phiếu CS-1." in world.says("Gửi")
    assert [(row.about_kind, row.about_id) for row in world.rows(Attachment)] == [("visit", 1)]


def test_a_document_is_taken_as_it_would_be_from_a_chat(world: Opening) -> None:
    draft = begin_slip(world)
    done = world.press(world.link("gui", about=draft), ("bien ban.pdf", b"%PDF-1.7 ..."))
    assert "Đã nhận 1 tệp" in done.text
    world.answers()
    world.fetches()
    (row,) = world.rows(Attachment)
    assert (row.kind, row.name, row.path[-4:]) == ("document", "bien ban.pdf", ".pdf")


def test_without_an_open_slip_the_chat_asks_once_where_photos_belong(world: Opening) -> None:
    begin_slip(world)
    world.says("Gửi")
    world.press(world.link("gui"), ("a.jpg", picture()), ("b.jpg", picture("red")))
    (asked,) = world.answers()
    assert asked == "Đã giữ 2 ảnh. Kèm vào phiếu nào?"
    assert world.says(f"/kem CS-1 {world.rows(Inbox)[-1].id}") == ["Đã kèm vào phiếu CS-1."]
    assert [row.about_id for row in world.rows(Attachment)] == [1, 1]


def test_a_place_is_kept_with_the_slip(world: Opening) -> None:
    draft = begin_slip(world)
    done = world.press(world.link("noi", about=draft), vi="13.780000", kinh="109.220000")
    assert "Đã nhận vị trí" in done.text
    assert "vị trí" in world.answers()[0]
    assert world.draft().answers["location"]["value"] == [13.78, 109.22]


@pytest.mark.parametrize(
    "where", [("", ""), ("91", "0"), ("0", "181"), ("nan", "0"), ("x", "1"), ("1e999", "0")]
)
def test_a_place_off_the_globe_is_not_taken(world: Opening, where: tuple[str, str]) -> None:
    draft, path = begin_slip(world), world.link("noi", about=0)
    before = world.counts()
    answer = world.press(path, vi=where[0], kinh=where[1])
    assert (answer.status_code, world.counts()) == (422, before)
    assert "Chưa nhận được vị trí" in answer.text
    assert draft


def test_a_page_is_no_message_to_the_channel(world: Opening) -> None:
    """The seven days of an Official Account begin with a message, not with a page."""
    world.press(world.link("gui"), ("a.jpg", picture()))
    world.answers()
    (account,) = [row for row in world.rows(Account) if row.id == world.account]
    assert account.last_heard_at is None


def test_opening_a_link_any_number_of_times_changes_nothing(world: Opening) -> None:
    draft = begin_slip(world)
    number = world.sent("slips/ab/phieu.docx", person="CB001")
    before = world.counts()
    for purpose, about in (("gui", draft), ("noi", draft), ("tep", number)):
        path = world.link(purpose, about=about)  # type: ignore[arg-type]  # a purpose each
        for method in ("GET", "HEAD", "GET"):
            world.ask(method, path)
    assert world.counts() == before
    assert world.rings == []
    assert world.press(world.link("gui", about=draft), ("a.jpg", picture())).status_code == 200


def test_a_link_acts_once(world: Opening) -> None:
    path = world.link("gui", about=begin_slip(world))
    bam = button(world.get(path))
    assert world.post(path, ("a.jpg", picture()), bam=bam).status_code == 200
    before = world.counts()
    for again in (
        world.post(path, ("a.jpg", picture()), bam=bam),
        world.post(path, ("b.jpg", picture("red")), ("c.jpg", picture()), bam=bam),
        world.get(path),
    ):
        assert again.status_code == 410
        assert "chỉ dùng một lần" in again.text
    assert world.counts() == before


def test_without_its_button_a_page_takes_nothing(world: Opening) -> None:
    draft = begin_slip(world)
    path, other = world.link("gui", about=draft), world.link("gui", about=draft)
    before = world.counts()
    wrong: list[dict[str, str]] = [{}, {"bam": ""}, {"bam": "x"}]
    wrong += [{"bam": button(world.get(other))}, {"bam": path.rpartition("/")[2]}]
    for fields in wrong:
        assert world.post(path, ("a.jpg", picture()), **fields).status_code == 403
    assert world.ask("POST", path, content=b"x").status_code == 403
    assert world.ask("PUT", path).status_code == 405
    assert world.counts() == before


def refused(world: Opening) -> Iterator[tuple[str, str, int]]:
    """(what is wrong, path, status) of links that must open nothing."""
    draft, real = begin_slip(world), clock.real()
    other = world.people["CB002"]
    file = world.sent("slips/ab/phieu.docx")
    for purpose in ("gui", "noi"):
        good = world.link(purpose, about=draft)
        yield "cut", good[:-1], 404
        yield "longer", good + "x", 404
        yield "other purpose", good.replace(purpose, "noi" if purpose == "gui" else "gui"), 404
        yield "as a file", good.replace(purpose, "tep"), 404
        yield "empty", f"/{purpose}/", 404
        yield "made up", f"/{purpose}/1.1.1.0.ffffffff.abcdef.{'A' * 22}", 404
        late = world.link(purpose, at=real - LIFE, about=draft)
        yield "expired", late, 410
        stranger = world.link(purpose, person_id=other, about=draft)
        yield "another person's", stranger, 410
        nobody = world.link(purpose, account_id=999, about=draft)
        yield "no account", nobody, 410
        gone = world.link(purpose, about=draft + 50)
        yield "no such slip", gone, 410
    yield "expired file", world.link("tep", at=real - LIFE, about=file), 410
    yield "another person's file", world.link("tep", person_id=other, about=file), 410
    yield "no such message", world.link("tep", about=file + 50), 410
    yield "no such file", world.link("tep", about=file, part=1), 410
    yield "a file that one may not have", world.link("tep", about=file), 410


def test_every_wrong_link_is_refused_whatever_is_done_with_it(world: Opening) -> None:
    cases = list(refused(world))
    before = world.counts()
    for what, path, status in cases:
        bam = PAGES.press(path.rpartition("/")[2])
        found = {
            "get": world.get(path).status_code,
            "post": world.post(path, ("a.jpg", picture()), bam=bam).status_code,
            "place": world.ask("POST", path, data={"bam": bam, "vi": "1", "kinh": "2"}).status_code,
        }
        assert found == dict.fromkeys(found, status), what
    assert world.counts() == before
    assert world.rings == []


def test_a_lost_phone_takes_its_links_with_it(world: Opening) -> None:
    path = world.link("gui", about=begin_slip(world))
    bam = button(world.get(path))
    with world.db.writing() as session:
        account = session.get_one(Account, world.account)
        account.person_id, account.state = None, "revoked"
    before = world.counts()
    assert world.get(path).status_code == 410
    assert world.post(path, ("a.jpg", picture()), bam=bam).status_code == 410
    assert world.counts() == before


def test_a_slip_that_was_filed_or_put_aside_takes_nothing_more(world: Opening) -> None:
    path = world.link("gui", about=begin_slip(world))
    bam = button(world.get(path))
    world.says("Để sau")
    assert "để sau" in world.post(path, ("a.jpg", picture()), bam=bam).text
    world.says("Ghi tiếp")
    world.says("Gửi")
    answer = world.post(path, ("a.jpg", picture()), bam=bam)
    assert answer.status_code == 410
    assert "Phiếu này đã gửi" in answer.text


def test_what_the_guard_refuses_is_kept_nowhere_and_the_page_says_why(world: Opening) -> None:
    path = world.link("gui", about=begin_slip(world))
    before = world.counts()
    for name, said in (("a.jpg", "Kèm công văn TUYỆT MẬT số 5"), ("TỐI MẬT ban do.pdf", "")):
        content = picture() if name.endswith("jpg") else b"%PDF-1.7"
        answer = world.press(path, (name, content), loi=said)
        assert answer.status_code == 422
        assert SECRET in answer.text
    assert world.counts() == before
    assert world.press(path, ("a.jpg", picture()), loi="Cầu thôn 3").status_code == 200


def test_a_citizen_number_in_a_caption_is_masked(world: Opening) -> None:
    path = world.link("gui", about=begin_slip(world))
    world.press(path, ("a.jpg", picture()), loi="Hộ ông Mẫu 012345678942")
    assert "012345678942" not in str([row.payload for row in world.rows(Inbox)])
    assert any("đã che" in said for said in world.answers())


def camera() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của đồng chí Mẫu"
    exif[0x0112] = 6
    return picture(exif=exif)


def test_a_photo_of_a_page_loses_what_the_camera_wrote(world: Opening) -> None:
    world.press(world.link("gui"), ("a.jpg", camera()))
    (path,) = [p for p in world.files.rglob("*") if p.is_file()]
    assert "Máy ảnh".encode() not in path.read_bytes()
    with Image.open(path) as kept:
        assert (kept.size, dict(kept.getexif())) == ((30, 40), {})


BAD: dict[str, tuple[str, bytes, str]] = {
    "a program": ("x.jpg", b"MZ\x90\x00" + bytes(100), "chỉ nhận tệp"),
    "a broken photo": ("x.jpg", picture()[:200], "không phải ảnh đọc được"),
    "a page": ("x.pdf", b"<html><script>" + b"\0" * 9, "chỉ nhận tệp"),
    "nothing": ("x.jpg", b"", "tệp trống"),
    "a broken workbook": ("x.xlsx", b"PK\x03\x04...", "tệp hỏng"),
    "a large document": ("x.pdf", b"%PDF-" + bytes(21 << 20), "lớn hơn 20 MB"),
    "a large photo": ("x.jpg", b"\xff\xd8\xff" + bytes(11 << 20), "lớn hơn 10 MB"),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_file_is_judged_by_its_content(world: Opening, case: tuple[str, bytes, str]) -> None:
    name, content, why = case
    path = world.link("gui")
    before = world.counts()
    answer = world.press(path, ("tot.jpg", picture()), (name, content), loi="Giữ lời này")
    assert answer.status_code == 422
    assert why in answer.text
    assert "Giữ lời này" in answer.text
    assert world.counts() == before
    assert world.press(path, ("a.jpg", picture())).status_code == 200


def test_a_picture_that_swells_is_refused(world: Opening) -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    answer = world.press(world.link("gui"), ("x.png", out.getvalue()))
    assert answer.status_code == 422
    assert "quá lớn" in answer.text


def test_too_many_or_too_much_is_refused_before_it_is_read(world: Opening) -> None:
    path, before = world.link("gui"), world.counts()
    many = [(f"{n}.jpg", picture()) for n in range(pages.MOST + 1)]
    assert world.press(path, *many).status_code == 422
    far_more = [(f"{n}.jpg", picture()) for n in range(3 * pages.MOST)]
    assert world.press(path, *far_more).status_code == 400
    assert world.press(path).status_code == 422
    headers = {"content-length": str(pages.LARGEST + 1)}
    assert world.ask("POST", path, headers=headers, content=b"x").status_code == 413

    async def drip() -> Any:
        yield b"x"

    assert world.ask("POST", path, content=drip()).status_code == 411
    assert world.counts() == before


def test_a_name_from_outside_is_no_path(world: Opening) -> None:
    world.press(world.link("gui"), ("../../../etc/cau.jpg", picture()), ("..\\b.jpg", picture()))
    kept = {p.relative_to(world.files).parts[0] for p in world.files.rglob("*") if p.is_file()}
    assert all(len(folder) == 2 for folder in kept)
    names = [row.payload["page"]["name"] for row in world.rows(Inbox)]
    assert names == ["cau.jpg", "b.jpg"]


def test_what_people_write_is_shown_as_text(world: Opening) -> None:
    answer = world.press(world.link("gui"), ("<b>.jpg", b"MZ\x90\0"), loi="</textarea><script>x")
    assert answer.status_code == 422
    assert "<script>x" not in answer.text
    assert "<b>" not in answer.text


def test_every_answer_forbids_what_the_page_does_not_need(world: Opening) -> None:
    file = world.sent("slips/ab/phieu.docx")
    good = world.link("gui")
    for answer in (
        world.get(good),
        world.get(world.link("noi")),
        world.get(good + "x"),
        world.get(world.link("tep", about=file)),
        world.post(good, bam="x"),
        world.press(good, ("a.jpg", picture())),
    ):
        told = answer.headers
        assert told["cache-control"] == "no-store"
        assert told["referrer-policy"] == "no-referrer"
        assert told["x-content-type-options"] == "nosniff"
        assert told["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert "noindex" in told["x-robots-tag"]
        assert "unsafe" not in told["content-security-policy"]


def test_every_page_is_small_and_asks_nobody_else_for_anything(world: Opening) -> None:
    file = world.sent("tong-hop/x/y/z/bieu-do.png")
    shown = [
        world.get(world.link("gui")).content,
        world.get(world.link("noi")).content,
        world.get(world.link("tep", about=file)).content,
        sheets.download("Đồng chí Mẫu", "x" * 22, "tong-hop.docx", "1,2 MB", "Tải").encode(),
    ]
    for page in shown:
        assert len(page) < 50_000
        for elsewhere in (b"http:", b"https:", b"src=", b"<link", b"@import", b"url(", b"onclick"):
            assert elsewhere not in page


def office(world: Opening, person: str) -> None:
    """CB001's phone is in the hands of this person for the test."""
    with world.db.writing() as session:
        session.get_one(Account, world.account).person_id = world.people[person]


def put(world: Opening, name: str, content: bytes = b"PK a file") -> str:
    path = world.files / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


def fetched(world: Opening, path: str) -> httpx.Response:
    """Press the button and follow where it leads."""
    pressed = world.press(path)
    assert pressed.status_code == 303
    return world.get("/tep/" + pressed.headers["location"])


def test_a_file_comes_behind_a_button_as_often_as_wanted(world: Opening) -> None:
    office(world, "VP01")
    file = world.sent(put(world, "slips/ab/phieu-ket-noi.docx"), person="VP01")
    path = world.link("tep", about=file, person_id=world.people["VP01"])
    page = world.get(path)
    assert "phieu-ket-noi.docx" in page.text
    for _ in range(3):
        got = fetched(world, path)
        assert (got.status_code, got.content) == (200, b"PK a file")
        assert got.headers["content-disposition"] == (
            "attachment; filename=\"phieu-ket-noi.docx\"; filename*=UTF-8''phieu-ket-noi.docx"
        )
        assert got.headers["cache-control"] == "no-store"
    assert world.get(f"{path}/{'x' * 22}/phieu.docx").status_code == 403


def test_a_picture_is_shown_not_saved(world: Opening) -> None:
    office(world, "VP01")
    file = world.sent(put(world, "slips/ab/bieu-do.png", picture(kind="PNG")), person="VP01")
    got = fetched(world, world.link("tep", about=file, person_id=world.people["VP01"]))
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"].startswith("inline")


def test_access_that_ends_ends_at_once(world: Opening) -> None:
    office(world, "VP01")
    file = world.sent(put(world, "slips/ab/phieu.docx"), person="VP01")
    path = world.link("tep", about=file, person_id=world.people["VP01"])
    pressed = world.press(path)
    with world.db.writing() as session:
        for role in session.exec(select(Role).where(Role.person_id == world.people["VP01"])):
            session.delete(role)
    assert world.get(path).status_code == 410
    assert world.get("/tep/" + pressed.headers["location"]).status_code == 410


def test_a_file_that_is_gone_says_so(world: Opening) -> None:
    office(world, "VP01")
    file = world.sent("slips/ab/khong-con.docx", person="VP01")
    answer = world.get(world.link("tep", about=file, person_id=world.people["VP01"]))
    assert answer.status_code == 410


def test_without_a_secret_there_are_no_pages(db: Database, tmp_path: Path) -> None:
    assert pages.page_routes(db, tmp_path, NO_PAGES) == []


def test_the_log_of_a_page_holds_no_link_and_no_words(world: Opening, logged: io.StringIO) -> None:
    path = world.link("gui", about=begin_slip(world))
    world.press(path, ("so ho ngheo.jpg", picture()), loi="Cầu thôn 3 hỏng")
    world.get(path)
    world.answers()
    said = logged.getvalue()
    assert "page_used" in said
    assert path.rpartition("/")[2] not in said
    assert path.rpartition(".")[2] not in said
    assert "thôn 3" not in said
    assert "ngheo" not in said
