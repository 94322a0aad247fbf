"""The ten rules of a conversation, each with what would go wrong without it."""

from dataclasses import replace

import pytest

from bot.conversation.form import Choice, Draft, Form, Question
from bot.conversation.questions import Day, Number, Photos, Pick, PickMany, Text
from bot.messages import Incoming, Media
from tests.conversation.talk import DictLook, Talk


def _lines(draft: Draft, look: object) -> str:
    return "\n".join(f"{name}: {value}" for name, value in draft.values().items())


def _form(*questions: Question, **more: object) -> Form:
    return Form(
        "trip",
        "Chuyến đi",
        questions,
        review=_lines,
        file=lambda *_: [],
        **more,  # type: ignore[arg-type]  # each test names what it needs
    )


KINDS = tuple(Choice(str(n), f"Việc {n}") for n in range(1, 4))
TRIP = _form(
    Pick("area_id", "Đi xã nào?", "Xã", source="visit_areas"),
    Day("visited_on", "Ngày nào?", "Ngày"),
    Text("situation", "Tình hình?", "Nắm", optional=True),
    Text("advice", "Góp ý gì?", "Góp ý", optional=True),
    Text("why", "Vì sao xa vậy?", when=lambda d: d.value("area_id") == "2", label="Lý do"),
    Photos("photos", "Gửi ảnh.", "Ảnh", optional=True, more=True),
    skim=("situation", "advice"),
    photos="photos",
)


def at_situation() -> Talk:
    return Talk(TRIP).presses("Xã Hòa Mẫu").presses("Hôm qua")


def test_a_reply_is_filed_under_the_question_that_was_on_the_screen() -> None:
    talk = at_situation().says("Ổn định")
    assert talk.draft.value("situation") == "Ổn định"
    assert talk.draft.asked is not None
    assert talk.draft.asked.question == "advice"


def test_a_second_message_before_the_next_prompt_was_seen_joins_the_first_answer() -> None:
    talk = at_situation()
    shown = talk.draft.asked
    talk.says("Ổn định")
    late = replace(talk.draft, asked=shown)
    talk.says("Giao đất còn chậm", burst=True, draft=late)
    assert talk.draft.value("situation") == "Ổn định\nGiao đất còn chậm"
    assert "advice" not in talk.draft.answers


def test_numbers_are_answers_and_never_controls_of_a_text_question() -> None:
    talk = at_situation().says("2")
    assert talk.draft.value("situation") == "2"


@pytest.mark.parametrize("typed", ["Hủy", "Kiến nghị tỉnh sớm bố trí vốn", "quay lai", "De sau"])
def test_under_a_text_question_everything_is_the_answer(typed: str) -> None:
    assert at_situation().says(typed).draft.value("situation") == typed


def test_a_control_counts_under_a_text_question_when_typed_alone_with_its_marks() -> None:
    assert at_situation().says("Để sau").step.end == "parked"


def test_a_control_that_was_not_offered_is_an_answer() -> None:
    talk = Talk(_form(Text("situation", "Tình hình?", "Nắm"))).says("Quay lại")
    assert talk.draft.value("situation") == "Quay lại"


def test_under_a_choice_a_control_needs_no_marks() -> None:
    talk = Talk(TRIP).presses("Xã Hòa Mẫu").says("quay lai")
    assert talk.draft.asked is not None
    assert talk.draft.asked.question == "area_id"


def test_an_old_button_changes_nothing_and_says_so() -> None:
    talk = Talk(TRIP)
    old = next(o.token for row in talk.prompt.rows for o in row if o.label == "Phường Tân Mẫu")
    talk.presses("Xã Hòa Mẫu").sends(Incoming(token=old))
    assert talk.draft.value("area_id") == "1"
    assert "thuộc câu đã trả lời" in talk.prompt.text


def test_a_button_of_another_slip_is_left_to_the_desk() -> None:
    talk = Talk(TRIP).sends(Incoming(token="#7 area_id 2"))
    assert not talk.step.took
    assert "area_id" not in talk.draft.answers


def test_every_token_is_at_most_64_bytes() -> None:
    talk = at_situation()
    assert all(len(o.token.encode()) <= 64 for row in talk.prompt.rows for o in row)


def test_back_forgets_nothing_and_offers_to_keep_or_clear() -> None:
    talk = at_situation().says("Ổn định").presses("Quay lại")
    assert talk.draft.value("situation") == "Ổn định"
    assert {"Giữ nguyên", "Xóa"} <= set(talk.labels)
    assert "Đang ghi: Ổn định" in talk.prompt.text
    talk.presses("Giữ nguyên")
    assert talk.draft.value("situation") == "Ổn định"


