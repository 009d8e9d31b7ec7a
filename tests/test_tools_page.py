"""Every Python line of the page of tools works on the sample, as it stands there."""

import re
import warnings
from pathlib import Path

import pytest

from iop_analysis.releases import many

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "tools.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_four_tools():
    assert [re.search(r"import (\w+)", block)[1] for block in BLOCKS] == [
        "duckdb",
        "geopandas",
        "frictionless",
        "mlcroissant",
    ]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split()[1])
def test_the_lines_of_a_tool_work_as_they_stand(block, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    many.open_release("ladders@sample")
    *first, last = block.strip().splitlines()
    known: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the tools' own libraries
        exec("\n".join(first), known)
        found = eval(last, known)
    assert found is True or len(found) > 0
