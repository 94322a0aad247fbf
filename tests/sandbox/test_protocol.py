"""python-telegram-bot talks to the sandbox as it does to Telegram."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.sandbox import Remote, RemotePhone
from tests.sandbox.table import TOKEN

pytestmark = pytest.mark.usefixtures("spans_as_timedelta")
Talk = Callable[[Bot], Awaitable[Any]]


@pytest.fixture
def spans_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of its older kind of durations."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def with_bot(url: str) -> Callable[[Talk], Any]:
    def run(talk: Talk) -> Any:
        async def inside() -> Any:
            bot = Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
            async with bot:
                return await talk(bot)

        return asyncio.run(inside())

    return run


def picture(colour: str = "green") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def test_the_bot_knows_itself(with_bot: Any) -> None:
    me = with_bot(lambda bot: bot.get_me())
    assert (me.id, me.is_bot, me.username) == (42, True, "sausat_thu_bot")


def test_a_wrong_token_is_refused(url: str) -> None:
    async def talk() -> None:
        async with Bot("43:wrong", base_url=f"{url}/bot"):
            pass

    with pytest.raises(InvalidToken):
        asyncio.run(talk())


def test_a_text_arrives_as_an_update_and_an_answer_on_the_phone(
    with_bot: Any, cadre: RemotePhone
) -> None:
    cadre.says("Sáng nay họp thôn 3")

    async def talk(bot: Bot) -> None:
        (update,) = await bot.get_updates(timeout=2)
        assert update.message
        assert update.message.from_user
        assert update.message.text == "Sáng nay họp thôn 3"
        assert update.message.from_user.id == 1001
        await update.message.reply_text(
            "<b>Đã</b> nhận &amp; lưu", parse_mode="HTML", do_quote=True
        )

    with_bot(talk)
    shown = cadre.sees("Đã nhận & lưu")
    assert shown["spans"] == [{"kind": "bold", "offset": 0, "length": 2, "url": ""}]
    assert shown["reply_to"] == cadre.messages("person")[0]["id"]


def test_a_link_with_a_code_is_a_start_command(with_bot: Any, sandbox: Remote) -> None:
    sandbox.phone(1002).starts("HM7K2PQ4")
    (update,) = with_bot(lambda bot: bot.get_updates())
    assert update.message.text == "/start HM7K2PQ4"
    (command,) = update.message.entities
    assert (command.type, command.offset, command.length) == ("bot_command", 0, 6)


def test_a_press_is_answered_and_the_message_edited_in_place(
    with_bot: Any, cadre: RemotePhone
) -> None:
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Gửi", callback_data="CS gui")]])

    async def ask(bot: Bot) -> None:
        await bot.send_message(1001, "Xem lại", reply_markup=buttons)

    async def answer(bot: Bot) -> None:
        (update,) = await bot.get_updates(timeout=2)
        query = update.callback_query
        assert query
        assert query.data == "CS gui"
        await query.answer("Đã nhận", show_alert=True)
        await query.edit_message_text("Xem lại → Gửi")
        with pytest.raises(BadRequest, match="Query is too old"):
            await query.answer()

    with_bot(ask)
    cadre.presses("Gửi")
    with_bot(answer)
    (shown,) = cadre.messages()
    assert (shown["text"], shown["buttons"]) == ("Xem lại → Gửi", [])


def test_buttons_alone_can_be_changed(with_bot: Any, cadre: RemotePhone) -> None:
    one = InlineKeyboardMarkup([[InlineKeyboardButton("Một", callback_data="1")]])
    two = InlineKeyboardMarkup([[InlineKeyboardButton("Hai", url="https://example.org/")]])

    async def talk(bot: Bot) -> None:
        message = await bot.send_message(1001, "Chọn", reply_markup=one)
        await message.edit_reply_markup(two)
        with pytest.raises(BadRequest, match="not modified"):
            await message.edit_reply_markup(two)

    with_bot(talk)
    (shown,) = cadre.messages()
    assert shown["buttons"] == [[{"label": "Hai", "token": "", "url": "https://example.org/"}]]


def test_the_main_keyboard_types_its_label(with_bot: Any, cadre: RemotePhone) -> None:
    keys = ReplyKeyboardMarkup([["Ghi chuyến đi", "Địa bàn"]], resize_keyboard=True)
    with_bot(lambda bot: bot.send_message(1001, "Chào đồng chí", reply_markup=keys))
    cadre.presses("Địa bàn")
    (update,) = with_bot(lambda bot: bot.get_updates())
    assert update.message.text == "Địa bàn"
    with_bot(lambda bot: bot.send_message(1001, "Thôi", reply_markup=ReplyKeyboardRemove()))
    assert cadre.shows()["keyboard"] == []


def test_photos_of_both_sides_keep_their_bytes(with_bot: Any, cadre: RemotePhone) -> None:
    cadre.sends_photos(("cau.jpg", picture()), caption="Cầu thôn 3")

    async def talk(bot: Bot) -> bytes:
        (update,) = await bot.get_updates()
        assert update.message
        assert update.message.caption == "Cầu thôn 3"
        small, full = update.message.photo
        assert (small.width, full.width, full.height) == (320, 640, 480)
        await bot.send_photo(1001, picture("red"), caption="<i>Đã</i> sửa", parse_mode="HTML")
        await bot.send_photo(1001, full.file_id)
        return bytes(await (await full.get_file()).download_as_bytearray())

    assert with_bot(talk) == picture()
    assert [shown["text"] for shown in cadre.messages()] == ["Đã sửa", ""]


def test_an_album_is_several_updates_of_one_group(with_bot: Any, cadre: RemotePhone) -> None:
    cadre.sends_photos(("a.jpg", picture()), ("b.jpg", picture()), caption="Hai góc")
    first, second = with_bot(lambda bot: bot.get_updates())
    assert first.message.media_group_id == second.message.media_group_id
    assert (first.message.caption, second.message.caption) == ("Hai góc", None)


def test_the_bot_sends_albums_documents_and_voice(with_bot: Any, cadre: RemotePhone) -> None:
    async def talk(bot: Bot) -> None:
        album = [InputMediaPhoto(picture(), caption="Một"), InputMediaPhoto(picture())]
        sent = await bot.send_media_group(1001, album)
        assert len({message.media_group_id for message in sent}) == 1
        await bot.send_document(1001, b"PK...", filename="TH-10.docx", caption="Bản đầy đủ")
        await bot.send_voice(1001, b"OggS...", duration=7)
        await bot.send_chat_action(1001, "typing")

    with_bot(talk)
    kinds = [(shown["media"]["kind"], shown["media"]["name"]) for shown in cadre.messages()]
    assert [kind for kind, _ in kinds] == ["photo", "photo", "document", "voice"]
    assert kinds[2][1] == "TH-10.docx"


def test_voice_place_and_document_arrive(with_bot: Any, cadre: RemotePhone) -> None:
    cadre.sends_voice(48)
    cadre.sends_location(13.78, 109.22)
    cadre.sends_document("ds.xlsx", b"PK-bang", caption="Danh sách")
    voice, place, document = with_bot(lambda bot: bot.get_updates())
    assert voice.message.voice.duration == timedelta(seconds=48)
    assert voice.message.voice.mime_type == "audio/ogg"
    assert (place.message.location.latitude, place.message.location.longitude) == (13.78, 109.22)
    assert document.message.document.file_name == "ds.xlsx"
    assert document.message.caption == "Danh sách"


def test_an_edit_by_the_person_is_an_edited_message(with_bot: Any, cadre: RemotePhone) -> None:
    number = cadre.says("Cầu thôn 3")
    cadre.edits(number, "Cầu thôn 4")
    _, edited = with_bot(lambda bot: bot.get_updates())
    assert edited.edited_message.message_id == number
    assert edited.edited_message.text == "Cầu thôn 4"
    assert edited.edited_message.edit_date is not None


def test_a_deleted_message_leaves_the_phone(with_bot: Any, cadre: RemotePhone) -> None:
    async def talk(bot: Bot) -> None:
        message = await bot.send_message(1001, "Nhầm")
        await message.delete()
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await message.delete()

    with_bot(talk)
    assert cadre.messages() == []


def test_who_blocks_the_bot_gets_nothing(with_bot: Any, cadre: RemotePhone) -> None:
    cadre.blocks()

    async def talk(bot: Bot) -> None:
        (update,) = await bot.get_updates()
        assert update.my_chat_member
        assert update.my_chat_member.new_chat_member.status == "kicked"
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(1001, "Có ai không")

    with_bot(talk)
    cadre.blocks(False)
    with_bot(lambda bot: bot.send_message(1001, "Lại đây"))
    assert [shown["text"] for shown in cadre.messages()] == ["Lại đây"]


def test_the_menu_of_a_chat_wins_over_the_general_one(
    with_bot: Any, sandbox: Remote, cadre: RemotePhone
) -> None:
    async def talk(bot: Bot) -> None:
        scope = BotCommandScopeChat(1001)
        await bot.set_my_commands([BotCommand("huongdan", "Hướng dẫn")])
        await bot.set_my_commands([BotCommand("ghi", "Ghi chuyến đi cơ sở")], scope=scope)
        assert [each.command for each in await bot.get_my_commands(scope=scope)] == ["ghi"]
        await bot.set_chat_menu_button(1001, MenuButtonCommands())

    with_bot(talk)
    assert [each["command"] for each in cadre.shows()["menu"]] == ["ghi"]
    assert [each["command"] for each in sandbox.phone(1002).shows()["menu"]] == ["huongdan"]
    with_bot(lambda bot: bot.delete_my_commands(scope=BotCommandScopeChat(1001)))
    assert [each["command"] for each in cadre.shows()["menu"]] == ["huongdan"]


def test_too_many_requests_and_server_errors_have_their_exceptions(
    with_bot: Any, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("too_many", method="sendMessage", count=1, retry_after=7)
    with pytest.raises(RetryAfter) as refused:
        with_bot(lambda bot: bot.send_message(1001, "Một"))
    assert refused.value.retry_after == timedelta(seconds=7)
    sandbox.switch("server_error", method="sendMessage", count=1)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        with_bot(lambda bot: bot.send_message(1001, "Hai"))
    assert cadre.messages() == []
