"""Restricted items leave no trace for anybody but their receivers, not even in a count."""

import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.desk import nouns
from bot.messages import Incoming, Rejected
from bot.web.links import Link
from bot.work import clock, sealed
from storage.restricted import Listed
from storage.tables import Account, Case, Restricted
from tests.access.ways import text_of
from tests.access.world import NOW, World
from tests.cast import PEOPLE
from tests.doing import EXTRA

EVERYBODY = [row[0] for row in (*PEOPLE, *EXTRA)]
UNUSED = 9999


def link(world: World, who: str) -> Link:
    """The link of this person's own phone, as if it had been opened."""
    with world.db.reading() as session:
        mine = select(Account.id).where(Account.person_id == world.cast[who])
        account = session.exec(mine).first()
    until = clock.real() + timedelta(minutes=5)
    return Link("rieng", world.cast[who], account or 0, 0, 0, until, "mark")


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_page_shows_each_item_to_its_receivers_only(world: World, who: str) -> None:
    """Every number is tried, not only those that the list offers."""
    numbers = {int(code[3:]): word for word, code in world.codes.items() if word in world.pages}
    seen = sealed.seen(world.db, link(world, who))
    assert all(isinstance(one, Listed) for one in seen.received)  # no words before it is opened

    said = {number: _opened(world, who, number) for number in [*numbers, UNUSED]}

    read = {text.split()[0] for text in said.values() if text != sealed.NOT_YOURS}
    mine = {word for word, code in world.codes.items() if _opens(world, word, who)}
    assert read == mine
    assert {one.number for one in seen.received} == {int(world.codes[word][3:]) for word in mine}
    sys.stdout.write(f"{who}: {len(mine)} of {len(numbers)} restricted items\n")


def _opened(world: World, who: str, number: int) -> str:
    try:
        return sealed.open_(world.db, link(world, who), number)[0].text
    except Rejected as refused:
        return str(refused)


def _opens(world: World, word: str, who: str) -> bool:
    """KT01 is of the inspection and receives all; TT01 all but the one that concerns TT01."""
    if word not in world.pages:
        return False
    return who == "KT01" or who == world.pages[word]


def test_a_restricted_code_answers_as_one_never_given_out_by_the_same_statements(
    world: World,
) -> None:
    """The same sentence, the same questions to the database, and times within the noise."""
    with world.db.writing() as session:
        secret = session.exec(select(Restricted.number)).first() or 0
        assert session.exec(select(Case).where(Case.number == secret)).first() is None
        for who in EVERYBODY:
            for verb in ("{}", "{} giao tham muu", "{} cho y kien", "{} xa da xong", "tim {}"):
                one, other = verb.format(f"KN-{secret}"), verb.format(f"KN-{UNUSED}")
                assert _traced(world, session, who, one) == _traced(world, session, who, other)


def _traced(world: World, session: Session, who: str, token: str) -> tuple[str, list[str]]:
    """What is said, and every statement, with the number taken out."""
    number = re.search(r"\d+", token)
    assert number
    statements: list[str] = []
    driver = session.connection().connection.driver_connection
    assert driver is not None
    driver.set_trace_callback(statements.append)
    try:
        said = answer(world, session, who, token)
    finally:
        driver.set_trace_callback(None)
    hide = re.compile(rf"\b{number[0]}\b")
    return hide.sub("N", said), [hide.sub("N", one) for one in statements]


def answer(world: World, session: Session, who: str, token: str) -> str:
    words = nouns.read(Incoming(token=token), inbox_id=None, account_id=None)
    try:
        said = nouns.answer(session, world.viewer(session, who), words, NOW)
    except Rejected as sentence:
        return str(sentence)
    return "\n".join(text_of(one) for one in said)  # type: ignore[arg-type]  # Outgoings only


def test_the_time_an_answer_takes_tells_nothing(world: World) -> None:
    """Medians of 150 each, taken in turns: they differ by less than a half of the smaller one."""
    with world.db.reading() as session:
        secret = session.exec(select(Restricted.number)).first() or 0
        timed: dict[int, list[float]] = {secret: [], UNUSED: []}
        for _ in range(150):
            for number, took in timed.items():
                took.append(_seconds(lambda n=number: answer(world, session, "TT01", f"KN-{n}")))  # type: ignore[misc]  # bound at once
    one, other = (statistics.median(took) for took in timed.values())
    assert max(one, other) < 1.5 * min(one, other)


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
