"""Who reads what: everybody of the roster, every kind of record, every way to come to read it."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import select

from bot import files
from bot.desk import linking, nouns
from bot.desk.contract import Words
from bot.messages import Incoming
from storage import secrecy
from storage.database import Database
from storage.tables import Account, metadata
from tests.access.ways import Found, Walk, first_tokens, outbox, text_of, walk
from tests.access.world import ALONE, NOW, RESTRICTED, World, build, every_word
from tests.cast import PEOPLE
from tests.doing import EXTRA

EVERYBODY = [row[0] for row in (*PEOPLE, *EXTRA)]
SEATS = {"XA01": "HOAMAU", "XA02": "TANMAU", "XA03": "LONGMAU"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The planted province; walks leave it as it was."""
    folder = tmp_path_factory.mktemp("access")
    files.use(folder)
    database = Database(f"sqlite:///{folder / 'sausat.db'}")
    metadata.create_all(database.engine)
    yield build(database)
    secrecy.use([])
    database.close()
    files.use(Path("files"))


@pytest.fixture(scope="module")
def walked(world: World) -> Callable[[str], Found]:
    """What one person comes to read by all ways; walked once."""

    @cache
    def once(who: str) -> Found:
        found = {code: Found(code) for code in world.people}
        found[who] = walk(world, who)
        outbox(world, found)
        return found[who]

    return once


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_reads_by_any_way_what_is_not_for_them(
    world: World, walked: Callable[[str], Found], who: str
) -> None:
    """And everybody comes upon all that is for them, or else this would prove nothing."""
    found = walked(who)

    assert Counter(found.leaks) == Counter()
    must = [one for one in world.secrets if who in one.must]
    assert [(one.kind, one.area) for one in must if one.word not in found.words] == []
    looked = sum(found.looked.values())
    sys.stdout.write(
        f"{who}: {looked} texts by {len(found.looked)} ways, "
        f"{len(found.words)} of {len(world.secrets)} words read, 0 leaks\n"
    )


def test_every_message_ever_written_holds_only_what_its_reader_may_read(world: World) -> None:
    found = {code: Found(code) for code in world.people}

    count = outbox(world, found)

    assert [leak for one in found.values() for leak in one.leaks] == []
    kinds = Counter(way for one in found.values() for way in one.looked)
    assert kinds.keys() >= {f"outbox {kind}" for kind in ("reminder", "notice", "digest", "line")}
    assert count > 100
    sys.stdout.write(f"{count} messages to {len(found)} people, {dict(kinds)}, 0 leaks\n")


@pytest.mark.parametrize(("seat", "area"), SEATS.items())
def test_a_commune_reads_none_of_situation_and_check_and_nothing_of_other_communes(
    world: World, walked: Callable[[str], Found], seat: str, area: str
) -> None:
    """The one exception is what its author shared with the commune."""
    read = [one for one in world.secrets if one.word in walked(seat).words]

    assert {one.area for one in read} == {area}
    upward = [one for one in read if one.kind in ("situation", "check")]
    assert len(upward) == (2 if area == "TANMAU" else 0)  # the shared visit's two parts
    assert not [one for one in read if one.kind.startswith(("internal", "restricted"))]


def test_who_followed_before_keeps_own_entries_only(
    world: World, walked: Callable[[str], Found]
) -> None:
    own = {one.word for one in world.secrets if "CB003" in one.may}

    assert walked("CB003").words.keys() == own
    assert len(own) == 8


@pytest.mark.parametrize("who", sorted(ALONE))
def test_who_holds_no_area_and_no_office_reads_nothing(
    walked: Callable[[str], Found], who: str
) -> None:
    assert dict(walked(who).words) == {}


def test_restricted_items_are_found_by_nobody(world: World) -> None:
    hidden = [one for one in world.secrets if one.kind == RESTRICTED]

    assert len(hidden) == 3
    assert all(not one.may for one in hidden)  # and the walks found no leak


def test_a_stranger_gets_the_same_line_for_everything(world: World) -> None:
    with world.db.writing() as session, session.begin_nested() as undone:
        account = Account(bot="telegram:1", external_id="stranger")
        session.add(account)
        session.flush()
        said = [
            message.text
            for token in first_tokens(session)
            for message in linking.greet(session, account.id or 0, _typed(token), NOW)
        ]
        undone.rollback()

    assert said[:1] == [linking.STRANGER]
    assert set(said) <= {linking.STRANGER, linking.WRONG}
    assert every_word(world.secrets, "\n".join(said)) == []


def _typed(text: str) -> Words:
    return nouns.read(Incoming(text=text), inbox_id=1, account_id=1)


def test_the_walk_would_see_a_leak(world: World) -> None:
    """With one word taken from those whom the member in charge may read, it finds that one."""
    [first, *_] = [one for one in world.secrets if one.kind == "situation"]
    narrowed = World(world.db, world.cast, codes=world.codes)
    narrowed.secrets = [
        replace(one, may=one.may - {"UV01"}) if one == first else one for one in world.secrets
    ]
    with world.db.writing() as session:
        steps = Walk(narrowed, session, "UV01", Found("UV01"))
        steps.press(world.codes[first.word], "typed")
        steps.searches()
        steps.queries()
        steps.exported()

    ways = {leak.rpartition(" by ")[2].partition(":")[0] for leak in steps.found.leaks}
    assert ways == {"typed", "search", "query visits", "export"}


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_the_same_on_postgresql_by_codes_searches_lists_and_messages(
    db: Database, tmp_path: Path
) -> None:
    files.use(tmp_path)
    world = build(db)
    found = {code: Found(code) for code in world.people}
    for who in ("XA01", "XA02", "CB003", "CB001", "CB099", "TC01"):
        with db.writing() as session:
            steps = Walk(world, session, who, found[who])
            for code in sorted(set(world.codes.values())):
                steps.press(code, "typed")
            steps.searches()
            steps.queries()
            steps.exported()
    outbox(world, found)
    files.use(Path("files"))
    secrecy.use([])

    assert [leak for one in found.values() for leak in one.leaks] == []
    assert len(found["XA01"].words) > 30
    assert dict(found["CB099"].words) == {}
    with db.reading() as session:
        assert len(session.exec(select(Account)).all()) == len(world.people)


def test_nothing_shown_goes_beyond_the_message(world: World) -> None:
    """What a text is read from: the words, the labels, the tokens and the files."""
    words = nouns.read(Incoming(token="tinhhinh excel"), inbox_id=1, account_id=1)
    with world.db.writing() as session:
        viewer = world.viewer(session, "TC01")
        [said] = nouns.answer(session, viewer, words, NOW)

    assert "Nguyễn Văn Mẫu" in text_of(said)  # type: ignore[arg-type]  # an Outgoing
