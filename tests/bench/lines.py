"""One measurement as one line of JSON: its figures, its target, whether it was met, and where."""

import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Line:
    """What was measured, beside what it was to be."""

    bench: str
    what: str
    target: str
    met: bool
    figures: Mapping[str, Any]
    measured: int = 1  # how often; figures are the middle ones

    def print(self) -> None:
        """To standard output, at once."""
        said = {
            "bench": self.bench,
            "what": self.what,
            **self.figures,
            "target": self.target,
            "met": self.met,
            "measured": self.measured,
            **machine(),
        }
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def machine() -> dict[str, Any]:
    """Where this was measured; `load` tells whether it had anything else to do."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def middle(runs: list[dict[str, float]]) -> dict[str, float]:
    """The middle of several runs, figure by figure."""
    return {name: round(median(run[name] for run in runs), 3) for name in runs[0]}
