"""The phones and the story of the page's tests."""

from __future__ import annotations

from typing import Any

TOKEN = "42:sandbox"
PHONES = [
    {
        "id": "1001",
        "name": "Nguyễn Văn Mẫu",
        "role": "Giám đốc sở, theo dõi xã Hòa Mẫu",
        "tab": "Cán bộ",
        "about": "Về xã, ghi chuyến đi và nêu kiến nghị.",
        "code": "CB001",
        "start": "HM7K2PQ4",
    },
    {
        "id": "1002",
        "name": "Trần Thị Xã",
        "role": "Bí thư Đảng ủy xã Hòa Mẫu",
        "tab": "Xã",
        "about": "Nhận phần góp ý, gửi kiến nghị của xã.",
        "code": "CB002",
    },
    {
        "id": "1003",
        "name": "Phạm Văn Ví",
        "role": "Ủy viên Ban Thường vụ, phụ trách 13 địa bàn",
        "tab": "Ủy viên",
        "about": "Cho ý kiến về kiến nghị của các địa bàn phụ trách.",
        "code": "CB003",
    },
    {
        "id": "1004",
        "name": "Lê Thị Tổng",
        "role": "Văn phòng Tỉnh ủy",
        "tab": "Văn phòng",
        "about": "Rà soát số liệu, trình bản tổng hợp.",
        "code": "CB004",
    },
    {
        "id": "1005",
        "name": "Đỗ Văn Thường",
        "role": "Phó Bí thư Thường trực",
        "tab": "Thường trực",
        "about": "Đọc bản tổng hợp tháng, cho ý kiến.",
        "code": "CB005",
    },
]
VISIT = (
    "Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu. Tình hình chung ổn định, "
    "khu tái định cư giao đất còn chậm."
)
STORY: dict[str, Any] = {
    "title": "Một tháng ở Hòa Mẫu",
    "steps": [
        {
            "phone": "1001",
            "says": "Mở đường dẫn trong giấy mời để hệ thống nhận ra máy này.",
            "does": {"start": "HM7K2PQ4"},
            "done_when": "Kính gửi đồng chí",
        },
        {
            "phone": "1001",
            "says": "Nhắn một câu về chuyến đi, như nói với đồng nghiệp. Không cần lệnh nào.",
            "does": {"text": VISIT},
            "done_when": "Xin đồng chí xem lại",
        },
        {
            "phone": "1001",
            "says": "Xem lại rồi bấm Gửi.",
            "does": {"press": "Gửi"},
            "done_when": "Đã lưu phiếu",
        },
        {
            "phone": "1002",
            "says": "Đến sáng hôm sau, xã mở máy.",
            "does": {"clock": "next 07:15", "start": True},
            "done_when": "Kính gửi",
        },
    ],
}
