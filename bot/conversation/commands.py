"""Takes apart what was typed or pressed: form buttons, control words, commands and codes."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.words import fold, nfc

BACK = "Quay lại"
LATER = "Để sau"
DROP = "Không ghi nữa"
DONE = "Xong, xem lại"
SEND = "Gửi"
SAVE = "Lưu"
SKIP = "Bỏ qua"
KEEP = "Giữ nguyên"
CLEAR = "Xóa"
MORE = "Xem thêm"
RESUME = "Ghi tiếp"

OF_SOMEBODY = ("nhap thay", "nhapthay", "diaban")  # commands that a name follows
OF_ONE_PERSON = ("cap ma", "capma", "cap lai ma", "khoa may", "khoamay")  # a name or a code
MEETS = ("hop mat", "hopmat")  # that a day may follow
OF_WORDS = ("tim", "tra cuu")  # that some words follow, but a sentence may begin so, too
OF_A_DAY = re.compile(r"(?:ngay )?\d{1,2}/\d{1,2}(?:/\d{4})?")  # and nothing else
SOME_WORDS, NO_SEARCH = 5, ("hieu", "ra", "cach", "mach", "kiem", "nguon")
CODES = "CS|KN|VH|TR|GM|VB|ND|TH|SL|CV"
_CODE = re.compile(rf"^({CODES})[-\s]?0*(\d{{1,9}})(?:/(\d{{4}}))?(?=$|[\s:,.])", re.IGNORECASE)
_SLASH = re.compile(r"^/([a-z_]+)(?:@\w+)?(?:\s+|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Press:
    """A pressed form button: the draft and question it stands under, and its value."""

    draft: int
    question: str
    value: str


def press_token(draft: int | None, question: str, value: str) -> str:
    """What a form's button sends back; short enough for every channel (64 bytes)."""
    return f"#{draft} {question} {value}"


_PRESS = re.compile(r"^#([0-9]{1,9}) (\S+) (.+)$")


def read_press(token: str) -> Press | None:
    """A form's button, or None when the token is something else."""
    found = _PRESS.match(token) if token else None
    return Press(int(found[1]), found[2], found[3]) if found else None


@dataclass(frozen=True)
class Said:
    """A message outside a form: a command, a code, and the rest with its marks."""

    command: str = ""
    kind: str = ""
    number: int = 0
    year: int | None = None
    rest: str = ""


def take_apart(text: str, commands: Collection[str], *, pressed: bool = False) -> Said:
    """Read "sửa CS-1437 …", "KN-312 …", "/viec …", "kiến nghị: …".

    A bare word counts when it is the whole message or is followed by a code or a colon; a
    pressed button's token is trusted. Commands are folded and may be of several words.
    """
    text = nfc(text).strip()
    slash = _SLASH.match(text)
    if slash and fold(slash[1]) in commands:
        return _with_code(fold(slash[1]), text[slash.end() :])
    bare = _with_code("", text)
    if bare.kind:
        return bare
    return _bare_command(text, commands, pressed) or Said(rest=text)


def _bare_command(text: str, commands: Collection[str], pressed: bool) -> Said | None:
    words = text.split()
    for count in range(min(5, len(words)), 0, -1):
        head = fold(" ".join(words[:count]))
        command = head.rstrip(":")
        if command not in commands:
            continue
        rest = text.split(maxsplit=count)[count] if len(words) > count else ""
        said = _with_code(command, rest)
        named = command in OF_SOMEBODY or (command in OF_WORDS and _some_words(rest))
        named = named or (command in OF_ONE_PERSON and _names_somebody(rest))
        named = named or (command in MEETS and OF_A_DAY.fullmatch(fold(rest)) is not None)
        if not rest or said.kind or head.endswith(":") or pressed or named:
            return said
    return None


def _names_somebody(rest: str) -> bool:
    """ "GV01", "đồng chí Lê Thị Giúp"; not "cấp mã số vùng trồng"."""
    name = re.sub(r"^(?:cho )?(?:đồng chí|đ/c|đc) ", "", rest, flags=re.IGNORECASE).split()
    return 0 < len(name) <= 5 and all(word[:1].isupper() for word in name)


def _some_words(rest: str) -> bool:
    """ "tìm cầu thôn 3", but not "Tìm hiểu …", nor anything long."""
    words = fold(rest).split()
    return 0 < len(words) <= SOME_WORDS and words[0] not in NO_SEARCH


def _with_code(command: str, text: str) -> Said:
    text = text.strip()
    code = _CODE.match(text)
    if code is None:
        return Said(command, rest=text)
    year = int(code[3]) if code[3] else None
    rest = text[code.end() :].lstrip(" :,.")
    return Said(command, code[1].upper(), int(code[2]), year, rest)


def is_control(text: str, label: str, *, marks: bool) -> bool:
    """True when the whole text is this control; where text is expected it needs its marks."""
    if marks:
        return nfc(text).strip().casefold() == label.casefold()
    return fold(text) == fold(label)
