"""What the README and the guides show is true: commands exist, examples run, pictures are there."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.main import get_command

from bot import cli
from bot.channels import CHANNELS
from bot.channels.contract import Channel
from bot.conversation.form import Draft, Form, Question, Reading
from bot.desk.contract import Noun
from bot.messages import Incoming, Rejected
from bot.reports.chapters import CHAPTERS
from bot.reports.sections import two_way
from bot.rules import ways
from bot.rules.cases import ACTS, FIRST, STATES
from bot.rules.province import SETTINGS
from bot.web.links import Purpose
from storage.known import CaseRow
from tests.cast import NOW
from tests.demo.states import drawn

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", *DOCS]
GUIDES = ("can-bo", "xa", "uy-vien", "thuong-truc", "van-phong", "ban-to-chuc")
LARGEST = {"phones": 300_000, "phones-zalo": 300_000}  # bytes; others:
LARGEST_OF_A_PHONE = 150_000


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def examples() -> dict[str, Any]:
    """Every name that the Python blocks define."""
    names: dict[str, Any] = {}
    for number, block in enumerate(blocks("python"), start=1):
        here: dict[str, Any] = {"__name__": f"readme_{number}"}
        exec(compile(block, f"README.md, example {number}", "exec"), here)
        names |= here
    return names


def test_every_command_and_option_shown_exists() -> None:
    known = get_command(cli.app).commands  # type: ignore[attr-defined]  # a group has commands
    shown = [line.split("#")[0] for block in blocks("sh") for line in block.splitlines()]
    shown += re.findall(r"`sausat [^|]+\|.*", README)
    calls = [re.search(r"\bsausat ([\w-]+)(.*)", line) for line in shown]
    found = [(call[1], re.findall(r"--[\w-]+", call[2])) for call in calls if call]
    assert {name for name, _ in found} == set(known)
    for name, options in found:
        under = [known[name], *getattr(known[name], "commands", {}).values()]
        accepted = {option for one in under for each in one.params for option in each.opts}
        assert set(options) <= accepted, name


def test_the_section_on_channels_names_all_of_the_protocol() -> None:
    said = README.partition("### A channel")[2].partition("###")[0]
    asked = {name for name, one in vars(Channel).items() if callable(one) and name[0] != "_"}
    assert asked - set(re.findall(r"`(\w+)`", said)) == set()
    assert set(ways.CHANNELS) == set(CHANNELS)


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[=>]", one)[0] for one in asked}
    said = README.partition("## Dependencies")[2]
    known = set(re.findall(r"[a-z][\w-]+", said))
    assert {name for name in names if not name.startswith("types-")} - known == set()


def test_the_web_server_in_front_is_told_of_every_signed_page() -> None:
    told = (ROOT / "docs" / "van-hanh.md").read_text("utf-8")
    assert re.findall(r"location ~ \^/\(([a-z|]+)\)/", told) == ["|".join(get_args(Purpose))]


def test_every_office_setting_is_named() -> None:
    assert [key for key in SETTINGS if f"`{key}`" not in README] == []


def test_the_question_kind_reads_yes_and_no() -> None:
    kind: type[Question] = examples()["YesNo"]
    question = kind("agreed", "Đồng chí đồng ý?")

    def read(text: str = "", token: str = "") -> Any:
        look: Any = None
        return question.read(Reading(Incoming(text, token), Draft("request"), look))

    assert (read("có"), read("Không"), read(token="co")) == (True, False, True)
    with pytest.raises(Rejected):
        read("có lẽ")


def test_the_form_and_the_noun_are_whole() -> None:
    form, noun = examples()["FORM"], examples()["NOUN"]
    assert isinstance(form, Form)
    assert isinstance(noun, Noun)
    assert [question.name for question in form.questions] == ["text", "by"]


def test_the_section_is_one() -> None:
    shown = examples()
    assert shown["title"] == "GIẢI THÍCH TẠI CHỖ"
    facts = type("Facts", (), {"raised": [], "exchanges": []})()
    assert shown["gather"](facts) is None is two_way.gather(facts)
    outcomes = ("explained", "passed_up", "explained")
    raised = [raised_case(number, outcome) for number, outcome in enumerate(outcomes, start=3)]
    block = shown["gather"](type("Facts", (), {"raised": raised})())
    assert block.variants == (("GIẢI THÍCH TẠI CHỖ: 2 kiến nghị",),)
    assert block.figures[0].entries == {"": "3,5"}
    assert {passage.chapter for passage in block.written} <= set(CHAPTERS)


def raised_case(number: int, outcome: str) -> CaseRow:
    return CaseRow(
        number, number, 1, None, "with_member", None, None, "", None, NOW, None, "", outcome
    )


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_a_page_links_to_is_there(page: Path) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", page.read_text("utf-8"))
    assert [link for link in linked if not (page.parent / link).exists()] == []


def test_every_role_has_its_guide_with_a_picture() -> None:
    for role in GUIDES:
        text = (ROOT / "docs" / f"huong-dan-{role}.md").read_text("utf-8")
        assert "](pictures/" in text
        assert "Tuần đầu thường hỏi" in text
        assert "!" not in re.sub(r"!\[", "[", text)


def test_pictures_are_small_and_all_in_use() -> None:
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{picture.name}" in pages
        assert picture.stat().st_size < LARGEST.get(picture.stem, LARGEST_OF_A_PHONE)


def test_the_states_of_a_case_are_drawn_as_they_are() -> None:
    page = (ROOT / "docs" / "case-states.md").read_text("utf-8")
    assert drawn(STATES, ACTS, FIRST) in page, "run: uv run python -m tests.demo.states"
