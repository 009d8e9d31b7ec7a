"""Write the table of headings in `own_tables.md` again: `python docs/make_headings.py`."""

from __future__ import annotations

from pathlib import Path

from iop_analysis import catalog

PAGE = Path(__file__).parent / "own_tables.md"
START, END = "<!-- headings -->\n", "<!-- end of headings -->\n"


def headings() -> str:
    """A row for each column with every heading that is taken for it, as `catalog/spellings.csv` lists them."""
    taken: dict[str, list[str]] = {}
    for row in catalog.read_rows("spellings.csv"):
        if row["table"] == "facilities":
            taken.setdefault(row["name"], []).append(row["spelling"].replace("_", " "))
    labels = catalog.variables()
    rows = [
        f"| `{name}` ({labels[name].label if name in labels else name.title()}) | {', '.join(listed)} |"
        for name, listed in taken.items()
    ]
    return "\n".join(["| column | headings |", "|---|---|", *rows]) + "\n"


def written(page: str) -> str:
    """The page with the table of today."""
    before, rest = page.split(START)
    return before + START + headings() + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
