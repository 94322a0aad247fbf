"""Restricted items: sealed, numbered like cases, opened by those named for them and nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select as select_columns
from sqlmodel import Session, select

from bot.rules.zone import moment
from storage import audit, restricted, secrecy
from storage.audit import entry
from storage.counters import next_number
from storage.database import Database
from storage.known import Span
from storage.restricted import New
from storage.scope import SYSTEM, Viewer
from storage.secrecy import Box, NotOpened
from storage.tables import Restricted, RestrictedReceiver
from tests.cast import Cast, cast

NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
OLD, NEWER = "k" * 32, "n" * 32
TEXT = "Việc cần gặp riêng, zq777q"
YEAR = Span(
    date(2026, 1, 1),
    date(2027, 1, 1),
    moment(date(2026, 1, 1), time()),
    moment(date(2027, 1, 1), time()),
)


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    secrecy.use([OLD])
    yield
    secrecy.use([])


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        return cast(session)


def board(people: Cast, who: str = "TT01") -> Viewer:
    return Viewer(people[who], frozenset({"thuong_truc"}), everywhere=True)


def sent(people: Cast, **other: object) -> New:
    new = New(
        text=TEXT,
        concerned=(people["UV01"],),
        others="",
        unnamed=True,
        receivers=((people["TT01"], "thuong_truc"), (people["TC01"], "kiem_tra")),
        once="page 1",
        due_on=date(2026, 12, 3),
    )
    return replace(new, **other)  # type: ignore[arg-type]  # a table of values


def file(db: Database, people: Cast, **other: object) -> int:
    with db.writing() as session:
        audit.through(session, "web", people["CB001"])
        number = restricted.file(session, Viewer(people["CB001"]), sent(people, **other), NOW)
        assert number is not None
        return number


def stored(session: Session) -> str:
    rows = [*session.exec(select(Restricted)), *session.exec(select(RestrictedReceiver))]
    logged = session.connection().execute(select_columns(entry)).all()
    return repr([row.model_dump() for row in rows]) + repr(logged)


def test_it_takes_the_next_number_of_the_cases_and_is_kept_once(db: Database, people: Cast) -> None:
    with db.writing() as session:
        assert next_number(session, "KN") == 1
    assert file(db, people) == 2
    with db.writing() as session:
        assert restricted.file(session, Viewer(people["CB001"]), sent(people), NOW) is None
        assert next_number(session, "KN") == 3


def test_the_database_and_the_log_tell_neither_the_words_nor_the_author(
    db: Database, people: Cast
) -> None:
    file(db, people)
    with db.writing() as session:
        restricted.answer(session, board(people), 1, "Trả lời zq888q", NOW)
    with db.reading() as session:
        kept = stored(session)
        written = session.connection().execute(select_columns(entry).order_by(entry.c.id)).first()
    assert "zq777q" not in kept
    assert "zq888q" not in kept
    assert written is not None
    assert (written.verb, written.person_id, written.channel) == ("restricted.file", None, "")


def test_every_opening_is_logged_and_shows_what_was_sent(db: Database, people: Cast) -> None:
    number = file(db, people)
    for _ in range(2):
        with db.writing() as session:
            found = restricted.opened(session, board(people), number, NOW)
    assert found is not None
    assert (found.text, found.author_id, found.how) == (TEXT, people["CB001"], "thuong_truc")
    with db.reading() as session:
        opened = session.connection().execute(
            select_columns(entry.c.person_id).where(entry.c.verb == "restricted.open")
        )
        assert list(opened.scalars()) == [people["TT01"]] * 2
        assert restricted.received(session, board(people))[0].opened


def test_whoever_else_handles_it_does_not_learn_who_wrote(db: Database, people: Cast) -> None:
    number = file(db, people)
    inspector = Viewer(people["TC01"], frozenset({"kiem_tra"}))
    with db.writing() as session:
        assert restricted.hand(session, board(people), number, people["VP02"], NOW)
        for viewer in (inspector, Viewer(people["VP02"])):
            found = restricted.opened(session, viewer, number, NOW)
            assert found is not None
            assert (found.text, found.author_id) == (TEXT, None)
    named = file(db, people, unnamed=False, once="page 2")
    with db.writing() as session:
        found = restricted.opened(session, inspector, named, NOW)
    assert found is not None
    assert found.author_id == people["CB001"]


def test_nobody_else_opens_lists_counts_answers_ends_or_hands_it_on(
    db: Database, people: Cast
) -> None:
    number = file(db, people)
    everybody = [
        Viewer(people["UV01"], frozenset({"thuong_truc"}), everywhere=True),  # it concerns him
        Viewer(people["TT01"], frozenset()),  # a member of the board no more
        Viewer(people["TC01"], frozenset({"ban_to_chuc"}), everywhere=True),
        Viewer(people["VP01"], frozenset({"tong_hop"}), True, helps=frozenset({people["TT01"]})),
        Viewer(people["CB001"]),
    ]
    with db.writing() as session:
        for viewer in everybody:
            assert restricted.received(session, viewer) == []
            assert restricted.opened(session, viewer, number, NOW) is None
            assert restricted.raised_in(session, viewer, YEAR) == 0
            assert restricted.answer(session, viewer, number, "x", NOW) is None
            assert restricted.end(session, viewer, number, NOW) is None
            assert not restricted.hand(session, viewer, number, people["VP02"], NOW)
        assert restricted.raised_in(session, board(people), YEAR) == 1
        inspector = Viewer(people["TC01"], frozenset({"kiem_tra"}))
        assert not restricted.hand(session, inspector, number, people["VP02"], NOW)
        assert not restricted.hand(session, board(people), number, people["UV01"], NOW)
        assert not restricted.hand(session, board(people), number, people["CB001"], NOW)


def test_the_author_reads_the_answer_and_nobody_elses(db: Database, people: Cast) -> None:
    number = file(db, people)
    with db.writing() as session:
        author = restricted.answer(session, board(people), number, "Mời đồng chí đến gặp", NOW)
    assert author == people["CB001"]
    with db.reading() as session:
        [(item, answer)] = restricted.of_author(session, Viewer(people["CB001"]))
        assert (item.number, item.state, answer) == (number, "answered", "Mời đồng chí đến gặp")
        assert restricted.of_author(session, board(people)) == []


def test_an_item_nobody_settled_is_told_once_more(db: Database, people: Cast) -> None:
    file(db, people)
    with db.writing() as session:
        assert restricted.neglected(session, SYSTEM, date(2026, 12, 3)) == {}
        late = restricted.neglected(session, SYSTEM, date(2026, 12, 4))
        assert late == {people["TT01"]: [1], people["TC01"]: [1]}
        assert restricted.neglected(session, board(people), date(2026, 12, 4)) == {}
        restricted.reminded(session, [1], NOW + timedelta(days=10))
        assert restricted.neglected(session, SYSTEM, date(2026, 12, 4)) == {}


def test_a_key_is_changed_by_putting_the_new_one_first(db: Database, people: Cast) -> None:
    number = file(db, people)
    secrecy.use([NEWER, OLD])
    with db.writing() as session:
        assert len(restricted.of_author(session, Viewer(people["CB001"]))) == 1
        assert restricted.reseal(session) == 1
    secrecy.use([NEWER])
    with db.writing() as session:
        found = restricted.opened(session, board(people), number, NOW)
        assert found is not None
        assert found.text == TEXT
        assert len(restricted.of_author(session, Viewer(people["CB001"]))) == 1
    secrecy.use([OLD])
    with pytest.raises(NotOpened), db.writing() as session:
        restricted.opened(session, board(people), number, NOW)


def test_a_key_of_fernet_and_any_other_secret_both_serve() -> None:
    from cryptography.fernet import Fernet

    for key in (Fernet.generate_key().decode(), "một câu dài hơn ba mươi hai chữ cái"):
        box = Box([key])
        assert box.open(box.seal({"a": "đ"})) == {"a": "đ"}
    assert not Box()
