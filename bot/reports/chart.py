"""Draws a snapshot for a phone: visits, new cases by field and handling, and says it in words."""

import io
import re
from typing import TYPE_CHECKING

from bot.reports.snapshots import Snapshot
from bot.words import vietnamese_number as shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREY, SKY = "#0072B2", "#D55E00", "#999999", "#56B4E9"
"""Told apart by colour-blind eyes (Okabe and Ito)."""
SIZE, DPI = (5.4, 6.4), 200  # 1080 × 1280 pixels
FEWEST = 3
"""Bars for which a panel has room, however few there are."""
_FIELD = re.compile(r"^(.*) (\d[\d.]*)(?: \((?:[^:)]*: )?(\d[\d.]*)\))?$")

Bar = tuple[str, int, str]


def png(snapshot: Snapshot) -> bytes:
    """The picture; the same snapshot always gives the same."""
    import matplotlib as mpl  # late: it costs over a second
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 11}):
        figure = Figure(figsize=SIZE, dpi=DPI)
        panels = _panels(snapshot)
        axes = figure.subplots(len(panels), 1, height_ratios=(3, 5, 4))
        for axis, (title, bars) in zip(axes, panels, strict=True):
            _draw(axis, title, bars)
        figure.suptitle(f"Tổng hợp {snapshot.period.label}", fontsize=14, fontweight="bold")
        figure.tight_layout()
        kept = io.BytesIO()
        figure.savefig(kept, format="png", dpi=DPI, metadata={"Software": None})
    return kept.getvalue()


def alternative(snapshot: Snapshot) -> str:
    """What the picture shows, for who cannot see it."""
    said = [
        f"{title}: "
        + "; ".join(f"{_inside(label)} {shown(value)}" for label, value, _ in bars)
        + "."
        for title, bars in _panels(snapshot)
        if bars
    ]
    return "\n".join([f"Biểu đồ tổng hợp {snapshot.period.label}.", *said])


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def _panels(snapshot: Snapshot) -> tuple[tuple[str, list[Bar]], ...]:
    return (
        ("Đi cơ sở", visits(snapshot)),
        ("Kiến nghị mới", fields(snapshot)),
        ("Giải quyết", handling(snapshot)),
    )


def visits(snapshot: Snapshot) -> list[Bar]:
    """Recorded, not recorded, excused."""
    bars = [
        ("Đã ghi", snapshot.value("recorded"), BLUE),
        ("Chưa ghi nhận", snapshot.value("not_recorded"), ORANGE),
        ("Được miễn", snapshot.value("excused"), GREY),
    ]
    return bars if snapshot.value("assigned") else []


def fields(snapshot: Snapshot) -> list[Bar]:
    """New cases by the fields that the summary names."""
    block = next((one for one in snapshot.blocks if one.name == "standing_out"), None)
    lines = block.variants[0][1:] if block else ()
    found = [match for line in lines if (match := _FIELD.match(line))]
    return [(match[1], int(match[2].replace(".", "")), SKY) for match in found]


def handling(snapshot: Snapshot) -> list[Bar]:
    """Ended, open in time, overdue."""
    bars = [
        ("Kết thúc", snapshot.value("cases_ended"), BLUE),
        ("Còn trong hạn", snapshot.value("cases_in_time"), SKY),
        ("Quá hạn", snapshot.value("cases_overdue"), ORANGE),
    ]
    return bars if any(value for _, value, _ in bars) else []


def _draw(axis: "Axes", title: str, bars: list[Bar]) -> None:
    axis.set_title(title, loc="left", fontsize=12, fontweight="bold")
    for side in ("top", "right", "bottom"):
        axis.spines[side].set_visible(False)
    axis.set_xticks([])
    if not bars:
        axis.set_yticks([])
        axis.text(0, 0.5, "Chưa có số liệu", transform=axis.transAxes)
        return
    labels = [label for label, _, _ in bars]
    values = [value for _, value, _ in bars]
    drawn = axis.barh(labels, values, color=[colour for _, _, colour in bars])
    axis.bar_label(drawn, [shown(value) for value in values], padding=3)
    axis.set_ylim(max(len(bars), FEWEST) - 0.5, -0.5)  # from above; a lone bar stays a bar
    axis.margins(x=0.12)
