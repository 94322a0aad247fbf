"""What people type on a channel that prints its choices: numbers, labels, parts, codes, 0."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import select

from bot.channels.zalo_bot import ZaloBot
from bot.work import clock
from bot.work.converse import GATHER
from bot.work.receive import handle_next, store
from bot.work.send import send_once
from storage import settings
from storage.database import Database
from storage.outbox import outbox
from storage.shown import SEEN_AFTER
from storage.tables import Account, Draft, Visit
from tests.cast import cast

AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
NOT_UNDERSTOOD = "Hệ thống chưa hiểu tin này."


@dataclass
class Phone:
    """CB001's Zalo, with nothing but the wire cut off."""

    db: Database
    metered: bool = False
    wrapped: bool = False  # in the envelope of Zalo's documents
    breaks_off: bool = False  # what is sent arrives, and nobody says so
    shown: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def says(self, text: str) -> str:
        """Type; what the service said last."""
        asyncio.run(self._talk("message.text.received", text=text))
        return self.shown[-1]

    def sends_photo(self, url: str) -> None:
        """One of several photos: each is an event of its own."""
        asyncio.run(self._talk("message.image.received", photo_url=url, caption=""))

    def waits(self, time: timedelta) -> None:
        """Let time pass on the service's clock, and send what is due then."""
        with self.db.writing() as session:
            clock.move(session, clock.now(session) + time)
        asyncio.run(self._talk(""))

    async def _talk(self, event: str, **what: str) -> None:
        channel = ZaloBot("4243:choosing", transport=httpx.MockTransport(self._take), resolve=None)
        if not self.metered:
            channel.limits = replace(channel.limits, monthly=None)
        sender = {"id": "7001", "display_name": "Mẫu", "is_bot": False}
        message = {
            "message_id": f"m{next(self.numbers)}",
            "date": 1700000000000,
            "from": sender,
            "chat": {"id": "7001", "chat_type": "PRIVATE"},
            **what,
        }
        if event:
            told = {"event_name": event, "message": message}
            body = {"ok": True, "result": told} if self.wrapped else told
            store(self.db, channel, [body])
        while handle_next(self.db, {channel.bot: channel}):
            pass
        while await send_once(self.db, channel):
            pass
        await channel.close()

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.shown.append(json.loads(request.content)["text"])
        if self.breaks_off:
            raise httpx.ReadTimeout("gone")
        return httpx.Response(
            200, json={"ok": True, "result": {"message_id": f"s{len(self.shown)}"}}
        )


@pytest.fixture
def phone(db: Database) -> Phone:
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, AT)
        person = cast(session)["CB001"]
        session.add(
            Account(
                bot="zalo:4243",
                external_id="7001",
                person_id=person,
                state="confirmed",
                linked_at=AT,
            )
        )
    return Phone(db)


def test_a_number_counts_against_the_newest_menu_alone(phone: Phone) -> None:
    assert "\n4. Địa bàn\n" in phone.says("0")
    assert "1. Xã Hòa Mẫu\n2. Phường Tân Mẫu" in phone.says("4")
    assert phone.says("4").startswith("Chưa rõ “4” là lựa chọn nào.")


def test_a_number_counts_against_what_was_shown_though_nobody_said_so(phone: Phone) -> None:
    phone.says("Sáng nay họp thôn ở Hòa Mẫu, bà con đồng thuận")
    assert "\n1. Thêm ảnh\n" in phone.says("1")
    phone.breaks_off = True
    assert "\n1. Gửi\n" in phone.says("Chiều nay tiếp dân ở Hòa Mẫu, còn 2 hộ băn khoăn")
    phone.breaks_off = False
    read = clock.real() - SEEN_AFTER
    with phone.db.connection() as connection:
        begun = update(outbox).where(outbox.c.begun_at.is_not(None))
        connection.execute(begun.values(begun_at=read))
    phone.says("1")
    with phone.db.reading() as session:
        assert [visit.number for visit in session.exec(select(Visit))] == [1, 2]


