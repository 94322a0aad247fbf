"""The words of the field, once: stable tokens, labels for people, key words for free text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.words import fold


@dataclass(frozen=True, slots=True)
class Word:
    """A token that is stored, the label that people read, and folded key words that mean it."""

    token: str
    label: str
    keywords: tuple[str, ...] = ()


ACTIVITIES = (
    Word(
        "du_hop_cap_uy",
        "Dự họp cấp ủy",
        (
            *("hop dang uy", "hop voi dang uy", "hop cap uy", "hop ban chap hanh", "hop bch"),
            *("hop ban thuong vu", "hop btv", "hop thuong vu", "hop thuong truc dang uy"),
            *("hoi nghi dang uy", "hoi nghi cap uy", "hoi nghi ban chap hanh", "hoi nghi bch"),
            *("hoi nghi ban thuong vu", "hoi nghi btv", "giao ban dang uy"),
        ),
    ),
    Word(
        "chi_bo", "Dự sinh hoạt chi bộ", ("sinh hoat chi bo", "hop chi bo", "sinh hoat voi chi bo")
    ),
    Word(
        "thon",
        "Họp thôn, tổ dân phố",
        (
            *("hop thon", "hop to dan pho", "hop lang", "hop ap", "hop khu pho", "hop khoi pho"),
            *("hop dan", "hop to nhan dan", "hop to tu quan", "hop tdp"),
        ),
    ),
    Word("tiep_dan", "Tiếp dân", ("tiep dan", "tiep cong dan")),
    Word("doi_thoai", "Đối thoại với Nhân dân", ("doi thoai",)),
    Word("lam_viec", "Làm việc với lãnh đạo xã, phường", ("lam viec", "trao doi voi lanh dao")),
    Word(
        "kiem_tra_thuc_te",
        "Kiểm tra thực tế",
        (
            "kiem tra thuc te",
            "di thuc te",
            "xem thuc te",
            "khao sat",
            "di thuc dia",
            "kiem tra thuc dia",
        ),
    ),
    Word(
        "ho_tro",
        "Thăm, hỗ trợ",
        (
            "tham ho",
            "tham hoi",
            "tham gia dinh",
            "tang qua",
            "trao qua",
            "trao nha",
            "van dong ho tro",
        ),
    ),
    Word("khac", "Việc khác"),
)
SOURCES = (
    Word("cap_uy", "của Đảng ủy xã"),
    Word(
        "nhan_dan",
        "của Nhân dân",
        ("ba con", "nhan dan", "nguoi dan", "cu tri", "dan hoi", "ho dan"),
    ),
    Word("can_bo", "nhận định của cán bộ"),
)
KINDS = (
    Word("kien_nghi", "kiến nghị", ("kien nghi", "de nghi")),
    Word("phan_anh", "phản ánh", ("phan anh",)),
    Word("thac_mac", "thắc mắc", ("thac mac",)),
)
OUTCOMES = (
    Word("explained", "đã giải thích tại chỗ", ("da giai thich",)),
    Word("passed_to_commune", "chuyển xã giải quyết"),
    Word("passed_up", "phản ánh cấp trên"),
)
SUPPORT_KINDS = (
    Word("nha_tinh_nghia", "nhà tình nghĩa", ("nha tinh nghia",)),
    Word("nha_tinh_thuong", "nhà tình thương", ("nha tinh thuong",)),
    Word("qua", "suất quà", ("suat qua", "phan qua", "tui qua", "mon qua", "qua tang", "qua tet")),
    Word("khac", "hỗ trợ khác"),
)
LEVELS = (
    Word("tinh", "Tỉnh, thành phố"),
    Word("cum", "Cụm, khu vực"),
    Word("huyen", "Huyện, thị xã, thành phố (trước 7/2025)"),
    Word("xa", "Xã, phường, đặc khu"),
    Word("thon", "Thôn, tổ dân phố"),
    Word("to_chuc", "Tổ chức, đơn vị"),
)
ASSIGNMENT_KINDS = (Word("theo_doi", "theo dõi"), Word("phu_trach", "phụ trách"))
ROLES = (
    Word("thuong_truc", "Thường trực"),
    Word("ban_to_chuc", "Ban Tổ chức"),
    Word("tong_hop", "Bộ phận tổng hợp"),
    Word("duyet", "Duyệt bản tổng hợp"),
    Word("co_so", "Đảng ủy xã"),
    Word("giai_quyet", "Đơn vị được giao giải quyết"),
    Word("kiem_tra", "Ủy ban Kiểm tra"),
    Word("giup_viec", "Giúp việc"),
    Word("quan_tri", "Quản trị hệ thống"),
)
UNITS = (
    Word("thang", "hằng tháng"),
    Word("quy", "hằng quý"),
    Word("nua_nam", "sáu tháng một lần"),
    Word("nam", "hằng năm"),
)
ABSENCE_FORMS = (
    Word("mien", "được miễn trong kỳ"),
    Word("di_thay", "cử người đi thay"),
)
ABSENCE_REASONS = (
    Word("cu_cap_pho", "Cử cấp phó đi thay"),
    Word("di_hoc", "Đi học, công tác dài ngày"),
    Word("nghi", "Nghỉ ốm, nghỉ phép"),
    Word("khac", "Lý do khác"),
)
INDICATOR_KINDS = (
    Word("so_luong", "số lượng"),
    Word("bo_phan", "bộ phận của một tổng số"),
    Word("tinh", "tính từ chỉ tiêu khác"),
    Word("ty_le", "tỷ lệ"),
)
DIRECTIONS = (Word("tang", "càng nhiều càng tốt"), Word("giam", "càng ít càng tốt"))
COMPARES = (Word("tu", "từ mức này"), Word("den", "đến mức này"), Word("khoang", "trong khoảng"))
STAFF_GROUPS = (
    Word("lanh_dao", "giữ chức vụ lãnh đạo, quản lý"),
    Word("khong_giu", "không giữ chức vụ lãnh đạo, quản lý"),
    Word("ca_hai", "cả hai nhóm"),
)
WORK_KINDS = (
    Word("chuong_trinh", "Chương trình công tác"),
    Word("ton_dong", "Việc đăng ký, tồn đọng"),
    Word("thi_diem", "Thí điểm"),
)
WORK_STATES = (Word("dang_lam", "đang làm"), Word("xong", "xong"), Word("rut", "rút"))
COMMUNE_WORDS = (
    Word("done", "Đã giải quyết xong"),
    Word("partly", "Xong một phần"),
    Word("not_yet", "Chưa giải quyết"),
    Word("reconsider", "Đề nghị xem xét thêm"),
    Word("noted", "Không có ý kiến khác"),
)

_BY_LEVEL = {
    "thon": ("Họp tổ dân phố", "Họp thôn"),
    "lam_viec": ("Làm việc với lãnh đạo phường", "Làm việc với lãnh đạo xã"),
}
"""Activities that a ward and a commune call differently."""
_NEGATED = re.compile(r"(?:chua|khong|hoan|sap)(?: \w+){0,2}$")


def label(words: Sequence[Word], token: str) -> str:
    """What people read for the token; KeyError for one that the list does not have."""
    return {word.token: word.label for word in words}[token]


def activity_label(token: str, area_name: str = "") -> str:
    """The label of an activity as an area of that name has it."""
    ward = fold(area_name).startswith("phuong ")
    in_ward, elsewhere = _BY_LEVEL.get(token, ("", ""))
    return (in_ward if ward else elsewhere) if area_name and in_ward else label(ACTIVITIES, token)


def mentioned(words: Sequence[Word], text: str) -> str | None:
    """The token whose key word stands first in the text, the longest of those; None without one."""
    folded = fold(text)
    hits = [
        (hit.start(), -len(key), word.token)
        for word in words
        for key in word.keywords
        for hit in re.finditer(rf"\b{re.escape(key)}\b", folded)
        if not _NEGATED.search(folded[: hit.start()].rstrip())
    ]
    return min(hits)[2] if hits else None
