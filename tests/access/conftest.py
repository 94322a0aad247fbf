"""The planted province: laid once for a run, copied for each worker, as it was for each module."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import files
from storage import secrecy
from storage.database import Database
from storage.tables import metadata
from tests.access.planting import KEY, build
from tests.access.world import World


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Files lie in this folder, and restricted items are sealed with the key of the tests."""
    files.use(folder)
    secrecy.use([KEY])
    yield
    secrecy.use([])
    files.use(Path("files"))


@pytest.fixture(scope="session")
def _planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the first worker that came; the other one waits for it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "planted"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            made = shared.with_suffix(".new")
            made.mkdir()
            _lay(made)
            made.rename(shared)
    return shared


def _lay(folder: Path) -> None:
    with _kept_in(folder):
        database = Database(f"sqlite:///{folder / 'sausat.db'}")
        metadata.create_all(database.engine)
        world = build(database)
        database.close()
    with (folder / "world.pickle").open("wb") as kept:
        pickle.dump(replace(world, db=None), kept)  # type: ignore[arg-type]  # whoever reads it has one


@pytest.fixture(scope="module")
def world(_planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A copy of the province; walks leave it as it was."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(_planted, folder, dirs_exist_ok=True)
    with (folder / "world.pickle").open("rb") as kept:
        planted: World = pickle.load(kept)
    database = Database(f"sqlite:///{folder / 'sausat.db'}")
    with _kept_in(folder):
        yield replace(planted, db=database)
    database.close()
