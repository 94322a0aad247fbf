"""Days, deadlines and times as people write them: right, or asked about, never guessed."""

import unicodedata
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.date_readers import RECENT
from bot.conversation.dates import Open, find_date, find_deadline, find_time, read_date
from bot.words import fold, nfc

TUESDAY = date(2026, 11, 24)

PAST = [
    ("hôm nay", date(2026, 11, 24)),
    ("bữa nay", date(2026, 11, 24)),
    ("sáng nay", date(2026, 11, 24)),
    ("chiều nay", date(2026, 11, 24)),
    ("hôm qua", date(2026, 11, 23)),
    ("sáng qua", date(2026, 11, 23)),
    ("chiều qua", date(2026, 11, 23)),
    ("tối hôm qua", date(2026, 11, 23)),
    ("hôm kia", date(2026, 11, 22)),
    ("3 ngày trước", date(2026, 11, 21)),
    ("cách đây 2 hôm", date(2026, 11, 22)),
    ("thứ hai", date(2026, 11, 23)),
    ("Thứ Hai", date(2026, 11, 23)),
    ("thứ 2", date(2026, 11, 23)),
    ("t2", date(2026, 11, 23)),
    ("tối thứ hai", date(2026, 11, 23)),
    ("thứ tư", date(2026, 11, 18)),
    ("thứ năm", date(2026, 11, 19)),
    ("thứ sáu", date(2026, 11, 20)),
    ("thứ bảy vừa rồi", date(2026, 11, 21)),
    ("chủ nhật", date(2026, 11, 22)),
    ("thứ hai tuần trước", date(2026, 11, 16)),
    ("thứ ba tuần trước", date(2026, 11, 17)),
    ("thứ ba tuần này", date(2026, 11, 24)),
    ("sáng thứ sáu tuần rồi", date(2026, 11, 20)),
    ("t2 tuần trước", date(2026, 11, 16)),
    ("cn tuần trước", date(2026, 11, 22)),
    ("29.4.2021", date(2021, 4, 29)),
    ("18.3.2019", date(2019, 3, 18)),
    ("1-6-2020", date(2020, 6, 1)),
    ("12-6-2019", date(2019, 6, 12)),
    ("25-11-2019", date(2019, 11, 25)),
    ("13-11-2018", date(2018, 11, 13)),
    ("21-9-2004", date(2004, 9, 21)),
    ("21/11/2018", date(2018, 11, 21)),
    ("23/6/2022", date(2022, 6, 23)),
    ("28/11/2022", date(2022, 11, 28)),
    ("7.4.2022", date(2022, 4, 7)),
    ("29/4/21", date(2021, 4, 29)),
    ("2026-11-20", date(2026, 11, 20)),
    ("ngày 24 tháng 10 năm 2021", date(2021, 10, 24)),
    ("ngày hai mươi mốt tháng mười", date(2026, 10, 21)),
    ("ngày 20 tháng 11 năm nay", date(2026, 11, 20)),
    ("ngày 20 tháng 12 năm ngoái", date(2025, 12, 20)),
    ("21/11", date(2026, 11, 21)),
    ("ngày 21/11", date(2026, 11, 21)),
    ("sáng 20/11", date(2026, 11, 20)),
    ("24-11", date(2026, 11, 24)),
    ("19.11", date(2026, 11, 19)),
    ("23/6", date(2026, 6, 23)),
    ("mùng 5", date(2026, 11, 5)),
    ("mồng 5/11", date(2026, 11, 5)),
    ("ngày 12", date(2026, 11, 12)),
    ("ngày 25", date(2026, 10, 25)),
    ("ngày 12 tháng trước", date(2026, 10, 12)),
    ("thứ hai 23/11", date(2026, 11, 23)),
    ("Thứ Ba, 24/11/2026", date(2026, 11, 24)),
    ("Thứ Hai, ngày 23/11/2026.", date(2026, 11, 23)),
    ("hôm qua 23/11", date(2026, 11, 23)),
]


