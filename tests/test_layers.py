"""Data flows one way through the rooms of the package."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_a_lower_room_never_imports_a_higher_one():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_no_module_of_the_package_is_longer_than_300_lines():
    long = {
        str(path): lines
        for path in (ROOT / "iop_analysis").rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert not long