def test_any_item_can_be_edited_from_the_review() -> None:
    talk = at_situation().says("Ổn định").presses("Xong, xem lại").presses("Sửa").presses("Ngày")
    talk.says("22/11")
    assert talk.draft.value("visited_on") == "2026-11-22"
    assert talk.prompt.text.startswith("Xin đồng chí xem lại")


def test_clearing_takes_the_answer_away() -> None:
    talk = at_situation().says("Ổn định").presses("Quay lại").presses("Xóa")
    assert not talk.draft.value("situation")


def test_an_edited_answer_can_make_a_question_due() -> None:
    talk = at_situation().says("Ổn định").presses("Xong, xem lại").presses("Sửa").presses("Xã")
    talk.presses("Phường Tân Mẫu")
    assert talk.prompt.text.startswith("Vì sao xa vậy?")


def test_labels_that_fold_alike_are_asked() -> None:
    look = DictLook({"visit_areas": (Choice("1", "Xã Hòa Mẫu"), Choice("2", "Xã Hoà Mậu"))})
    talk = Talk(TRIP, look).says("hoa mau")
    assert "area_id" not in talk.draft.answers
    assert talk.labels == ["Xã Hòa Mẫu", "Xã Hoà Mậu"]
    assert talk.presses("Xã Hoà Mậu").draft.value("area_id") == "2"


@pytest.mark.parametrize("typed", ["hoa mau", "Xã Hoà Mẫu", "HÒA MẪU", "hòa"])
def test_a_choice_is_read_without_marks_and_by_part_of_its_name(typed: str) -> None:
    assert Talk(TRIP).says(typed).draft.value("area_id") == "1"


def test_a_photo_at_any_time_is_kept_and_the_question_asked_again() -> None:
    talk = at_situation().sends_photo("thôn 3")
    assert talk.draft.value("photos")[0]["caption"] == "thôn 3"
    assert talk.draft.asked is not None
    assert talk.draft.asked.question == "situation"


def test_a_photo_while_a_choice_is_asked_for_is_kept_too() -> None:
    talk = Talk(TRIP).sends_photo("cầu")
    assert talk.prompt.text.startswith("Đã kèm 1 ảnh (cầu).\n")
    assert talk.labels[:2] == ["Xã Hòa Mẫu", "Phường Tân Mẫu"]
    assert talk.presses("Xã Hòa Mẫu").draft.value("photos")[0]["caption"] == "cầu"


def test_papers_are_counted_apart_from_photos() -> None:
    talk = at_situation().sends_photo(number="1")
    paper = Media("document", "page:1", "bien-ban.docx")
    talk.sends(Incoming(media=paper, message_id="2"))
    assert talk.prompt.text.startswith("Đã kèm 1 ảnh, 1 tệp.")


def test_an_album_is_several_photos_of_one_question() -> None:
    talk = at_situation().says("Ổn định").presses("Xong, xem lại").presses("Thêm").presses("Ảnh")
    talk.sends_photo(number="1").sends_photo(number="2").sends_photo(number="3")
    assert len(talk.draft.value("photos")) == 3
    assert talk.presses("Xong, xem lại").prompt.text.startswith("Xin đồng chí xem lại")


def test_an_edited_message_becomes_the_new_version_of_its_answer() -> None:
    talk = at_situation().says("Ổn dịnh").says("Công khai danh sách").edits_message(1, "Ổn định")
    assert talk.draft.value("situation") == "Ổn định"
    assert talk.draft.value("advice") == "Công khai danh sách"
    assert "Đã sửa phần Nắm" in talk.prompt.text


def test_a_question_added_by_a_new_version_is_asked() -> None:
    talk = at_situation()
    longer = replace(TRIP, questions=(*TRIP.questions, Number("count", "Bao nhiêu?", "Số")))
    talk.form = longer
    talk.says("Ổn định").presses("Xong, xem lại")
    assert talk.prompt.text.startswith("Bao nhiêu?")


def test_a_question_removed_by_a_new_version_leaves_the_draft_usable() -> None:
    talk = at_situation()
    talk.form = replace(TRIP, questions=tuple(q for q in TRIP.questions if q.name != "situation"))
    talk.says("Ổn định")
    assert talk.prompt.text.startswith("Góp ý gì?")