@pytest.mark.parametrize(("text", "day"), PAST)
@pytest.mark.parametrize("form", ["NFC", "NFD", "folded"])
def test_a_day_of_the_past_is_read_with_and_without_marks(text: str, day: date, form: str) -> None:
    typed = {"NFC": nfc(text), "NFD": unicodedata.normalize("NFD", text), "folded": fold(text)}
    assert read_date(typed[form], TUESDAY, future=False) == day


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("7.4", [date(2026, 4, 7), date(2025, 4, 7)]),
        ("24.3", [date(2026, 3, 24), date(2025, 3, 24)]),
        ("ngày 5 tháng 4", [date(2026, 4, 5), date(2025, 4, 5)]),
        ("25/11", [date(2025, 11, 25), date(2024, 11, 25)]),
        ("29/2", [date(2024, 2, 29), date(2020, 2, 29)]),
        ("thứ ba", [date(2026, 11, 24), date(2026, 11, 17)]),
        ("thứ hai trước", [date(2026, 11, 23), date(2026, 11, 16)]),
        ("thứ ba 23/11", [date(2026, 11, 23), date(2026, 11, 24)]),
        ("thứ hai 24/11/2026", [date(2026, 11, 24), date(2026, 11, 23)]),
        ("hôm qua 22/11", [date(2026, 11, 22), date(2026, 11, 23)]),
        ("tuần trước", [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]),
        ("hôm nọ", []),
    ],
)
def test_where_the_year_or_the_day_is_open_it_is_asked(text: str, candidates: list[date]) -> None:
    assert read_date(text, TUESDAY, future=False) == Open(tuple(candidates))


@pytest.mark.parametrize(
    "text",
    [
        *("", "xin chào", "5", "12/2026", "tháng 12", "31/2", "32/1", "0/5", "1.246", "13,5"),
        *("ngày mai", "25/11/2026", "thứ sáu tuần này", "thứ hai tuần sau"),
        *("mùng 5 tháng giêng", "mùng 2 Tết", "10/3 âm lịch", "9 tháng năm 2026"),
        *("tôi qua", "KN-312", "12/15 hộ", "29.4-2021", "1/2/3/2026", "quý I"),
    ],
)
def test_what_names_no_day_of_the_past_is_none(text: str) -> None:
    assert read_date(text, TUESDAY, future=False) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày mai", date(2026, 11, 25)),
        ("thứ năm 26/11", date(2026, 11, 26)),
        ("26/11", date(2026, 11, 26)),
        ("thứ sáu", date(2026, 11, 27)),
        ("thứ hai tuần sau", date(2026, 11, 30)),
        ("mùng 5", date(2026, 12, 5)),
        ("ngày 5 tháng 4", date(2027, 4, 5)),
        ("5/1", date(2027, 1, 5)),
        ("15/12/2026", date(2026, 12, 15)),
    ],
)
def test_a_day_to_come_is_read_where_one_is_meant(text: str, day: date) -> None:
    assert read_date(text, TUESDAY, future=True) == day


def test_of_a_day_just_gone_it_is_asked_whether_next_year_is_meant() -> None:
    assert read_date("20/11", TUESDAY, future=True) == Open(
        (date(2027, 11, 20), date(2026, 11, 20))
    )


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu", date(2026, 11, 24), "Sáng nay"),
        ("Hòa Mẫu 19/11 họp thôn 3", date(2026, 11, 19), "19/11"),
        ("Tân Mẫu 29/10 họp tổ dân phố 5", date(2026, 10, 29), "29/10"),
        ("Hòa Mẫu 19/11 gặp bà con", date(2026, 11, 19), "19/11"),
        ("dự họp chi bộ ngày 12.11 tại xã", date(2026, 11, 12), "ngày 12.11"),
        ("Hôm 12/11 tôi đi", date(2026, 11, 12), "Hôm 12/11"),
        ("ngày 12 tôi đi xã", date(2026, 11, 12), "ngày 12"),
        ("chiều thứ sáu tuần trước dự chi bộ", date(2026, 11, 20), "chiều thứ sáu tuần trước"),
        ("thứ tư tôi đi xã", date(2026, 11, 18), "thứ tư"),
        ("tối qua họp thôn 2", date(2026, 11, 23), "tối qua"),
        ("Họp thôn 3, ngày 5 tháng 11 năm 2026", date(2026, 11, 5), "ngày 5 tháng 11 năm 2026"),
        ("làm việc 20.11.2026 với xã", date(2026, 11, 20), "20.11.2026"),
        ("NQ 18-NQ/TW ngày 25/10/2017, hôm qua họp", date(2026, 11, 23), "hôm qua"),
    ],
)
def test_the_day_is_found_in_running_text(text: str, day: date, said: str) -> None:
    for typed in (text, unicodedata.normalize("NFD", text)):
        found = find_date(typed, TUESDAY)
        assert found is not None
        assert (found[0], nfc(typed)[slice(*found[1])]) == (day, said)


