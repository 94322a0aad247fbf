"""The office's list of people: who cannot be reached, codes, a phone that was lost."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot import files
from bot.desk import unsent
from bot.desk.contract import Noun, Result, Words
from bot.messages import Option, Outgoing, Rejected
from bot.roster.invites import VALID, issue, revoke
from bot.roster.reach import Unreached, unreached
from bot.rules.province import Province
from bot.rules.zone import day_of
from bot.words import find, fold, full_day, natural
from storage import people, settings
from storage.scope import Viewer
from storage.tables import Person

OFFICE = unsent.OFFICE
UNREACHED = ("chualienlac", "chua lien lac duoc")
CODE = ("capma", "cap ma", "cap lai ma")
LOCK = ("khoamay", "khoa may", "khoa may bi mat")
PAGE = 8
SLIPS = 36  # in one file: hashing codes is slow on purpose, and others wait meanwhile
ALL, AGREED = "tat ca", "dong y"


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """Chưa liên lạc được, Cấp mã, Khóa máy bị mất."""
    if not viewer.roles & OFFICE:
        raise Rejected("Mục này dành cho Văn phòng.")
    if words.command in UNREACHED:
        return [_unreached(session, words, at)]
    rest, agreed = _agreed(words.rest)
    if words.command in CODE and fold(rest) == ALL:
        return [_codes(session, viewer, agreed=agreed, at=at)]
    command = CODE[0] if words.command in CODE else LOCK[0]
    found = named(session, rest)
    if len(found) != 1:
        return [_which(command, rest, found)]
    if command == CODE[0]:
        return _code(session, found[0], at)
    return [_lock(session, found[0], agreed=agreed, at=at)]


def _agreed(rest: str) -> tuple[str, bool]:
    """What was asked for, and whether its button to go on was pressed."""
    head, _, tail = rest.rpartition(" ")
    last = f"{head.rpartition(' ')[2]} {tail}"
    if fold(last) != AGREED:
        return rest.strip(), False
    return head.rpartition(" ")[0].strip(), True


def named(session: Session, text: str) -> list[Person]:
    """The people with this code, or else those whose name holds the text."""
    if not text:
        return []
    if person := people.by_code(session, text) or people.by_code(session, text.upper()):
        return [person]
    known = {str(person.id): person for person in people.everybody(session)}
    return [known[key] for key in find(text, [(k, p.full_name) for k, p in known.items()])]


def _which(command: str, text: str, found: Sequence[Person]) -> Outgoing:
    shown = {"capma": "Cấp mã", "khoamay": "Khóa máy"}.get(command, command)
    if not text:
        return Outgoing(f"{shown} cho ai? Xin nhắn: /{command} (họ tên hoặc mã).")
    if not found:
        raise Rejected(f'Không có "{text}" trong danh sách. Xin nhắn họ tên hoặc mã.')
    rows = tuple((Option(titled(p), f"{command} {p.code}"),) for p in found[:PAGE])
    return Outgoing(f'{shown}: có {len(found)} đồng chí tên như "{text}".', rows)


def titled(person: Person) -> str:
    """The name with the post, as people are named the first time."""
    return f"{person.full_name}, {person.post}" if person.post else person.full_name


def _unreached(session: Session, words: Words, at: datetime) -> Outgoing:
    found = unreached(session, at)
    if not found:
        count = len(people.users(session, day_of(at)))
        return Outgoing(f"Đã kết nối đủ {count} đồng chí, không có ai chưa liên lạc được.")
    if fold(words.rest).startswith("danh sach"):
        return _list(found, words.rest)
    counts = Counter(each.why for each in found)
    lines = [f"Chưa gửi được đến {len(found)} đồng chí"]
    lines += [f"{count} {why}" for why, count in counts.most_common(PAGE)]
    again = (Option("Cấp lại mã, in phiếu", f"capma {ALL}"),)
    rows: list[tuple[Option, ...]] = [again] if any(each.needs_code for each in found) else []
    rows += [unsent.buttons(session, at), (Option("Danh sách", "chualienlac danh sach"),)]
    return Outgoing("\n".join(lines), tuple(row for row in rows if row))


def _list(found: Sequence[Unreached], rest: str) -> Outgoing:
    asked = rest.rpartition(" ")[2]
    start = natural(asked) or 0
    page = found[start : start + PAGE]
    lines = [f"Chưa liên lạc được, {start + 1} đến {start + len(page)} trong {len(found)}"]
    lines += [f"{each.person.code} {each.person.full_name}: {each.why}" for each in page]
    more = (Option("Xem thêm", f"chualienlac danh sach {start + PAGE}"),)
    rows = (more,) if start + PAGE < len(found) else ()
    lines.append("Cấp mã cho một người: /capma (mã hoặc họ tên).")
    return Outgoing("\n".join(lines), rows)


def _code(session: Session, person: Person, at: datetime) -> Result:
    """A code to read out or to copy; whoever has an account already is told of it."""
    (issued,) = issue(session, [person], at)
    text = (
        f"Mã của {person.address} {titled(person)}:\n{issued.code}\n"
        f"Dùng một lần, đến hết {full_day(day_of(issued.expires_at))}. Người nhận nhắn mã này "
        "cho hệ thống từ máy của mình. Mã cấp trước không dùng được nữa."
    )
    if person.id not in people.linked(session, [person.id or 0]):
        return [Outgoing(text)]
    warned = (
        "Văn phòng vừa cấp mã kết nối mới cho đồng chí. Nếu không phải đồng chí đề nghị, "
        "xin báo ngay Văn phòng; máy này vẫn dùng bình thường cho đến khi có máy khác kết nối "
        "trên cùng kênh."
    )
    return [Outgoing(text), Outgoing(warned, kind="notice", person_id=person.id)]


def _codes(session: Session, viewer: Viewer, *, agreed: bool, at: datetime) -> Outgoing:
    waiting = [each.person for each in unreached(session, at) if each.needs_code]
    if not waiting:
        return Outgoing("Không có ai cần cấp lại mã.")
    people_now = waiting[:SLIPS]
    if not agreed:
        text = f"Cấp mã cho {len(people_now)} đồng chí chưa có mã dùng được và gửi phiếu để in?"
        if len(waiting) > SLIPS:
            text += f" Còn {len(waiting) - SLIPS} đồng chí ở phiếu sau."
        return Outgoing(text, ((Option("Cấp mã, gửi phiếu", f"capma {ALL} {AGREED}"),),))
    province = Province.from_settings(settings.values(session, day_of(at)))
    path = f"slips/{secrets.token_hex(8)}/phieu-ket-noi.docx"
    from bot.roster import slips  # late: Word is seldom needed

    bots = slips.Bots(province.telegram, province.zalo, province.office)
    slips.write(files.place(path), issue(session, people_now, at), bots)
    until = full_day(day_of(at + VALID))
    text = f"{len(people_now)} phiếu, 6 phiếu một trang. Mã dùng một lần, hết hạn {until}."
    more = ((Option("Phiếu tiếp theo", f"capma {ALL}"),),) if len(waiting) > SLIPS else ()
    return Outgoing(text, more, files=(path,))


def _lock(session: Session, person: Person, *, agreed: bool, at: datetime) -> Outgoing:
    if not agreed:
        text = (
            f"Khóa máy của {person.address} {titled(person)}? Mọi tài khoản của đồng chí ấy "
            "ngắt ngay, tin đang chờ gửi đến máy đó dừng lại. Phiếu đã ghi vẫn còn."
        )
        yes = Option("Khóa máy", f"khoamay {person.code} {AGREED}")
        return Outgoing(text, ((yes, Option("Để nguyên", "menu")),))
    count = revoke(session, person, at)
    text = f"Đã ngắt {count} tài khoản của {person.address} {person.full_name}."
    return Outgoing(text, ((Option("Cấp mã mới", f"capma {person.code}"),),))


NOUN = Noun("people", act, commands=(*UNREACHED, *CODE, *LOCK))
