"""What runs elsewhere: workflows are valid, and their commands need nothing but Python."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_there_are_workflows_for_tests_release_and_pages():
    assert [path.stem for path in WORKFLOWS] == ["pages", "release", "tests"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_valid_by_the_schema_of_its_host(path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_module_is_a_command():
    done = subprocess.run(
        [sys.executable, "-m", "iop_analysis", "--version"], capture_output=True, text=True, check=True
    )
    assert "iop" in done.stdout


def test_the_addresses_of_a_release_reach_readme_and_metadata(tmp_path):
    for name in ("README.md", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    script = str(ROOT / ".github" / "addresses.py")
    subprocess.run([sys.executable, script, "someone/somewhere", "v9"], cwd=tmp_path, check=True)
    assert "](docs/pictures/" not in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert 'Source = "https://github.com/someone/somewhere"' in (tmp_path / "pyproject.toml").read_text(
        encoding="utf-8"
    )
