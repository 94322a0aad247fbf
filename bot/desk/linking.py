"""How an account becomes a person's, and stops being it: codes, the first contact, goodbye."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot.desk import guide
from bot.desk.contract import Noun, Result, Words
from bot.messages import Option, Outgoing
from bot.roster.invites import read_code, redeem
from bot.rules.access import viewer_of
from bot.rules.province import Province
from bot.rules.ways import shown
from bot.rules.zone import day_of, local, moment
from bot.words import fold, uncapital
from storage import accounts, assignments, audit, invites, occurrences, people, settings, ways
from storage.grants import held
from storage.occurrences import Due
from storage.scope import Viewer
from storage.tables import Account, Area, Person

WRONG_TRIES = 5
LOCKED = timedelta(hours=1)
WRONG_TRIES_OF_ALL = 200  # an hour; then no code is looked at until it is quiet again
FEW_AREAS = 3
YES, NO = "dung la toi", "khong phai toi"

STRANGER = (
    "Đây là hệ thống tự động dùng nội bộ. Người đã được cấp mã xin nhắn mã. "
    "Xin không gửi tài liệu vào đây."
)
WRONG = "Mã không đúng hoặc không còn dùng được. Xin xem lại phiếu, hoặc hỏi Văn phòng."
PAUSED = "Hệ thống đang tạm dừng nhận mã kết nối. Xin thử lại sau một giờ."
KEPT = (
    "Hệ thống lưu nội dung, ảnh đồng chí gửi và thời gian gửi. Không gửi bí mật nhà nước, "
    "tài liệu có dấu mật, số định danh cá nhân. Việc khẩn xin gọi {duty}."
)


def greet(session: Session, account_id: int, words: Words, at: datetime) -> list[Outgoing]:
    """What an account hears that is not, or not yet, confirmed to be somebody's."""
    account = accounts.by_id(session, account_id)
    said = fold(words.incoming.token or words.incoming.text)
    if account.state == "linked" and account.person_id is not None:
        if said == YES:
            return _confirm(session, account, account.person_id, at)
        if said == NO:
            return _disown(session, account, account.person_id, at)
    if code := read_code(words.incoming.text):
        return _code(session, account, code, at)
    if account.state == "linked" and account.person_id is not None:
        return [_first_contact(session, account.person_id, at)]
    return _once(session, Due("stranger", f"account:{account_id}", _morning(at)), at, STRANGER)


def _code(session: Session, account: Account, code: str, at: datetime) -> list[Outgoing]:
    number = account.id or 0
    if account.locked_until is not None and account.locked_until > at:
        locked = Due("linking_locked", f"account:{number}", account.locked_until)
        return _once(session, locked, at, _locked(account.locked_until))
    if invites.tries_since(session, at - LOCKED) >= WRONG_TRIES_OF_ALL:
        hour = at.replace(minute=0, second=0, microsecond=0)
        return _once(session, Due("linking_paused", f"account:{number}", hour), at, PAUSED)
    person_id = redeem(session, code, number, at)
    if person_id is None:
        return _wrong(session, number, at)
    accounts.link(session, number, person_id, at)
    audit.note(session, "account.link", "account", number, by=person_id, at=at)
    return [_first_contact(session, person_id, at)]


def _wrong(session: Session, account_id: int, at: datetime) -> list[Outgoing]:
    """One sentence whatever was wrong with the code, so that guessing teaches nothing."""
    invites.tried(session, account_id, at)
    said = [Outgoing(WRONG)]
    if invites.tries_since(session, at - LOCKED, account_id) >= WRONG_TRIES:
        until = at + LOCKED
        accounts.change(session, account_id, locked_until=until)
        occurrences.claim(session, [Due("linking_locked", f"account:{account_id}", until)], at)
        said = [Outgoing(_locked(until))]
    if invites.tries_since(session, at - LOCKED) >= WRONG_TRIES_OF_ALL:
        said += _tell_of_guessing(session, at)
    return said


def _locked(until: datetime) -> str:
    return f"Đã nhập sai mã {WRONG_TRIES} lần. Xin thử lại sau {local(until):%H:%M}."


