"""Words on a cadre's year: by communes, by superiors, and the cadre's own answers."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Session, col, select

from storage import audit
from storage.scope import SYSTEM, Viewer
from storage.tables import Assignment, ReviewComment

BOARD = frozenset({"ban_to_chuc", "thuong_truc"})
COMMUNE, SUPERIOR, ANSWER = "xa", "cap_tren", "tra_loi"


def reviews_seen(viewer: Viewer) -> ColumnElement[bool]:
    """One's own year and words, the year of who follows one's areas in charge; the board all."""
    if viewer is SYSTEM or (viewer.everywhere and viewer.roles & BOARD):
        return true()
    me = viewer.person_id
    below = select(col(Assignment.person_id)).where(
        col(Assignment.kind) == "theo_doi", col(Assignment.area_id).in_(sorted(viewer.in_charge))
    )
    return or_(
        col(ReviewComment.person_id) == me,
        col(ReviewComment.author_id) == me,
        col(ReviewComment.person_id).in_(below),
    )


def of_year(session: Session, viewer: Viewer, person_id: int, year: int) -> list[ReviewComment]:
    """The words on a person's year that the viewer sees, the first ones first."""
    found = select(ReviewComment).where(
        reviews_seen(viewer), ReviewComment.person_id == person_id, ReviewComment.year == year
    )
    return list(session.exec(found.order_by(col(ReviewComment.at), col(ReviewComment.id))))


def add(session: Session, row: ReviewComment, at: datetime) -> None:
    """Keep somebody's words; ValueError where a comment is by its subject, or an answer is not."""
    if (row.author_id == row.person_id) != (row.role == ANSWER):
        raise ValueError("nobody comments on himself, and nobody answers for another")
    session.add(row)
    session.flush()
    audit.note(session, "review.comment", "review_comment", row.id, by=row.author_id, at=at)
