"""Numbers, symbols and days of documents: right, or asked about, never guessed."""

import unicodedata
from datetime import date

import pytest

from bot.rules.documents import (
    Document,
    Open,
    find_documents,
    read_document,
    regulation,
    with_documents,
)

TODAY = date(2026, 11, 24)
OF_THE_ARTICLES = {
    **{n: "" for n in ("02-QĐ/TU", "1178-QĐ/TU", "1295-QĐ/TU", "1043-QĐ/TU", "76-QĐ/TW")},
    **{n: "Chỉ thị" for n in ("33-CT/TW", "28-CT/TW")},
    **{n: "Kết luận" for n in ("38-KL/TW", "14-KL/TW", "21-KL/TW")},
    "22-NQ/TW": "Nghị quyết",
    "03-KH/TW": "Kế hoạch",
}


@pytest.mark.parametrize(("number", "kind"), OF_THE_ARTICLES.items())
def test_a_symbol_is_read_and_says_its_kind_where_it_can_be_one_only(
    number: str, kind: str
) -> None:
    assert read_document(number, TODAY) == Document(number, kind)
    assert read_document(number.replace("Đ", "Ð"), TODAY) == Document(number, kind)
    assert read_document(unicodedata.normalize("NFD", number.lower()), TODAY) == Document(
        number, kind
    )


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("QĐ 13", Document("13", "QĐ")),
        ("KH 23", Document("23", "Kế hoạch")),
        ("Quy định số 13", Document("13", "Quy định")),
        ("Đề án 3333", Document("3333", "Đề án")),
        (
            "Quy định số 02-QÐ/TU ngày 29.4.2021",
            Document("02-QĐ/TU", "Quy định", date(2021, 4, 29)),
        ),
        ("CT 33-CT/TW 18.3.2019", Document("33-CT/TW", "Chỉ thị", date(2019, 3, 18))),
        ("KL 38-KL/TW 13-11-2018", Document("38-KL/TW", "Kết luận", date(2018, 11, 13))),
        (
            "công văn số 812-CV/VPTU ngày 24 tháng 10 năm 2021",
            Document("812-CV/VPTU", "Công văn", date(2021, 10, 24)),
        ),
        ("2 - QĐ / TU", Document("02-QĐ/TU")),
        ("02QĐ/TU", Document("02-QĐ/TU")),
        ("45/TTr-UBND", Document("45/TTr-UBND", "Tờ trình")),
        ("NĐ 30/2020/NĐ-CP", Document("30/2020/NĐ-CP", "Nghị định")),
        ("Luật số 117/2025/QH15", Document("117/2025/QH15", "Luật")),
        ("2312/CVT-CS", Document("2312/CVT-CS")),
    ],
)
def test_a_document_is_read_however_it_is_written(text: str, document: Document) -> None:
    assert read_document(text, TODAY) == document


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("02/QĐ-TU", ["02-QĐ/TU"]),  # written as the State does
        ("05-BC/UBND", ["05/BC-UBND"]),
        ("Chỉ thị 02-QĐ/TU", ["02-QĐ/TU"]),  # called what it is not
        ("15-cv/dtn", ["15-CV/DTN", "15-CV/ĐTN"]),
        ("Kế hoạch 2026", ["2026"]),  # a plan, or a year
        ("DA 3333", ["3333"]),  # đề án, or dự án
        ("33-CT/TW ngày 3/11", ["33-CT/TW"]),  # which year
        ("33-CT/TW ngày 7.4", ["33-CT/TW", "33-CT/TW"]),
        ("33-CT/TW ngày 15/3/95", ["33-CT/TW"]),
        ("33-CT/TW ngày 31.2.2019", []),
        ("33-CT/TW ngày 18.3.2029", []),
    ],
)
def test_what_is_unsure_is_asked_about(text: str, numbers: list[str]) -> None:
    found = read_document(text, TODAY)
    assert isinstance(found, Open)
    assert [one.number for one in found.candidates] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo 12 nội dung, đi 3 km/h",
        "12/15 hộ, đạt 83%",
        "ct 12 đồng chí",
        "kế hoạch năm 2026",
        "họp ngày 12-6-2019",
        "24/7",
        "đã 3 lần",
        "",
    ],
)
def test_what_is_no_document_is_left_alone(text: str) -> None:
    assert find_documents(text, TODAY) == []
    assert with_documents(text, TODAY) is None


def test_documents_in_running_text_are_said_in_the_one_way() -> None:
    text = "Theo quy định số 2-QÐ/TU ngày 29.4.2021, Chỉ thị 33-ct/tw (18/3/2019) và 76 - QĐ/TW."
    assert with_documents(text, TODAY) == (
        "Theo quy định số 02-QĐ/TU ngày 29/4/2021, Chỉ thị số 33-CT/TW ngày 18/3/2019) và 76-QĐ/TW."
    )


def test_a_regulation_is_cited_with_its_day_and_who_issued_it() -> None:
    cited = regulation("02-QĐ/TU", "Phân công theo dõi", date(2021, 4, 29))
    assert cited.cited("Ban Thường vụ Tỉnh ủy") == (
        "Quy định số 02-QĐ/TU ngày 29/4/2021 của Ban Thường vụ Tỉnh ủy"
    )
    assert regulation("13").cited() == "Quy định số 13"
    assert regulation("1295-QĐ/TU", "Quyết định xếp loại").named == "Quyết định số 1295-QĐ/TU"
    assert regulation("03-KH/TW").named == "Kế hoạch số 03-KH/TW"
