"""A number typed with words after it: the choice it was printed for, and what it says besides."""

from pathlib import Path

from sqlmodel import select

from bot.channels.telegram import Telegram
from bot.work import clock
from bot.work.receive import handle_next, store
from storage.database import Database
from storage.tables import Account, Case, Outbox
from tests.cast import NOW, cast
from tests.desk.counter import Counter

CHAT = {"id": 1010, "type": "private", "first_name": "Hòa"}


def _asked_commune(db: Database, bot: str) -> None:
    """KN-1 waits for the word of the commune, on whose screen four numbered choices stand."""
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, NOW)
        people = cast(session)
        desk = Counter(session, people, NOW)
        desk.says("CB001", "Kiến nghị: sửa cầu thôn 3, xã Hòa Mẫu")
        desk.presses("CB001", "Gửi")
        desk.says("UV01", "KN-1 giao Sở Xây dựng sửa ngay")
        desk.presses("UV01", "Đúng")
        desk.presses("CB001", "Đã thông tin lại xã")
        options = [option for row in desk.last["XA01"].rows for option in row]
        numbered = enumerate(options, start=1)
        menu = [{"number": n, "label": o.label, "token": o.token} for n, o in numbered]
        session.add(
            Account(
                bot=bot,
                external_id="1010",
                person_id=people["XA01"],
                state="confirmed",
                menu=menu,
            )
        )


def _types(db: Database, tmp_path: Path, text: str) -> tuple[Case, str]:
    """The case, and the reply to what the commune typed."""
    channel = Telegram("4242:words", files=tmp_path)
    _asked_commune(db, channel.bot)
    message = {"message_id": 8, "date": 1795513380, "chat": CHAT, "from": CHAT, "text": text}
    store(db, channel, [{"update_id": 1, "message": message}])
    assert handle_next(db, {channel.bot: channel})
    with db.reading() as session:
        case = session.exec(select(Case)).one()
        said = session.exec(select(Outbox).where(Outbox.inbox_id.is_not(None))).first()  # type: ignore[union-attr]  # a column
        assert said is not None
        return case, str(said.body["text"])


def test_words_after_the_number_are_kept_with_the_communes_word(
    db: Database, tmp_path: Path
) -> None:
    case, said = _types(db, tmp_path, "2 mới gia cố mố cầu, lan can chưa làm")
    assert (case.commune_word, case.state) == ("partly", "further")
    assert case.commune_note == "mới gia cố mố cầu, lan can chưa làm"
    assert said.startswith("Đã ghi: xong một phần. Ý kiến của xã được chuyển lại")


def test_the_number_alone_is_enough(db: Database, tmp_path: Path) -> None:
    case, said = _types(db, tmp_path, "1")
    assert (case.commune_word, case.commune_note, case.state) == ("done", "", "ended")
    assert said == "Đã ghi: đã giải quyết xong. KN-1 kết thúc."


def test_a_number_that_was_not_printed_is_no_choice(db: Database, tmp_path: Path) -> None:
    case, _ = _types(db, tmp_path, "9 hộ dân chưa nhận tiền đền bù")
    assert (case.commune_word, case.state) == ("", "told")
