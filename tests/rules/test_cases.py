from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Rejected
from bot.rules import cases
from bot.rules.cases import ACTS, ENDED, OPEN, STATES, Day, Late, Owner, Parties, Standing
from bot.rules.workdays import calendar

TUESDAY = date(2026, 11, 24)
DAY = Day(TUESDAY, calendar())
MEMBER, CADRE, COMMUNE = 1, 2, 30
ALL = Parties(commune=COMMUNE, member=MEMBER, cadre=CADRE)
EVERY_PART = (*("member", "office", "board", "cadre", "commune", "author", "department", "system"),)


def played(*acts: str, parties: Parties = ALL, promised: date | None = None) -> Standing:
    """Where a case stands that was passed up and went through these acts."""
    standing = cases.begin("passed_up", parties, DAY)
    for act in acts:
        standing = cases.move(
            standing, ACTS[act], EVERY_PART, parties, DAY, promised=promised, text="Lý do"
        )
    return standing


def test_a_case_raised_on_a_tuesday_with_seven_working_days_is_due_on_the_thursday_after_next() -> (
    None
):
    standing = cases.begin("passed_up", ALL, DAY)
    assert standing == Standing("with_member", Owner(person_id=MEMBER), date(2026, 12, 3))


def test_explained_on_the_spot_is_over_at_once() -> None:
    assert cases.begin("explained", ALL, DAY) == Standing("explained", None, None)


def test_passed_to_the_commune_waits_at_its_seat() -> None:
    assert cases.begin("passed_to_commune", ALL, DAY).owner == Owner(area_id=COMMUNE)


def test_without_a_member_in_charge_the_office_holds_a_new_case() -> None:
    nobody = Parties(commune=COMMUNE, cadre=CADRE)
    standing = cases.begin("passed_up", nobody, DAY)
    assert (standing.state, standing.owner) == ("with_office", Owner(role="tong_hop"))


def test_handing_to_the_office_keeps_the_day_that_was_promised_to_the_commune() -> None:
    assert played("hand_to_office").due == date(2026, 12, 3)


def test_an_opinion_of_the_member_goes_to_the_cadre_to_tell_the_commune() -> None:
    standing = played("give_opinion", promised=date(2026, 12, 15))
    assert (standing.state, standing.owner) == ("answered", Owner(person_id=CADRE))
    assert standing.promised == date(2026, 12, 15)


def test_once_told_a_promised_day_is_waited_for_by_the_office() -> None:
    standing = played("give_opinion", "tell", promised=date(2026, 12, 15))
    assert standing == Standing(
        "doing", Owner(role="tong_hop"), date(2026, 12, 15), date(2026, 12, 15)
    )


def test_a_result_before_the_promised_day_asks_the_commune_at_once() -> None:
    standing = played("give_opinion", "tell", "report_result", promised=date(2026, 12, 15))
    assert (standing.state, standing.owner) == ("told", Owner(area_id=COMMUNE))


def test_without_a_promised_day_the_commune_is_asked_once_told() -> None:
    assert played("give_opinion", "tell").state == "told"


def test_without_a_cadre_an_answer_reaches_the_commune_directly() -> None:
    alone = Parties(commune=COMMUNE, member=MEMBER)
    standing = played("give_opinion", parties=alone)
    assert (standing.state, standing.due) == ("told", date(2026, 12, 1))


@pytest.mark.parametrize("word", ["word_partly", "word_not_yet", "word_reconsider"])
def test_what_is_not_done_goes_back_to_whoever_answered(word: str) -> None:
    by_member = Parties(COMMUNE, MEMBER, CADRE, answered_by=MEMBER)
    by_office = Parties(COMMUNE, MEMBER, CADRE, answered_by=77)
    told = played("give_opinion", "tell")
    again = cases.move(told, ACTS[word], {"commune"}, by_member, DAY)
    assert (again.state, again.owner) == ("further", Owner(person_id=MEMBER))
    assert again.due == DAY.after(10)
    again = cases.move(told, ACTS[word], {"commune"}, by_office, DAY)
    assert again.owner == Owner(role="tong_hop")


def test_partly_done_said_on_a_friday_is_due_two_weeks_later() -> None:
    friday = Day(date(2026, 12, 11), calendar())
    told = played("give_opinion", "tell")
    again = cases.move(told, ACTS["word_partly"], {"commune"}, ALL, friday)
    assert again.due == date(2026, 12, 25)


def test_a_draft_without_a_member_is_refused_with_the_way_out() -> None:
    nobody = Parties(commune=COMMUNE, cadre=CADRE)
    held = cases.begin("passed_up", nobody, DAY)
    with pytest.raises(Rejected, match="trả lời trực tiếp"):
        cases.move(held, ACTS["draft"], {"office"}, nobody, DAY)


