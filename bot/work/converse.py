"""One message of one person: to the form that is open, or to the desk; replies to the outbox."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channels.contract import Channel
from bot.conversation import step as steps
from bot.conversation.commands import RESUME, is_control, read_press, take_apart
from bot.conversation.form import Answer, Draft, Form, Question, Step
from bot.conversation.questions import Number
from bot.desk import linking, loose, nouns
from bot.desk.contract import Resume, Start, Words
from bot.desk.menus import is_label, is_on_a_menu
from bot.forms import FORMS
from bot.messages import Incoming, Media, Option, Outgoing, Rejected
from bot.rules.address import USUAL, addressed
from bot.rules.ways import shown as channel_shown
from bot.rules.zone import local
from bot.words import fold, natural
from bot.work import choosing, clock, paged, quota
from bot.work.kept import (
    asked_json,
    draft_of,
    instead_of,
    is_fresh,
    on_screen,
    question_on_screen,
    to_json,
)
from bot.work.look import DatabaseLook
from bot.work.post import post
from bot.work.screens import few_buttons
from storage import accounts, attachments, audit, drafts, inbox, shown, ways
from storage.database import undoable

LISTS = frozenset({"viec", "kn", "diaban", "dia ban", "dagui", "tonghop", "huongdan", "menu"})
FOR_SOMEBODY = ("nhap thay", "nhapthay")
GATHER = timedelta(seconds=3)
HEARD_EVERY = timedelta(minutes=10)


def handle(session: Session, channel: Channel, taken: inbox.Taken) -> None:
    """Answer one message; everything it changes is in the session's transaction."""
    read = paged.read if paged.PAGE in taken.payload else channel.read
    arrival = next((a for a in read(taken.payload) if a.external_id == taken.external_id), None)
    if arrival is None:
        return
    talk = Talk(session, channel, taken, arrival.incoming)
    if not arrival.incoming.private:
        talk.say(loose.not_in_groups(session, taken.account_id, talk.at))
    elif arrival.incoming.blocked:
        linking.blocked(session, taken.account_id, blocked=True)
    else:
        if arrival.incoming.blocked is False:
            linking.blocked(session, taken.account_id, blocked=False)
        talk.heard()
        if taken.person_id is None or taken.state not in ("confirmed", "unreachable"):
            talk.say(linking.greet(session, taken.account_id, talk.words(), talk.at))
        elif arrival.incoming.blocked is None:
            talk.answer()


def trouble(at: datetime) -> str:
    """What a person is told, once, when a message could not be handled at the first try."""
    return (
        f"Hệ thống gặp trục trặc khi lưu tin lúc {local(at):%H:%M}. "
        "Tin chưa mất, đang được thử lại; đồng chí không cần gửi lại."
    )