def test_questions_moved_by_a_new_version_keep_their_answers() -> None:
    talk = at_situation().says("Ổn định")
    talk.form = replace(TRIP, questions=tuple(reversed(TRIP.questions)))
    talk.says("Công khai")
    assert talk.draft.value("situation") == "Ổn định"
    assert talk.draft.value("advice") == "Công khai"


def test_an_answered_prompt_loses_its_buttons_and_shows_what_was_picked() -> None:
    talk = Talk(TRIP).presses("Xã Hòa Mẫu")
    (record,) = talk.edits
    assert record.text == "Đi xã nào?\n→ Xã Hòa Mẫu"
    assert record.rows == ()
    assert record.edits == 1


def test_the_review_says_what_is_missing_and_stays() -> None:
    form = replace(TRIP, ready=lambda d: "" if d.value("advice") else "Xin ghi phần Góp ý.")
    talk = at_situation()
    talk.form = form
    talk.says("Ổn định").presses("Xong, xem lại").presses("Gửi")
    assert talk.step.end == ""
    assert talk.prompt.text.startswith("Xin ghi phần Góp ý.")


def test_sending_from_the_review_ends_the_form() -> None:
    talk = at_situation().says("Ổn định").presses("Xong, xem lại").presses("Gửi")
    assert talk.step.end == "submit"


def test_text_typed_on_the_review_is_kept_and_put_where_the_person_says() -> None:
    talk = at_situation().says("Ổn định").presses("Xong, xem lại").says("Cầu thôn 3 hỏng")
    assert "Cầu thôn 3 hỏng" in talk.prompt.text
    talk.presses("Nắm")
    assert talk.draft.value("situation") == "Ổn định\nCầu thôn 3 hỏng"


def test_dropping_asks_when_more_than_one_answer_is_in() -> None:
    talk = at_situation().says("Ổn định").presses("Xong, xem lại").presses("Sửa")
    talk.presses("Không ghi nữa")
    assert talk.step.end == ""
    assert talk.presses("Không ghi nữa").step.end == "dropped"


def test_more_than_eight_choices_are_paged_and_searchable() -> None:
    many = tuple(Choice(str(n), f"Xã Mẫu {n}") for n in range(1, 21))
    talk = Talk(TRIP, DictLook({"visit_areas": many}))
    assert talk.labels[:8] == [f"Xã Mẫu {n}" for n in range(1, 9)]
    assert "tìm" in talk.prompt.text
    assert talk.presses("Xem thêm").labels[0] == "Xã Mẫu 9"
    assert talk.says("mau 17").draft.value("area_id") == "17"


def test_many_choices_are_toggled_until_done() -> None:
    form = _form(PickMany("works", "Việc nào?", "Việc", options=KINDS))
    talk = Talk(form).presses("Việc 1").presses("Việc 3").presses("Bỏ: Việc 1")
    assert talk.draft.value("works") == ["3"]
    assert talk.presses("Xong, xem lại").draft.asked == replace(
        talk.draft.asked,
        question="xem",  # type: ignore[type-var]  # there is a prompt
    )


def test_bad_input_gets_a_sentence_and_the_question_again() -> None:
    talk = Talk(TRIP).presses("Xã Hòa Mẫu").says("ngày kia nào đó")
    assert "visited_on" not in talk.draft.answers
    assert talk.prompt.text.endswith("Ngày nào?")


def test_a_day_to_come_is_refused_for_a_visit() -> None:
    talk = Talk(TRIP).presses("Xã Hòa Mẫu").says("30/11/2026")
    assert "visited_on" not in talk.draft.answers


def test_an_uncertain_number_is_asked_back() -> None:
    talk = Talk(_form(Number("count", "Bao nhiêu hộ?", "Số"))).says("2.2")
    assert "count" not in talk.draft.answers
    assert talk.labels == ["2,2", "22"]
    assert talk.presses("2,2").draft.value("count") == "2.2"


@pytest.mark.parametrize(
    ("typed", "value"), [("1.246", "1246"), ("13,5", "13.5"), ("1.183,7", "1183.7")]
)
def test_numbers_are_read_as_vietnamese_writes_them(typed: str, value: str) -> None:
    talk = Talk(_form(Number("count", "Bao nhiêu?", "Số"))).says(typed)
    assert talk.draft.value("count") == value


def test_a_code_works_while_a_choice_is_asked() -> None:
    assert not Talk(TRIP).says("KN-312").step.took


def test_a_code_is_an_answer_where_text_is_asked() -> None:
    assert at_situation().says("KN-312 đã xong").draft.value("situation") == "KN-312 đã xong"