def test_somebody_elses_act_is_refused_and_a_late_one_is_told_apart() -> None:
    standing = cases.begin("passed_up", ALL, DAY)
    with pytest.raises(Rejected) as refused:
        cases.move(standing, ACTS["approve"], {"commune"}, ALL, DAY)
    assert not isinstance(refused.value, Late)
    with pytest.raises(Late, match="chờ ý kiến"):
        cases.move(standing, ACTS["approve"], {"member"}, ALL, DAY)
    with pytest.raises(Late, match="đã rút"):
        cases.move(Standing("withdrawn", None, None), ACTS["approve"], {"member"}, ALL, DAY)


def test_every_open_state_can_be_reached_and_left() -> None:
    reached = set(cases.FIRST.values()) | {act.to for act in ACTS.values()} | {"doing"}
    assert set(STATES) <= reached | {act.ending for act in ACTS.values()}
    left = set().union(*(act.frm for act in ACTS.values() if act.to not in ("", "merged")))
    assert left >= OPEN


BY_OFFICE = Parties(COMMUNE, MEMBER, CADRE, answered_by=77)


@pytest.mark.parametrize(
    ("acts", "count"),
    [
        (("raise", "draft", "talk_back"), 1),
        (("draft", "talk_back", "draft", "talk_back"), 2),
        (("draft", "talk_back", "draft", "talk_back", "lift_to_board", "board_opinion"), 0),
        (("answer", "clarify", "give_opinion", "clarify"), 1),  # somebody else answered
        (("answer", "clarify", "answer", "clarify"), 2),
        (("answer", "tell", "word_partly", "answer", "tell", "word_not_yet"), 2),
        (("answer", "clarify", "answer", "tell", "word_not_yet"), 1),  # the cadre, the commune
        (("assign", "hand_back", "assign", "hand_back"), 2),
        (("talk_back", "ask_board", "board_opinion", "draft", "talk_back"), 1),  # it was up before
        (("draft", "talk_back", "draft"), 0),
    ],
)
def test_returns_between_the_same_two_are_counted_from_the_history(
    acts: tuple[str, ...], count: int
) -> None:
    assert cases.returned(acts) == count


def test_member_and_office_who_throw_it_back_and_forth_lift_it_to_the_board() -> None:
    acts = ("draft", "talk_back", "draft", "talk_back")
    held = played("hand_to_office", *acts)
    assert cases.lifted(acts, held, ALL) == "lift_to_board"
    lifted = cases.move(held, ACTS["lift_to_board"], {"system"}, ALL, DAY)
    assert (lifted.state, lifted.owner) == ("with_board", Owner(role="thuong_truc"))


def test_what_cadre_or_commune_give_back_to_the_office_twice_goes_to_the_member() -> None:
    acts = ("answer", "clarify", "answer", "clarify")
    held = played("hand_to_office", *acts, parties=BY_OFFICE)
    assert held.owner == Owner(role="tong_hop")
    assert cases.lifted(acts, held, BY_OFFICE) == "lift_to_member"
    lifted = cases.move(held, ACTS["lift_to_member"], {"system"}, BY_OFFICE, DAY)
    assert (lifted.state, lifted.owner) == ("with_member", Owner(person_id=MEMBER))


def test_what_the_commune_gives_back_to_the_member_twice_goes_to_the_board() -> None:
    around = Parties(COMMUNE, MEMBER, CADRE, answered_by=MEMBER)
    acts = ("give_opinion", "tell", "word_partly", "give_opinion", "tell", "word_partly")
    held = played(*acts, parties=around)
    assert cases.lifted(acts, held, around) == "lift_to_board"


def test_without_a_member_it_goes_up_to_the_board() -> None:
    alone = Parties(COMMUNE, None, CADRE, answered_by=77)
    acts = ("answer", "clarify", "answer", "clarify")
    assert cases.lifted(acts, played(*acts, parties=alone), alone) == "lift_to_board"


def test_nothing_climbs_without_a_reason() -> None:
    passed = cases.begin("passed_to_commune", ALL, DAY)
    with pytest.raises(Rejected, match="lý do"):
        cases.move(passed, ACTS["pass_up"], {"commune"}, ALL, DAY)
    held = played("hand_to_office")
    with pytest.raises(Rejected, match="lý do"):
        cases.move(held, ACTS["skip_to_centre"], {"office"}, ALL, DAY)


