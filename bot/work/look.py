"""What a form may look up, answered from the database for one person on one day."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.form import Choice, Draft
from bot.forms import LOOKS, OWN_LOOKS
from bot.rules.zone import day_of
from bot.work.viewers import viewer_for
from storage.scope import Viewer


class DatabaseLook:
    """Answers once per name and answers; the viewer is built only when something is asked."""

    def __init__(self, session: Session, person_id: int, at: datetime) -> None:
        self._session = session
        self._person_id = person_id
        self._today = day_of(at)
        self._viewer: Viewer | None = None
        self._known: dict[tuple[str, int], tuple[object, Sequence[Choice]]] = {}

    @property
    def viewer(self) -> Viewer:
        """Who is looking."""
        if self._viewer is None:
            self._viewer = viewer_for(self._session, self._person_id, self._today)
        return self._viewer

    def choices(self, what: str, draft: Draft) -> Sequence[Choice]:
        """The choices called `what`; `bot.forms` has them by name."""
        key = (what, id(draft.answers))  # kept beside the choices, so that the id stays its own
        if key not in self._known:
            self._known[key] = (draft.answers, self._found(what, draft))
        return self._known[key][1]

    def _found(self, what: str, draft: Draft) -> Sequence[Choice]:
        if own := OWN_LOOKS.get(what):
            return own(self._session, self._person_id, draft, self._today)
        return LOOKS[what](self._session, self.viewer, draft, self._today)

    def today(self) -> date:
        return self._today
