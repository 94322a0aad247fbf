"""How a sentence addresses whoever reads it: "đồng chí", unless the roster says otherwise."""

import re

USUAL = "đồng chí"

_QUOTED = re.compile(r"(“[^”]*”|\"[^\"]*\")")
_READER = re.compile(
    r"(?<!các )(?<!những )(?<!mỗi )(?<!\d )\b([Đđ])ồng chí\b"
    r"(?!\s+(?:[A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ]\w|(?:nào|khác|được|phụ trách|theo dõi|này|ấy|ghi phiếu)\b))"
)
_SLIP = "ĐI CƠ SỞ"  # below it stands what somebody wrote


def addressed(text: str, address: str) -> str:
    """The text for a reader with that form of address; other people keep theirs, and quotations.

    A name or a post follows when somebody else is meant: "đồng chí Phạm Văn Ví".
    """
    if address == USUAL:
        return text
    ours, mark, theirs = text.partition(_SLIP)
    parts = _QUOTED.split(ours)
    parts[::2] = [_READER.sub(lambda hit: _as_begun(hit[1], address), part) for part in parts[::2]]
    return "".join(parts) + mark + theirs


def _as_begun(first: str, address: str) -> str:
    return address[:1].upper() + address[1:] if first == "Đ" else address
