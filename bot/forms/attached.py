"""The form by which files are sent after the thing that they belong to."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look
from bot.conversation.questions import Papers, counted
from bot.messages import Option, Outgoing
from storage import attachments
from storage.scope import Viewer

Target = Callable[[Session, Viewer, Draft], tuple[str, int]]
"""Kind and id of what the files belong to; raises Rejected where this viewer may not add any."""


def files_form(
    name: str, title: str, question: Papers, *, code: tuple[str, str], target: Target
) -> Form:
    """`code`: the letters, and the name under which the draft holds the number.

    The title, after the code, is also what begins the form.
    """
    letters, number = code

    def coded(draft: Draft) -> str:
        return f"{letters}-{draft.value(number)}"

    def review(draft: Draft, look: Look) -> str:
        return f"{coded(draft)}\nKèm {counted(draft.value(question.name) or [])}"

    def file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
        about = target(session, viewer, draft)
        kept = draft.value(question.name) or []
        sent = [one["reference"] for one in kept]
        attachments.belong(session, viewer.person_id, references=sent, about=about)
        more = Option("Kèm tiếp", f"{coded(draft)} {title}")
        said = f"Đã kèm {counted(kept)} vào {coded(draft)}."
        return [Outgoing(said, ((more,),), kind="receipt")]

    return Form(
        name=name,
        title=title,
        questions=(question,),
        review=review,
        file=file,
        photos=question.name,
        direct=True,
    )
