"""The sliding window of one second counts what was accepted."""

from __future__ import annotations

from bot.sandbox.rates import Rates


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_even_pacing_at_the_limit_passes_and_a_hair_faster_does_not() -> None:
    for period, expected in ((1 / 30, 0), (1 / 31, 1)):
        hand = Hand()
        rates = Rates(hand)
        waits = []
        for number in range(90):
            hand.now = 100 + number * period * 1.0001
            waits.append(rates.wait(str(number), overall=30, each=1))
            if not waits[-1]:
                rates.note(str(number))
        assert max(waits) == expected
        assert rates.statistics()["most_in_a_second"] == 30


def test_an_edit_counts_over_all_and_not_for_its_chat() -> None:
    rates = Rates(Hand())
    rates.note("a", new=False)
    assert rates.wait("a", overall=2, each=1) == 0
    assert rates.wait("b", overall=1, each=1) == 1


def test_an_album_costs_its_messages() -> None:
    rates = Rates(Hand())
    rates.note("a", cost=28)
    assert rates.wait("b", overall=30, each=1, cost=2) == 0
    assert rates.wait("b", overall=30, each=1, cost=3) == 1


def test_counting_starts_anew_after_a_reset() -> None:
    rates = Rates(Hand())
    rates.note("a", cost=5)
    rates.reset()
    assert rates.statistics()["most_in_a_second"] == 0
