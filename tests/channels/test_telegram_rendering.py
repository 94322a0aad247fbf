import pytest

from bot.channels.contract import Call, Menu
from bot.channels.plain import units
from bot.channels.telegram_rendering import AT_HAND, LIMITS, render
from bot.messages import Option, Outgoing

NO_PREVIEW = {"is_disabled": True}
ROWS = ((Option("Gửi", "gui"),), (Option("Sửa", "sua"), Option("Để sau", "de sau")))
BUTTONS = {
    "inline_keyboard": [
        [{"text": "Gửi", "callback_data": "gui"}],
        [
            {"text": "Sửa", "callback_data": "sua"},
            {"text": "Để sau", "callback_data": "de sau"},
        ],
    ]
}
MENU = Menu("theo_doi", (("Ghi chuyến đi", "Kiến nghị"),), (("ghi", "Ghi chuyến đi cơ sở"),))
KEYBOARD = {
    "keyboard": [[{"text": "Ghi chuyến đi"}, {"text": "Kiến nghị"}]],
    "resize_keyboard": True,
    "is_persistent": True,
}
COMMANDS = Call(
    "setMyCommands",
    {"commands": [{"command": "ghi", "description": "Ghi chuyến đi cơ sở"}]},
    fresh=False,
    needed=False,
)


def text(said: str, **more: object) -> Call:
    return Call("sendMessage", {"text": said, "link_preview_options": NO_PREVIEW, **more})


def calls(message: Outgoing, menu: Menu | None = None, edits: tuple[str, ...] = ()) -> list[Call]:
    return render(message, menu, edits)


def test_a_text_goes_letter_for_letter_without_a_parse_mode() -> None:
    assert calls(Outgoing("a < b & <b>c</b>")) == [text("a < b & <b>c</b>")]


def test_choices_are_buttons_under_the_message() -> None:
    assert calls(Outgoing("Xem lại", ROWS)) == [text("Xem lại", reply_markup=BUTTONS)]


def test_a_link_is_a_button_too() -> None:
    (call,) = calls(Outgoing("Trang", ((Option("Mở", "", "https://mau.example"),),)))
    assert call.params["reply_markup"] == {
        "inline_keyboard": [[{"text": "Mở", "url": "https://mau.example"}]]
    }


def test_the_buttons_of_a_long_text_stand_under_its_last_part() -> None:
    long = "Một câu khá dài của cán bộ. " * 400
    parts = calls(Outgoing(long, ROWS))
    assert "".join(part.params["text"] for part in parts) == long
    assert all(units(part.params["text"]) <= LIMITS.text for part in parts)
    assert all(part.params["text"].endswith(". ") for part in parts)
    assert ["reply_markup" in part.params for part in parts] == [False, False, True]


def test_a_part_without_a_letter_is_not_sent() -> None:
    assert calls(Outgoing("Hết." + "\n" * 5000)) == [text("Hết." + "\n" * 4092)]


@pytest.mark.parametrize("token", ["", "kiến nghị " * 6])
def test_a_token_that_does_not_fit_is_our_mistake(token: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        calls(Outgoing("Chọn", ((Option("Nút", token),),)))


def test_a_file_carries_the_text_as_its_caption() -> None:
    chart = calls(Outgoing("Biểu đồ", ROWS, files=("ab/abc.png",)))
    params = {"caption": "Biểu đồ", "reply_markup": BUTTONS}
    assert chart == [Call("sendPhoto", params, file="ab/abc.png", name="abc.png")]
    named = Outgoing("", files=("a.docx",), names=(("a.docx", "Dự thảo.docx"),))
    assert calls(named) == [Call("sendDocument", {}, file="a.docx", name="Dự thảo.docx")]


def test_a_text_too_long_for_a_caption_goes_before_the_file() -> None:
    said = "Dòng tổng hợp. " * 100
    assert [call.method for call in calls(Outgoing(said, files=("a.xlsx",)))] == [
        "sendMessage",
        "sendDocument",
    ]


def test_several_files_go_after_the_text_one_by_one() -> None:
    sent = calls(Outgoing("Ảnh", files=("a.jpg", "b.jpg")))
    assert [(call.method, call.file) for call in sent] == [
        ("sendMessage", ""),
        ("sendPhoto", "a.jpg"),
        ("sendPhoto", "b.jpg"),
    ]


def test_an_answered_question_is_changed_in_place() -> None:
    (call,) = calls(Outgoing("Đi ngày nào? Hôm qua"), edits=("31",))
    new = text("Đi ngày nào? Hôm qua")
    assert call == Call(
        "editMessageText", {"message_id": 31, **new.params}, fresh=False, instead=new
    )


def test_a_longer_text_over_a_shorter_one_goes_on_anew() -> None:
    sent = calls(Outgoing("Câu. " * 1000, ROWS), edits=("31",))
    assert [call.method for call in sent] == ["editMessageText", "sendMessage"]
    assert "reply_markup" in sent[1].params


def test_what_a_shorter_text_leaves_over_is_taken_away() -> None:
    sent = calls(Outgoing("Ngắn"), edits=("31", "32"))
    assert [(call.method, call.params["message_id"], call.needed) for call in sent] == [
        ("editMessageText", 31, True),
        ("deleteMessage", 32, False),
    ]


def test_a_menu_goes_with_a_message_that_has_no_buttons() -> None:
    assert calls(Outgoing("Chào"), MENU) == [text("Chào", reply_markup=KEYBOARD), COMMANDS]


def test_a_menu_gets_a_line_of_its_own_where_there_are_buttons() -> None:
    assert calls(Outgoing("Chào", ROWS), MENU) == [
        text(AT_HAND, reply_markup=KEYBOARD),
        text("Chào", reply_markup=BUTTONS),
        COMMANDS,
    ]


def test_a_stranger_has_nothing_at_hand() -> None:
    said, commands = calls(Outgoing("Đã ngắt kết nối."), Menu("khach"))
    assert said.params["reply_markup"] == {"remove_keyboard": True}
    assert commands.method == "deleteMyCommands"