@pytest.mark.parametrize("token", ["end_unresolved", "no_sanction"])
def test_an_end_without_a_solution_is_told_to_the_commune_before_it_is_one(token: str) -> None:
    told = played("hand_to_office", token, "tell")
    ending = ACTS[token].ending
    assert (told.state, told.ending) == ("told", ending)
    for last in ("word_noted", "silence"):
        ended = cases.move(told, ACTS[last], EVERY_PART, ALL, DAY)
        assert (ended.state, ended.owner, ended.due) == (ending, None, None)
    again = cases.move(told, ACTS["word_reconsider"], EVERY_PART, ALL, DAY)
    assert (again.state, again.ending) == ("further", "")


def test_what_is_beyond_the_province_waits_for_the_centre_and_ends_with_the_document() -> None:
    held = played("ask_board", "to_centre")
    assert (held.state, held.owner) == ("to_centre", Owner(role="tong_hop"))
    sent = cases.move(held, ACTS["recommend"], {"office"}, ALL, DAY, text="Tờ trình 12-TTr/TU")
    told = cases.move(sent, ACTS["tell"], {"cadre"}, ALL, DAY)
    assert cases.move(told, ACTS["silence"], {"system"}, ALL, DAY).state == "recommended"


def test_a_body_owns_what_it_was_handed_until_the_day_named() -> None:
    around = Parties(COMMUNE, MEMBER, CADRE, department=9)
    held = cases.begin("passed_up", around, DAY)
    named = date(2026, 12, 20)
    given = cases.move(held, ACTS["assign"], {"member"}, around, DAY, due=named, text="Khảo sát")
    assert given == Standing("with_department", Owner(person_id=9), named)
    answered = cases.move(given, ACTS["department_answer"], {"department"}, around, DAY, text="Rồi")
    assert (answered.state, answered.owner) == ("answered", Owner(person_id=CADRE))
    with pytest.raises(Rejected, match="đơn vị nào"):
        cases.move(held, ACTS["assign"], {"member"}, ALL, DAY, text="Khảo sát")


def test_a_case_whose_people_change_keeps_its_day_and_has_the_new_owner() -> None:
    answered = played("give_opinion")
    new = Parties(COMMUNE, MEMBER, cadre=8)
    assert cases.reseat(answered, new, DAY) == Standing(
        answered.state, Owner(person_id=8), answered.due
    )
    nobody = Parties(COMMUNE)
    assert cases.reseat(answered, nobody, DAY).owner == Owner(area_id=COMMUNE)
    held = cases.begin("passed_up", ALL, DAY)
    assert cases.reseat(held, nobody, DAY) == Standing(
        "with_office", Owner(role="tong_hop"), held.due
    )


somebody = st.one_of(st.none(), st.integers(1, 5))
parties = st.builds(
    Parties,
    commune=st.just(COMMUNE),
    member=somebody,
    cadre=somebody,
    answered_by=somebody,
    department=somebody,
)
promises = st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2027, 3, 31)))
days = st.dates(date(2026, 11, 24), date(2027, 3, 31)).map(lambda day: Day(day, calendar()))
steps = st.lists(st.tuples(st.integers(0, 99), parties, promises, days), min_size=0, max_size=12)


@given(st.sampled_from(sorted(cases.FIRST)), parties, steps)
def test_any_legal_history_has_one_owner_and_one_due_date_while_open_and_none_once_ended(
    outcome: str, first: Parties, history: list[tuple[int, Parties, date | None, Day]]
) -> None:
    standing = cases.begin(outcome, first, DAY)
    assert cases.sound(standing)
    for pick, around, promised, day in history:
        legal = cases.possible(standing.state, EVERY_PART, around)
        assert bool(legal) == (standing.state in OPEN)
        if not legal:
            break
        act = legal[pick % len(legal)]
        standing = cases.move(
            standing, act, EVERY_PART, around, day, promised=promised, text="Lý do"
        )
        assert cases.sound(standing), (act.token, standing)


@given(
    st.sampled_from(sorted(STATES)),
    st.sampled_from(sorted(ACTS)),
    st.sets(st.sampled_from(EVERY_PART)),
    parties,
)
def test_an_act_is_either_possible_or_refused_with_a_sentence(
    state: str, token: str, parts: set[str], around: Parties
) -> None:
    standing = Standing(
        state,
        None if state in ENDED else Owner(role="tong_hop"),
        None if state in ENDED else TUESDAY,
    )
    act = ACTS[token]
    if act in cases.possible(state, parts, around):
        assert cases.sound(cases.move(standing, act, parts, around, DAY, text="Lý do"))
    else:
        with pytest.raises(Rejected) as refused:
            cases.move(standing, act, parts, around, DAY)
        sentence = str(refused.value)
        assert sentence.endswith(".")
        assert sentence[0].isupper()
