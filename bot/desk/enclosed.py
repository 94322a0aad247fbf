"""Files that somebody sent, handed on under the names their senders gave them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from bot.messages import Outgoing
from bot.words import nfc
from storage.tables import Attachment

LONGEST = 80  # letters of a name before its ending
_SAME = {".jpeg": ".jpg", ".oga": ".ogg"}


def enclosing(said: Outgoing, sent: Sequence[Attachment], code: str) -> Outgoing:
    """The message with these files; one without a name of its own is called by the code."""
    names: dict[str, str] = {}
    for number, one in enumerate(sent, start=1):
        ending = PurePath(one.path).suffix
        names[one.path] = name_for(one.name, ending) or f"{code}-{number}{ending}"
    return replace(said, files=tuple(one.path for one in sent), names=tuple(names.items()))


def name_for(given: str, ending: str) -> str:
    """A name from outside as any system can keep it, ending as the content does; "" for none.

    Letters that hide or turn others round (category C) and those no folder takes are left out.
    """
    last = nfc(given).replace("\\", "/").rpartition("/")[2]
    bare = "".join(" " if c in '<>:"|?*' else c for c in last if unicodedata.category(c)[0] != "C")
    stem, own = PurePath(bare).stem, PurePath(bare).suffix.lower()
    same = _SAME.get(own, own) == _SAME.get(ending, ending)
    kept = " ".join((stem if same else bare).split()).strip(" .")[:LONGEST].rstrip(" .")
    return f"{kept}{ending}" if kept else ""
