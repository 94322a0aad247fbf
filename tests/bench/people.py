"""Plainly invented cadres, each with one area and a linked account."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from storage.tables import Account, Area, Assignment, Person, Regulation

BOT = "telegram:4242"


def make_people(session: Session, count: int, *, first: int = 1, bot: str = BOT) -> list[int]:
    """So many; their ids on the channel."""
    numbers = range(first, first + count)
    rule = Regulation(number=f"02-QĐ/TU {first}")
    areas = [Area(code=f"X{n}", name=f"Xã Mẫu {n}", level="xa", place=n) for n in numbers]
    people = [Person(code=f"CB{n}", full_name=f"Cán bộ {n}", rank=n) for n in numbers]
    session.add_all([rule, *areas, *people])
    session.flush()
    for number, area, person in zip(numbers, areas, people, strict=True):
        session.add(_assignment(rule, area, person))
        session.add(
            Account(bot=bot, external_id=str(number), person_id=person.id, state="confirmed")
        )
    session.flush()
    return list(numbers)


def _assignment(rule: Regulation, area: Area, person: Person) -> Assignment:
    assert rule.id is not None
    assert area.id is not None
    assert person.id is not None
    return Assignment(
        person_id=person.id,
        area_id=area.id,
        regulation_id=rule.id,
        kind="theo_doi",
        from_date=date(2021, 4, 29),
    )


def areas_of(phones: Sequence[int]) -> dict[int, str]:
    """What each of them calls the area."""
    return {phone: f"Xã Mẫu {phone}" for phone in phones}
