"""`sausat handover`: the page of an area's newest handover, as text, as a file, or as data."""

from datetime import datetime
from typing import Any

from bot.desk import brief, handover, handover_pages
from bot.desk.duties import province_on
from bot.layout.papers import issuer_of
from bot.layout.profiles import PROFILES
from bot.layout.writing import written
from bot.messages import Rejected
from bot.reports.packing import repacked
from bot.rules.zone import day_of
from storage import areas, audit
from storage.database import Database
from storage.scope import SYSTEM


class Page:
    """Who hands over one area to whom, and what is open there now."""

    def __init__(self, db: Database, code: str, at: datetime) -> None:
        self._db, self._at = db, at
        with db.writing() as session:
            area = areas.by_code(session, code)
            if area is None:
                raise Rejected(f"Không có địa bàn mang mã {code}.")
            self.handed = handover.latest(session, SYSTEM, area, at)
            audit.through(session, "cli", None)
            audit.note(session, "export", "handover", area.id, at=at)

    def text(self) -> str:
        """As on the phone."""
        one = self.handed
        with self._db.reading() as session:
            return handover_pages.page(session, one.area, one.old, one.new, one.since, self._at)

    def to_json(self) -> dict[str, Any]:
        """The codes of the two and of everything open."""
        one = self.handed
        with self._db.reading() as session:
            blocks = brief.open_items(session, SYSTEM, one.area, self._at)
            items = [vars(item) | {"kind": block.title} for block in blocks for item in block.items]
        known = {"area": one.area.code, "from": one.since.isoformat()}
        return known | {"old": one.old.code, "new": one.new.code, "open": items}

    def word(self, profile: str = "") -> bytes:
        """A Word file as the province's office sets its papers, or in the named layout."""
        with self._db.reading() as session:
            province = province_on(session, day_of(self._at))
            paper = handover_pages.paper(session, self.handed, issuer_of(province), self._at)
        return repacked(written(paper, PROFILES[profile or province.layout]), self._at)
