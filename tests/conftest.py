"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from iop_analysis import catalog
from iop_analysis.releases import listing

ROOT = Path(__file__).resolve().parents[1]

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


@pytest.fixture
def sample(fresh) -> Path:
    """A data folder with the built samples of Colorado's directory and the national one."""
    for release in catalog.releases().values():
        if release.synthetic and release.source in ("ladders", "national_directory"):
            listing.build(release)
    return fresh
