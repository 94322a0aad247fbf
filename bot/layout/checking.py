"""Checks any Word file against a layout and says what, where, which rule, how to mend it."""

from dataclasses import dataclass
from itertools import groupby

from bot.layout.parts import parted
from bot.layout.profiles import Profile
from bot.layout.reading import Line, read
from bot.layout.rules import RULES
from bot.layout.rules.contract import Fault, Rule, opening
from bot.words import capital

SHOWN = 3  # places of the same fault
WHOLE = "Cả văn bản"
NOT_OFFICIAL = "Văn thư đối chiếu văn bản gốc trước khi dùng."


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, as a program reads it; page and paragraph are empty for the whole paper."""

    rule: str
    sentence: str
    source: str
    page: int | None
    paragraph: int | None
    words: str
    what: str
    mend: str


def check(content: bytes, profile: Profile) -> list[Finding]:
    """Everything that is not as the layout has it; NotAPaper when the file is no Word file."""
    paper = parted(read(content))
    return [_finding(rule, fault, profile) for rule in RULES for fault in rule.find(paper, profile)]


def _finding(rule: Rule, fault: Fault, profile: Profile) -> Finding:
    line: Line | None = fault.line
    return Finding(
        rule=rule.id,
        sentence=rule.sentence,
        source=f"{profile.rule_book}, phần {rule.source}",
        page=line.page if line else None,
        paragraph=line.number if line else None,
        words=opening(line) if line else "",
        what=fault.what,
        mend=fault.mend,
    )


def said(findings: list[Finding], profile: Profile) -> str:
    """For the person who wrote the paper; the same fault in many places is said once."""
    if not findings:
        return f"Đúng thể thức {profile.rule_book}: {len(RULES)} quy tắc, không thấy lỗi."
    groups = [list(each) for _, each in groupby(findings, lambda one: (one.rule, one.what))]
    told = [_told(number, group) for number, group in enumerate(groups, start=1)]
    opening_line = f"Thấy {len(findings)} chỗ chưa đúng {profile.rule_book}."
    return "\n\n".join([opening_line, *told, NOT_OFFICIAL])


def _told(number: int, group: list[Finding]) -> str:
    first = group[0]
    places = "; ".join(_place(one) for one in group[:SHOWN])
    more = f"; và {len(group) - SHOWN} chỗ khác" if len(group) > SHOWN else ""
    return (
        f"{number}. {capital(first.what)}\n"
        f"   Ở: {places}{more}\n"
        f"   Quy tắc: {first.sentence} [{first.rule}] ({first.source})\n"
        f"   Sửa: {first.mend}"
    )


def _place(finding: Finding) -> str:
    if finding.paragraph is None:
        return WHOLE
    page = f"trang {finding.page}, " if finding.page else ""
    return f"{page}đoạn {finding.paragraph} “{finding.words}”"
