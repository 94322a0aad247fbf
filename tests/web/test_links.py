"""A link opens what it was made for, for a while; whatever else is tried opens nothing."""

import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.links import LIFE, NO_PAGES, BadLink, Pages, Purpose

SECRET = "a secret of thirty-two letters!!"
PAGES = Pages("https://sausat.example", SECRET)
AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
PURPOSES: tuple[Purpose, ...] = ("gui", "noi", "tep")
LETTERS = string.ascii_letters + string.digits + "-_."


def token(purpose: Purpose = "gui", pages: Pages = PAGES, **more: int) -> str:
    numbers = {"person_id": 8, "account_id": 3, "about": 1234, "part": 1} | more
    return pages.link(purpose, **numbers, at=AT).rpartition("/")[2]


def is_refused(purpose: Purpose, said: str, *, pages: Pages = PAGES, at: datetime = AT) -> bool:
    try:
        pages.read(purpose, said, at)
    except BadLink:
        return True
    return False


def test_a_link_says_what_it_was_made_for() -> None:
    address = PAGES.link("tep", person_id=8, account_id=3, about=1234, part=1, at=AT)
    assert address.startswith("https://sausat.example/tep/")
    assert len(address) < 90
    link = PAGES.read("tep", address.rpartition("/")[2], AT)
    known = (link.purpose, link.person_id, link.account_id, link.about, link.part)
    assert known == ("tep", 8, 3, 1234, 1)
    assert link.expires_at == AT + LIFE


def test_it_lasts_half_an_hour_and_says_when_it_is_over() -> None:
    said = token()
    assert timedelta(minutes=15) <= LIFE <= timedelta(minutes=30)
    assert not is_refused("gui", said, at=AT + LIFE - timedelta(seconds=1))
    with pytest.raises(BadLink) as over:
        PAGES.read("gui", said, AT + LIFE)
    assert over.value.expired


def test_no_two_links_are_alike() -> None:
    assert len({token() for _ in range(200)}) == 200


def test_without_an_address_or_a_secret_nothing_is_read() -> None:
    for pages in (NO_PAGES, Pages("https://x.example", ""), Pages("", SECRET)):
        assert not pages
        assert is_refused("gui", token(), pages=pages)
        assert is_refused("gui", token(pages=pages), pages=pages)


def test_the_secret_is_not_in_its_repr() -> None:
    assert SECRET not in repr(PAGES)


@given(st.sampled_from(PURPOSES), st.sampled_from(PURPOSES))
def test_another_purpose_is_refused(made: Purpose, used: Purpose) -> None:
    assert is_refused(used, token(made)) == (made != used)


@given(st.sampled_from(PURPOSES), st.data())
def test_a_link_with_any_letter_changed_is_refused(purpose: Purpose, data: st.DataObject) -> None:
    said = token(purpose)
    place = data.draw(st.integers(0, len(said) - 1))
    letter = data.draw(st.sampled_from(LETTERS.replace(said[place], "")))
    assert is_refused(purpose, said[:place] + letter + said[place + 1 :])


CHANGES: dict[str, Callable[[str], str]] = {
    "another person": lambda said: said.replace("8.", "9.", 1),
    "another account": lambda said: said.replace(".3.", ".4.", 1),
    "another thing": lambda said: said.replace(".4d2.", ".4d3.", 1),
    "another file": lambda said: said.replace(".4d2.1.", ".4d2.0.", 1),
    "cut short": lambda said: said[:-1],
    "without a signature": lambda said: said.rpartition(".")[0] + ".",
    "only the signature": lambda said: said.rpartition(".")[2],
    "with a nought before it": lambda said: "0" + said,
    "in capitals": str.upper,
    "with a space": lambda said: f"{said} ",
    "with a line after it": lambda said: f"{said}\n",
    "in letters from elsewhere": lambda said: said.replace("8.", "８.", 1),
    "twice": lambda said: said + said,
    "nothing": lambda said: "",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_refused(change: Callable[[str], str]) -> None:
    said = token()
    assert change(said) != said
    assert is_refused("gui", change(said))


@given(st.text(max_size=120))
def test_what_somebody_makes_up_is_refused(said: str) -> None:
    assert is_refused("gui", said)


@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=5), st.text("abc", min_size=22))
def test_a_well_formed_link_needs_the_signature(numbers: list[int], mark: str) -> None:
    numbers[4] = int((AT + LIFE).timestamp())
    said = ".".join([*(f"{number:x}" for number in numbers), "abcdef", mark[:22]])
    assert is_refused("gui", said)


def test_the_secret_of_another_service_signs_nothing_here() -> None:
    assert is_refused("gui", token(pages=Pages("https://sausat.example", "another secret")))


def test_the_button_of_one_page_presses_no_other() -> None:
    one, other = token(), token()
    assert PAGES.is_pressed(one, PAGES.press(one))
    for given_ in ("", "x", PAGES.press(other), one, PAGES.press(one)[:-1], "é" * 22, "\ud800"):
        assert not PAGES.is_pressed(one, given_)