def _tell_of_guessing(session: Session, at: datetime) -> list[Outgoing]:
    hour = at.replace(minute=0, second=0, microsecond=0)
    if not occurrences.claim(session, [Due("linking_paused", "all", hour)], at):
        return []
    text = (
        f"Có {WRONG_TRIES_OF_ALL} lần nhập sai mã kết nối trong một giờ, từ nhiều máy. Hệ thống "
        "tạm dừng nhận mã của máy lạ; người đã kết nối dùng bình thường. Xin báo quản trị."
    )
    return tell_office(session, text, at)


def tell_office(
    session: Session, text: str, at: datetime, rows: tuple[tuple[Option, ...], ...] = ()
) -> list[Outgoing]:
    """The same notice to everybody of the office who keeps the roster."""
    keepers = people.holders(session, "tong_hop", day_of(at))
    return [Outgoing(text, rows, kind="notice", person_id=keeper.id) for keeper in keepers]


def _first_contact(session: Session, person_id: int, at: datetime) -> Outgoing:
    """Who writes here, to whom, what is kept; nothing else is said before it is confirmed."""
    province = Province.from_settings(settings.values(session, day_of(at)))
    duty = f"trực ban {province.committee}"
    text = "\n".join(
        (
            f"Sâu Sát, hệ thống nhắn tin tự động của {province.office}",
            f"Kính gửi {_to_whom(session, person_id, at)}.",
            KEPT.format(duty=f"{duty}, {province.duty}" if province.duty else duty),
        )
    )
    return Outgoing(text, ((Option("Đúng là tôi", YES), Option("Không phải tôi", NO)),), "prompt")


def _to_whom(session: Session, person_id: int, at: datetime) -> str:
    person = _person(session, person_id)
    day = day_of(at)
    if people.is_holder(session, person_id, "thuong_truc", day) and person.post:
        return f"{person.address} {person.post}"
    parts = [f"{person.address} {person.full_name}", person.post]
    for kind, verb in (("theo_doi", "theo dõi"), ("phu_trach", "phụ trách")):
        found = assignments.areas_of(session, [person_id], day, kind).get(person_id, [])
        parts.append(f"{verb} {_listed(found)}" if found else "")
    return ", ".join(part for part in parts if part)


def _listed(found: Sequence[Area]) -> str:
    """ "xã Hòa Mẫu và phường Tân Mẫu"; of many only the number."""
    if len(found) > FEW_AREAS:
        return f"{len(found)} địa bàn"
    names = [uncapital(area.name) for area in found]
    return " và ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _confirm(session: Session, account: Account, person_id: int, at: datetime) -> list[Outgoing]:
    """The account is this person's; an older one on the same bot is let go (a new phone).

    Those on other channels stay, and hear of it: it might not have been the person.
    """
    held_now = [a for a in accounts.of_person(session, person_id) if a.id != account.id]
    others = [a.id for a in held_now if a.bot == account.bot and a.id is not None]
    beside = [a for a in held_now if a.bot != account.bot and a.state == "confirmed"]
    accounts.release(session, others)
    accounts.change(session, account.id or 0, state="confirmed", locked_until=None)
    ways.look_again(session, person_id)
    invites.void(session, [person_id], at)
    audit.note(session, "account.confirm", "account", account.id, by=person_id, at=at)
    viewer = viewer_of(person_id, held(session, person_id, day_of(at)))
    role = guide.seat(viewer)
    lines = ["Đã kết nối. Từ nay đồng chí nhắn ngay tại đây."]
    lines += ["Máy trước của đồng chí trên kênh này đã được ngắt."] if others else []
    lines += [_several([account, *beside])] if beside else []
    lines += [guide.TELL[role]] if role in guide.TELL else []
    lines.append("Nhắn 0 để xem các việc làm được.")
    done = Outgoing("\n".join(lines), kind="receipt", menu=role)
    return [done, *(_told_beside(session, each, account, at) for each in beside)]


