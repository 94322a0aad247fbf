"""The guided story of the demo: who does what, in the order a month runs."""

from collections.abc import Mapping, Sequence
from typing import Any

PHONES: Sequence[tuple[str, str, str]] = (
    ("CB001", "Cán bộ theo dõi", "Ghi chuyến đi cơ sở, nhận nhắc việc, mang trả lời về xã."),
    ("XA01", "Bí thư Đảng ủy xã", "Gửi kiến nghị của xã, cho biết kết quả thực tế."),
    ("UV01", "Ủy viên phụ trách", "Cho ý kiến về kiến nghị trong địa bàn phụ trách."),
    ("VP01", "Bộ phận tổng hợp", "Rà soát, trình bản tổng hợp."),
    ("VP02", "Chánh Văn phòng", "Duyệt, gửi bản tổng hợp."),
    ("TT01", "Phó Bí thư Thường trực", "Đọc tình hình trong tháng, cho ý kiến."),
    ("TC01", "Ban Tổ chức", "Theo dõi tình hình thực hiện, đề nghị vắng, nhắc việc có người ký."),
)
INVITATION = "mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã, thông qua dự toán 2027"
VISIT = (
    "Chiều nay tôi dự họp Đảng ủy xã Hòa Mẫu. Tình hình chung ổn định, khu tái định cư giao đất "
    "còn chậm. Góp ý xã công khai danh sách hộ đủ điều kiện. Kiểm tra bộ phận một cửa, hồ sơ "
    "đúng hạn. Kiến nghị sửa cầu thôn 3 trước mùa mưa"
)
OPINION = "KN-{case} giao Sở Xây dựng cắm biển hạn chế tải trọng, gia cố mố cầu, xong trước 30/11"


