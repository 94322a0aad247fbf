"""Text is counted, parsed and trimmed as Telegram does it."""

from __future__ import annotations

import pytest

from bot.sandbox.chats import Span
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.formatting import parse_html, trim, units

WRONG = [
    ("a <b", "Unclosed start tag at byte offset 2"),
    ("đ <p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<i>a", 'Can\'t find end tag corresponding to start tag "i"'),
    ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
    (
        "<a href>x</a>",
        'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
    ),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "words"), WRONG)
def test_html_that_telegram_refuses_is_refused(source: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_nested_tags_become_spans_in_utf16_units() -> None:
    text, spans = parse_html('𝐚 <b>xã <i>Hòa</i></b> <a href="https://a.vn/?x=1&amp;y=2">đó</a>')
    assert text == "𝐚 xã Hòa đó"
    assert spans == [
        Span("bold", 3, 6),
        Span("italic", 6, 3),
        Span("text_link", 10, 2, "https://a.vn/?x=1&y=2"),
    ]


def test_known_entities_are_resolved_and_others_stay() -> None:
    assert parse_html("&lt;a&gt; &amp; &quot;&#273;&quot; &nbsp; &") == ('<a> & "đ" &nbsp; &', [])


def test_ends_are_trimmed_and_spans_move_along() -> None:
    assert trim("\n ab  ", [Span("bold", 0, 3), Span("code", 3, 3)]) == (
        "ab",
        [Span("bold", 0, 1), Span("code", 1, 1)],
    )


def test_length_counts_utf16_units() -> None:
    assert [units("a"), units("đ"), units("𝐚")] == [1, 1, 2]
