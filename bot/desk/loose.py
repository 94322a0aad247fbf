"""What fits no command: free text that may be a visit, voice, photos, old buttons, strangers."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from bot.conversation.questions import recording
from bot.desk import asked, case_raising, exchanges, guide, rosters, search, talks
from bot.desk.contract import Noun, Result, Start, Words
from bot.forms.visit import visit_answers
from bot.messages import Option, Outgoing, Rejected
from bot.rules.freetext import looks_like_visit, read_visit
from bot.rules.zone import day_of, moment
from bot.words import day, natural
from storage import accounts, areas, assignments, attachments, inbox, occurrences, people, visits
from storage.occurrences import Due
from storage.scope import Viewer

LONG = 15  # letters: shorter text that fits nothing gets the menu
NOT_UNDERSTOOD = "Hệ thống chưa hiểu tin này."
UNMASKED_FOR = timedelta(minutes=10)
KINDS = (
    ("Chuyến đi cơ sở", "chuyendi"),
    ("Kiến nghị", "kiennghi"),
    ("Trao đổi với xã", "traodoi"),
    ("Bỏ", "bo"),
)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """Keep what was sent, and make of it what it plainly is, or ask."""
    if words.command == "giu":
        return _sorted(session, viewer, words, at)
    if words.command == "khong phai so dinh danh":
        return _unmask(session, words)
    if words.command == "giu che":
        return [Outgoing("Đã giữ phần che.")]
    if words.command == "nho ghi ho":
        return _hand_to_helper(session, viewer, words, at)
    if words.command == "nghe ghi am":
        return _listen(session, viewer, words)
    if words.command == "doc lai":
        return [Start("visit", {"_parts": True}, "told")]
    media = words.incoming.media
    if media is not None and media.kind == "voice":
        return _voice(session, viewer, words, media.seconds or 0, at)
    if rosters.is_roster(viewer, words):
        return rosters.take(session, viewer, words, at)
    if media is not None or words.incoming.place is not None:
        return _sent(session, viewer, words, at)
    return _text(session, viewer, words, at)


def told_visit(
    session: Session,
    viewer: Viewer,
    text: str,
    at: datetime,
    *,
    inbox_id: int | None,
    **known: Any,
) -> Result:
    """A slip from one free message; a missing date means today, and is shown on the review."""
    today = day_of(at)
    names = _areas(session, int(known.get("_for") or viewer.person_id), at)
    told = read_visit(text, today, names)
    answers = {"told": text, **visit_answers(told), "_parts": True, **known}
    if told.visited_on is None:
        answers["visited_on"] = today.isoformat()
    if "area_id" not in answers and len(names) == 1:
        answers["area_id"] = names[0][0]
    return [Start("visit", answers)]


def _text(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    text = words.incoming.text.strip()
    names, known = _areas(session, viewer.person_id, at), dict[str, Any]()
    if not names and len(viewer.helps) == 1:
        known = {"_for": next(iter(viewer.helps)), "_how": "Ghi hộ"}
        names = _areas(session, known["_for"], at)
    if names and len(text) >= LONG and looks_like_visit(text, names):
        return told_visit(session, viewer, text, at, inbox_id=words.inbox_id, **known)
    if invited := talks.invited(session, viewer, text, at):
        return invited
    if often := asked.answer(session, viewer, words, at):
        return often
    looked_for = search.offered(session, viewer, text)
    if looked_for and not names and not viewer.communes:  # writes no slips: wants to find something
        return search.act(session, viewer, replace(words, rest=text), at)
    if len(text) < LONG:
        picks = text.isdecimal()
        lead = f"Chưa rõ “{text}” là lựa chọn nào." if picks else NOT_UNDERSTOOD
        listed = guide.menu(session, viewer, lead=lead)
        return [replace(one, rows=(*looked_for, *one.rows)) for one in listed]
    kinds = [(label, kind) for label, kind in KINDS if names or kind != "chuyendi"]
    if viewer.communes:
        kinds = [("Nhắn cán bộ theo dõi", k) if k == "traodoi" else (n, k) for n, k in kinds]
    options = [Option(label, f"giu {words.inbox_id} {kind}") for label, kind in kinds]
    rows = (tuple(options[:2]), tuple(options[2:]), *looked_for)
    return [Outgoing("Đã giữ tin này, chưa xếp vào đâu. Đây là:", rows)]


def _sorted(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """giữ 1234 kiennghi: what a kept message was meant to be."""
    number, _, kind = words.rest.partition(" ")
    text = _kept_text(session, words, number)
    if kind == "bo" or not text:
        return [Outgoing("Đã bỏ tin này.")]
    if kind == "chuyendi":
        return told_visit(session, viewer, text, at, inbox_id=int(number))
    if kind == "kiennghi":
        return [case_raising.told_later(session, viewer, text, day_of(at))]
    return [exchanges.told_later(session, viewer, text, at)]


def _kept_text(session: Session, words: Words, number: str) -> str:
    row_id = natural(number)
    if row_id is None or words.account_id is None:
        return ""
    stored = inbox.payload(session.connection(), row_id, words.account_id) or {}
    event = stored.get("result") or stored  # Zalo documents an envelope
    message = event.get("message") or {}
    return str(message.get("text") or message.get("caption") or "")


def _voice(session: Session, viewer: Viewer, words: Words, seconds: int, at: datetime) -> Result:
    text = (
        f"Đã giữ {recording(seconds)}, chưa thành phiếu. "
        "Hệ thống không tự chuyển giọng nói thành chữ."
    )
    rows = [(Option("Tôi đọc lại bằng phím micro", "doc lai"),)]
    rows += [
        (
            Option(
                f"Nhờ {helper.address} {helper.full_name} ghi hộ",
                f"nho ghi ho {words.inbox_id} {helper.code}",
            ),
        )
        for helper in people.helpers(session, viewer.person_id, day_of(at))
    ]
    return [Outgoing(text, tuple(rows))]


def _hand_to_helper(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """nhờ ghi hộ 1234 GV01: the helper gets the voice note and writes the slip."""
    number, _, code = words.rest.partition(" ")
    helper = people.by_code(session, code)
    mine = people.by_id(session, viewer.person_id)
    known = {p.id for p in people.helpers(session, viewer.person_id, day_of(at))}
    if helper is None or mine is None or helper.id not in known:
        raise Rejected("Đồng chí này không còn được phân công giúp việc.")
    note = attachments.of_message(session, viewer.person_id, natural(number) or 0)
    said = f"{mine.address.capitalize()} {mine.full_name} gửi ghi âm, nhờ ghi hộ phiếu đi cơ sở."
    write = Option("Ghi hộ", f"nhap thay {mine.full_name}")
    files = (note.path,) if note is not None and note.path else ()
    hear = () if files else (Option("Nghe ghi âm", f"nghe ghi am {number} {mine.code}"),)
    asked = Outgoing(said, ((*hear, write),), "notice", person_id=helper.id, files=files)
    told = f"Đã chuyển ghi âm đến {helper.address} {helper.full_name}"
    return [Outgoing(f"{told}. Khi ghi xong, phiếu được gửi đồng chí xác nhận."), asked]


def _listen(session: Session, viewer: Viewer, words: Words) -> Result:
    """nghe ghi âm 1234 CB001: the voice note that a helper was handed before it was fetched."""
    number, _, code = words.rest.partition(" ")
    author = people.by_code(session, code)
    if author is None or author.id not in viewer.helps:
        raise Rejected("Ghi âm này không thuộc người đồng chí giúp việc.")
    note = attachments.of_message(session, author.id, natural(number) or 0)
    if note is None or not note.path:
        return [Outgoing("Ghi âm đang được tải về. Xin bấm lại sau ít phút.")]
    return [Outgoing(f"Ghi âm của {author.address} {author.full_name}", files=(note.path,))]


def _sent(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    mine = visits.of_author(session, viewer, viewer.person_id, limit=2)
    known = areas.by_ids(session, {v.area_id for v in mine})
    rows = [
        (
            Option(
                f"CS-{v.number} {known[v.area_id].name} {day(v.visited_on)}",
                f"kem CS-{v.number} {words.inbox_id}",
            ),
        )
        for v in mine
    ]
    if words.incoming.media is None:
        return [Outgoing("Vị trí được nhận khi đang ghi phiếu, ở phần Thêm.")]
    together = len(attachments.sent_with(session, viewer.person_id, words.inbox_id or 0))
    what = "ảnh" if words.incoming.media.kind == "photo" else "tệp"
    what = f"{together} {what}" if together > 1 else what
    if not rows:
        return [Outgoing(f"Đã giữ {what}. Ảnh được kèm vào phiếu khi đồng chí ghi chuyến đi.")]
    rows.append((Option("Không kèm phiếu nào", f"giu {words.inbox_id} bo"),))
    return [Outgoing(f"Đã giữ {what}. Kèm vào phiếu nào?", tuple(rows))]


def _areas(session: Session, person_id: int, at: datetime) -> list[tuple[str, str]]:
    held = {a.area_id for a in assignments.of_person(session, person_id, day_of(at))}
    return [(str(a.id), a.name) for a in areas.by_ids(session, held).values()]


def _unmask(session: Session, words: Words) -> Result:
    if words.account_id is not None and words.inbox_id is not None:
        accounts.unmask(session, words.account_id, words.inbox_id, UNMASKED_FOR)
    return [Outgoing("Xin nhắn lại dãy số trong vòng 10 phút; lần này hệ thống không che.")]


def masked(number: str) -> Outgoing:
    """Told after a message in which a number was hidden."""
    text = f"Trong tin có dãy giống số định danh cá nhân: {number}. Hệ thống đã che."
    keep = Option("Giữ che", "giu che")
    return Outgoing(text, ((keep, Option("Không phải số định danh", "khong phai so dinh danh")),))


def old_button(state: str, number: int | None, draft_id: int) -> Outgoing:
    """A button of a slip that is no longer open changes nothing, and says so."""
    if number is not None:
        text = f"Nút này thuộc phiếu đã gửi (CS-{number}). Muốn sửa phiếu:"
        return Outgoing(text, ((Option("Sửa phiếu", f"sua CS-{number}"),),))
    if state == "parked":
        text = "Nút này thuộc phiếu ghi dở."
        return Outgoing(text, ((Option("Ghi tiếp", f"ghi tiep {draft_id}"),),))
    return Outgoing("Nút này không còn dùng.")


def edited_late(session: Session, person_id: int, original: int | None) -> Outgoing:
    """An edited message that no open slip holds: the record stays as it was sent."""
    viewer = Viewer(person_id)
    mine = visits.of_author(session, viewer, person_id, limit=1)
    text = "Tin vừa sửa thuộc nội dung đã gửi, hệ thống giữ nguyên bản đã gửi."
    rows = ((Option(f"Sửa phiếu CS-{v.number}", f"sua CS-{v.number}"),) for v in mine)
    return Outgoing(text, tuple(rows))


def unreadable(draft_id: int) -> Outgoing:
    """Something came of which the channel does not say what it is: a file or a place, mostly."""
    text = "Zalo chưa cho gửi tệp, vị trí hay danh thiếp vào đây. Nếu là vị trí, xin ghi tên thôn."
    return Outgoing(text, wants=("photos", draft_id))


def not_in_groups(session: Session, account_id: int, at: datetime) -> list[Outgoing]:
    """One line for a group, once a day."""
    said = Due("group_line", f"account:{account_id}", moment(day_of(at), time.min))
    first = occurrences.claim(session, [said], at)
    line = "Hệ thống chỉ làm việc trong trò chuyện riêng. Xin nhắn riêng."
    return [Outgoing(line)] if first else []


NOUN = Noun(
    "loose",
    act,
    (
        *("giu", "khong phai so dinh danh", "giu che"),
        *("nho ghi ho", "nghe ghi am", "doc lai"),
    ),
)