def story(phones: Mapping[str, str], case: int) -> dict[str, Any]:
    """The story as the page takes it; `phones` gives phone ids by code, `case` the next KN."""

    def step(code: str, says: str, does: dict[str, Any], done_when: str, on: str = "") -> Any:
        return {
            "phone": phones[code],
            "says": says,
            "does": does,
            "done_when": done_when,
            "done_on": phones[on] if on else "",
        }

    opinion = OPINION.format(case=case)
    return {
        "title": "Một tháng với Sâu Sát",
        "steps": [
            step(
                "CB001",
                "7 giờ 15 sáng, hệ thống nhắc lịch đi cơ sở. Bấm Đến 07:15 sáng ở góc trên.",
                {"clock": "next 07:15"},
                "Lịch đi cơ sở tháng 11",
            ),
            step(
                "XA01",
                "Xã mời đồng chí Mẫu dự họp, cũng bằng một câu.",
                {"text": INVITATION},
                "Giấy mời của xã Hòa Mẫu",
            ),
            step("XA01", "Xem lại rồi bấm Gửi.", {"press": "Gửi"}, "Đã gửi giấy mời GM-"),
            step(
                "CB001",
                "Hệ thống không nhắn lẻ, mỗi sáng làm việc một tin. Cho đồng hồ chạy đến "
                "25/11/2026 07:15 (24/11 là ngày nghỉ): giấy mời ở trong tin sáng.",
                {"clock": "2026-11-25 07:15"},
                "Dự họp 26/11",
            ),
            step(
                "CB001",
                "Đồng chí Mẫu bấm Dự họp 26/11; xã biết ngay, lịch đi Hòa Mẫu thôi nhắc.",
                {"press": "Dự họp 26/11"},
                "dự được",
                "XA01",
            ),
            step(
                "CB001",
                "Chiều hôm trước, bản tóm tắt địa bàn tự đến: số máy, chuyến đi gần đây, mọi việc "
                "đang mở. Cho đồng hồ chạy đến 26/11/2026 16:30.",
                {"clock": "2026-11-26 16:30"},
                "Phụ trách: Phạm Văn Ví",
            ),
            step(
                "CB001",
                "Họp ở xã về, đồng chí Mẫu nhắn vài câu, không cần nhớ lệnh nào. Ví dụ: "
                "“Chiều nay họp Đảng ủy xã Hòa Mẫu, tình hình ổn định. Kiến nghị sửa cầu thôn 3”.",
                {"text": VISIT},
                "Xin đồng chí xem lại trước khi gửi",
            ),
            step(
                "CB001",
                "Câu nào vào phần nấy. Bấm Gửi: phiếu có mã, gắn với giấy mời; kiến nghị có người "
                "giữ và có hạn.",
                {"press": "Gửi"},
                "Đã lưu phiếu CS-",
            ),
            step(
                "UV01",
                f"Đồng chí Ủy viên phụ trách nhắn ý kiến kèm mã: “{opinion}”.",
                {"text": opinion},
                "Ý kiến của đồng chí về KN-",
            ),
            step(
                "UV01",
                "Hệ thống nhắc lại ý kiến và thời hạn đã hiểu. Bấm Đúng.",
                {"press": "Đúng"},
                f"Đã gửi trả lời KN-{case}",
            ),
            step(
                "CB001",
                "Bấm Đến 07:15 sáng: trả lời về đến người theo dõi, xã cũng được biết.",
                {"clock": "next 07:15"},
                "xã Hòa Mẫu: đã có trả lời",
            ),
            step(
                "CB001",
                "Nói lại với xã xong, đồng chí Mẫu bấm Đã thông tin lại xã.",
                {"press": "Đã thông tin lại xã"},
                f"KN-{case}",
            ),
            step(
                "XA01",
                "Xã cũng có kiến nghị riêng: nhắn một câu bắt đầu bằng “Kiến nghị:”.",
                {
                    "text": "Kiến nghị: xã thiếu 2 công chức địa chính, hồ sơ đất đai còn 140 bộ, "
                    "đề nghị tỉnh biệt phái người đến hết quý I"
                },
                "Kiến nghị của Đảng ủy xã Hòa Mẫu",
            ),
            step("XA01", "Xem lại rồi bấm Gửi.", {"press": "Gửi"}, f"Đã gửi KN-{case + 1}"),
            step(
                "XA01",
                "Hết thời hạn nêu trong trả lời, hệ thống hỏi xã kết quả thực tế. Cho đồng hồ "
                "chạy đến 01/12/2026 07:15.",
                {"clock": "2026-12-01 07:15"},
                "Xin xã cho biết thực tế",
            ),
            step(
                "XA01",
                "Mố cầu đã gia cố, lan can chưa làm: xã bấm Xong một phần. Việc trở lại nơi trả "
                "lời, có hạn mới; chưa kết thúc khi xã chưa thống nhất.",
                {"press": "Xong một phần"},
                "Đã ghi: xong một phần",
            ),
            step(
                "VP01",
                "Hết tháng. Cho đồng hồ chạy đến 02/12/2026 17:05, khi số liệu tháng 11 đã chốt. "
                "Nhắc việc, việc gộp đến lần lượt từng ngày.",
                {"clock": "2026-12-02 17:05"},
                "BẢN TỔNG HỢP THÁNG 11",
            ),
            step(
                "VP01",
                "Văn phòng rà soát rồi bấm Xem bản gửi Thường trực.",
                {"press": "Xem bản gửi Thường trực"},
                "TỔNG HỢP THÁNG 11/2026",
            ),
            step(
                "VP01",
                "Đây là đúng nguyên văn bản sẽ gửi. Bấm Trình Chánh Văn phòng.",
                {"press": "Trình Chánh Văn phòng"},
                "chờ đồng chí duyệt",
                "VP02",
            ),
            step(
                "VP02",
                "Không bản nào ra ngoài khi chưa duyệt. Bấm Duyệt, gửi.",
                {"press": "Duyệt, gửi"},
                "Đã duyệt",
            ),
            step(
                "TT01",
                "Bấm Đến 07:15 sáng. Hôm sau, đồng chí Phó Bí thư Thường trực đọc cả tháng "
                "trong một tin.",
                {"clock": "next 07:15"},
                "TỔNG HỢP THÁNG 11/2026",
            ),
            step(
                "TT01",
                "Mỗi con số mở được đến từng phiếu. Thử bấm Theo địa bàn.",
                {"press": "Theo địa bàn"},
                "địa bàn",
            ),
        ],
    }
