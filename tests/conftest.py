"""What every test may ask for."""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings

from iop_analysis import catalog, raw
from iop_analysis.releases import listing

if TYPE_CHECKING:
    from iop_analysis.report.model import Report

ROOT = Path(__file__).resolve().parents[1]
# It needs Java and an environment of its own: `make cluster-test`.
collect_ignore = ["cluster.py"]

# The same examples each time, and no assertion on the clock: a slow machine is no error.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the publishers' real files; the test is skipped, with the reason, where it is absent."""
    folder = Path(os.environ.get("IOP_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the publishers' files are not at {folder} (set IOP_REAL_DATA)")
    return folder


@pytest.fixture
def fresh(tmp_path, monkeypatch) -> Path:
    """An empty data folder: only what the package carries is at hand."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture(scope="session")
def built_samples(tmp_path_factory) -> Path:
    """A data folder with the built samples of Colorado's directory and the national one; tests copy it.

    It is built once, whatever the number of processes that test.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "built_samples"
    with FileLock(folder.with_suffix(".lock")), pytest.MonkeyPatch.context() as patch:
        if not (folder / "whole").exists():
            patch.setenv("IOP_DATA", str(folder / "data"))
            for release in catalog.releases().values():
                if release.synthetic and release.source in ("ladders", "national_directory"):
                    listing.build(release)
            (folder / "whole").touch()
    return folder / "data"


@pytest.fixture
def sample(fresh, built_samples) -> Path:
    """A data folder with the built samples of Colorado's directory and the national one."""
    shutil.copytree(built_samples, fresh / "data")
    return fresh


@pytest.fixture(scope="session")
def carried_report(tmp_path_factory) -> "Callable[[str], Report]":
    """The report of a state as a fresh machine makes it, made once in a process for all tests that only read it."""
    from iop_analysis.report import gathered, state  # what draws is slow to load, and few tests draw

    empty = tmp_path_factory.mktemp("empty")

    @cache
    def made(code: str) -> "Report":
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IOP_DATA", str(empty))
            return state.state_report(gathered.gather(code))

    return made


@pytest.fixture(scope="session")
def release(real_data, tmp_path_factory) -> Callable[[str], listing.Listing]:
    """A function that gets, builds and loads a release once, in a data folder of its own."""
    folder = tmp_path_factory.mktemp("data")

    @cache
    def load(name: str) -> listing.Listing:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IOP_DATA", str(folder))
            raw.fetch([name], from_=real_data, progress=False)
            listing.build(catalog.release(name))
            return listing.load(name)

    return load
