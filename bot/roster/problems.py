"""What an import found wrong, said so that the clerk finds the cell."""

from collections.abc import Sequence
from dataclasses import dataclass

REFUSED = "Chưa nhập dòng nào. Sửa rồi nhập lại."


@dataclass(frozen=True, order=True)
class Problem:
    """One bad row: where it is, and why."""

    sheet: str
    row: int = 0  # as the spreadsheet numbers it; 0: the sheet itself
    column: str = ""
    said: str = ""

    def __str__(self) -> str:
        where = [self.sheet, f"dòng {self.row}" if self.row else ""]
        where.append(f"cột {self.column}" if self.column else "")
        return f"{', '.join(part for part in where if part)}: {self.said}."


class ImportFailed(Exception):
    """Nothing was imported; `problems` holds every bad row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} lỗi")
        self.problems = tuple(problems)

    def said(self, most: int = 20) -> str:
        """The problems, one a line, and what to do."""
        lines = [str(problem) for problem in self.problems[:most]]
        if (left := len(self.problems) - most) > 0:
            lines.append(f"Còn {left} lỗi khác.")
        return "\n".join([*lines, REFUSED])

    def __str__(self) -> str:
        return self.said()
