"""Targets in a summary: what was asked, what was reached, and what units were given of it."""

from collections.abc import Iterable
from decimal import Decimal

from bot.reports.blocks import Cell, Table
from bot.reports.facts import Facts
from bot.reports.ledger import Ledger, Share, Standing, ratio
from bot.reports.sections.indicators import NO_VALUE, cell, ratio_said, when
from bot.rules.indicators import Amount
from bot.words import decimal, number_shown
from storage.known_programmes import IndicatorRow

RESULTS = {True: "đạt", False: "chưa đạt"}


def sentence(ledger: Ledger, standing: Standing) -> str:
    """The target, what was reached of it, and whether what units were given adds up."""
    said = ", ".join(part for part in (goal(standing), way(standing)) if part)
    result = f", {RESULTS[standing.met]}" if standing.met is not None else ""
    given = _allocation(ledger, standing)
    return f"{standing.indicator.name} {said}: {reached(standing)}{result}{given}"


def goal(standing: Standing) -> str:
    """ "từ 80% tổ chức đảng", "15 - 20% đảng viên", "từ 300 đảng viên"."""
    target, row = standing.target, standing.indicator
    lower, upper = (number_shown(Decimal(n)) if n else "" for n in (target.goal, target.goal_to))
    sign = "%" if target.share else ""
    of = target.population if target.share else row.unit
    words = {"tu": f"từ {lower}", "den": f"đến {lower}", "khoang": f"{lower} - {upper}"}
    return f"{words[target.compare]}{sign} {of}".strip()


def way(standing: Standing) -> str:
    """Whether better grades count too."""
    if standing.target.cumulative is None:
        return ""
    return "tính từ mức này trở lên" if standing.target.cumulative else "tính riêng mức này"


def reached(standing: Standing) -> str:
    """What was reached of it, in full."""
    found, target = standing.reached, standing.target
    if found is None:
        return f"{NO_VALUE} về {target.population}"
    if isinstance(found, Share):
        said = ratio_said(found, standing.indicator._replace(out_of=target.population))
    else:
        said = _progress(standing, found)
    if standing.own:
        said += f" (riêng mức này {ratio_said(standing.own, _plain(standing))})"
    return f"{said}{when(found)}"


def _plain(standing: Standing) -> IndicatorRow:
    return standing.indicator._replace(out_of=standing.target.population)


def _progress(standing: Standing, found: Amount) -> str:
    """A part of a year is never measured against the year."""
    target, value = standing.target, number_shown(found.amount)
    share = ratio(found.amount, Decimal(target.goal))
    if standing.met is None or target.compare != "tu" or share is None:
        return value
    return f"{value}/{number_shown(Decimal(target.goal))}, bằng {decimal(share, 1)}%"


def _allocation(ledger: Ledger, standing: Standing) -> str:
    """What units were given comes to the whole, or by how much it does not."""
    given = ledger.allocated(standing.target)
    if not given or standing.target.share:
        return ""
    total = sum((Decimal(row.goal) for row in given), Decimal(0))
    apart = abs(total - Decimal(standing.target.goal))
    end = f"chênh {number_shown(apart)}" if apart else "khớp"
    return f"; đã giao {len(given)} đơn vị {number_shown(total)}, {end}"


def table(standings: Iterable[Standing]) -> Table:
    """The list of targets."""
    head = ("Chỉ tiêu", "Đối tượng", "Mức", "Cách tính", "Kết quả", "Đạt")
    rows = tuple(
        (
            one.indicator.name,
            one.target.population,
            goal(one),
            way(one),
            reached(one),
            RESULTS[one.met] if one.met is not None else "chưa đủ kỳ" if one.reached else "",
        )
        for one in standings
    )
    return Table("muc_tieu", "Mục tiêu", head, rows)


def portions(facts: Facts, ledger: Ledger, standings: Iterable[Standing]) -> Table:
    """The list of what units were given of targets."""
    rows: list[tuple[Cell, ...]] = []
    for standing in standings:
        for row in ledger.allocated(standing.target):
            area = facts.known.area.get(row.area_id or 0)
            found = ledger.in_area(row)
            share = ratio(found.amount, Decimal(row.goal)) if found and found.whole else None
            value = cell(found.amount) if found else ""
            of = area.name if area else ""
            percent = decimal(share, 1) if share is not None else ""
            rows.append((standing.indicator.name, of, cell(Decimal(row.goal)), value, percent))
    head = ("Chỉ tiêu", "Đơn vị", "Mức giao", "Kết quả", "%")
    return Table("giao_don_vi", "Mức giao cho đơn vị", head, tuple(rows))
