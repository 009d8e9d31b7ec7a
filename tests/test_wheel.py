"""The wheel alone, in an empty folder, writes a real report and a site: nothing of the repository is needed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SITE = """
from pathlib import Path
from iop_analysis.report.site.writing import write
if __name__ == "__main__":
    assert not write(Path("site"), ("html",), states=("WY",)).failed
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The package as the wheel carries it, unpacked into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next((folder / "dist").glob("*.whl"))) as wheel:
        wheel.extractall(folder / "alone")
    return folder / "alone"


@pytest.fixture
def empty(tmp_path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def run(words: list[str], unpacked: Path, empty: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOP_")}
    alone = kept | {"PYTHONPATH": str(unpacked), "HOME": str(empty), "XDG_DATA_HOME": str(empty / "share")}
    done = subprocess.run([sys.executable, *words], cwd=empty, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_what_runs_is_the_wheel(unpacked, empty):
    done = run(["-c", "import iop_analysis; print(iop_analysis.__file__)"], unpacked, empty)
    assert Path(done.stdout.strip()).is_relative_to(unpacked)


def test_it_writes_a_real_report_in_the_folder_it_is_called_in(unpacked, empty):
    run(["-m", "iop_analysis", "report", "NJ", "--formats", "html,xlsx"], unpacked, empty)
    page = (empty / "reports" / "iop_NJ.html").read_text(encoding="utf-8")
    assert "New Jersey" in page
    assert "SYNTHETIC" not in page
    assert (empty / "reports" / "iop_NJ.xlsx").stat().st_size > 0


def test_it_writes_a_site(unpacked, empty):
    (empty / "make.py").write_text(SITE, encoding="utf-8")
    run(["make.py"], unpacked, empty)
    assert (empty / "site" / "index.html").exists()
    assert (empty / "site" / "api" / "v1" / "states" / "WY.json").exists()


def test_it_knows_its_sample_and_its_past_errors(unpacked, empty):
    run(["-m", "iop_analysis", "build", "--sample"], unpacked, empty)
    run(["-m", "iop_analysis", "validate", "--html", "validation.html"], unpacked, empty)
    assert "Our own numbers that moved" in (empty / "validation.html").read_text(encoding="utf-8")
