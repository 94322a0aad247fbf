"""What the ids of a snapshot are called, for a workbook that names its entries."""

from sqlmodel import Session

from bot.reports.snapshots import Snapshot
from bot.reports.workbook import Entries, ids_of
from storage import areas, reports
from storage.scope import Viewer


def entries(session: Session, viewer: Viewer, snapshot: Snapshot) -> Entries:
    """The codes of everything that is counted and that the viewer may see."""
    ids: dict[str, set[int]] = {}
    for figure in snapshot.figures.values():
        ids.setdefault(figure.of, set()).update(ids_of(figure))
    codes = {
        key: code
        for of, numbers in ids.items()
        if numbers
        for key, code in reports.codes_by_id(session, viewer, of, numbers).items()
    }
    parted = [figure.name.partition("@")[2] for figure in snapshot.figures.values()]
    named = areas.by_ids(session, {int(area) for area in parted if area})
    return Entries(codes, {number: area.name for number, area in named.items()})
