"""Write the site: reports of all states with an index, districts, downloads, data, and what search engines read."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from iop_analysis import raw
from iop_analysis.report import citation, every
from iop_analysis.report.gathered import Gathered, gather
from iop_analysis.report.site import api, dcat, finder
from iop_analysis.report.state import every_state

FOLDER = "site"
API = "api/v1"
# Where hosts look: no page is kept from them, and GitHub's host is told to serve the files as they are.
PLAIN_FILES = {"robots.txt": "User-agent: *\nAllow: /\n", ".nojekyll": ""}


def write(
    folder: Path | None = None,
    formats: Sequence[str] = ("html", "xlsx", "docx"),
    address: str = "",
    states: Sequence[str] = (),
    *,
    contact: str = "",
) -> every.Outcome:
    """Write every state as one static site that works from a folder and from any host.

    Parameters
    ----------
    folder
        Where the site goes, `site` beside the reports if None; what an earlier run wrote there is replaced.
    formats
        As for `report.state.write_report`.
    address
        Where the site will be served, such as `https://example.org/iop`: a site map, the catalogue of its tables and
        link previews need it whole.
    states
        Postal codes; every state, DC and Puerto Rico if none is named.
    contact
        A mail address or a page for corrections, which every page names.

    Returns
    -------
    Outcome
        The files, and why a state has no page, if one has none.
    """
    folder = folder or raw.reports_folder().parent / FOLDER
    citation.correction(contact)  # a wrong one stops before an older site is emptied
    _emptied(folder)
    wanted = list(states) or every_state()
    known = {state: gather(state, contact=contact) for state in wanted}
    extras = {state: [_data(one, folder), _districts(one, folder)] for state, one in known.items()}
    outcome = every.write_all(wanted, folder, formats, extras=extras, address=address.rstrip("/"), contact=contact)
    said = [api.state(gathered) for gathered in known.values()]
    _nation(said, folder)
    for name, text in PLAIN_FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    if address:
        catalogue = dcat.catalogue(folder, said, address.rstrip("/"), contact)
        (folder / dcat.FILE).write_bytes(api.as_json(catalogue))
        (folder / "sitemap.xml").write_text(sitemap(folder, address.rstrip("/")), encoding="utf-8")
    return outcome


def _emptied(folder: Path) -> None:
    """A site is written whole: what an earlier one left would be served beside it. Only a site is ever emptied."""
    if (folder / API).is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _data(gathered: Gathered, folder: Path) -> Path:
    path = folder / API / "states" / f"{gathered.state}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(api.as_json(api.state(gathered)))
    return path


def _districts(gathered: Gathered, folder: Path) -> Path:
    path = folder / "districts" / f"{gathered.state}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(finder.render(gathered, f"../iop_{gathered.state}.html"), encoding="utf-8")
    return path


def _nation(said: list[dict[str, Any]], folder: Path) -> None:
    api.national(said).to_csv(folder / API / "national.csv", index=False, lineterminator="\n")
    (folder / API / "state.schema.json").write_bytes(api.schema())


def sitemap(folder: Path, address: str) -> str:
    """The addresses of every page of the site, as search engines read them (sitemaps.org, 0.9)."""
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    rows = "\n".join(f"<url><loc>{escape(f'{address}/{page}')}</loc></url>" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}\n{rows}\n</urlset>\n"