class Talk:
    """One message on its way: who wrote, what is open, and what is said back."""

    def __init__(
        self, session: Session, channel: Channel, taken: inbox.Taken, incoming: Incoming
    ) -> None:
        self.session = session
        self.limits = channel.limits
        menu = choosing.menu_seen(session.connection(), incoming, taken, self.limits)
        self.taken = taken if menu is taken.menu else replace(taken, menu=menu)
        chosen = choosing.by_number(incoming, menu)
        self.incoming, self.chosen = chosen.incoming, chosen.label
        self.at = clock.now(session) - (clock.real() - taken.received_at)
        self.person_id = taken.person_id or 0
        self.look = DatabaseLook(session, self.person_id, self.at)
        audit.through(session, taken.bot.partition(":")[0], taken.person_id)

    def words(self, incoming: Incoming | None = None) -> Words:
        """The message as the desk reads it."""
        return nouns.read(
            incoming or self.incoming, inbox_id=self.taken.id, account_id=self.taken.account_id
        )

    def say(self, messages: Sequence[Outgoing]) -> list[int]:
        """Put replies, and messages to others, into the outbox."""
        address = self.taken.address or USUAL
        said = [_addressed(message, address) for message in messages]
        if self._comes_apart():
            shown.drop_unsent(self.session.connection(), self.taken.account_id, self.at)
            said = [_gathered(message, self.at) for message in said]
        return post(self.session, said, account_id=self.taken.account_id, inbox_id=self.taken.id)

    def _comes_apart(self) -> bool:
        """A photo where photos chosen together arrive one by one: one answer for all of them."""
        media = self.incoming.media
        alone = few_buttons(self.limits) and not self.incoming.album
        return alone and media is not None and media.kind == "photo"

    def heard(self) -> None:
        """Remember that this account is alive, at most every ten minutes."""
        if paged.PAGE in self.taken.payload:
            return  # the channel itself heard nothing
        last, now, closed = self.taken.last_heard_at, self.taken.received_at, self.taken.closed_at
        shut = closed is not None and last is not None and last <= closed
        again = shut or self.taken.state == "unreachable"
        if last is None or now - last > HEARD_EVERY or again:
            inbox.heard(self.session.connection(), self.taken.account_id, now)
            ways.look_again(self.session, self.person_id)

    def answer(self) -> None:
        """The open form first, unless the message is plainly a command."""
        self._keep_media()
        kept = drafts.open_draft(self.session.connection(), self.person_id, self.taken.received_at)
        form = FORMS.get(kept.form) if kept else None
        question = question_on_screen(kept, form)
        if self.incoming.unreadable:
            self.say([loose.unreadable(kept.id if kept else 0)])
        elif self.incoming.edits:
            self._amend(kept, form)
        elif asked := self._understand(question):
            self.say([asked])
        elif kept and form and self._counts_elsewhere(kept, question):
            self._show_here(kept, form)
        elif kept is None or form is None or self._is_for_desk(kept, form, question):
            self._to_desk(kept)
        else:
            self._to_form(kept, form)
        if masked := self.taken.payload.get("_masked"):
            self.say([loose.masked(str(masked))])

    def _counts_elsewhere(self, kept: drafts.Kept, question: Question | None) -> bool:
        """A bare number on an account that does not show the question which stands on another."""
        here = kept.prompt_account in (None, self.taken.account_id)
        bare = not self.incoming.token and natural(self.incoming.text.strip()) is not None
        main_list = self.incoming.text.strip() == "0"
        return not here and bare and not main_list and not isinstance(question, Number)

    def _show_here(self, kept: drafts.Kept, form: Form) -> None:
        """The question once more, on the account that wrote."""
        other = accounts.by_id(self.session, kept.prompt_account or 0)
        place = kept.asked["question"] if kept.asked else ""
        lead = f"Đồng chí đang ghi dở trên {channel_shown(other.bot)}, xin trả lời tiếp tại đây."
        self._put(kept, form, steps.begin(form, draft_of(kept), self.look, place=place, lead=lead))

    def _keep_media(self) -> None:
        media = self.incoming.media
        if media is not None and not self.incoming.edits:
            attachments.want(self.session, _wanted(media, self))

    def _understand(self, question: Question | None) -> Outgoing | None:
        """Find what a typed label means; the message that is due when this alone is to be said."""
        taken, connection = self.taken, self.session.connection()
        if few_buttons(self.limits) and not (question is not None and question.free):
            picking = question is not None
            chosen = choosing.by_label(connection, self.incoming, taken, picking=picking)
            self.incoming, self.chosen = chosen.incoming, chosen.label or self.chosen
            if chosen.several:
                return choosing.asked_which(chosen.several)
        return choosing.page_after(connection, taken, self.incoming.token)

    def _is_command(self, question: Question | None, *, fresh: bool = False) -> bool:
        """What is no answer to the form: a slash command, a key of the main keyboard, 0, a code.

        A code, and a word for a list, may be the answer where text is asked for; not in `fresh`
        ones, of which the first answer may be filed at once.
        """
        text = self.incoming.text.strip()
        if self.incoming.token or self.incoming.media:
            return False
        if text == "0":
            return not isinstance(question, Number)
        if is_control(text, RESUME, marks=True):
            return True  # from the other phone, where the question does not stand
        said = take_apart(text, nouns.commands())
        if text.startswith("/"):
            return said.command != ""
        if question is None or not question.free or fresh:
            bare = (question is None or fresh) and said.command in LISTS and not said.rest
            return bare or said.kind != "" or is_label(text)
        return is_label(text)

    def _is_for_desk(self, kept: drafts.Kept, form: Form, question: Question | None) -> bool:
        aside = question is None and self._is_aside(form)
        return aside or self._is_command(question, fresh=is_fresh(kept))

    def _is_aside(self, form: Form) -> bool:
        """Where something is to be picked: the whole name of another thing, or who is written for.

        A part of the slip may have the same name; then that is meant.
        """
        text = self.incoming.text.strip()
        if self.incoming.token or self.incoming.media or not text:
            return False
        parts = {fold(each.label) for each in form.questions}
        said = take_apart(text, nouns.commands())
        for_somebody = said.command in FOR_SOMEBODY and said.rest != ""
        return for_somebody or (is_on_a_menu(text) and fold(text) not in parts)

    def _to_form(self, kept: drafts.Kept, form: Form) -> None:
        draft, burst = on_screen(kept)
        result = steps.step(
            form,
            draft,
            self.incoming,
            self.at,
            self.look,
            inbox_id=self.taken.id,
            burst=burst,
            passed=self._has_passed(kept, form),
        )
        if not result.took:
            self._to_desk(kept)
            return
        self._put(kept, form, result)

    def _has_passed(self, kept: drafts.Kept, form: Form) -> bool:
        """Whether words that would be filed unread may be about something shown since."""
        if self.incoming.token or not (form.direct or is_fresh(kept)):
            return False
        connection, taken, asked = self.session.connection(), self.taken, kept.prompt_id or 0
        return shown.after(connection, taken.account_id, asked, taken.received_at)

    def _put(self, kept: drafts.Kept, form: Form, result: Step) -> None:
        """Store what a step came to, and say it."""
        connection = self.session.connection()
        if result.end == "submit":
            self._file(kept, form, result)
            return
        if result.end:
            drafts.end(connection, kept.id, result.end, self.at)
            self.say([*result.say, *_ended(result)])
            return
        echoed = self._echoed(result.say, result.heard)
        said = [m for m in echoed if not (self.incoming.more and m.kind == "prompt")]
        ids = self.say([instead_of(kept, message) for message in said])
        before = kept.asked if kept.prompt_seen else kept.before
        if before is not None and kept.prompt_seen:
            before = {**before, "outbox_id": kept.prompt_id}
        drafts.save(
            connection,
            kept.id,
            answers=to_json(result.draft),
            asked=asked_json(result.draft),
            before=before,
            prompt_id=ids[-1] if ids else kept.prompt_id,
            at=self.at,
        )

    def _file(self, kept: drafts.Kept, form: Form, result: Step) -> None:
        connection = self.session.connection()
        begun = replace(result.draft, id=kept.id).put(
            "_begun", Answer(kept.begun_at.isoformat(), None, "")
        )
        try:
            with undoable(self.session):
                said = form.file(self.session, self.look.viewer, begun, self.at)
        except Rejected as sentence:
            again = steps.begin(form, result.draft, self.look, lead=str(sentence))
            self._put(kept, form, again)
            return
        drafts.end(connection, kept.id, "filed", self.at)
        self.say([*result.say, *self._echoed(said, result.heard)])

    def _echoed(self, messages: Sequence[Outgoing], heard: str) -> list[Outgoing]:
        """With what was understood over the first of them, where the prompt cannot be changed.

        An answer that names it anyway needs no echo.
        """
        first = next((m for m in messages if m.kind != "edit" and m.person_id is None), None)
        what = heard.partition(": ")[2] or heard
        if first is None or not heard or self.limits.edits or fold(what) in fold(first.text):
            return list(messages)
        told = replace(first, text=f"{heard}\n\n{first.text}")
        return [told if message is first else message for message in messages]

    def _to_desk(self, kept: drafts.Kept | None) -> None:
        press = read_press(self.incoming.token)
        if press is not None:
            connection = self.session.connection()
            state, number = drafts.filed_as(connection, press.draft, self.person_id)
            old = loose.old_button(state, number, press.draft)
            self.say([old if self.limits.edits else _without_buttons(old)])
            return
        words = self.words(choosing.unlabelled(self.incoming))
        if words.command == "huy":
            self._drop(kept)
            return
        try:
            with undoable(self.session):
                results = nouns.answer(self.session, self.look.viewer, words, self.at)
                nouns.looked_at(self.session, self.look.viewer, words, self.at)
        except Rejected as sentence:
            results = [Outgoing(str(sentence))]
        heard = f"Đã chọn: {self.chosen}" if self.chosen else ""
        said = [r for r in results if isinstance(r, Outgoing) and not self.incoming.more]
        self.say(self._echoed(said, heard))
        for result in results:
            if isinstance(result, Start):
                self._start(result, heard)
            elif isinstance(result, Resume):
                self._resume(result.draft_id)
        if kept is not None and is_fresh(kept):  # later words are about what was looked at instead
            drafts.end(self.session.connection(), kept.id, "dropped", self.at)

    def _start(self, begin: Start, heard: str) -> None:
        form = FORMS[begin.form]
        answers = begin.answers
        counted = form.sheet and quota.is_counted(self.session, self.limits, self.at)
        if counted and not begin.ask_first:
            answers = {form.sheet: True, **answers}
        draft = steps.start(form, answers, at=self.at, inbox_id=self.taken.id)
        connection = self.session.connection()
        new = drafts.begin(connection, self.person_id, form.name, to_json(draft), self.at)
        draft = replace(draft, id=new)
        if steps.goes_at_once(form, draft):
            self._file_new(form, draft)
            return
        first = steps.begin(form, draft, self.look, place=begin.ask_first)
        self._open(new, form, replace(first, heard=heard))

    def _file_new(self, form: Form, draft: Draft) -> None:
        """Everything was known when it began."""
        kept = drafts.open_draft(self.session.connection(), self.person_id, self.taken.received_at)
        assert kept is not None
        self._file(kept, form, Step(draft, end="submit"))

    def _open(self, draft_id: int, form: Form, first: Step) -> None:
        ids = self.say(self._echoed(first.say, first.heard))
        drafts.save(
            self.session.connection(),
            draft_id,
            answers=to_json(first.draft),
            asked=asked_json(first.draft),
            before=None,
            prompt_id=ids[-1],
            at=self.at,
        )

    def _resume(self, draft_id: int) -> None:
        connection = self.session.connection()
        if not drafts.reopen(connection, draft_id, self.person_id, self.at):
            self.say([Outgoing("Phiếu ghi dở này không còn.")])
            return
        kept = drafts.open_draft(connection, self.person_id, self.taken.received_at)
        form = FORMS.get(kept.form) if kept else None
        if kept is not None and form is not None:
            self._open(kept.id, form, steps.begin(form, draft_of(kept), self.look))

    def _drop(self, kept: drafts.Kept | None) -> None:
        form = FORMS.get(kept.form) if kept else None
        if kept is None or form is None:
            self.say([Outgoing("Đồng chí không có phiếu nào đang ghi.")])
            return
        self._put(kept, form, steps.drop(form, on_screen(kept)[0], self.look))

    def _amend(self, kept: drafts.Kept | None, form: Form | None) -> None:
        """An edited message changes the answer it gave; after filing, the slip must be edited."""
        connection = self.session.connection()
        original = inbox.by_message(connection, self.taken.account_id, self.incoming.message_id)
        if kept is not None and form is not None and original is not None:
            turn = steps.Turn(
                form, on_screen(kept)[0], self.incoming, self.at, self.look, self.taken.id
            )
            try:
                result = steps.amend(turn, original)
            except Rejected as sentence:
                self.say([Outgoing(str(sentence))])
                return
            if result is not None:
                self._put(kept, form, result)
                return
        self.say([loose.edited_late(self.session, self.person_id, original)])