def test_a_label_is_understood_without_its_marks_and_by_a_part(phone: Phone) -> None:
    phone.says("0")
    assert "1. Xã Hòa Mẫu" in phone.says("địa bàn")
    assert "Theo dõi: Nguyễn Văn Mẫu" in phone.says("phuong tan mau")
    phone.says("/diaban")
    assert "Theo dõi: Nguyễn Văn Mẫu" in phone.says("tan")


def test_a_part_of_several_labels_is_asked_about(phone: Phone) -> None:
    phone.says("0")
    asked = phone.says("ch")
    assert asked.startswith("Đồng chí chọn:\n\nTrả lời số:\n")
    assert "Ghi chuyến đi" in asked
    assert "Việc chờ tôi" in asked


def test_what_cannot_be_undone_needs_its_whole_label_or_its_number(phone: Phone) -> None:
    phone.says("Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận")
    phone.says("1")
    assert phone.says("rút CS-1").startswith("Rút phiếu CS-1,")
    assert phone.says("rut phi") == "Đồng chí chọn:\n\nTrả lời số:\n1. Rút phiếu"
    assert "Đã rút phiếu CS-1." in phone.says("1")
    assert phone.says("/ngatketnoi").startswith("Ngắt kết nối máy này?")
    assert phone.says("ngat").endswith("1. Ngắt kết nối")
    assert "Đã ngắt kết nối" in phone.says("ngắt kết nối")


def test_what_was_understood_is_said(phone: Phone) -> None:
    phone.says("0")
    assert phone.says("1").startswith("Đã chọn: Ghi chuyến đi\n\nĐồng chí đi xã, phường nào?")
    assert phone.says("2").startswith("Đã ghi: Phường Tân Mẫu\n\n") is False  # it names the ward
    assert "phường Tân Mẫu ngày nào?" in phone.shown[-1]
    assert phone.says("hom qua").startswith("Đã ghi: Thứ Hai, 23/11/2026\n\n")


def test_a_label_of_an_earlier_message_works_when_it_is_typed_out(phone: Phone) -> None:
    phone.says("0")
    phone.says("/diaban")
    assert "Nhắn 0" not in phone.says("de nghi vang, cu di thay")
    assert not phone.shown[-1].startswith(NOT_UNDERSTOOD)


def test_more_shows_the_rest_and_its_numbers_begin_anew(phone: Phone) -> None:
    assert phone.says("0").endswith("9. Xem thêm")
    rest = phone.says("9")
    assert rest.startswith("Danh mục chính (tiếp)\n\nTrả lời số:\n1. ")
    assert "Tra cứu" in rest
    assert "1. Kênh nhận tin" in phone.says("9")


def test_the_guide_is_on_the_first_page_of_the_main_list(phone: Phone) -> None:
    assert "\n5. Hướng dẫn\n" in phone.says("0")


def test_a_code_is_heard_while_a_choice_is_asked_for(phone: Phone) -> None:
    phone.says("/ghi")
    assert phone.says("sửa CS-9") == "Không thấy phiếu này trong những phiếu đồng chí được xem."
    assert phone.says("1").startswith("Đồng chí đi xã Hòa Mẫu ngày nào?")


def test_under_a_text_question_words_are_the_answer_and_0_the_main_list(phone: Phone) -> None:
    for said in ("/ghi", "1", "1", "1"):
        phone.says(said)
    assert phone.shown[-1].endswith(
        "Nắm: tình hình nổi lên, bà con nói gì?\n\nHoặc nhắn: Bỏ qua · Quay lại · Để sau"
    )
    assert phone.says("0").startswith("Danh mục chính\n\nTrả lời số:\n1. Ghi tiếp\n")
    assert "Nắm: tình hình nổi lên" in phone.says("1")
    assert phone.says("2").startswith("Đã ghi phần Nắm: 2\n\nGóp ý:")


