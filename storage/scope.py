"""Who is looking: every query of content takes a Viewer and returns only what it may see."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from storage.tables import (
    Absence,
    Case,
    CaseEvent,
    Directive,
    DirectiveTarget,
    Exchange,
    ExchangeMessage,
    IndicatorValue,
    Invitation,
    Meeting,
    Opinion,
    Paper,
    PaperComment,
    Visit,
    WorkItem,
)

Mapped = int | None  # a mapped attribute, typed by SQLModel as the value it holds


@dataclass(frozen=True)
class Viewer:
    """What one person may see on one day; `bot.rules.access` builds it from roles and assignments.

    `whole` areas are seen with every part of a visit, `communes` are seats whose holder sees
    date, activity, advice, commitments and cases only. `everywhere` stands for all areas, whole.
    """

    person_id: int
    roles: frozenset[str] = frozenset()
    everywhere: bool = False
    whole: frozenset[int] = frozenset()
    communes: frozenset[int] = frozenset()
    follows: frozenset[int] = frozenset()
    in_charge: frozenset[int] = frozenset()
    helps: frozenset[int] = field(default=frozenset())  # people this one writes for
    linked: bool = True

    @property
    def areas(self) -> frozenset[int]:
        """Every area of which something is seen (meaningless when `everywhere`)."""
        return self.whole | self.communes


SYSTEM = Viewer(person_id=0, everywhere=True)
"""The clock and the command line on the server itself."""


def visits_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The visits of which the viewer sees at least the commune's part."""
    if viewer.everywhere:
        return true()
    author = frozenset({viewer.person_id}) | viewer.helps
    return or_(_in(Visit.person_id, author), _in(Visit.area_id, viewer.areas))


def visits_whole(viewer: Viewer) -> ColumnElement[bool]:
    """The visits of which the viewer sees situation and check too."""
    if viewer.everywhere:
        return true()
    author = frozenset({viewer.person_id}) | viewer.helps
    return or_(
        _in(Visit.person_id, author),
        _in(Visit.area_id, viewer.whole),
        and_(_in(Visit.area_id, viewer.communes), col(Visit.shared).is_(True)),
    )


def cases_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Cases of the viewer's areas, and those the viewer raised, owns or was handed directly.

    What goes to the standing board alone is no case: see `storage.restricted`.
    """
    if viewer.everywhere:
        return true()
    mine = frozenset({viewer.person_id}) | viewer.helps
    return or_(
        _in(Case.raised_by_id, mine),
        _in(Case.owner_id, mine),
        _in(Case.department_id, frozenset({viewer.person_id})),
        _in(Case.area_id, viewer.areas),
    )


INNER = frozenset(
    {
        *("draft", "talk_back", "board_opinion", "opinion", "paper", "hand_back"),
        *("to_centre", "skip_to_centre", "from_centre", "lift_to_board"),
    }
)
"""Acts on a case that only office and leaders read of: a leader's word stays with the office."""
OFFICE = frozenset({"thuong_truc", "tong_hop", "duyet"})
"""Roles that read what leaders say to the office."""


def case_words_seen(viewer: Viewer) -> ColumnElement[bool]:
    """What happened to a case that the viewer sees; of inner words what is not above him."""
    if viewer == SYSTEM or viewer.roles & OFFICE:
        return true()
    own = _in(CaseEvent.by_id, {viewer.person_id})
    return or_(col(CaseEvent.act).not_in(INNER), own, _leads(viewer))


def opinions_seen(viewer: Viewer) -> ColumnElement[bool]:
    """What leaders said to the office, on a case or on none: the office, who leads, the author.

    To be asked with the case outer joined.
    """
    office = viewer == SYSTEM or bool(viewer.roles & OFFICE)
    if office and viewer.everywhere:
        return true()
    mine = _in(Opinion.person_id, {viewer.person_id})
    reads = true() if office else or_(mine, _leads(viewer))
    on_case = and_(col(Case.id).is_not(None), cases_seen(viewer), reads)
    return or_(and_(col(Opinion.case_id).is_(None), mine), on_case)


def _leads(viewer: Viewer) -> ColumnElement[bool]:
    """Cases of the areas in charge of, and what a member in charge holds."""
    holds = frozenset({viewer.person_id} if viewer.in_charge else ())
    return or_(_in(Case.area_id, viewer.in_charge), _in(Case.owner_id, holds))


def exchanges_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Exchanges of the viewer's areas."""
    return _talks(viewer, Exchange.cadre_id, Exchange.area_id)


def exchange_words_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Every word of an exchange that the viewer sees; of any other what he wrote or read first.

    So whoever has left an area keeps his own part, and nothing said there later.
    """
    me = frozenset({viewer.person_id})
    own = or_(_in(ExchangeMessage.by_id, me), _in(ExchangeMessage.read_by_id, me))
    return or_(exchanges_seen(viewer), own)


def invitations_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Invitations of the viewer's areas."""
    return _talks(viewer, Invitation.cadre_id, Invitation.area_id)


def papers_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Papers for comment of the viewer's areas."""
    return _talks(viewer, Paper.cadre_id, Paper.area_id)


def paper_words_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Every comment on a paper that the viewer sees; on any other his own."""
    return or_(papers_seen(viewer), _in(PaperComment.by_id, frozenset({viewer.person_id})))


def directive_targets_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Where a directive goes: seen by who carries it and above; by the commune once it is told."""
    if viewer.everywhere:
        return true()
    passed = col(DirectiveTarget.passed_at).is_not(None)
    return or_(
        _in(DirectiveTarget.cadre_id, {viewer.person_id} | viewer.helps),
        _in(DirectiveTarget.area_id, viewer.whole),
        and_(_in(DirectiveTarget.area_id, viewer.communes), passed),
    )


def directives_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Directives with a target that the viewer sees."""
    if viewer.everywhere:
        return true()
    seen = select(DirectiveTarget.directive_id).where(directive_targets_seen(viewer))
    return col(Directive.id).in_(seen)


def absences_seen(viewer: Viewer) -> ColumnElement[bool]:
    """One's own, and those of the people helped."""
    if viewer.everywhere:
        return true()
    return _in(Absence.person_id, {viewer.person_id} | viewer.helps)


def meetings_seen(viewer: Viewer) -> ColumnElement[bool]:
    """A member's own."""
    return true() if viewer.everywhere else _in(Meeting.member_id, {viewer.person_id})


def values_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Figures of the viewer's areas and those the viewer entered; the whole's for who sees it."""
    if viewer.everywhere:
        return true()
    return or_(
        _in(IndicatorValue.area_id, viewer.areas),
        _in(IndicatorValue.entered_by_id, {viewer.person_id} | viewer.helps),
    )


def works_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Work items of the viewer's areas, and the viewer's own."""
    if viewer.everywhere:
        return true()
    return or_(
        _in(WorkItem.area_id, viewer.areas),
        _in(WorkItem.owner_id, {viewer.person_id} | viewer.helps),
    )


def _talks(viewer: Viewer, cadre: Mapped, area: Mapped) -> ColumnElement[bool]:
    if viewer.everywhere:
        return true()
    return or_(_in(cadre, {viewer.person_id} | viewer.helps), _in(area, viewer.areas))


def _in(column: Mapped, ids: frozenset[int] | set[int]) -> ColumnElement[bool]:
    return col(column).in_(sorted(ids)) if ids else false()
