"""What figures are called where they are listed: in the chat and in a workbook."""

from bot.reports.figures import Figure

LABELS = {
    "visits": "Phiếu đi cơ sở",
    "visits_added": "Phiếu bổ sung kỳ trước",
    "visits_withdrawn": "Phiếu rút sau khi gửi bản kỳ trước",
    "corrected_added": "Phiếu bổ sung các kỳ trước",
    "corrected_withdrawn": "Phiếu kỳ trước đã rút, chuyển kỳ",
    "corrected_moved": "Phiếu kỳ trước đã sửa",
    "cases_new": "Kiến nghị mới",
    "outcome:explained": "Kiến nghị mới, giải thích tại chỗ",
    "outcome:passed_to_commune": "Kiến nghị mới, chuyển địa phương",
    "outcome:passed_up": "Kiến nghị mới, phản ánh cấp trên",
    "cases_carried": "Kiến nghị kỳ trước chuyển sang",
    "cases_ended": "Kiến nghị kết thúc",
    "cases_open": "Kiến nghị còn lại",
    "cases_overdue": "Kiến nghị quá hạn",
    "cases_in_time": "Kiến nghị còn trong hạn",
    "awaiting": "Chờ ý kiến",
    "upward": "Kiến nghị Trung ương",
    "exchanges": "Trao đổi",
    "two_way": "Trao đổi hai chiều",
    "one_way": "Trao đổi một chiều",
    "works": "Công việc theo chương trình",
    "works_done": "Công việc xong",
    "works_late": "Công việc quá hạn",
}
"""Figures of the whole that open their entries, in the order of the list."""
OTHERS = {
    "assigned": "Lượt phân công trong kỳ",
    "required": "Địa bàn phải đi",
    "recorded": "Đã ghi nhận",
    "not_recorded": "Chưa ghi nhận",
    "excused": "Được miễn trong kỳ",
    "areas": "Địa bàn có số liệu",
    "areas_followed": "Địa bàn có người theo dõi",
    "areas_not_recorded": "Địa bàn chưa ghi nhận đủ số lượt",
    "assignments": "Phân công còn hiệu lực",
    "assignments:theo_doi": "Phân công theo dõi",
    "assignments:phu_trach": "Phân công phụ trách",
    "people:theo_doi": "Đồng chí theo dõi",
    "people:phu_trach": "Đồng chí phụ trách",
    "assignments_begun": "Phân công mới trong kỳ",
    "assignments_ended": "Thôi phân công trong kỳ",
    "works_doing": "Công việc đang làm",
    "works_withdrawn": "Công việc đã rút",
}
KINDS = {
    "visit": "phiếu đi cơ sở",
    "case": "kiến nghị",
    "exchange": "trao đổi",
    "duty": "lượt phải đi",
    "area": "địa bàn",
    "person": "người",
    "assignment": "phân công",
    "commitment": "việc hẹn lại",
    "directive": "nội dung cần truyền đạt",
    "so_lieu": "số liệu nhập",
    "cong_viec": "việc chương trình",
}


def label(figure: Figure) -> str:
    """What the figure is called; its name where it has no other."""
    return figure.label or LABELS.get(figure.name) or OTHERS.get(figure.name, figure.name)
