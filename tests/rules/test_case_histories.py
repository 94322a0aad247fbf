"""Random histories of many cases: nothing is without an owner, nothing ends unsaid or unheard."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.rules import cases
from bot.rules.cases import ACTS, ENDED, ENDINGS, OPEN, Day, Parties, Standing
from bot.rules.workdays import calendar

FIRST_DAY = date(2026, 10, 1)
DAYS = calendar()
WORDS = "Lý do hoặc nội dung"
PARTS = ("member", "office", "board", "cadre", "commune", "author", "department", "system")
LIFTS = ("lift_to_member", "lift_to_board")
ANSWERS = frozenset(act.token for act in ACTS.values() if act.to == "answered")


@dataclass(frozen=True)
class Happened:
    """One line of a history: the day, the act, its words, where the case stood afterwards."""

    day: date
    act: str
    text: str
    standing: Standing


@dataclass
class Life:
    """One case from its beginning, with all that happened."""

    outcome: str
    past: list[Happened] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        return self.past[-1].standing

    @property
    def acts(self) -> list[str]:
        return [one.act for one in self.past]

    @property
    def raised(self) -> date:
        return self.past[0].day

    @property
    def ended(self) -> date | None:
        return next((one.day for one in self.past if one.standing.state in ENDED), None)


somebody = st.one_of(st.none(), st.integers(1, 3))
parties = st.builds(
    Parties,
    commune=st.just(30),
    member=somebody,
    cadre=somebody,
    answered_by=somebody,
    department=somebody,
)
steps = st.lists(
    st.tuples(st.integers(0, 999), parties, st.integers(0, 20), st.booleans()), max_size=14
)
lives = st.tuples(st.sampled_from(sorted(cases.FIRST)), st.integers(0, 60), parties, steps)


def lived(
    outcome: str, begun: int, first: Parties, history: list[tuple[int, Parties, int, bool]]
) -> Life:
    """The history of one case: of all that is possible, one act after the other."""
    today = FIRST_DAY + timedelta(days=begun)
    life = Life(outcome)
    standing = cases.begin(outcome, first, Day(today, DAYS))
    life.past.append(Happened(today, "raise", "", standing))
    for pick, around, later, promises in history:
        today += timedelta(days=later)
        legal = [
            act
            for act in cases.possible(life.standing.state, PARTS, around)
            if act.token not in LIFTS
        ]
        if not legal:
            break
        token = legal[pick % len(legal)].token
        promised = today + timedelta(days=later) if promises else None
        _go(life, token, around, today, promised)
        lift = cases.lifted(life.acts, life.standing, around)
        if lift:
            _go(life, lift, around, today, None)
    return life


def _go(life: Life, token: str, around: Parties, today: date, promised: date | None) -> None:
    act, day = ACTS[token], Day(today, DAYS)
    text = WORDS if act.worded else ""
    moved = cases.move(life.standing, act, PARTS, around, day, promised=promised, text=text)
    life.past.append(Happened(today, token, text, moved))


@given(lives)
def test_while_open_a_case_has_one_owner_and_one_day_and_once_ended_neither(
    told: tuple[str, int, Parties, list[tuple[int, Parties, int, bool]]],
) -> None:
    for one in lived(*told).past:
        assert cases.sound(one.standing), one


@given(lives)
def test_a_case_ends_with_its_result_delivered_and_the_communes_word_or_its_silence(
    told: tuple[str, int, Parties, list[tuple[int, Parties, int, bool]]],
) -> None:
    life = lived(*told)
    last = life.past[-1]
    if last.standing.state not in ("ended", *ENDINGS):
        return
    assert last.act in ("word_done", "word_noted", "commune_result", "silence")
    if last.act == "commune_result":
        assert last.text
        return
    answer = max(n for n, one in enumerate(life.past) if one.act in ANSWERS)
    assert life.past[answer].text
    by_the_cadre = "tell" in life.acts[answer:]
    straight = life.past[answer].standing.state in ("told", "doing")
    assert by_the_cadre or straight, life.acts
    if last.standing.state in ENDINGS:
        assert ACTS[life.acts[answer]].ending == last.standing.state


@given(lives)
def test_what_goes_up_does_so_with_a_reason_and_a_second_return_goes_up_by_itself(
    told: tuple[str, int, Parties, list[tuple[int, Parties, int, bool]]],
) -> None:
    life = lived(*told)
    for number, one in enumerate(life.past):
        if one.act in ("pass_up", "to_centre", "skip_to_centre"):
            assert one.text
        if cases.returned(life.acts[: number + 1]) > 1:
            held = one.standing.state
            assert held not in OPEN or life.acts[number + 1] in LIFTS, life.acts


@given(st.lists(lives, max_size=3), st.lists(st.integers(0, 300), min_size=2, max_size=4))
def test_carried_over_and_new_are_ended_and_open_at_every_cut(
    told: list[tuple[str, int, Parties, list[tuple[int, Parties, int, bool]]]], cuts: list[int]
) -> None:
    known = [lived(*one) for one in told]
    days = [FIRST_DAY + timedelta(days=cut) for cut in sorted(cuts)]
    for first, last in pairwise(days):
        carried = {n for n, life in enumerate(known) if _open_on(life, first)}
        new = {n for n, life in enumerate(known) if first <= life.raised < last}
        ended = {n for n, life in enumerate(known) if life.ended and first <= life.ended < last}
        still = {n for n, life in enumerate(known) if _open_on(life, last)}
        assert len(carried) + len(new) == len(ended) + len(still)
        assert carried | new == ended | still


def _open_on(life: Life, day: date) -> bool:
    return life.raised < day and (life.ended is None or life.ended >= day)


@given(st.lists(lives, max_size=3))
def test_raised_items_are_explained_passed_to_the_commune_or_taken_up(
    told: list[tuple[str, int, Parties, list[tuple[int, Parties, int, bool]]]],
) -> None:
    known = [lived(*one) for one in told]
    first = [life.past[0].standing.state for life in known]
    explained = first.count("explained")
    passed = first.count("with_commune")
    taken_up = first.count("with_member") + first.count("with_office")
    assert len(known) == explained + passed + taken_up
