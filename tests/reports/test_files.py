"""A summary as a file says what the snapshot says, and the same snapshot gives the same bytes."""

import hashlib
import io
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.reports.blocks import Block, Table
from bot.reports.chapters import appendices
from bot.reports.chat import Cover
from bot.reports.figures import counted
from bot.reports.snapshots import Snapshot
from bot.reports.word import SUBJECT, docx
from bot.reports.workbook import xlsx
from bot.rules.periods import period

COVER = Cover(to="đồng chí Phó Bí thư Thường trực", review="reviewed")
LINES = ("GIẢI QUYẾT", "Kỳ trước 38 + mới 27", "= kết thúc 31 + còn 34 (quá hạn 7)")
SNAPSHOT = Snapshot(
    period("month", 2026, 10),
    "tinh",
    datetime(2026, 11, 3, 10, tzinfo=UTC),
    True,
    (Block("cases", (counted("cases_new", "case", range(27)),), (LINES, LINES[:1])),),
)


def test_the_word_file_has_every_line() -> None:
    texts = [line.text for line in Document(io.BytesIO(docx(SNAPSHOT, COVER))).paragraphs]
    assert texts[:2] == ["BÁO CÁO", f"{SUBJECT} xã, phường tháng 10/2026"]
    assert "Kính gửi: đồng chí Phó Bí thư Thường trực" in texts
    assert "I- GIẢI QUYẾT" in texts
    assert "Kỳ trước 38 + mới 27 = kết thúc 31 + còn 34 (quá hạn 7)." in texts
    assert "Số liệu chốt lúc 17:00 ngày 03/11/2026, Văn phòng đã rà soát. Lưu hành nội bộ." in texts


def test_the_word_file_ends_with_the_seal_of_the_log_and_the_hash_of_its_figures() -> None:
    sealed = docx(SNAPSHOT, replace(COVER, seal="12345:3f9a1c2d5b6e7f80"))
    last = [line.text for line in Document(io.BytesIO(sealed)).paragraphs[-2:]]
    assert last == [
        "Dấu lưu vết 12345:3f9a1c2d5b6e7f80",
        f"Mã băm SHA-256 của số liệu: {SNAPSHOT.sha256}",
    ]


def test_the_paper_is_a4_with_the_margins_of_the_rule() -> None:
    section = Document(io.BytesIO(docx(SNAPSHOT, COVER))).sections[0]
    sizes = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes if size] == [210, 297, 30, 15]


def test_the_workbook_has_every_line_and_every_figure_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(xlsx(SNAPSHOT, COVER)))
    lines = [row[0] for row in book["Bản tổng hợp"].iter_rows()]
    assert [cell.value for cell in lines][1:4] == list(LINES)
    assert {cell.data_type for cell in lines} == {"s"}
    assert list(book["Số liệu"].values)[1] == ("Kiến nghị mới", 27, "kiến nghị", "cases_new")


@pytest.mark.parametrize("write", [docx, xlsx])
def test_the_same_snapshot_gives_the_same_bytes(write: object) -> None:
    found = set()
    for _ in range(2):
        found.add(hashlib.sha256(write(SNAPSHOT, COVER)).hexdigest())  # type: ignore[operator]  # either function
        time.sleep(1.1)  # files name their second
    assert len(found) == 1


def test_a_column_of_numbers_holds_the_longest_word_of_its_heading() -> None:
    head = ("Nội dung", "Phải đi", "Quá hạn (ngày)")
    table = Table("overdue", "Kiến nghị quá hạn trả lời", head, (("Cầu bản thôn 2", 1, 28),))
    listed = replace(SNAPSHOT, blocks=(Block("cases", (), (LINES,), tables=(table,)),))
    [appendix] = appendices(listed)
    number, words, short, long = appendix.widths
    assert number < short < long < words
    assert round(sum(appendix.widths)) == 165
    assert (appendix.head[0], appendix.rows[0][:2]) == ("TT", (1, "Cầu bản thôn 2"))


def test_no_word_of_a_wide_list_is_broken() -> None:
    head = ("Mã", "Loại", "Nội dung", "Đơn vị", "Hạn", "Tình trạng", "Kết quả, ghi chú")
    row = ("CV-12", "Việc đăng ký", "Nạo vét kênh " * 9, "Xã Hòa Mẫu", "31/12/2023", "xong", "ok")
    listed = replace(SNAPSHOT, blocks=(Block("works", tables=(Table("w", "Việc", head, (row,)),)),))
    [appendix] = appendices(listed)
    for said, width in zip((*head, *row), appendix.widths[1:] * 2, strict=True):
        assert width > 4 + 1.9 * max(map(len, said.split()))
    assert appendix.widths[3] == max(appendix.widths)


def test_parts_of_a_row_have_no_number_and_the_sums_stand_under_their_columns() -> None:
    rows = (("Đoàn thể", 144), ("– Công đoàn", 124), ("Chi bộ", 1))
    table = Table("chi_tieu", "Chỉ tiêu", ("Chỉ tiêu", "Số liệu"), rows, totals=(1,))
    [appendix] = appendices(replace(SNAPSHOT, blocks=(Block("cases", tables=(table,)),)))
    assert [row[0] for row in appendix.rows] == [1, "", 2]
    assert appendix.totals == ("", "Cộng", 269)


def test_a_report_of_figures_alone_of_an_area_or_of_a_members_areas_says_so() -> None:
    figures = replace(SNAPSHOT, blocks=(Block("programmes", variants=(LINES,)),))
    for snapshot, cover, said in (
        (figures, COVER, "kết quả thực hiện chương trình, chỉ tiêu tháng 10/2026"),
        (
            replace(SNAPSHOT, over=False),
            replace(COVER, place="xã Hòa Mẫu"),
            f"{SUBJECT} xã Hòa Mẫu tháng 10/2026 (tính đến ngày 03/11/2026)",
        ),
        (
            SNAPSHOT,
            replace(COVER, in_charge="đồng chí Phạm Văn Ví, Ủy viên"),
            f"{SUBJECT} xã, phường tháng 10/2026, các địa bàn do đồng chí Phạm Văn Ví, Ủy viên, "
            "phụ trách",
        ),
    ):
        texts = [line.text for line in Document(io.BytesIO(docx(snapshot, cover))).paragraphs]
        assert texts[1] == said
