"""The restricted route in the chat: two ways, no words, and no code that tells anything."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from bot.desk import nouns, restricted
from bot.desk.contract import Result
from bot.desk.restricted import CLOSED, NEUTRAL, NOT_HERE
from bot.messages import Incoming, Outgoing, Rejected
from bot.rules.receiving import Candidate, receivers
from bot.rules.zone import day_of
from bot.work.viewers import viewer_for
from storage import secrecy
from storage.database import Database
from storage.tables import Account, Inbox, Restricted
from tests.cast import NOW, Cast, cast


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    secrecy.use(["k" * 32])
    yield
    secrecy.use([])


@pytest.fixture
def desk(db: Database) -> Iterator[tuple[Session, Cast]]:
    with db.writing() as session:
        yield session, cast(session)


def says(desk: tuple[Session, Cast], who: str, words: str, inbox_id: int | None = None) -> Result:
    session, people = desk
    viewer = viewer_for(session, people[who], day_of(NOW))
    read = nouns.read(Incoming(token=words), inbox_id=inbox_id, account_id=None)
    try:
        return nouns.answer(session, viewer, read, NOW)
    except Rejected as sentence:
        return [Outgoing(str(sentence))]


def texts(said: Result) -> list[str]:
    return [one.text for one in said if isinstance(one, Outgoing)]


def test_the_two_ways_are_offered_and_the_page_is_a_link_on_every_channel(
    desk: tuple[Session, Cast],
) -> None:
    [said] = says(desk, "CB001", "guirieng")
    assert isinstance(said, Outgoing)
    assert said.text.startswith("Nội dung này chỉ Thường trực Tỉnh ủy xem. Xin không viết tại đây.")
    labels = [option.label for row in said.rows for option in row]
    assert labels == ["Đề nghị gặp trực tiếp: Võ Văn Thường", "Viết trên trang bảo mật"]
    [page] = says(desk, "CB001", "guirieng viet")
    assert isinstance(page, Outgoing)
    assert page.wants == ("restricted", 0)


def test_what_is_typed_after_it_is_taken_out_of_the_database(desk: tuple[Session, Cast]) -> None:
    session, people = desk
    account = Account(bot="telegram:1", external_id="1", person_id=people["CB001"])
    session.add(account)
    session.flush()
    row = Inbox(
        bot="telegram:1",
        external_id="1",
        account_id=account.id,
        payload={"text": "gửi riêng: ông A nhận tiền"},
        received_at=NOW,
    )
    session.add(row)
    session.flush()
    assert texts(says(desk, "CB001", "gui rieng: ông A nhận tiền", row.id)) == [NOT_HERE]
    session.refresh(row)
    assert row.payload == {}


def test_a_meeting_is_asked_for_without_a_word_and_told_in_neutral_ones(
    desk: tuple[Session, Cast],
) -> None:
    session, people = desk
    [asked] = says(desk, "XA01", "guirieng gap")
    assert isinstance(asked, Outgoing)
    [[option]] = asked.rows
    assert option.label == "Võ Văn Thường, Phó Bí thư Thường trực Tỉnh ủy"
    receipt, push = says(desk, "XA01", option.token)
    assert isinstance(receipt, Outgoing)
    assert isinstance(push, Outgoing)
    assert "KN-" not in receipt.text
    assert (push.text, push.person_id, push.about) == (NEUTRAL, people["TT01"], None)
    assert len(session.exec(select(Restricted)).all()) == 1
    [waits] = restricted.waiting(session, viewer_for(session, people["TT01"], day_of(NOW)), NOW)
    assert (waits.code, waits.text) == ("Gửi riêng", "1 nội dung, mở trên trang bảo mật")


def test_its_number_answers_as_one_that_was_never_given_out(desk: tuple[Session, Cast]) -> None:
    """To everybody, those who may open it too: a phone can be in other hands."""
    _, people = desk
    says(desk, "CB001", f"guirieng gap {people['TT01']}")
    for who in ("CB001", "TT01", "UV01", "VP01", "XA01", "CB099"):
        for words in ("{}", "{} giao tham muu", "{} cho y kien", "tim {}", "sua {}"):
            here = texts(says(desk, who, words.format("KN-1")))
            nowhere = texts(says(desk, who, words.format("KN-999")))
            assert [one.replace("KN-1", "KN-999") for one in here] == nowhere


def test_without_a_key_the_route_is_closed_and_says_so(desk: tuple[Session, Cast]) -> None:
    secrecy.use([])
    assert texts(says(desk, "CB001", "guirieng")) == [CLOSED]
    assert texts(says(desk, "CB001", "guirieng gap 1")) == [CLOSED]


def test_receivers_are_never_the_author_nor_anybody_it_concerns() -> None:
    board = [Candidate(1, "thuong_truc", "Tỉnh ủy"), Candidate(2, "thuong_truc", "Tỉnh ủy")]
    inspection = [Candidate(3, "kiem_tra", "Ủy ban Kiểm tra"), Candidate(2, "kiem_tra")]
    everybody = [*board, *inspection]

    def left(author: int = 9, concerned: tuple[int, ...] = (), units: str = "") -> list[int]:
        found = receivers(everybody, author=author, concerned=concerned, units=units)
        return [one.person_id for one in found]

    assert left() == [1, 2, 3]
    assert left(author=1) == [2, 3]
    assert left(concerned=(2, 3)) == [1]
    assert left(units="Uy ban kiem tra") == [1, 2]
    assert left(concerned=(1, 2), units="ủy ban Kiểm tra và Sở X") == []
