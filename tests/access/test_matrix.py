"""Who reads what: everybody of the roster, every kind of record, every way to come to read it."""

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Route

from bot import files
from bot.desk import linking, nouns, sent_files
from bot.desk.contract import Words
from bot.messages import Incoming
from bot.web.links import Pages
from bot.web.pages import page_routes
from bot.work import clock
from storage.database import Database
from storage.tables import Account
from tests.access.copying import copy
from tests.access.ways import (
    Found,
    Walk,
    first_tokens,
    kept_files,
    outbox,
    text_of,
    walk,
    with_files,
)
from tests.access.world import ALONE, NOW, RESTRICTED, World, every_word
from tests.cast import PEOPLE
from tests.doing import EXTRA

EVERYBODY = [row[0] for row in (*PEOPLE, *EXTRA)]
SEATS = {"XA01": "HOAMAU", "XA02": "TANMAU", "XA03": "LONGMAU"}
RECEIVERS = {"TT01", "KT01"}
PAGES = Pages("http://service", "a secret of thirty-two letters!!")
EVERY_WAY = {
    "situation": {"desk", "search", "export", "query visits"},
    "advice": {"desk", "search", "export", "query visits"},
    "check": {"desk", "search", "export", "query visits"},
    "commitment": {"desk", "search", "query commitments"},
    "support": {"desk", "search", "export", "query supports"},
    "companion": {"desk", "query companions"},
    "case": {"desk", "search", "export", "query cases"},
    "case of a visit": {"desk", "search", "export", "query cases"},
    "document": {"desk", "export", "query cases"},
    "answer": {"desk", "export", "query cases"},
    "reason": {"desk", "export", "query cases"},
    "internal: a draft": {"desk"},
    "exchange": {"desk", "query exchanges"},
    "reply": {"desk", "query exchanges"},
    "occasion": {"desk", "search", "query invitations"},
    "place": {"desk", "query invitations"},
    "agenda": {"desk", "query invitations"},
    "reason to call off": {"desk", "query invitations called off"},
    "invitation file": {"desk", "file link", "query invitation files"},
    "paper": {"desk", "search", "query papers"},
    "paper comment": {"desk", "query paper comments"},
    "paper answer": {"desk", "query paper comments"},
    "paper file": {"desk", "file link", "query paper files"},
    "directive": {"desk", "search", "query directives"},
    "directive passed on": {"desk", "search", "query directives"},
    "alert": {"desk", "search", "export", "query alerts"},
    "work item": {"desk", "query works"},
    "review": {"desk", "query reviews"},
    "figure": {"desk", "query figures entered"},
    "meeting": {"query meetings"},
    "note on a report": {"desk", "file link"},
    "reason of an absence": {"desk", "query absences"},
}
"""By which ways each kind is found where it should not be: the matrix has these cells at least."""


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_reads_by_any_way_what_is_not_for_them(world: World, who: str) -> None:
    """And everybody comes upon all that is for them, or else this would prove nothing."""
    found = walk(world, who)
    others = {code: Found(code) for code in world.people} | {who: found}
    outbox(world, others)

    assert Counter(found.leaks) == Counter()
    must = [one for one in world.secrets if who in one.must]
    assert [(one.kind, one.area) for one in must if one.word not in found.words] == []
    _is_of_its_part(world, found)
    _learns_of_no_restricted_item(found)
    looked = sum(found.looked.values())
    sys.stdout.write(
        f"{who}: {looked} texts by {len(found.looked)} ways, "
        f"{len(found.words)} of {len(world.secrets)} words read, 0 leaks\n"
    )


def _is_of_its_part(world: World, found: Found) -> None:
    """What is true of some people whatever the planted words say."""
    read = [one for one in world.secrets if one.word in found.words]
    if found.who in ALONE:
        assert read == []
    if found.who == "CB003":  # who followed before keeps own entries only
        assert found.words.keys() == {one.word for one in world.secrets if "CB003" in one.may}
        assert len(read) == 9
    if found.who in SEATS:
        area = SEATS[found.who]
        assert {one.area for one in read} <= {area, ""}
        assert {one.kind for one in read if not one.area} <= {"paper file"}
        upward = [one for one in read if one.kind in ("situation", "check")]
        assert len(upward) == (2 if area == "TANMAU" else 0)  # the shared visit's two parts
        assert not [one for one in read if one.kind.startswith(("internal", "restricted"))]


def _learns_of_no_restricted_item(found: Found) -> None:
    """Three more of them change nothing: no list, no count, no code, no sentence."""
    told = {"viec"} | ({"tonghop", "tong"} if found.who == "TT01" else set())
    read = {token.split()[0] for token in found.changed}
    assert read <= (told if found.who in RECEIVERS else set()), found.changed
    assert ("viec" in read) == (found.who in RECEIVERS)


