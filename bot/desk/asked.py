"""What people ask in their first week, in their own words, answered at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.desk import areas as area_desk
from bot.desk.contract import Result, Words
from bot.desk.duties import province_on
from bot.messages import Option, Outgoing
from bot.rules.mentions import mentions
from bot.rules.zone import day_of
from bot.words import fold, nfc
from storage import areas, people
from storage.scope import Viewer

LONGEST = 120  # letters: a longer text tells something
_NUMBER = re.compile(
    r"\b(?:so dien thoai|so may|dien thoai (?:cua )?dong chi|ai theo doi|ai phu trach)\b"
)
_QUIET = re.compile(r"\b(?:dung|khong|co|xin) nhan .*\b(?:ngoai gio|dem|sau \d\d ?(?:gio|h))\b")
_REPORT = re.compile(
    r"(?:lam |gui |nop )?bao cao(?: thang| quy| nam)?|(?:cho |xin |in ).*\bcuoi nam\b.*"
)
_AWAY = re.compile(
    r"(?:(?:thang|tuan|quy|ky) (?:nay|sau|toi) )?(?:toi )?(?:xin |de nghi )?(?:duoc )?"
    r"(?:vang(?: mat)?|nghi phep|nghi om|di hoc|di cong tac dai ngay)"
    r"(?: (?:thang|tuan|quy|ky) (?:nay|sau|toi|\d{1,2}))?"
)
_POLITE = re.compile(
    r"(?:(?:xin|rat|da) )*(?:cam on|chao|vang|da|ro|ok|oke|thong nhat|nhat tri|biet|nam duoc)"
    r"(?: (?:dong chi|cac dong chi|he thong|nhe|roi|a|nhieu|y kien tren|voi gop y))*"
)
HEARD = "Hệ thống đã nhận tin. Đồng chí không cần làm gì thêm."
_ASKS = re.compile(r"\?\s*$|\b(?:khong|sao|the nao|o dau|bao gio)\W*$|^(?:sao|tai sao|vi sao)\b")


@dataclass(frozen=True)
class Known:
    """A question by folded words of it, its answer, and what can be pressed."""

    words: re.Pattern[str]
    answer: str
    options: tuple[Option, ...] = ()


AWAY = Option("Đề nghị vắng, cử đi thay", "vang")
KNOWN: Sequence[Known] = (
    Known(
        re.compile(r"\b(?:xa|phuong|ai) (?:co )?(?:doc|xem|thay) (?:duoc|phan)\b"),
        "Xã xem được ngày đi, việc dự, phần Góp ý, việc hẹn lại và kiến nghị. Phần Nắm và Kiểm tra "
        "chỉ gửi cấp trên, trừ khi người ghi phiếu bấm “Gửi cả phần này cho xã”.",
    ),
    Known(
        re.compile(r"\b(?:cu|nho) (?:cap )?pho\b|\bdi thay\b"),
        "Được. Đồng chí gửi đề nghị, chọn Cử cấp phó đi thay; Ban Tổ chức cho ý kiến tính là một "
        "chuyến hay được miễn trong kỳ.",
        (AWAY,),
    ),
    Known(
        re.compile(r"\b(?:sao|van|con) .*\bnhac\b"),
        "Phiếu ghi xong thì lịch đi của kỳ đó không nhắc nữa. Xin xem phiếu đã đến hệ thống chưa, "
        "ghi đúng địa bàn và ngày đi chưa.",
        (Option("Đã gửi", "dagui"), Option("Việc chờ tôi", "viec")),
    ),
    Known(
        re.compile(r"\bnhap lai\b|\bda (?:gui|co) cong van\b"),
        "Không cần nhập lại. Xin nhắn “Kiến nghị: theo Công văn số …” và vài chữ về nội dung.",
    ),
    Known(
        re.compile(r"\bnhom zalo\b|\bvao nhom\b"),
        "Hệ thống nhắn riêng từng người, vì mỗi người được xem một phần khác nhau; trong nhóm thì "
        "ai cũng đọc được phần nhận xét.",
    ),
)


def answer(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The answer to a question that is often asked; empty for any other text."""
    text = words.incoming.text
    folded = fold(text)
    if len(text) > LONGEST:
        return []
    if _POLITE.fullmatch(folded.strip(" .,!")):
        return [Outgoing(HEARD)]
    if viewer.follows | viewer.helps | viewer.in_charge and _REPORT.fullmatch(folded.strip(" .?")):
        return [_which_report()]
    if viewer.follows and _AWAY.fullmatch(folded.strip(" .")):
        return [Outgoing("Đồng chí đề nghị vắng, cử người đi thay?", ((AWAY,),))]
    if _NUMBER.search(folded):
        return area_desk.act(session, viewer, replace(words, rest=_area(session, viewer, text)), at)
    if _QUIET.search(folded):
        return [_quiet(session, at)]
    if not _ASKS.search(folded):
        return []
    if "ghi ho" in folded:
        return [_writes_for(session, viewer, at)]
    known = next((one for one in KNOWN if one.words.search(folded)), None)
    return [Outgoing(known.answer, (known.options,) if known.options else ())] if known else []


def is_yes(text: str) -> bool:
    """Vâng, which without its mark is the command vắng."""
    return nfc(text).strip(" .,!").casefold() == "vâng"


def _area(session: Session, viewer: Viewer, text: str) -> str:
    """The code of the area that the text names, if it names one of the viewer's."""
    mine = areas.by_ids(session, viewer.areas or viewer.in_charge)
    keys = {m.key for m in mentions(text, [(area.code, area.name) for area in mine.values()])}
    return next(iter(keys)) if len(keys) == 1 else ""


def _writes_for(session: Session, viewer: Viewer, at: datetime) -> Outgoing:
    mine = people.helpers(session, viewer.person_id, day_of(at))
    names = ", ".join(f"{one.address} {one.full_name}" for one in mine)
    who = f"Người ghi hộ của đồng chí: {names}." if mine else "Xin Văn phòng đăng ký người ghi hộ."
    return Outgoing(
        f"Được. {who} Người ghi hộ nhắn từ máy của mình; phiếu nêu rõ ai ghi hộ và đồng chí "
        "xác nhận."
    )


def _which_report() -> Outgoing:
    """What one signs is no slip: somebody who says báo cáo may mean either."""
    options = Option("Ghi chuyến đi", "ghi"), Option("Báo cáo năm của tôi", "baocaonam")
    return Outgoing("Đồng chí cần ghi chuyến đi hay xem báo cáo năm?", (options,))


def _quiet(session: Session, at: datetime) -> Outgoing:
    begins, ends = province_on(session, day_of(at)).quiet
    return Outgoing(
        f"Từ {begins:%H:%M} đến {ends:%H:%M} và ngày nghỉ, hệ thống không tự nhắn, trừ việc khẩn. "
        "Đồng chí nhắn lúc nào cũng được trả lời ngay."
    )
