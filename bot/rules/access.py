"""Who may see what: from what a person holds on a day to a Viewer."""

from collections.abc import Iterable

from storage.grants import Held
from storage.scope import Viewer

EVERYWHERE = frozenset({"thuong_truc", "ban_to_chuc", "tong_hop", "duyet"})
"""Roles that see all areas, unless they are given over one part of the tree only."""


def viewer_of(person_id: int, held: Iterable[Held]) -> Viewer:
    """What the person sees by own roles and assignments, and by those of the people helped.

    A follower and a member in charge see their areas whole, a commune's seat its own part. Who
    writes for somebody sees the areas and the seat of that person, not the offices. Handling
    bodies (giai_quyet), the inspection (kiem_tra) and the administrator (quan_tri) see nothing
    by their role: only what they wrote, or what is put before them.
    """
    rows = list(held)
    own = [row for row in rows if row.person_id == person_id]
    return Viewer(
        person_id,
        roles=frozenset(row.role for row in own),
        everywhere=any(row.role in EVERYWHERE and row.area_id is None for row in own),
        whole=_reached(rows, {"theo_doi", "phu_trach"}) | _reached(own, EVERYWHERE),
        communes=_reached(rows, {"co_so"}),
        follows=frozenset(row.area_id for row in own if row.role == "theo_doi" and row.area_id),
        in_charge=_reached([row for row in own if not row.old], {"phu_trach"}),
        helps=frozenset(row.helped_id for row in own if row.role == "giup_viec" and row.helped_id),
    )


def _reached(rows: Iterable[Held], roles: Iterable[str]) -> frozenset[int]:
    return frozenset(row.reached_id for row in rows if row.role in roles and row.reached_id)