def _addressed(message: Outgoing, address: str) -> Outgoing:
    """An answer to whoever wrote, in that person's form of address."""
    if address == USUAL or message.person_id is not None:
        return message
    return replace(message, text=addressed(message.text, address))


def _gathered(message: Outgoing, at: datetime) -> Outgoing:
    """Sent a little later, unless another photo comes meanwhile whose answer takes its place."""
    mine = message.person_id is None and message.edits is None
    return replace(message, not_before=at + GATHER) if mine else message


def _ended(result: Step) -> list[Outgoing]:
    """What is said when a person stops writing, for now or for good."""
    draft = result.draft
    what = "phiếu" if draft.form == "visit" else "nội dung"
    if result.end == "parked":
        go_on = Option(RESUME, fold(RESUME))
        return [Outgoing(f"Đã giữ {what} ghi dở. Khi tiện, đồng chí ghi tiếp.", ((go_on,),))]
    if draft.value("_visit"):
        return [Outgoing(f"Không sửa nữa, phiếu CS-{draft.value('_number')} giữ nguyên.")]
    return [Outgoing(f"Không ghi nữa, {what} này chưa được gửi.")]


def _without_buttons(message: Outgoing) -> Outgoing:
    """The same sentence where a number was typed and no button pressed."""
    return replace(message, text=message.text.replace("Nút này", "Số này"))


def _wanted(media: Media, talk: Talk) -> attachments.Wanted:
    return attachments.Wanted(
        bot=paged.PAGE if paged.PAGE in talk.taken.payload else talk.taken.bot,
        reference=media.reference,
        kind=media.kind,
        inbox_id=talk.taken.id,
        person_id=talk.person_id,
        caption=talk.incoming.text,
        name=media.name,
        seconds=media.seconds,
        wanted_at=clock.real(),
    )
