"""Rules of letters and signs: fonts, Unicode, blanks, punctuation, numbers, references."""

import re
import unicodedata
from collections.abc import Iterator

from bot.layout.parts import Paper
from bot.layout.profiles import Profile
from bot.layout.reading import Line
from bot.layout.rules.contract import Fault

LEGACY_FONT = re.compile(r"^(?:\.Vn|VNI|VN[ -]?Times|UVN|SVN|TCVN|VietwareX?|Bk?HCM)", re.I)
_TCVN3 = "¨©ªµ¶·¸¹»¼½¾ÆÇËÎÏÑÖ×ØÛÜÞßäæçëîïñöøûüþÿ®§¬"
LEGACY_TEXT = re.compile(
    rf"(?<=[^\W\d_])[{_TCVN3}]|[{_TCVN3}](?=[^\W\d_])"
    r"|[aeouyAEOUY][øûïØÛÏ]|[aeAE][áàâùõÁÀÂÙÕ]|[oO][âÂ]"
)
"""Letters that Vietnamese in Unicode never puts together; TCVN3 and VNI do."""
BLACK = ("auto", "000000", "windowText")
TIGHT = re.compile(r"\S[,;](?=[^\W\d_])|[^\W\d_][,;:](?=[^\W_])")
LOOSE = re.compile(r"(?<=[\w)”\"])\s+([,;:!?]|\.(?![.\d]))")
POINT_PERCENT = re.compile(r"\d+\.\d{1,2}\s?%")
PARTY_KINDS = "QĐ|CT|NQ|KL|BC|KH|TB|HD|CTr|TTr|QC|QyĐ|TT|CV|ĐA"
LOOSE_REFERENCE = re.compile(
    rf"\d+\s*(?:\s-|-\s|\s-\s)\s*(?:{PARTY_KINDS})\s*/|\d+-(?:{PARTY_KINDS})(?:\s+/\s*|/\s+)"
)
TURNED_REFERENCE = re.compile(
    rf"\b\d+/(?:{PARTY_KINDS})-(?:TW|TU|VPTW|BTCTW|BTCTU|VPTU|ĐU)\b|\b\d+-(?:NĐ|TT)/(?:CP|BNV)\b"
)


def font(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, _ in paper:
        for run in line.runs:
            strange = [name for name in run.look.fonts if name != profile.font]
            if run.text.strip() and strange and not LEGACY_FONT.match(strange[0]):
                yield Fault(line, f"phông {strange[0]}", f"Chọn đoạn, đặt phông {profile.font}")
                break


def black(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, _ in paper:
        if any(run.text.strip() and run.look.colour not in BLACK for run in line.runs):
            yield Fault(line, "chữ không đen", "Chọn đoạn, Font Color › Automatic")


def legacy(paper: Paper, profile: Profile) -> Iterator[Fault]:
    mend = "Chuyển mã sang Unicode (UniKey: Ctrl+Shift+F6), rồi đặt lại phông"
    for line, _ in paper:
        fonts = [run.look.fonts[0] for run in line.runs if run.text.strip()]
        old = next((name for name in fonts if LEGACY_FONT.match(name)), None)
        if old:
            yield Fault(line, f"phông cũ {old}", mend)
        elif _reads_as_legacy(unicodedata.normalize("NFC", line.text)):
            yield Fault(line, "chữ gõ theo bảng mã cũ (TCVN3 hoặc VNI)", mend)


def _reads_as_legacy(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    strange = len(LEGACY_TEXT.findall(text))
    true = sum("\u1ea0" <= letter <= "\u1ef9" or letter in "đĐăĂơƠưƯ" for letter in text)
    return strange > 1 and strange * 12 > letters and true * 3 < strange


def composed(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, _ in paper:
        if not unicodedata.is_normalized("NFC", line.raw):
            mend = "Chuyển mã Unicode tổ hợp sang Unicode dựng sẵn (UniKey: Ctrl+Shift+F6)"
            yield Fault(line, "Unicode tổ hợp: dấu gõ rời chữ", mend)


def eth(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, _ in paper:
        if ("Ð" in line.raw or "ð" in line.raw) and not _reads_as_legacy(line.text):
            yield Fault(line, "chữ Ð không phải chữ Đ tiếng Việt", "Thay mọi Ð bằng Đ (Ctrl+H)")


def double_blanks(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, part in paper:
        if part not in ("number", "date") and re.search(r"\S[ \u00a0]{2,}\S", line.raw):
            yield Fault(line, "hai dấu cách liền nhau", "Ctrl+H: thay hai dấu cách bằng một")


def punctuation(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, part in paper:
        if part == "number" or _reads_as_legacy(line.text) or "://" in line.text:
            continue
        if LOOSE.search(line.text):
            yield Fault(line, "dấu cách trước dấu câu", "Xóa dấu cách trước dấu câu")
        elif TIGHT.search(unicodedata.normalize("NFC", line.text)):
            yield Fault(line, "thiếu dấu cách sau dấu câu", "Thêm một dấu cách sau dấu câu")


def by_blanks(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in _whole(paper):
        if "\t" in line.opening or len(line.opening) > 1:
            how = "phím Tab" if "\t" in line.opening else "dấu cách"
            mend = "Xóa đi; đặt ở Paragraph › Indentation hoặc Alignment"
            yield Fault(line, f"đẩy chữ vào bằng {how}", mend)


def _whole(paper: Paper) -> Iterator[Line]:
    return (line for line, _ in paper if line.text)


def percent(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in _whole(paper):
        if found := POINT_PERCENT.search(line.text):
            mend = f"Ghi {found[0].replace('.', ',')}"
            yield Fault(line, f"số thập phân dùng dấu chấm: {found[0]}", mend)


def references(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, part in paper:
        if part == "number":
            continue
        if found := LOOSE_REFERENCE.search(line.text):
            mend = f"Viết liền: {''.join(found[0].split())}…"
            yield Fault(line, f"ký hiệu có dấu cách: {found[0].strip()}", mend)
        if found := TURNED_REFERENCE.search(line.text):
            turned = found[0].translate(str.maketrans("-/", "/-"))
            yield Fault(line, f"ký hiệu lẫn dấu: {found[0]}", f"Ghi {turned}")