def test_a_short_word_gets_the_menu_and_a_long_text_is_kept(phone: Phone) -> None:
    assert phone.says("alo").startswith(NOT_UNDERSTOOD)
    kept = phone.says("Đồng chí Bí thư xã hẹn tuần sau gặp lại để trao đổi tiếp")
    assert kept.startswith("Đã giữ tin này, chưa xếp vào đâu. Đây là:\n\nTrả lời số:\n1. ")


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_kept_text_is_found_again_in_either_body(phone: Phone, *, wrapped: bool) -> None:
    phone.wrapped = wrapped
    said = "Mấy hôm nay trời mưa to, nước sông lên nhanh quá"
    phone.says(said)
    assert phone.says("2").startswith("Kiến nghị ở xã, phường nào?")
    with phone.db.reading() as session:
        assert said in str(session.exec(select(Draft)).one().answers)


def test_an_old_number_of_a_closed_slip_changes_nothing(phone: Phone) -> None:
    for said in ("/ghi", "1", "1", "1", "Bà con đồng thuận", "Xong, xem lại"):
        phone.says(said)
    assert phone.says("1").startswith("Đã lưu phiếu CS-1,")
    assert "Đã lưu" not in phone.says("4")


def test_where_messages_are_counted_a_visit_is_one_sheet_and_its_review(phone: Phone) -> None:
    phone.metered = True
    assert "\nNắm:\nGóp ý:\nKiểm tra:\n" in phone.says("/ghi")
    review = phone.says("Xã: Hòa Mẫu\nViệc: họp thôn 3\nNắm: bà con đồng thuận")
    assert review.startswith("Xin đồng chí xem lại trước khi gửi")
    assert len(phone.shown) == 2
    assert phone.says("1").startswith("Đã lưu phiếu CS-1,")


def test_a_plan_without_a_number_is_asked_part_by_part(phone: Phone) -> None:
    phone.metered = True
    with phone.db.writing() as session:
        settings.put(session, "han_muc_zalo", 0, clock.ALWAYS)
    assert phone.says("/ghi").startswith("Đồng chí đi xã, phường nào?")


def test_photos_that_arrive_one_by_one_get_one_answer(phone: Phone) -> None:
    for number in range(3):
        phone.sends_photo(f"https://f20.zdn.vn/{number}.jpg")
    assert phone.shown == []
    phone.waits(GATHER)
    assert len(phone.shown) == 1
    assert phone.shown[0].startswith("Đã giữ 3 ảnh.")


def test_photos_sent_where_a_choice_is_asked_for_are_kept_and_it_is_asked_again(
    phone: Phone,
) -> None:
    phone.says("/ghi")
    phone.shown.clear()
    for number in range(3):
        phone.sends_photo(f"https://f20.zdn.vn/{number}.jpg")
    phone.waits(GATHER)
    assert [said.partition("\n\n")[0] for said in phone.shown] == ["Đã kèm 3 ảnh."]
    assert "1. Xã Hòa Mẫu" in phone.shown[-1]
    phone.says("1")
    for said in ("1", "1", "Bà con đồng thuận", "Xong, xem lại"):
        phone.says(said)
    assert "Kèm 3 ảnh" in phone.shown[-1]


def test_who_is_asked_for_photos_may_write_of_something_else(phone: Phone) -> None:
    phone.says("Sáng nay họp thôn ở Hòa Mẫu, bà con đồng thuận")
    phone.says("1")
    asked = phone.says("1")
    assert asked.startswith("Đã chọn: Thêm ảnh\n\nXin gửi ảnh")
    assert asked.endswith("\n\nHoặc nhắn: Không ghi nữa")
    review = phone.says("Chiều nay tiếp dân ở Hòa Mẫu, còn 2 hộ băn khoăn")
    assert review.startswith("Xin đồng chí xem lại trước khi gửi")
    phone.says("1")
    phone.says("1")
    assert phone.says("khong ghi nua") == "Không sửa nữa, phiếu CS-2 giữ nguyên."
