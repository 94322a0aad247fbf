"""Files that are put in their place whole, whoever else puts them there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bot import files


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    files.use(tmp_path)
    yield tmp_path
    files.use(Path("files"))


def test_two_that_make_the_same_file_at_once_do_each_other_no_harm(folder: Path) -> None:
    both = Barrier(2, timeout=30)

    def make() -> bytes:
        both.wait()
        return b"x" * 100_000

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(files.made, "a/b.bin", make) for _ in range(2)]
    assert {each.result().read_bytes() for each in done} == {b"x" * 100_000}
    assert [path.name for path in (folder / "a").iterdir()] == ["b.bin"]


def test_what_could_not_be_written_leaves_nothing_behind(folder: Path) -> None:
    taken = files.place("a/b.bin")
    taken.mkdir()
    with pytest.raises(OSError, match=r"b\.bin"):
        files.put(taken, b"x")
    assert [path.name for path in (folder / "a").iterdir()] == ["b.bin"]
