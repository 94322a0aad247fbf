"""The areas without a recorded visit, for the list behind the button; prints nothing itself."""

from bot.reports.blocks import Block
from bot.reports.facts import Facts
from bot.reports.figures import AREA, counted

title = "CHƯA GHI NHẬN"


def gather(facts: Facts) -> Block | None:
    """Each area once, however many duties in it are not recorded."""
    areas = {due.assignment.area for due in facts.duties.not_recorded}
    if not areas:
        return None
    return Block("not_recorded", (counted("areas_not_recorded", AREA, areas),))
