import asyncio
import time
from itertools import combinations

from bot.work.pace import CATCH_UP, Pace


def timed(pace: Pace, *turns: tuple[str, int, bool]) -> list[tuple[float, str]]:
    """When each turn came, in the order in which they came; all asked at once."""

    async def play() -> list[tuple[float, str]]:
        start = time.monotonic()
        came: list[tuple[float, str]] = []

        async def one(chat: str, priority: int, fresh: bool) -> None:
            slot = await pace.turn(chat, priority=priority, fresh=fresh)
            assert slot
            came.append((time.monotonic() - start, chat))
            slot.over()

        await asyncio.gather(*(one(*turn) for turn in turns))
        return came

    return asyncio.run(play())


def test_turns_come_evenly_and_late_ones_bring_no_burst() -> None:
    times = [at for at, _ in timed(Pace(50, 1), *((str(n), 5, True) for n in range(25)))]
    assert times[-1] < 24 / 50 + 1
    for before, after in combinations(range(25), 2):
        assert times[after] - times[before] > (after - before) / 50 - CATCH_UP - 0.01


def test_one_chat_gets_one_new_message_in_its_time_and_others_pass() -> None:
    came = timed(Pace(1000, 5), ("an", 1, True), ("an", 1, True), ("binh", 5, True))
    assert [chat for _, chat in came] == ["an", "binh", "an"]
    assert came[2][0] >= 0.2


def test_the_urgent_goes_first() -> None:
    crowd = [(f"digest {n}", 9, True) for n in range(5)]
    came = timed(Pace(100, 1), *crowd, ("answer", 1, True))
    assert [chat for _, chat in came][:2] == ["digest 0", "answer"]


def test_edits_take_idle_slots_and_do_not_wait_for_their_chat() -> None:
    came = timed(Pace(100, 1), ("an", 1, True), ("an", 1, False), ("binh", 9, True))
    assert [chat for _, chat in came] == ["an", "binh", "an"]
    assert came[2][0] < 0.9


def test_a_dissolved_queue_sends_everybody_away() -> None:
    async def play() -> list[object]:
        pace = Pace(1, 1)
        turns = [asyncio.create_task(pace.turn(str(n))) for n in range(3)]
        await asyncio.sleep(0.01)
        pace.dissolve()
        return list(await asyncio.gather(*turns))

    first, *others = asyncio.run(play())
    assert first
    assert others == [None, None]


def test_without_a_rate_nobody_waits() -> None:
    came = timed(Pace(0, 0), *(("an", 5, True) for _ in range(500)))
    assert came[-1][0] < 2


def test_a_second_is_counted_from_the_answers_where_the_network_is_uneven() -> None:
    async def play() -> float:
        pace = Pace(5, 0)
        first = await pace.turn("0")
        assert first
        for number in range(1, 5):
            slot = await pace.turn(str(number))
            assert slot
            slot.over()
        late = first.at + 0.05
        asyncio.get_running_loop().call_at(late, first.over)
        sixth = await pace.turn("5")
        assert sixth
        return sixth.at - late

    assert asyncio.run(play()) >= 0.99


def test_a_chat_s_second_begins_when_its_answer_has_come() -> None:
    async def play() -> float:
        pace = Pace(100, 5)
        first = await pace.turn("an")
        assert first
        asyncio.get_running_loop().call_later(0.2, first.over)
        second = await pace.turn("an")
        assert second
        return second.at - first.at

    assert asyncio.run(play()) >= 0.4


def test_who_has_gone_blocks_nobody() -> None:
    async def play() -> bool:
        pace = Pace(10, 10)
        held = await pace.turn("an")
        assert held
        waiting = asyncio.create_task(pace.turn("an"))
        given = asyncio.create_task(pace.turn("binh"))
        await asyncio.sleep(0)
        waiting.cancel()
        given.cancel()
        await asyncio.sleep(0)
        held.over()
        slots = [await asyncio.wait_for(pace.turn(chat), 5) for chat in ("an", "binh")]
        return all(slots)

    assert asyncio.run(play())
