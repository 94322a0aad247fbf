"""The page for restricted items as HTML: a door, the lists with a form, one opened item."""

from collections.abc import Sequence
from html import escape

from bot.rules.zone import day_of
from bot.web.sheets import addressed, pressing, said, sheet
from bot.words import day
from bot.work.sealed import Seen
from storage.restricted import BOARD, Listed, Opened

HEADING = "Trang bảo mật"
STATES = {"waiting": "đang chờ", "answered": "đã trả lời", "ended": "đã kết thúc"}


def door(name: str, press: str) -> str:
    """Nothing but a button: what opens links before people do learns nothing."""
    button = _doing(press, "xem", "Mở trang bảo mật")
    return sheet(HEADING, f"{addressed(name)}{button}")


def lists(found: Seen, press: str, once: str, *, done: str = "", wrong: str = "") -> str:
    """What there is to open, what was sent, and the form."""
    body = f"{said(wrong, wrong=True)}{said(done, wrong=False)}{addressed(found.name)}"
    if found.received:
        rows = [_doing(press, "mo", _line(one), one.number) for one in found.received]
        body += "<h1>Gửi đến đồng chí</h1>" + "".join(rows)
    if found.sent:
        body += "<h1>Đồng chí đã gửi</h1>" + "".join(_sent(*pair) for pair in found.sent)
    return sheet(HEADING, body + _form(found.choices, press, once))


def letter(found: Opened, author: str, press: str) -> str:
    """One item, and what can be done with it."""
    who = author or "Không nêu tên người phản ánh"
    said_ = escape(found.text or "Đề nghị gặp trực tiếp").replace("\n", "<br>")
    body = f'<p class="name">{_line(found.listed)}<br>{escape(who)}</p><p class="file">{said_}</p>'
    if found.others:
        body += f'<p class="name">Liên quan: {escape(found.others)}</p>'
    if found.answer:
        body += f'<p class="said">Đã trả lời: {escape(found.answer)}</p>'
    number = found.listed.number
    body += _doing(press, "traloi", "Gửi trả lời", number, _area("loi", "Trả lời người gửi"))
    body += _doing(press, "xong", "Kết thúc, không cần trả lời", number)
    if found.how == BOARD:
        box = _input("ai", "Giao thêm một người xem (mã hoặc họ tên)")
        body += _doing(press, "giao", "Giao", number, box)
    return sheet(HEADING, body + _doing(press, "xem", "Về danh sách"))


def _form(choices: Sequence[tuple[int, str]], press: str, once: str) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="lienquan" value="{person}"> {escape(name)}</label>'
        for person, name in choices
    )
    fields = (
        _area("loi", "Nội dung (không ghi bí mật nhà nước)")
        + f"<p>Nội dung liên quan đồng chí nào dưới đây thì đánh dấu; đồng chí ấy không nhận.</p>"
        f"{boxes}"
        + _input("khac", "Người, đơn vị khác có liên quan (nếu có)")
        + '<label><input type="checkbox" name="kin" value="1"> Không nêu tên người phản ánh với '
        "người được giao giải quyết (Thường trực vẫn biết)</label>"
        + f'<input type="hidden" name="lan" value="{escape(once)}">'
    )
    return "<h1>Viết nội dung mới</h1>" + _doing(press, "gui", "Gửi riêng", inside=fields)


def _doing(press: str, verb: str, label: str, number: int = 0, inside: str = "") -> str:
    about = f'<input type="hidden" name="so" value="{number}">' if number else ""
    return f"""<form method="post">{pressing(press)}<input type="hidden" name="viec" value="{verb}">
{about}{inside}<p><button>{escape(label)}</button></p></form>"""


def _line(one: Listed) -> str:
    new = "" if one.opened or one.state != "waiting" else ", chưa mở"
    return f"KN-{one.number}, gửi {day(day_of(one.raised_at))}, {STATES[one.state]}{new}"


def _sent(one: Listed, answer: str) -> str:
    said_ = f"<br>{escape(answer)}" if answer else ""
    line = f"KN-{one.number}, gửi {day(day_of(one.raised_at))}, {STATES[one.state]}"
    return f'<p class="file">{line}{said_}</p>'


def _area(name: str, label: str) -> str:
    return f"""<label><span>{escape(label)}</span><textarea name="{name}" rows="6"
maxlength="4000"></textarea></label>"""


def _input(name: str, label: str) -> str:
    return f"""<label><span>{escape(label)}</span><textarea name="{name}" rows="2"
maxlength="300"></textarea></label>"""
