"""Random provinces of a few areas over a few months, for properties that must always hold."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from bot.reports.facts import Facts, span_of
from bot.rules.periods import period, previous
from bot.rules.vocabulary import SUPPORT_KINDS
from storage.known import (
    AbsenceRow,
    AreaRow,
    AssignmentRow,
    CadenceRow,
    CaseRow,
    CommitmentRow,
    DirectiveRow,
    ExchangeRow,
    FieldRow,
    Known,
    PersonRow,
    SupportRow,
    VisitRow,
)

FIRST = date(2026, 6, 1)
AREAS, PEOPLE, FIELDS = 6, 8, 6
RULE = "02-QĐ/TU"
STATES = ("with_member", "with_office", "with_board", "answered", "ended", "merged", "doing")
LONG = "Đề nghị bố trí kinh phí sửa chữa nhà văn hóa, đường giao thông nông thôn và trạm bơm"

days = st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n))
moments = st.integers(0, 200 * 48).map(
    lambda n: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=30 * n)
)
maybe = st.none() | st.integers(1, FIELDS)
areas_ = st.integers(1, AREAS)


def _area(number: int) -> AreaRow:
    return AreaRow(number, f"Xã có tên gọi khá dài số {number}", "xa", None)


@st.composite
def cases(draw: st.DrawFn, sound: bool) -> list[CaseRow]:
    """Cases; unsound ones may have ended before they were raised."""
    found = []
    for number in range(1, draw(st.integers(0, 30)) + 1):
        raised, ended = draw(moments), draw(st.none() | moments)
        if sound and ended is not None and ended < raised:
            raised, ended = ended, raised
        state = "ended" if ended else draw(st.sampled_from(STATES[:4]))
        if ended and draw(st.booleans()):
            state = "merged"
        found.append(
            CaseRow(
                id=number,
                number=number,
                area_id=draw(areas_),
                field_id=draw(maybe),
                state=state,
                owner_id=draw(st.none() | st.integers(1, PEOPLE)),
                owner_area_id=None,
                owner_role="",
                due_on=draw(st.none() | days),
                raised_at=raised,
                ended_at=ended,
                text=LONG,
            )
        )
    return found


def raised(
    made: tuple[VisitRow, ...],
) -> st.SearchStrategy[list[tuple[VisitRow, str, int, int | None]]]:
    """What some of the slips tell of help, in number and value."""
    if not made:
        return st.just([])
    kinds = st.sampled_from([word.token for word in SUPPORT_KINDS])
    values = st.none() | st.integers(0, 10**12)
    one = st.tuples(st.sampled_from(made), kinds, st.integers(1, 2000), values)
    return st.lists(one, max_size=6)


@st.composite
def provinces(draw: st.DrawFn, *, sound: bool = True) -> Facts:
    """What might be known of one month or quarter."""
    asked = draw(
        st.sampled_from(
            [
                period("month", 2026, 9),
                period("month", 2026, 10),
                period("quarter", 2026, 3),
                period("year", 2026),
            ]
        )
    )
    made = tuple(
        VisitRow(
            number, draw(st.integers(1, PEOPLE)), draw(areas_), draw(days), parts, number, when
        )
        for number, (parts, when) in enumerate(
            draw(st.lists(st.tuples(st.integers(1, 7), moments), max_size=30)), start=1
        )
    )
    cut = datetime(2026, 11, draw(st.integers(1, 20)), 10, tzinfo=UTC)
    known = Known(
        span=span_of(previous(asked), asked),
        cut=cut,
        areas=tuple(_area(number) for number in range(1, AREAS + 1)),
        people=tuple(
            PersonRow(number, f"Cán bộ {number}", "", "", number, draw(st.booleans()))
            for number in range(1, PEOPLE + 1)
        ),
        assignments=tuple(
            AssignmentRow(
                id=number,
                person_id=draw(st.integers(1, PEOPLE)),
                area_id=draw(areas_),
                regulation=RULE,
                kind=draw(st.sampled_from(["theo_doi", "theo_doi", "phu_trach"])),
                from_date=draw(days),
                to_date=draw(st.none() | days),
            )
            for number in range(1, draw(st.integers(0, 12)) + 1)
        ),
        cadences=tuple(
            CadenceRow(RULE, "theo_doi", day, draw(st.sampled_from(["thang", "quy"])), visits, 0)
            for day, visits in draw(st.dictionaries(days, st.integers(1, 2), max_size=3)).items()
        ),
        absences=tuple(
            AbsenceRow(draw(st.integers(1, PEOPLE)), draw(st.none() | areas_), day, to, form)
            for day, to, form in draw(
                st.lists(st.tuples(days, days, st.sampled_from(["mien", "di_thay"])), max_size=4)
            )
        ),
        visits=made,
        supports=tuple(
            SupportRow(
                number, row.id, kind, many, value, "", row.area_id, row.person_id, row.visited_on
            )
            for number, (row, kind, many, value) in enumerate(draw(raised(made)), start=1)
        ),
        cases=tuple(draw(cases(sound))),
        exchanges=tuple(
            ExchangeRow(
                number, draw(areas_), begun, draw(st.none() | moments), number % PEOPLE + 1, due
            )
            for number, (begun, due) in enumerate(
                draw(st.lists(st.tuples(moments, days), max_size=12)), start=1
            )
        ),
        commitments=tuple(
            CommitmentRow(number, draw(areas_), 1, made, due, done)
            for number, (made, due, done) in enumerate(
                draw(
                    st.lists(st.tuples(moments, st.none() | days, st.none() | moments), max_size=6)
                ),
                start=1,
            )
        ),
        directives=tuple(
            DirectiveRow(number, draw(areas_), 1, issued, FIRST, noted, passed)
            for number, (issued, noted, passed) in enumerate(
                draw(
                    st.lists(
                        st.tuples(moments, st.none() | moments, st.none() | moments), max_size=6
                    )
                ),
                start=1,
            )
        ),
        fields=tuple(
            FieldRow(number, f"Lĩnh vực có tên khá dài, số {number}")
            for number in range(1, FIELDS + 1)
        ),
    )
    scope = draw(st.sampled_from(["tinh", "phu_trach:1"]))
    return Facts(known, asked, scope)
