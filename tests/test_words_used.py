"""The service speaks as its field does: words that mean something else there are never used.

Sentences are read out of the source and out of what the golden transcripts show. What people
write themselves is theirs: a word that they used in a transcript may be shown to them again.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.desk.morning import HEIGHT, height

ROOT = Path(__file__).parent.parent
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").glob("*.txt"))

UNUSED = {
    # the form of address, and the tone
    "bạn": "đồng chí",
    "anh/chị": "đồng chí",
    "quý khách": "đồng chí",
    "user": "đồng chí",
    "vui lòng": "xin",
    "ạ": "",
    "nhé": "",
    "tuyệt vời": "",
    "chúc mừng": "",
    "em": "hệ thống",
    "bot": "hệ thống",
    # what a thing is called
    "nhật ký": "phiếu đi cơ sở",
    "form": "phiếu",
    "báo cáo": "bản tổng hợp",
    "dashboard": "bản tổng hợp",
    "digest": "bản tổng hợp",
    "bản nháp": "phiếu ghi dở",
    "draft": "phiếu ghi dở",
    "ticket": "kiến nghị",
    "case": "kiến nghị",
    "vụ việc": "kiến nghị",
    "nguồn": "xem từng phiếu; người nêu",
    "không nêu nguồn": "không nêu tên người phản ánh",
    "ẩn danh": "không nêu tên người phản ánh",
    "cam kết": "việc hẹn lại",
    "chỉ đạo": "nội dung cần truyền đạt",
    "thanh tra": "kiểm tra",
    "điểm nóng": "nguy cơ phức tạp, cần báo ngay",
    "tố cáo": "gửi riêng Thường trực",
    "mật": "gửi riêng Thường trực",
    "sai phạm": "gửi riêng Thường trực",
    # what is done
    "bỏ phiếu": "không ghi nữa",
    "hủy": "không ghi nữa",
    "lùi": "quay lại",
    "hoàn thành": "xong, xem lại",
    "nhắc nhở": "nhắc việc",
    "cảnh báo": "nhắc việc",
    "đôn đốc": "nhắc việc",
    "hoãn": "nhắc lại sau",
    "bỏ qua": "được miễn trong kỳ",
    "xử lý": "giải quyết",
    "đóng": "kết thúc",
    "mở lại": "đề nghị xem xét thêm",
    "khiếu nại": "đề nghị xem xét thêm",
    "không đồng ý": "đề nghị xem xét thêm",
    "đã xong": "đã giải thích tại chỗ",
    "từ chối": "không dự được",
    "chấp nhận": "xã tiếp thu",
    "bác bỏ": "xã giải trình",
    "phát hành": "duyệt, gửi",
    # what is judged
    "không đi": "chưa ghi nhận",
    "chưa đi": "chưa ghi nhận",
    "thiếu": "chưa ghi nhận",
    "vi phạm": "chưa ghi nhận",
    "bỏ kỳ": "chưa ghi nhận",
    "nghi ngờ": "cần xem lại",
    "sao chép": "cần xem lại",
    "đối phó": "cần xem lại",
}
"""Each word that stays unused, and what is said instead."""

EXCEPT = {
    "đã xong": r"VH-\d+ đã xong",  # what was promised is done indeed
    "mật": r"(?:bí|dấu|tài liệu|trang bảo|bảo) mật",  # the guard must name what it refuses
    "bỏ qua": r"^(?:→ )?bỏ qua$",  # to leave a question out
    "không đồng ý": r"^(?:\d\. )?không đồng ý(?:, lịch đi cơ sở giữ nguyên)?$",  # to a request
}
"""Where a word is nevertheless the right one: a pattern around it."""

ALLOWED = {
    "bot/cli.py": ("bot", "nhật ký"),
    "bot/work/doctor": ("bot",),
    "bot/terminal.py": ("thiếu",),
    "bot/roster/workbook.py": ("thiếu",),
    "bot/rules/province.py": ("bot", "báo cáo"),
    "bot/layout/": ("thiếu", "báo cáo", "ạ"),  # what a paper lacks, kinds of papers, letters
    "bot/layout/reading.py": ("mật",),  # mật khẩu, a password
    "bot/desk/asked.py": ("báo cáo",),  # what somebody asked for
    "bot/desk/year_reports.py": ("báo cáo",),  # so it is called, and it is one
    "bot/forms/year_words.py": ("báo cáo",),
    "bot/reports/word.py": ("báo cáo",),  # the kind of paper
    "bot/desk/commitments.py": ("đã xong",),  # what was promised is done indeed
    "bot/forms/visit_sheet.py": ("thiếu",),  # parts of a sheet that are left empty
    "bot/demo/": ("thiếu", "case"),
    "bot/roster/sample.py": ("thiếu",),
    "bot/rules/guard.py": ("mật", "đóng"),
    "bot/rules/case_text.py": ("báo cáo",),
    "bot/rules/documents.py": ("báo cáo",),
    "bot/web/": ("form",),  # as HTML calls it
    "bot/rules/routing.py": ("thanh tra",),
}
"""What engineers read, what people are heard to say, and names: there a word is itself."""


@dataclass(frozen=True)
class Said:
    """One sentence for people, and where it stands."""

    where: str
    text: str


FLAGS = re.IGNORECASE | re.MULTILINE


@cache
def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)


def used(text: str) -> list[str]:
    """The words of the list that a text uses, apart from the exceptions."""
    found = []
    for word in UNUSED:
        rest = re.sub(EXCEPT[word], "", text, flags=FLAGS) if word in EXCEPT else text
        if _word(word).search(rest):
            found.append(word)
    return found


def _is_vietnamese(text: str) -> bool:
    """True where a letter has a mark that English has not."""
    marks = unicodedata.normalize("NFD", text)
    return "đ" in text.casefold() or any(unicodedata.combining(letter) for letter in marks)


def _sentences_of_the_source() -> Iterator[Said]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        notes = _docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if id(node) not in notes and _is_vietnamese(text):
                    yield Said(f"{path.relative_to(ROOT)}:{node.lineno}", text)


def _docstrings(tree: ast.Module) -> set[int]:
    """Ids of the strings that stand as statements: notes to those who read the code."""
    expressions = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    return {id(node.value) for node in expressions if isinstance(node.value, ast.Constant)}


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _messages(path: Path) -> list[str]:
    """What the service shows in a transcript, message by message, buttons apart."""
    shown: list[list[str]] = []
    speaking = False
    for line in _read(path).splitlines():
        if line[:2] in ("< ", "~ "):
            shown.append([line[2:]])
            speaking = True
        elif not line or line.startswith("  "):
            if speaking and not line.startswith("  [ "):
                shown[-1].append(line[2:])
        else:
            speaking = False
    return ["\n".join(lines).strip("\n") for lines in shown]


def _buttons(path: Path) -> list[str]:
    rows = [line for line in _read(path).splitlines() if line.startswith("  [ ")]
    return [label for row in rows for label in re.findall(r"\[ (.+?) \]", row)]


def _own_words(path: Path) -> str:
    """What people wrote themselves."""
    return "\n".join(line for line in _read(path).splitlines() if line[:1] in (">", "^"))


def test_the_source_uses_none_of_these_words() -> None:
    found = [
        f"{said.where}: “{word}” in “{said.text}”; rather: {UNUSED[word]}"
        for said in _sentences_of_the_source()
        for word in used(said.text)
        if not any(
            said.where.startswith(place) and word in words for place, words in ALLOWED.items()
        )
    ]
    assert found == []


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_a_transcript_shows_none_of_these_words(path: Path) -> None:
    theirs = set(used(_own_words(path)))
    texts = [*_messages(path), *_buttons(path)]
    assert {(word, text) for text in texts for word in used(text) if word not in theirs} == set()


def test_nothing_is_exclaimed() -> None:
    said = [
        *_sentences_of_the_source(),
        *(Said(p.name, t) for p in TRANSCRIPTS for t in _messages(p)),
    ]
    assert [one for one in said if re.search(r"\w ?!(?:\s|$)", one.text)] == []


def test_every_letter_is_one_code_point() -> None:
    said = [*_sentences_of_the_source(), *(Said(p.name, _read(p)) for p in TRANSCRIPTS)]
    spelt = [one for one in said if any(letter.isalpha() for letter in one.text)]
    assert [one.where for one in spelt if not unicodedata.is_normalized("NFC", one.text)] == []


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_reminders_and_summaries_fit_one_screen(path: Path) -> None:
    openings = ("Kính gửi", "TỔNG HỢP")
    tall = [text for text in _messages(path) if text.startswith(openings) and height(text) > HEIGHT]
    assert tall == []


def test_a_word_is_found_whole_and_not_inside_another() -> None:
    assert used("Đã xử lý hồ sơ") == ["xử lý"]
    assert used("Xem trên trang bảo mật") == []
    assert used("Thương hoãn nợ") == ["hoãn"]
    assert used("Ban Tổ chức, đồng chí, bản tổng hợp") == []
