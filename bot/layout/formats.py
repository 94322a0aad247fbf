"""What a run or paragraph of a Word file looks like after styles, themes and defaults."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
OFF = ("0", "false", "off", "none")
WORDS_OWN_FONT, WORDS_OWN_SIZE = "Times New Roman", 10.0  # where nothing at all is said
AUTO_SPACE = 14.0
_ALIGNED = {"start": "left", "end": "right", "distribute": "both", "": "left"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is set: `fonts` of plain letters and of letters with marks; sizes in points."""

    fonts: tuple[str, str]
    size: float
    bold: bool
    italic: bool
    underlined: bool
    capitals: bool
    colour: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph is set: points, and millimetres for indents."""

    align: str
    left: float
    first_line: float
    before: float
    after: float
    line: float  # points when exact, multiples of a line otherwise
    rule: str  # auto, exact, atLeast
    borders: frozenset[str]
    style: str
    contextual: bool


_UNITS = {"cm": 567.0, "mm": 56.7, "in": 1440.0, "pt": 20.0, "": 1.0}
_MEASURE = re.compile(r"(-?[\d.]+)(cm|mm|in|pt|)$")


def twips(said: str | None) -> float:
    """A measure of WordprocessingML, with a unit or without; nought for what is no measure."""
    found = _MEASURE.match(said or "")
    return float(found[1]) * _UNITS[found[2]] if found else 0.0


def millimetres(said: str | None) -> float:
    return twips(said) / 1440 * 25.4


class Formats:
    """The styles, numbering, theme and defaults of one document."""

    def __init__(self, styles: Any, theme: Any) -> None:
        self._styles = {each.get(f"{W}styleId"): each for each in styles.iter(f"{W}style")}
        self._default = {
            each.get(f"{W}type"): each.get(f"{W}styleId")
            for each in styles.iter(f"{W}style")
            if each.get(f"{W}default") in ("1", "true", "on")
        }
        self._run_defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._line_defaults = styles.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
        self._theme = _theme_fonts(theme)

    def style_of(self, paragraph: Any) -> str:
        """The id of the paragraph's style."""
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        given = named.get(f"{W}val") if named is not None else None
        return str(given if given in self._styles else self._default.get("paragraph", ""))

    def look(self, run: Any, style: str, table: str) -> Look:
        """The run's, within a paragraph of the style."""
        direct = run.find(f"{W}rPr")
        named = direct.find(f"{W}rStyle") if direct is not None else None
        own = named.get(f"{W}val") if named is not None else ""
        of_style = self._chain(style, "rPr")
        of_character = self._chain(own, "rPr")
        layers = [self._run_defaults, *self._chain(table, "rPr"), *of_style, *of_character, direct]
        found = [each for each in layers if each is not None]

        def toggled(name: str) -> bool:
            """Styles of paragraph and of character cancel each other (ECMA-376, 17.7.3)."""
            given = _switch([direct], name)
            if given is not None:
                return given
            said = [_switch(each, name) for each in (of_style, of_character)]
            if said == [None, None]:
                return bool(_switch(found, name))
            return bool(said[0]) != bool(said[1])

        return Look(
            fonts=(self._font(found, "ascii"), self._font(found, "hAnsi")),
            size=(twips(_last(found, "sz")) or WORDS_OWN_SIZE * 2) / 2,
            bold=toggled("b"),
            italic=toggled("i"),
            underlined=(_last(found, "u") or "none") not in OFF,
            capitals=toggled("caps"),
            colour=_last(found, "color") or "auto",
            hidden=toggled("vanish"),
        )

    def shape(self, paragraph: Any, table: str, numbered: Any) -> Shape:
        """The paragraph's; `numbered` is the level of the list it stands in."""
        style, direct = self.style_of(paragraph), paragraph.find(f"{W}pPr")
        level = numbered.find(f"{W}pPr") if numbered is not None else None
        chain = self._chain(style, "pPr")
        own = direct is not None and direct.find(f"{W}numPr") is not None
        middle = [*chain, level] if own else [level, *chain]
        layers = [self._line_defaults, *self._chain(table, "pPr"), *middle, direct]
        found = [each for each in layers if each is not None]
        rule = _attribute(found, "spacing", "lineRule") or "auto"
        line = twips(_attribute(found, "spacing", "line")) or 240.0
        jc = _last(found, "jc") or ""
        hanging = _attribute(found, "ind", "hanging")
        first = _attribute(found, "ind", "firstLine")
        left = _attribute(found, "ind", "left") or _attribute(found, "ind", "start")
        return Shape(
            align=_ALIGNED.get(jc, jc),
            left=millimetres(left),
            first_line=-millimetres(hanging) if hanging not in (None, "0") else millimetres(first),
            before=_space(found, "before"),
            after=_space(found, "after"),
            line=line / 240 if rule == "auto" else line / 20,
            rule=rule,
            borders=frozenset(_borders(found)),
            style=style,
            contextual=bool(_switch(found, "contextualSpacing")),
        )

    def numbering_of(self, paragraph: Any) -> tuple[str, int] | None:
        """The list the paragraph stands in and its level, by itself or by its style."""
        style = self._chain(self.style_of(paragraph), "pPr")
        layers = [*style, paragraph.find(f"{W}pPr")]
        found = [each for each in layers if each is not None]
        number = _attribute_of(found, "numPr", "numId")
        if number in (None, "0"):
            return None
        return str(number), int(twips(_attribute_of(found, "numPr", "ilvl")))

    def _chain(self, style: str | None, kind: str) -> list[Any]:
        """The properties of a style and of those it is based on, the oldest first."""
        found: list[Any] = []
        seen: set[str] = set()
        while style and style in self._styles and style not in seen:
            seen.add(style)
            here = self._styles[style]
            properties = here.find(f"{W}{kind}")
            found += [] if properties is None else [properties]
            based = here.find(f"{W}basedOn")
            style = based.get(f"{W}val") if based is not None else None
        return found[::-1]

    def _font(self, layers: Sequence[Any], letters: str) -> str:
        for properties in reversed(layers):
            fonts = properties.find(f"{W}rFonts")
            if fonts is None:
                continue
            if theme := fonts.get(f"{W}{letters}Theme"):
                return self._theme.get(theme[:5], WORDS_OWN_FONT)
            if name := fonts.get(f"{W}{letters}"):
                return str(name)
        return WORDS_OWN_FONT