@pytest.mark.parametrize(
    "text",
    [
        *("Họp thôn 3 về hiến đất", "KN-312 thế nào", "12/15 hộ đã nhận", "5/12 hộ", "trực 24/7"),
        *(
            "còn 5/12 hồ sơ",
            "1.246 hộ",
            "đạt 8/10 điểm",
            "9/11 thôn xong",
            "tăng 7.4 ha",
            "tháng 12",
        ),
        *("nghị quyết 18-NQ/TW ngày 25/10/2017", "Quy định 02-QĐ/TU ngày 29.4.2021", "mục 2.1.15"),
        *("Công văn số 123 ngày 5/4", "KL 38-KL/TW 13-11-2018", "trước 15/12", "đến hết quý I"),
        *("lần thứ hai", "hộ thứ ba chưa nhận", "tôi qua xã Hòa Mẫu", "từ ngày 12/10 mưa lớn"),
        *(
            "mỗi ngày 12 lượt",
            "T7 85,1",
            "sinh ngày 12/3/1970",
            "CN cấp nước",
            "tốt hơn tuần trước",
        ),
        *("ngày một tốt hơn", "hạn 20/11", "điểm 2.2", "TH-10/2026", "thôn 3", "dân số 4.702"),
    ],
)
def test_what_only_looks_like_a_day_is_not_found(text: str) -> None:
    assert find_date(text, TUESDAY) is None


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("toi qua xa hoa mau", [date(2026, 11, 23), date(2026, 11, 24)]),
        ("đi xã 19/11 gặp bà con", [date(2026, 11, 19)]),
        ("dự họp ngày 7.4 tại xã", [date(2026, 4, 7), date(2025, 4, 7)]),
        ("Hòa Mẫu 25/11/2026 họp thôn 3", []),
        ("ngày mai tôi đi Hòa Mẫu", []),
        ("tháng trước tôi có đi Hòa Mẫu", []),
    ],
)
def test_an_uncertain_day_in_running_text_is_asked_about(text: str, candidates: list[date]) -> None:
    found = find_date(text, TUESDAY)
    assert found is not None
    assert found[0] == Open(tuple(candidates))


def test_an_invitation_names_a_day_to_come() -> None:
    text = "mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã"
    found = find_date(text, TUESDAY, future=True)
    assert found is not None
    assert found[0] == date(2026, 11, 26)
    assert text[slice(*found[1])] == "thứ năm 26/11"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "Giao Sở Xây dựng khảo sát, bố trí vốn bảo trì trong tháng 12, báo cáo trước 15/12",
            date(2026, 12, 15),
        ),
        ("đề nghị tỉnh biệt phái người đến hết quý I", date(2027, 3, 31)),
        ("bố trí vốn trong tháng 12", date(2026, 12, 31)),
        ("xong trong quý I/2027", date(2027, 3, 31)),
        ("cuối quý II", date(2027, 6, 30)),
        ("hạn 20/12", date(2026, 12, 20)),
        ("hạn trả lời: 03/12", date(2026, 12, 3)),
        ("trước ngày 20/11/2027", date(2027, 11, 20)),
        ("chậm nhất ngày 5 tháng 12", date(2026, 12, 5)),
        ("báo cáo trước thứ sáu", date(2026, 11, 27)),
        ("đến ngày 31/12 xong", date(2026, 12, 31)),
        ("hết tháng này", date(2026, 11, 30)),
        ("trong tháng tới", date(2026, 12, 31)),
        ("trong năm nay", date(2026, 12, 31)),
        ("hết năm 2027", date(2027, 12, 31)),
        ("trong tuần này", date(2026, 11, 27)),
        ("trong tuần sau", date(2026, 12, 4)),
        ("trước 20/11", None),
        ("sửa cầu thôn 3 trước mùa mưa", None),
        ("đã xong ngày 11/11", None),
        ("thực hiện nghị quyết ngày 25/10/2017", None),
        ("trong 3 tháng", None),
    ],
)
def test_a_deadline_is_read_or_left_out(text: str, day: date | None) -> None:
    assert find_deadline(text, TUESDAY) == day
    assert find_deadline(fold(text), TUESDAY) == day


