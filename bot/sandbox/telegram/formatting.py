"""Text as Telegram counts and formats it: UTF-16 units, parse_mode HTML, entities, trimming."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.chats import Span
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import ApiError, bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"\s*([^\s=>]+)\s*(?:(=)\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+)))?")


@dataclass
class OpenTag:
    """A start tag that waits for its end."""

    name: str
    offset: int
    url: str


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how the Bot API counts."""
    return len(text.encode("utf-16-le")) // 2


def read_text(args: Arguments, name: str, *, mode: str, entities: str) -> tuple[str, list[Span]]:
    """The field's text with its formatting resolved and its ends trimmed."""
    text = args.text(name)
    parse_mode = args.text(mode).lower()
    if parse_mode == "html":
        return trim(*parse_html(text))
    if parse_mode:
        raise bad_request("unsupported parse_mode")
    return trim(text, _given_entities(args.parsed(entities)))


def trim(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Without white space at both ends, the spans moved along."""
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    moved = []
    for span in spans:
        first = max(span.offset - cut, 0)
        last = min(span.offset - cut + span.length, end)
        if last > first:
            moved.append(replace(span, offset=first, length=last - first))
    return text, moved


def parse_html(source: str) -> tuple[str, list[Span]]:
    """Plain text and spans; refuses what Telegram refuses, with its words and byte offsets."""
    out: list[str] = []
    spans: list[Span] = []
    opened: list[OpenTag] = []
    length = place = 0
    while place < len(source):
        if source[place] != "<":
            piece, place = _character(source, place)
            out.append(piece)
            length += units(piece)
        elif source[place + 1 : place + 2] == "/":
            place, tag = _end_tag(source, place, opened)
            if length > tag.offset and (tag.name != "a" or tag.url):
                kind = TAGS[tag.name]
                spans.append(Span(kind, tag.offset, length - tag.offset, tag.url))
        else:
            place, name, url = _start_tag(source, place)
            opened.append(OpenTag(name, length, url))
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1].name}"')
    return "".join(out), sorted(spans, key=lambda span: (span.offset, -span.length))


def _character(source: str, place: int) -> tuple[str, int]:
    if source[place] == "&" and (match := ENTITY.match(source, place)):
        return html.unescape(match[0]), match.end()
    return source[place], place + 1


def _start_tag(source: str, begin: int) -> tuple[int, str, str]:
    found = NAME.match(source, begin + 1)
    place = found.end() if found else begin + 1
    name = source[begin + 1 : place].lower()
    if place >= len(source):
        raise _unparsable(f"Unclosed start tag at byte offset {_bytes(source, begin)}")
    if name not in TAGS:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {_bytes(source, begin)}')
    attributes, place = _attributes(source, begin, place, name)
    if name == "span" and attributes.get("class") != "tg-spoiler":
        where = _bytes(source, begin)
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    return place, name, attributes.get("href", "")


def _attributes(source: str, begin: int, place: int, tag: str) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while True:
        while place < len(source) and source[place].isspace():
            place += 1
        if place >= len(source):
            raise _unparsable(f"Unclosed start tag at byte offset {_bytes(source, begin)}")
        if source[place] == ">":
            return found, place + 1
        match = ATTRIBUTE.match(source, place)
        if not match or not (match[2] or match[1].lower() == "expandable"):
            raise _unparsable(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {_bytes(source, begin)}'
            )
        found[match[1].lower()] = html.unescape(match[3] or match[4] or match[5] or "")
        place = match.end()


def _end_tag(source: str, begin: int, opened: list[OpenTag]) -> tuple[int, OpenTag]:
    where = _bytes(source, begin)
    if not opened:
        raise _unparsable(f"Unexpected end tag at byte offset {where}")
    end = source.find(">", begin)
    if end < 0:
        raise _unparsable(f"Unclosed end tag at byte offset {where}")
    name = source[begin + 2 : end].strip().lower()
    tag = opened.pop()
    if name and name != tag.name:
        raise _unparsable(
            f'Unmatched end tag at byte offset {where}, expected "</{tag.name}>", found "</{name}>"'
        )
    return end + 1, tag


def _given_entities(entities: Any) -> list[Span]:
    kinds = set(TAGS.values())
    return [
        Span(each["type"], int(each["offset"]), int(each["length"]), each.get("url", ""))
        for each in entities or ()
        if each.get("type") in kinds
    ]


def _bytes(source: str, place: int) -> int:
    return len(source[:place].encode())


def _unparsable(words: str) -> ApiError:
    return bad_request(f"can't parse entities: {words}")
