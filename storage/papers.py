"""Papers for comment (VB-…): what communes sent, what was said of it, and what became of that."""

from datetime import datetime

from sqlalchemy import exists, or_, update
from sqlmodel import Session, col, select

from storage import audit, indexing
from storage.counters import next_number
from storage.scope import Viewer, paper_words_seen, papers_seen
from storage.tables import Attachment, Paper, PaperComment

KIND = "paper"
"""What an attachment or a message is about."""


def send(session: Session, paper: Paper) -> Paper:
    """Store it under the next VB number."""
    paper.number = next_number(session, "VB")
    session.add(paper)
    session.flush()
    audit.note(session, "paper.send", KIND, paper.id, by=paper.sent_by_id, at=paper.sent_at)
    return paper


def by_number(session: Session, viewer: Viewer, number: int) -> Paper | None:
    """VB-number, also one on which the viewer only commented."""
    said = exists().where(col(PaperComment.paper_id) == col(Paper.id), paper_words_seen(viewer))
    found = select(Paper).where(Paper.number == number, or_(papers_seen(viewer), said))
    return session.exec(found).first()


def files(session: Session, viewer: Viewer, paper: Paper) -> list[Attachment]:
    """What hangs on it and is stored, in the order sent."""
    found = (
        select(Attachment)
        .join(Paper, col(Paper.id) == Attachment.about_id)
        .where(
            Attachment.about_kind == KIND,
            Attachment.about_id == paper.id,
            Attachment.state == "stored",
            papers_seen(viewer),
        )
    )
    return list(session.exec(found.order_by(col(Attachment.id))))


def holds(session: Session, viewer: Viewer, path: str) -> bool:
    """Whether the file at this path hangs on a paper that the viewer sees."""
    found = (
        select(Attachment.id)
        .join(Paper, col(Paper.id) == Attachment.about_id)
        .where(Attachment.about_kind == KIND, Attachment.path == path, papers_seen(viewer))
    )
    return session.exec(found).first() is not None


def comments(session: Session, viewer: Viewer, paper: Paper) -> list[PaperComment]:
    """What was said of it, as far as the viewer sees it, oldest first."""
    found = (
        select(PaperComment)
        .join(Paper, col(Paper.id) == PaperComment.paper_id)
        .where(PaperComment.paper_id == paper.id, paper_words_seen(viewer))
    )
    return list(session.exec(found.order_by(col(PaperComment.id))))


def comment(session: Session, paper: Paper, said: PaperComment) -> PaperComment:
    """Add a comment; the first one is when the paper was commented on."""
    session.add(said)
    session.flush()
    statement = update(Paper).where(col(Paper.id) == paper.id, col(Paper.commented_at).is_(None))
    session.connection().execute(statement.values(commented_at=said.at))
    audit.note(session, "paper.comment", KIND, paper.id, by=said.by_id, at=said.at)
    session.refresh(paper)
    return said


def answer(
    session: Session, said: PaperComment, answer: str, note: str, *, by_id: int, at: datetime
) -> bool:
    """What the commune makes of a comment; False when somebody of it has answered before."""
    statement = (
        update(PaperComment)
        .where(col(PaperComment.id) == said.id, col(PaperComment.answer) == "")
        .values(answer=answer, answer_note=note, answered_by_id=by_id, answered_at=at)
        .returning(col(PaperComment.id))
    )
    first = session.connection().execute(statement).first() is not None
    session.refresh(said)
    indexing.refresh(session.connection(), "paper", [said.paper_id])
    if first:
        audit.note(session, f"paper.{answer}", KIND, said.paper_id, by=by_id, at=at)
    return first


def uncommented(session: Session, viewer: Viewer) -> list[Paper]:
    """Papers nobody has commented on yet, the most urgent first."""
    found = select(Paper).where(papers_seen(viewer), col(Paper.commented_at).is_(None))
    return list(session.exec(found.order_by(col(Paper.due_on), col(Paper.id))))


def unanswered(session: Session, viewer: Viewer) -> list[tuple[Paper, PaperComment]]:
    """Comments that the commune has still to take or explain, oldest first."""
    found = (
        select(Paper, PaperComment)
        .join(PaperComment, col(PaperComment.paper_id) == Paper.id)
        .where(papers_seen(viewer), PaperComment.answer == "", col(PaperComment.agrees).is_(False))
    )
    return list(session.exec(found.order_by(col(PaperComment.id))))


def told_back(
    session: Session, viewer: Viewer, since: datetime
) -> list[tuple[Paper, PaperComment]]:
    """Comments answered since then, oldest first."""
    found = (
        select(Paper, PaperComment)
        .join(PaperComment, col(PaperComment.paper_id) == Paper.id)
        .where(papers_seen(viewer), col(PaperComment.answered_at) >= since)
    )
    return list(session.exec(found.order_by(col(PaperComment.id))))