def _theme_fonts(theme: Any) -> dict[str, str]:
    """Of headings ("major") and of text ("minor")."""
    found = {}
    for kind in ("major", "minor"):
        latin = None if theme is None else theme.find(f".//{A}{kind}Font/{A}latin")
        if latin is not None and latin.get("typeface"):
            found[kind] = latin.get("typeface")
    return found


def _last(layers: Sequence[Any], name: str) -> str | None:
    return _attribute(layers, name, "val")


def _attribute(layers: Sequence[Any], name: str, attribute: str) -> str | None:
    for properties in reversed(layers):
        element = properties.find(f"{W}{name}")
        value = element.get(f"{W}{attribute}") if element is not None else None
        if value is not None:
            return str(value)
    return None


def _attribute_of(layers: Sequence[Any], group: str, name: str) -> str | None:
    groups = [properties.find(f"{W}{group}") for properties in layers]
    return _last([each for each in groups if each is not None], name)


def _switch(layers: Sequence[Any], name: str) -> bool | None:
    """On, off, or not said; an element without a value is on."""
    for properties in reversed(layers):
        element = properties.find(f"{W}{name}") if properties is not None else None
        if element is not None:
            return element.get(f"{W}val", "1") not in OFF
    return None


def _space(layers: Sequence[Any], side: str) -> float:
    automatic = _attribute(layers, "spacing", f"{side}Autospacing")
    if automatic is not None and automatic not in OFF:
        return AUTO_SPACE
    return twips(_attribute(layers, "spacing", side)) / 20


def _borders(layers: Sequence[Any]) -> Iterator[str]:
    for side in ("top", "bottom"):
        boxes = [properties.find(f"{W}pBdr") for properties in layers]
        kind = _last([box for box in boxes if box is not None], side)
        if kind not in (None, "nil", "none"):
            yield f"{side} {kind}"
