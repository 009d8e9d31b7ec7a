"""Notebooks are thin, stripped, and run on the sample and on the publishers' files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from iop_analysis import raw
from iop_analysis.releases import listing

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOURCES = ("ladders", "national_directory")


def cells(path: Path, kind: str) -> list[str]:
    return [cell["source"] for cell in nbformat.read(path, 4).cells if cell["cell_type"] == kind]


def execute(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, **parameters: object) -> str:
    """Run a notebook in a fresh kernel with its data in `folder`; its printed text."""
    monkeypatch.setenv("IOP_DATA", str(folder / "data"))
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source += "".join(f"\n{name} = {value!r}" for name, value in parameters.items())
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    drawn = [out["data"]["image/png"] for out in outputs if "image/png" in out.get("data", {})]
    assert drawn, "a drawing stands in the notebook as a picture"
    bare = [out for out in outputs if "<Figure" in out.get("data", {}).get("text/plain", "")]
    assert all("image/png" in out["data"] for out in bare), "no drawing is shown as its name"
    return "".join(out.get("text", "") for out in outputs)


@pytest.fixture(scope="module")
def real_folder(real_data, tmp_path_factory):
    """A data folder in which the newest releases of the notebooks' sources are built from the real files."""
    folder = tmp_path_factory.mktemp("notebooks")
    for source in SOURCES:
        shutil.copytree(real_data / source, folder / "data" / "raw" / source)
    os.environ["IOP_DATA"] = str(folder / "data")
    try:
        for name in ("ladders@2023-05-16", "national_directory@su-2023"):
            listing.build(raw.find_release(name))
    finally:
        del os.environ["IOP_DATA"]
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_stripped(path):
    for code in cells(path, "code"):
        assert len(code.splitlines()) <= 12
        assert not re.search(r"^\s*(def|class) |\.query\(|\.loc\[|/data/|\.csv|\.parquet", code, re.M), code
    first = cells(path, "markdown")[0]
    assert re.match(r"# .*\?\n", first), "a notebook asks one question"
    assert {"## Data", "## Sources and caveats"} <= {text.splitlines()[0] for text in cells(path, "markdown")}
    stored = json.loads(path.read_text())
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in stored["cells"])


@pytest.mark.parametrize("stem", ["02_evening_availability", "03_sliding_scale", "04_insurance"])
def test_evening_fee_and_insurance_each_draw_the_map_of_a_state(stem):
    assert any(
        "iop.map_figure(by_county, STATE" in code for code in cells(ROOT / "notebooks" / f"{stem}.ipynb", "code")
    )


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem[:2].isdigit()], ids=lambda path: path.stem)
def test_a_notebook_keeps_its_tables_and_states_no_number_in_its_text(path):
    assert f'iop.save_tables("{path.stem}"' in cells(path, "code")[-1]
    said = " ".join(cells(path, "markdown"))
    assert not re.search(r"\d[\d,]* (of|sites|facilities)\b", said), "a number is computed from the release at hand"


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_what_a_fresh_machine_has(path, tmp_path, monkeypatch):
    execute(path, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem[:2].isdigit()], ids=lambda path: path.stem)
def test_a_notebook_runs_on_the_real_files(path, real_folder, monkeypatch):
    text = execute(path, real_folder, monkeypatch)
    assert "SYNTHETIC" not in text


@pytest.mark.slow
def test_the_report_notebook_writes_the_same_bytes_as_the_command(tmp_path, monkeypatch):
    execute(ROOT / "notebooks" / "state_report.ipynb", tmp_path, monkeypatch, STATE="CO")
    program, folder = str(Path(sys.executable).with_name("iop-analysis")), tmp_path / "command"
    command = [program, "report", "CO", "--out", str(folder), "--formats", "html,xlsx"]
    subprocess.run(command, check=True, capture_output=True)
    written = sorted(folder.iterdir())
    assert [path.suffix for path in written] == [".html", ".xlsx"]
    for path in written:
        assert path.read_bytes() == (tmp_path / "reports" / path.name).read_bytes()
