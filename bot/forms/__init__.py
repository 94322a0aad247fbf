"""The forms by name, and the choices they may look up."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form
from bot.forms import (
    absence,
    case,
    case_words,
    directive,
    exchange,
    figure,
    invitation,
    invitation_changes,
    looks,
    meeting,
    notice,
    paper,
    photos,
    report_words,
    review,
    signal_word,
    urgent,
    visit,
    year_words,
)
from storage.scope import Viewer

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        visit.FORM,
        photos.FORM,
        *exchange.FORMS,
        *invitation.FORMS,
        *invitation_changes.FORMS,
        *absence.FORMS,
        *notice.FORMS,
        *meeting.FORMS,
        *case.FORMS,
        *case_words.FORMS,
        *report_words.FORMS,
        *directive.FORMS,
        *paper.FORMS,
        *urgent.FORMS,
        *figure.FORMS,
        review.FORM,
        signal_word.FORM,
        year_words.FORM,
    )
}

Lookup = Callable[[Session, Viewer, Draft, date], Sequence[Choice]]

OWN_LOOKS: dict[str, Callable[[Session, int, Draft, date], Sequence[Choice]]] = {
    "visit_areas": looks.visit_areas,
    "written_for": looks.written_for,
    "fields": looks.fields,
}
"""These take the person alone: to work out what one may see costs more than the choices."""

LOOKS: dict[str, Lookup] = {
    **exchange.LOOKS,
    **invitation.LOOKS,
    **absence.LOOKS,
    **notice.LOOKS,
    **meeting.LOOKS,
    **case.LOOKS,
    **case_words.LOOKS,
    **directive.LOOKS,
    **paper.LOOKS,
    **urgent.LOOKS,
    **figure.LOOKS,
}
