"""What figures are called where they are listed: in the chat and in a workbook."""

from bot.reports.figures import Figure
from bot.rules.case_table import STATES

LABELS = {
    "visits": "Phiếu đi cơ sở",
    "visits_added": "Phiếu bổ sung kỳ trước",
    "visits_withdrawn": "Phiếu rút sau khi gửi bản kỳ trước",
    "corrected_added": "Phiếu bổ sung các kỳ trước",
    "corrected_withdrawn": "Phiếu kỳ trước đã rút, chuyển kỳ",
    "corrected_moved": "Phiếu kỳ trước đã sửa",
    "corrected_cases_added": "Kiến nghị kỳ trước ghi bổ sung",
    "corrected_cases_field": "Kiến nghị kỳ trước đổi lĩnh vực",
    "corrected_cases_merged": "Kiến nghị kỳ trước gộp vì trùng",
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
    "two_way_late": "Trao đổi có trả lời sau hạn",
    "commitments_done": "Việc hẹn lại xong",
    "commitments_open": "Việc hẹn lại còn",
    "commitments_late": "Việc hẹn lại quá hạn",
    "supports": "Phiếu có hỗ trợ huy động",
    "directives": "Nội dung cần truyền đạt, lượt địa bàn",
    "directives_waiting": "Nội dung cần truyền đạt chưa nắm",
    "works": "Công việc theo chương trình",
    "works_done": "Công việc xong",
    "works_late": "Công việc quá hạn",
}
"""Figures of the whole that open their entries, in the order of the list."""
OTHERS = {
    "assigned": "Lượt phân công trong kỳ",
    "required": "Địa bàn phải đi",
    "recorded": "Đã ghi nhận",
    "recorded_in_time": "Đã ghi trong kỳ",
    "recorded_late": "Ghi sau khi hết kỳ",
    "not_due": "Chưa ghi nhận, chưa hết kỳ phải đi",
    "unlinked": "Chưa ghi nhận, cán bộ chưa kết nối",
    "required_next": "Phải đi kỳ tới",
    "duty_holders": "Phân công phải đi trong kỳ",
    "full": "Phân công đủ số lượt",
    "short": "Phân công chưa đủ số lượt",
    "wholly_excused": "Phân công được miễn cả kỳ",
    "visits_with_3": "Phiếu đủ ba phần",
    "visits_with_2": "Phiếu hai phần",
    "visits_with_1": "Phiếu một phần",
    "holding:situation": "Phiếu có phần nắm",
    "holding:advice": "Phiếu có phần góp ý",
    "holding:check": "Phiếu có phần kiểm tra",
    "two_way_in_time": "Trao đổi có trả lời đúng hạn",
    "commitments_carried": "Việc hẹn lại kỳ trước chuyển sang",
    "commitments_new": "Việc hẹn lại mới",
    "commitments_in_time": "Việc hẹn lại chưa đến hạn",
    "commitments_due_next": "Việc hẹn lại đến hạn kỳ tới",
    "cases_due_next": "Kiến nghị đến hạn kỳ tới",
    "directives_passed": "Nội dung đã truyền đạt",
    "directives_noted": "Nội dung đã nắm, chưa truyền đạt",
    "directives_noted_soon": "Nội dung nắm trong 24 giờ",
    "areas_with_new": "Địa bàn có kiến nghị mới",
    "not_recorded": "Chưa ghi nhận",
    "excused": "Được miễn trong kỳ",
    "areas": "Địa bàn có số liệu",
    "assignments_self": "Phân công do tự đăng ký",
    "areas_to_follow": "Địa bàn ở cấp có người theo dõi",
    "areas_covered": "Địa bàn trong đó có người theo dõi",
    "areas_without": "Địa bàn chưa có người theo dõi",
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
    name, _, one = figure.name.partition(":")
    if name == "field":
        return f"{LABELS['cases_new']} theo lĩnh vực"
    if name == "ended":
        return f"{LABELS['cases_ended']}: {STATES[one].label}" if one in STATES else one
    if "~" in name:
        return f"{figure.label or _named(name.partition('~')[0])} theo cán bộ"
    return figure.label or _named(figure.name)


def _named(name: str) -> str:
    return LABELS.get(name) or OTHERS.get(name, name)
