"""A desk without channels: people say and press things, forms are filled, messages are kept."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation import step as steps
from bot.conversation.form import Answer, Draft
from bot.desk import nouns
from bot.desk.contract import Start
from bot.forms import FORMS
from bot.messages import Incoming, Option, Outgoing, Rejected
from bot.rules.zone import day_of
from bot.work.look import DatabaseLook
from bot.work.viewers import viewer_for
from storage.scope import Viewer
from tests.cast import NOW, Cast


@dataclass
class Counter:
    """Everybody's desk on one session; `sent` holds what went to others, by roster code."""

    session: Session
    cast: Cast
    at: datetime = NOW
    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)
    last: dict[str, Outgoing] = field(default_factory=dict)

    def viewer(self, who: str) -> Viewer:
        """What this person may see on the day."""
        return viewer_for(self.session, self.cast[who], day_of(self.at))

    def says(self, who: str, text: str) -> str:
        """What a person is told to a typed message."""
        return self._goes(who, Incoming(text=text))

    def presses(self, who: str, label: str) -> str:
        """What a person is told after pressing a button of the last message shown to them."""
        return self.presses_token(who, self.button(who, label).token)

    def presses_token(self, who: str, token: str) -> str:
        """The same by the token: an old button."""
        return self._goes(who, Incoming(token=token))

    def button(self, who: str, label: str) -> Option:
        """A button under the last message of this person."""
        return next(o for row in self.last[who].rows for o in row if o.label == label)

    def labels(self, who: str) -> list[str]:
        """The buttons under the last message of this person."""
        return [option.label for row in self.last[who].rows for option in row]

    def told(self, who: str) -> list[str]:
        """What others caused to be sent to this person, oldest first."""
        return [message.text for code, message in self.sent if code == who]

    def _goes(self, who: str, incoming: Incoming) -> str:
        try:
            return self._to_form(who, incoming) or self._to_desk(who, incoming)
        except Rejected as sentence:
            return str(sentence)

    def _to_form(self, who: str, incoming: Incoming) -> str:
        draft = self.drafts.get(who)
        if draft is None:
            return ""
        form = FORMS[draft.form]
        look = DatabaseLook(self.session, self.cast[who], self.at)
        result = steps.step(form, draft, incoming, self.at, look, inbox_id=1)
        if not result.took:
            return ""
        if result.end == "submit":
            del self.drafts[who]
            begun = result.draft.put("_begun", Answer(self.at.isoformat(), None, ""))
            return self._out(who, form.file(self.session, self.viewer(who), begun, self.at))
        self.drafts[who] = result.draft
        return self._out(who, [m for m in result.say if m.kind != "edit"])

    def _to_desk(self, who: str, incoming: Incoming) -> str:
        words = nouns.read(incoming, inbox_id=None, account_id=None)
        results = nouns.answer(self.session, self.viewer(who), words, self.at)
        self.session.flush()
        shown = self._out(who, [r for r in results if isinstance(r, Outgoing)])
        for begin in (r for r in results if isinstance(r, Start)):
            shown = self.begins(who, begin)
        return shown

    def begins(self, who: str, begin: Start) -> str:
        """What a person is told when a form is opened."""
        form = FORMS[begin.form]
        look = DatabaseLook(self.session, self.cast[who], self.at)
        draft = replace(steps.start(form, begin.answers, at=self.at, inbox_id=1), id=1)
        if steps.goes_at_once(form, draft):
            return self._out(who, form.file(self.session, self.viewer(who), draft, self.at))
        first = steps.begin(form, draft, look, place=begin.ask_first)
        self.drafts[who] = first.draft
        return self._out(who, first.say)

    def _out(self, who: str, messages: object) -> str:
        codes = {number: code for code, number in self.cast.person.items()}
        own = []
        assert isinstance(messages, list | tuple)
        for message in messages:
            if message.person_id is None:
                own.append(message)
                self.last[who] = message
            else:
                self.sent.append((codes[message.person_id], message))
                self.last[codes[message.person_id]] = message
        self.session.flush()
        return "\n---\n".join(m.text for m in own)
