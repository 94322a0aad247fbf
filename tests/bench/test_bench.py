"""The measurements still measure: small ones, for their figures and not for their speed."""

import json
from pathlib import Path

import pytest

from tests.bench import channels, conversations, printing, sending, summaries
from tests.bench.databases import Databases
from tests.bench.lines import Line
from tests.many_phones import shown


@pytest.fixture
def found(tmp_path: Path) -> Databases:
    return Databases(tmp_path, ("sqlite",))


def test_a_few_people_go_through_all_steps_beside_the_peer(found: Databases) -> None:
    line = conversations.steps(found, people=3, times=1)
    assert line.figures["sqlite_per_second"] > 0
    assert line.figures["peer_per_second"] > 0
    assert line.met == (line.figures["sqlite_to_peer"] >= 1)


def test_the_same_visits_go_over_each_channel(found: Databases) -> None:
    line = channels.beside(found, people=2, times=1)
    ratios = [line.figures[f"sqlite_{name}_to_telegram"] for name in ("zalo", "zalo_oa")]
    assert min(ratios) > 0
    assert line.met == (min(ratios) >= channels.LEAST)


def test_messages_are_counted_as_the_other_end_accepts_them(found: Databases) -> None:
    line = sending.paced(found, chats=10)
    assert (line.figures["sqlite_refused"], line.figures["sqlite_most_to_one_chat"]) == (0, 1)


def test_summaries_are_compared_with_a_scan_of_the_same_rows(found: Databases) -> None:
    line = summaries.summaries(found, small=400, large=800, times=1)
    assert {name.partition("_")[2] for name in line.figures} >= {
        "400_month_seconds",
        "400_month_to_scan",
        "800_quarter_scan_seconds",
    }


@pytest.mark.everywhere
def test_a_quarter_is_printed_with_its_time_and_memory(found: Databases) -> None:
    line = printing.printed(found, small=200, large=300)
    assert {"sqlite_200_excel", "sqlite_300_cpu"} <= line.figures.keys()
    assert 0 < line.figures["sqlite_200_megabytes"] < printing.MEGABYTES


def test_a_line_is_json_and_tells_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    Line("a", "steps", "fast", met=True, figures={"peer_per_second": 500.0}, measured=3).print()
    said = json.loads(capsys.readouterr().out)
    assert said["bench"] == "a"
    assert said["met"] is True
    assert said["measured"] == 3
    assert said["cores"] > 0


def test_an_answer_is_timed_from_what_the_phone_sees() -> None:
    service = {"by": "service", "text": "Đã lưu phiếu CS-1"}
    person = {"by": "person", "text": "Gửi"}

    assert shown({"phone": "7", "kind": "message", "message": service}) == ("7", service["text"])
    assert shown({"phone": "7", "kind": "message", "message": person}) is None
    assert shown({"phone": "7", "kind": "edit", "message": service}) is None
