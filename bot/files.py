"""The folder in which files are kept, and safe places in it."""

from pathlib import Path

_in_use = [Path("files")]


def use(folder: Path) -> None:
    """Keep files here from now on; called once, when the program starts."""
    _in_use[0] = folder


def place(name: str) -> Path:
    """Where a file of this relative name lies; its folder exists."""
    path = _in_use[0] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
