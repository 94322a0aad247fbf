"""Choices that hang on who a person is and not on what that person may see."""

from datetime import date

from sqlmodel import Session

from bot.conversation.form import Choice, Draft
from storage import areas, assignments, people, settings


def visit_areas(session: Session, person_id: int, draft: Draft, today: date) -> list[Choice]:
    """The areas assigned to the person the slip is for, in the order of the official list."""
    person_id = draft.value("_for") or person_id
    held = {a.area_id: a.area_name for a in assignments.held(session, person_id, today)}
    chosen = int(draft.value("area_id") or 0)
    if chosen and chosen not in held:
        known = areas.by_ids(session, {*held, chosen})
        held = {area_id: area.name for area_id, area in known.items()}
    return [Choice(str(area_id), name) for area_id, name in held.items()]


def written_for(session: Session, person_id: int, draft: Draft, today: date) -> list[Choice]:
    """The person a slip is written for, when it is not its author's own."""
    known = people.by_ids(session, {int(draft.value("_for"))} if draft.value("_for") else set())
    return [Choice(str(person.id), person.full_name) for person in known.values()]


def fields(session: Session, person_id: int, draft: Draft, today: date) -> list[Choice]:
    """The fields of work in force."""
    return [Choice(str(f.id), f.name) for f in settings.fields_of_work(session, today)]
