"""The demo's story, played to its end against the real service in a process of its own."""

import os
import subprocess
import sys

import pytest

from tests import chromium
from tests.demo.playing import ROOT, demo, play, restricted_of, story

READY = 20.0  # seconds beside other tests; a quiet machine needs less than five


def crowd() -> float:
    """How many times as long as alone a process takes on this machine now."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize(
    "channels",
    [
        pytest.param("telegram,zalo", marks=[pytest.mark.everywhere] if chromium.CHROMIUM else []),
        *(
            pytest.param(one, marks=pytest.mark.everywhere)
            for one in ("telegram", "zalo", "zalo_oa")
        ),
    ],
)
def test_the_story_is_played_to_its_end(channels: str) -> None:
    """In a browser, if there is one, the plain run plays it by the helping hand instead."""
    with demo(channels) as (remote, seconds):
        print(f"demo ready in {seconds:.1f} s")  # noqa: T201  the figure is to be read
        steps = story(remote)
        for step in steps:
            play(remote, step)
        assert len(steps) == 22
        play(remote, restricted_of(steps[0]["phone"]))
        assert remote.statistics()["too_many_requests"] == 0
    assert seconds < READY * crowd()


@pytest.mark.everywhere
def test_a_demo_of_zalo_alone_needs_nothing_of_telegram() -> None:
    code = """
import sys
from bot.channels import configured
from bot.demo.channels import settings_of
from bot.demo.run import run
from bot.settings import read_settings
from bot.work.run import serve
import os
os.environ.update(settings_of(["zalo"], "http://127.0.0.1:1", 2))
opened = configured(read_settings())
assert [channel.name for channel in opened] == ["zalo"], opened
assert "telegram" not in sys.modules, "python-telegram-bot was imported"
"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAUSAT_")}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=kept, check=True)
    with demo("zalo") as (remote, seconds):
        assert {phone["channel"] for phone in remote.http.get("/sandbox/phones").json()} == {"zalo"}
        assert remote.http.get("/sandbox/state").json()["channels"] == ["zalo"]
    assert seconds < READY * crowd()
