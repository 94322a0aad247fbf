"""The forms by name, and the choices they may look up."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form
from bot.forms import case, case_words, exchange, invitation, looks, photos, visit
from storage.scope import Viewer

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        visit.FORM,
        photos.FORM,
        exchange.FORM,
        exchange.REPLY,
        invitation.FORM,
        invitation.WRITTEN,
        *case.FORMS,
        *case_words.FORMS,
    )
}

Lookup = Callable[[Session, Viewer, Draft, date], Sequence[Choice]]

LOOKS: dict[str, Lookup] = {
    "visit_areas": looks.visit_areas,
    "written_for": looks.written_for,
    "fields": looks.fields,
    "counterparts": exchange.counterparts,
    "letterhead": invitation.letterhead,
    **case.LOOKS,
    **case_words.LOOKS,
}