def test_a_deadline_named_early_in_the_month_is_of_this_year() -> None:
    text = "Văn phòng làm việc với Sở Tài chính cân đối nguồn, báo cáo trước 20/11"
    assert find_deadline(text, date(2026, 11, 4)) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("14h thứ năm", time(14), "14h"),
        ("lúc 7h30 tại xã", time(7, 30), "7h30"),
        ("7g30", time(7, 30), "7g30"),
        ("14:00 thứ Năm", time(14), "14:00"),
        ("2 giờ chiều mai", time(14), "2 giờ chiều"),
        ("8 giờ sáng", time(8), "8 giờ sáng"),
        ("9 giờ rưỡi", time(9, 30), "9 giờ rưỡi"),
        ("14 giờ 30 phút", time(14, 30), "14 giờ 30 phút"),
        ("7h tối", time(19), "7h tối"),
        ("8h tôi đi", time(8), "8h"),
    ],
)
def test_a_time_of_day_is_found(text: str, at: time, said: str) -> None:
    found = find_time(text)
    assert found is not None
    assert (found[0], text[slice(*found[1])].strip()) == (at, said)


@pytest.mark.parametrize("text", ["", "2h", "25h", "12 hộ", "hạn 14:", "KN-312", "14 giỏ hàng"])
def test_what_is_no_certain_time_is_none(text: str) -> None:
    assert find_time(text) is None


WRITTEN = [
    "{d}/{m}/{y}",
    "{d:02d}/{m:02d}/{y}",
    "{d}.{m}.{y}",
    "{d}-{m}-{y}",
    "ngày {d}/{m}/{y}",
    "ngày {d} tháng {m} năm {y}",
    "Ngày {d:02d} tháng {m} năm {y}.",
    "{y}-{m:02d}-{d:02d}",
    "sáng ngày {d}/{m}/{y}",
    "ngay {d} thang {m} nam {y}",
]
DAYS = st.dates(date(1990, 1, 1), date(2026, 11, 24))


@given(DAYS, st.sampled_from(WRITTEN))
def test_a_day_with_its_year_is_always_right(day: date, form: str) -> None:
    text = form.format(d=day.day, m=day.month, y=day.year)
    assert read_date(text, TUESDAY, future=False) == day
    found = find_date(f"Tôi đi Hòa Mẫu {text} họp thôn 3", TUESDAY)
    assert found is not None
    assert found[0] == day


SHORT = ["{d}/{m}", "{d:02d}/{m:02d}", "{d}.{m}", "{d}-{m}", "ngày {d}/{m}", "ngày {d} tháng {m}"]


@given(st.integers(0, 800), st.sampled_from(SHORT), st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_a_day_without_its_year_is_right_or_asked(ago: int, form: str, today: date) -> None:
    day = today - timedelta(days=ago)
    read = read_date(form.format(d=day.day, m=day.month), today, future=False)
    if ago <= RECENT.days:
        assert read == day
    elif isinstance(read, Open):
        assert all((one.day, one.month) == (day.day, day.month) for one in read.candidates)
        assert ago > 730 or day in read.candidates or (day.day, day.month) == (29, 2)
    else:
        assert isinstance(read, date)
        assert (read.day, read.month) == (day.day, day.month)
        assert today - read <= RECENT


@given(st.integers(1, 99), st.integers(1, 99), st.integers(0, 9999))
def test_impossible_days_are_never_read(day: int, month: int, year: int) -> None:
    try:
        real = date(year, month, day)
    except ValueError:
        real = None
    read = read_date(f"{day}/{month}/{year:04d}", TUESDAY, future=True)
    assert read is None or read == real


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_date(text, TUESDAY, future=False)
    find_date(text, TUESDAY)
    find_deadline(text, TUESDAY)
    find_time(text)