def test_every_message_ever_written_holds_only_what_its_reader_may_read(world: World) -> None:
    found = {code: Found(code) for code in world.people}

    count = outbox(world, found)

    assert [leak for one in found.values() for leak in one.leaks] == []
    kinds = Counter(way for one in found.values() for way in one.looked)
    told = ("reminder", "notice", "digest", "line", "urgent")
    assert kinds.keys() >= {f"outbox {kind}" for kind in told}
    assert count > 100
    sys.stdout.write(f"{count} messages to {len(found)} people, {dict(kinds)}, 0 leaks\n")


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


def test_the_walk_sees_a_leak_of_every_kind_by_every_way(world: World) -> None:
    """Somebody who may read nothing, given the eyes of the office by mistake."""
    leaks: defaultdict[str, set[str]] = defaultdict(set)
    with world.db.writing() as session:
        office = world.viewer(session, "VP01")
        wide = replace(office, person_id=world.cast["CB099"], roles=office.roles | {"ban_to_chuc"})
        found = Walk(world, session, "CB099", Found("CB099"), wide).everything(depth=0)
    kinds = {one.word: one.kind for one in world.secrets}
    for word, ways in found.words.items():
        leaks[kinds[word]] |= {"desk" if way == "typed" else way for way in ways}

    assert len(found.leaks) > 500
    missed = {kind: ways - leaks[kind] for kind, ways in EVERY_WAY.items()}
    assert {kind: ways for kind, ways in missed.items() if ways} == {}
    assert RESTRICTED not in leaks  # even then


def test_a_list_of_duties_opens_for_board_and_office_alone(world: World) -> None:
    """It names who has no visit recorded, and holds nothing planted: by its place, then."""
    with world.db.reading() as session:
        lists = [one for one in kept_files(session) if one.startswith("danh-sach/")]
        opens = {
            who
            for who in EVERYBODY
            for one in lists
            if sent_files.may_have(session, world.viewer(session, who), one, NOW)
        }

    assert lists
    assert opens == {"VP01", "VP02", "TC01"}


def test_one_word_too_many_is_seen(world: World) -> None:
    """With one word taken from those whom the member in charge may read, it finds that one."""
    [first, *_] = [one for one in world.secrets if one.kind == "situation"]
    narrowed = replace(world, secrets=[])
    narrowed.secrets = [
        replace(one, may=one.may - {"UV01"}) if one == first else one for one in world.secrets
    ]
    with world.db.writing() as session:
        steps = Walk(narrowed, session, "UV01", Found("UV01"))
        steps.press(world.codes[first.word], "typed")
        steps.searches()
        steps.queries()
        steps.exported()
        steps.undo()

    ways = {leak.rpartition(" by ")[2].partition(":")[0] for leak in steps.found.leaks}
    assert ways == {"typed", "search", "query visits", "export"}


def test_a_link_brings_its_file_to_its_person_only(world: World) -> None:
    """Everybody with a link to every message that carried a file."""
    routes = page_routes(world.db, files.place("x").parent, PAGES)
    with world.db.reading() as session:
        rows = {row.id or 0: row.person_id or row.account_id for row in with_files(session)}
        account = {one.person_id: one.id or 0 for one in session.exec(select(Account))}
    whose = {about: {owner, account.get(owner)} for about, owner in rows.items()}
    opened = {
        (person, about)
        for person in world.cast.person.values()
        for about in rows
        if _opens(routes, person, account[person], about)
    }

    assert opened == {
        (person, about)
        for about, owners in whose.items()
        for person, number in account.items()
        if number in owners and person is not None
    }
    assert len(opened) == len(rows) > 4


def _opens(routes: Sequence[Route], person: int, account: int, about: int) -> bool:
    link = PAGES.link("tep", person_id=person, account_id=account, about=about, at=clock.real())
    app = Starlette(routes=routes)

    async def ask() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=PAGES.base) as client:
            return (await client.get(link)).status_code

    return asyncio.run(ask()) == 200


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_the_same_on_postgresql_where_it_asks_otherwise(db: Database, world: World) -> None:
    """Searches, lists, exports and codes of the same province; messages are the same rows."""
    copy(world.db, db)
    there = replace(world, db=db)
    found = {who: Found(who) for who in ("XA01", "CB099")}
    for who, mine in found.items():
        with db.writing() as session:
            steps = Walk(there, session, who, mine)
            for code in sorted(set(world.codes.values())):
                steps.press(code, "typed")
            steps.searches()
            steps.queries()
            steps.exported()
            steps.undo()

    assert [leak for one in found.values() for leak in one.leaks] == []
    assert len(found["XA01"].words) > 30
    assert dict(found["CB099"].words) == {}


def test_nothing_shown_goes_beyond_the_message(world: World) -> None:
    """What a text is read from: the words, the labels, the tokens and the files."""
    words = nouns.read(Incoming(token="tinhhinh excel"), inbox_id=1, account_id=1)
    with world.db.writing() as session:
        viewer = world.viewer(session, "TC01")
        [said] = nouns.answer(session, viewer, words, NOW)

    assert "Nguyễn Văn Mẫu" in text_of(said)  # type: ignore[arg-type]  # an Outgoing
