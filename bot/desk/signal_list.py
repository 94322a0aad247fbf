"""The workbook of what is worth another look: the words side by side, and what authors say."""

from collections.abc import Sequence
from pathlib import Path

from bot.rules.signals import BUNCH, BUNCHED, CALM, CALMLY, COPIED, LATER, PHOTO
from bot.rules.zone import day_of
from bot.spreadsheet import Table, workbook
from storage.signals import Listed

HEAD = (
    *("TT", "Cán bộ", "Chức vụ", "Phiếu", "Địa bàn", "Ngày đi", "Ngày ghi", "Điều cần xem lại"),
    *("Cán bộ nói rõ thêm", "Nội dung phiếu", "Phiếu trước", "Nội dung phiếu trước"),
)
WIDTHS = (6, 24, 26, 11, 22, 12, 12, 34, 36, 60, 11, 60)
NOTE = "Điều cần xem lại không phải nhận xét; xin hỏi đồng chí ghi phiếu trước khi kết luận."


def write(found: Sequence[Listed], path: Path) -> None:
    """One row a signal, people in protocol order."""
    rows = [(number, *_row(one)) for number, one in enumerate(found, start=1)]
    path.write_bytes(workbook([Table("Cần xem lại", HEAD, rows, widths=WIDTHS, note=NOTE)]))


def about(one: Listed) -> str:
    """What is worth another look, in words."""
    like = f"CS-{one.other}" if one.other else "một phiếu đã có"
    days = (day_of(one.submitted_at) - one.visited_on).days
    return {
        COPIED: f"lời văn giống {like}",
        PHOTO: f"ảnh đã có ở {like}",
        LATER: f"ghi sau chuyến đi {days} ngày",
        BUNCHED: f"ghi cùng ngày với ít nhất {BUNCH - 1} phiếu khác, cuối kỳ",
        CALMLY: f"{CALM} phiếu liền chưa có kiến nghị",
    }[one.kind]


def _row(one: Listed) -> tuple[object, ...]:
    return (
        one.person,
        one.post,
        f"CS-{one.number}",
        one.area,
        one.visited_on,
        day_of(one.submitted_at),
        about(one),
        one.explanation,
        one.text,
        f"CS-{one.other}" if one.other else "",
        one.other_text,
    )
