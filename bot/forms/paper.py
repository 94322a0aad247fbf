"""A paper for comment, from one message with its file; a comment on it; why one is not taken."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.dates import find_deadline
from bot.conversation.form import DIRECT, Choice, Draft, Form, Look
from bot.conversation.questions import Day, Papers, Photos, Pick, Text
from bot.desk import papers as desk
from bot.desk.duties import day_at
from bot.desk.exchanges import named
from bot.forms.attached import files_form
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import moment
from bot.words import full_day
from storage import attachments, papers, people
from storage.scope import Viewer
from storage.tables import Paper


def paper_due(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The day until which comments are asked for when the words name none."""
    on = day_at(session, moment(today, datetime.min.time()))
    term = on.calendar.add_workdays(today, on.province.exchange_days)
    return [Choice("due", term.isoformat())]


def _due(draft: Draft, today: date, usual: str) -> date:
    said = draft.value("due_on")
    if said:
        return date.fromisoformat(said)
    return find_deadline(draft.value("text"), today) or date.fromisoformat(usual)


def _review(draft: Draft, look: Look) -> str:
    to = look.choices("addressee", draft)[0].label
    due = _due(draft, look.today(), look.choices("paper_due", draft)[0].label)
    lines = [f"Xin ý kiến {to}", f"“{draft.value('text')}”", f"Hạn góp ý: {full_day(due)}"]
    files = draft.value("files") or []
    lines.append(f"Kèm {len(files)} tệp" if files else "Chưa kèm văn bản, có thể gửi tệp hoặc ảnh")
    return "\n".join(lines)


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    area_id, cadre_id = map(int, draft.value("party").split())
    on = day_at(session, at)
    usual = on.calendar.add_workdays(on.today, on.province.exchange_days)
    paper = Paper(
        number=0,
        area_id=area_id,
        cadre_id=cadre_id,
        sent_by_id=viewer.person_id,
        text=draft.value("text"),
        sent_at=at,
        due_on=_due(draft, on.today, usual.isoformat()),
    )
    said = desk.send(session, viewer, paper, at)
    sent = [one["reference"] for one in draft.value("files") or []]
    about = (papers.KIND, paper.id or 0)
    attachments.belong(session, viewer.person_id, references=sent, about=about)
    return [_sent_at_once(session, paper, sent), *said[1:]] if draft.value(DIRECT) else said


def _sent_at_once(session: Session, paper: Paper, sent: Sequence[str]) -> Outgoing:
    """What a review would have said; the paper itself may still follow."""
    to = people.by_ids(session, [paper.cadre_id])[paper.cadre_id]
    code, due = f"VB-{paper.number}", full_day(paper.due_on)
    kept = "Kèm 1 tệp." if sent else "Chưa kèm văn bản."
    text = f"Đã gửi {code} đến {named(to)}, hạn góp ý {due}. {kept}"
    row = (Option(f"Kèm tệp {code}", f"{code} {desk.ATTACH}"),)
    return Outgoing(text, (row,), kind="receipt")


def _for_comment(session: Session, viewer: Viewer, draft: Draft) -> tuple[str, int]:
    return papers.KIND, _paper(session, viewer, draft).id or 0


def _comment_review(draft: Draft, look: Look) -> str:
    return f"Góp ý VB-{draft.value('_paper')}\n“{draft.value('text')}”"


def _file_comment(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    return desk.comment(session, viewer, _paper(session, viewer, draft), draft.value("text"), at)


def _explain_review(draft: Draft, look: Look) -> str:
    return f"Giải trình VB-{draft.value('_paper')}\n“{draft.value('text')}”"


def _file_explained(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    paper = _paper(session, viewer, draft)
    number = int(draft.value("_comment"))
    return desk.explain(session, viewer, paper, number, draft.value("text"), at)


def _paper(session: Session, viewer: Viewer, draft: Draft) -> Paper:
    found = papers.by_number(session, viewer, int(draft.value("_paper")))
    if found is None:
        raise Rejected(f"Không tìm thấy VB-{draft.value('_paper')}.")
    return found


FORM = Form(
    name="paper",
    title="Văn bản xin ý kiến",
    questions=(
        Pick("party", "Xin ý kiến đồng chí nào?", "Người góp ý", source="counterparts"),
        Text(
            "text",
            "Xin nhắn tên văn bản và nội dung cần góp ý, gửi kèm tệp hoặc ảnh chụp.",
            "Văn bản",
            longest=1000,
        ),
        Photos("files", "Xin gửi tệp hoặc ảnh chụp văn bản.", "Tệp", optional=True, more=True),
        Day("due_on", "Hạn góp ý là ngày nào?", "Hạn", future=True, optional=True, more=True),
    ),
    review=_review,
    file=_file,
    actions=((("Gửi", "send"),), (("Sửa", "edit"), ("Kèm tệp", "edit:files"), ("Để sau", "later"))),
    photos="files",
)
COMMENT = Form(
    name="paper_comment",
    title="Góp ý văn bản",
    questions=(Text("text", "Xin nhắn ý kiến của đồng chí.", "Ý kiến", longest=2000),),
    review=_comment_review,
    file=_file_comment,
    direct=True,
)
EXPLAIN = Form(
    name="paper_explain",
    title="Giải trình",
    questions=(Text("text", "Xin nhắn lý do chưa tiếp thu.", "Giải trình", longest=1000),),
    review=_explain_review,
    file=_file_explained,
    direct=True,
)
FILES = files_form(
    "paper_files",
    "Kèm tệp",
    Papers("files", "Xin gửi tệp hoặc ảnh chụp văn bản.", "Tệp"),
    code=("VB", "_paper"),
    target=_for_comment,
)
FORMS = (FORM, COMMENT, EXPLAIN, FILES)
LOOKS = {"paper_due": paper_due}
