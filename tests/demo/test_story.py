"""The demo's story, played to its end against the real service in a process of its own."""

import os

import pytest

from tests.demo.playing import demo, play, story

READY = 20.0  # seconds beside other tests; a quiet machine needs less than five


def crowd() -> float:
    """How many times as long as alone a process takes on this machine now."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize("channels", ["telegram", "zalo", "zalo_oa", "telegram,zalo"])
def test_the_story_is_played_to_its_end(channels: str) -> None:
    with demo(channels) as (remote, seconds):
        print(f"demo ready in {seconds:.1f} s")  # noqa: T201  the figure is to be read
        steps = story(remote)
        for step in steps:
            play(remote, step)
        assert len(steps) == 15
        assert remote.statistics()["too_many_requests"] == 0
    assert seconds < READY * crowd()