def _several(found: Sequence[Account]) -> str:
    names = " và ".join(dict.fromkeys(shown(each.bot) for each in found))
    return f"Đồng chí dùng được cả {names}. Chọn kênh nhận tin: /kenh."


def _told_beside(session: Session, to: Account, new: Account, at: datetime) -> Outgoing:
    office = Province.from_settings(settings.values(session, day_of(at))).office
    text = (
        f"{shown(new.bot)} vừa được kết nối thêm cho đồng chí; kênh này vẫn dùng như cũ. "
        f"Nếu không phải đồng chí làm, xin báo ngay {office}."
    )
    return Outgoing(text, kind="notice", account_id=to.id)


def _disown(session: Session, account: Account, person_id: int, at: datetime) -> list[Outgoing]:
    """The code had reached somebody else: it is void, and the office hears of it."""
    person = _person(session, person_id)
    invites.disown(session, account.id or 0, at)
    accounts.release(session, [account.id or 0], "new")
    audit.note(session, "account.disown", "account", account.id, at=at)
    text = (
        f"Mã kết nối của {person.address} {person.full_name} ({person.post}) đã đến máy của "
        "người khác; người nhận báo không phải. Mã đó không dùng được nữa."
    )
    again = ((Option("Cấp mã mới", f"capma {person.code}"),),)
    told = tell_office(session, text, at, again)
    return [Outgoing("Đã ghi. Mã này không dùng được nữa, máy này chưa kết nối."), *told]


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """Commands of those who are linked: /ngatketnoi, another phone, /start once more."""
    if words.command in (YES, NO):
        return [Outgoing("Máy này đã kết nối. Muốn ngắt, xin nhắn /ngatketnoi.")]
    if words.command in ("doi may", "toi doi may"):
        return [Outgoing(_another_phone(session, at))]
    if fold(words.rest) != "dong y":
        return [_sure()]
    account = accounts.by_id(session, words.account_id or 0)
    accounts.release(session, [account.id or 0])
    audit.note(session, "account.release", "account", account.id, by=viewer.person_id, at=at)
    return [Outgoing("Đã ngắt kết nối máy này. Phiếu đã gửi vẫn được giữ.", menu="khach")]


def _sure() -> Outgoing:
    yes, no = Option("Ngắt kết nối", "ngatketnoi dong y"), Option("Để nguyên", "menu")
    text = (
        "Ngắt kết nối máy này? Tin nhắc việc và trả lời sẽ không đến đây nữa. "
        "Phiếu đã gửi vẫn được giữ. Muốn kết nối lại, cần mã mới của Văn phòng."
    )
    return Outgoing(text, ((yes, no),))


def _another_phone(session: Session, at: datetime) -> str:
    office = Province.from_settings(settings.values(session, day_of(at))).office
    return (
        f"Trên máy mới, đồng chí vào đúng tài khoản Telegram hoặc Zalo này là dùng tiếp được ngay. "
        f"Nếu đổi cả tài khoản, xin {office} cấp mã mới rồi nhắn mã từ tài khoản mới; "
        "tài khoản cũ trên cùng kênh khi đó tự ngắt."
    )


def blocked(session: Session, account_id: int, *, blocked: bool) -> None:
    """The person stopped, or allowed again, messages of this bot."""
    account = accounts.by_id(session, account_id)
    before, after = ("confirmed", "unreachable") if blocked else ("unreachable", "confirmed")
    if account.state == before:
        accounts.change(session, account_id, state=after)
        ways.leave(session, [account_id])
        ways.look_again(session, account.person_id or 0)


def _once(session: Session, due: Due, at: datetime, text: str) -> list[Outgoing]:
    """The sentence, unless it was said for this already."""
    return [Outgoing(text)] if occurrences.claim(session, [due], at) else []


def _morning(at: datetime) -> datetime:
    return moment(day_of(at), time.min)


def _person(session: Session, person_id: int) -> Person:
    person = people.by_id(session, person_id)
    assert person is not None
    return person


NOUN = Noun(
    "linking",
    act,
    ("ngatketnoi", "ngat ket noi", "doi may", "toi doi may", YES, NO),
)
