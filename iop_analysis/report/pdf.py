"""The report as PDF: the page paginated, and its first two pages as a brief; fonts embedded, tagged for readers."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from iop_analysis.errors import CallError
from iop_analysis.maps.save import FONTS
from iop_analysis.raw.workbooks import stamp
from iop_analysis.report import html
from iop_analysis.report.model import Figure, Report

# Fonts that come as packages, so that the same report gives the same bytes on every machine.
FAMILIES = {"Source Sans Pro": "font_source_sans_pro", "Source Serif Pro": "font_source_serif_pro"}
STYLES = {"Regular": ("normal", "normal"), "It": ("normal", "italic"), "Bold": ("bold", "normal")}
BRIEF_PAGES = 2
NO_PACKAGE = 'PDF needs the packages of the extra `pdf`: pip install "iop_analysis[pdf]".'
NO_PANGO = (
    "PDF needs the library Pango: `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` on Debian and "
    "Ubuntu, `brew install pango` on a Mac."
)


def render(report: Report) -> bytes:
    """The report on letter pages, with page numbers and its source on each.

    Raises
    ------
    CallError
        WeasyPrint, its fonts, or the library Pango that it needs is not installed.
    """
    return _bytes(_pages(report))


def render_brief(report: Report) -> bytes:
    """Page one and the page behind it, as they stand in the report.

    Raises
    ------
    CallError
        As for `render`.
    """
    document = _pages(report)
    return _bytes(document.copy(document.pages[:BRIEF_PAGES]))


def render_page(report: Report) -> bytes:
    """Page one alone.

    Raises
    ------
    CallError
        As for `render`.
    """
    document = _pages(report)
    return _bytes(document.copy(document.pages[:1]))


def check() -> None:
    """Stop where PDF cannot be made on this machine, with a `CallError` that says what to install."""
    _weasyprint()
    _font_faces()


def picture(figure: Figure) -> str:
    """The address by which a page names a figure's drawing."""
    return f"figure:{figure.key}"


def _drawings(report: Report) -> Any:
    """What opens the addresses of a report's pages: its drawings, and the fonts of the package."""
    urls = import_module("weasyprint.urls")
    found = {picture(one): one.svg.replace(FONTS, "'Source Sans Pro'").encode() for one in report.figures()}

    class Drawings(urls.URLFetcher):  # type: ignore[name-defined,misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in found:
                return urls.URLFetcherResponse(url, found[url], {"Content-Type": "image/svg+xml"})
            return super().fetch(url, headers)

    return Drawings(allowed_protocols=["file"])


def _weasyprint() -> Any:
    try:
        return import_module("weasyprint")
    except ModuleNotFoundError as error:
        raise CallError(NO_PACKAGE) from error
    except OSError as error:  # a library that WeasyPrint opens is not there
        raise CallError(NO_PANGO) from error


@lru_cache(maxsize=1)
def _pages(report: Report) -> Any:
    """The report laid out; report and brief are made of the same pages."""
    weasyprint = _weasyprint()
    created = stamp().date().isoformat()
    page = html.page("report.html", report=report, printed=True, created=created, picture=picture)
    page = page.replace("<style>", f"<style>{_font_faces()}", 1)
    return weasyprint.HTML(string=page, url_fetcher=_drawings(report)).render(pdf_variant="pdf/ua-1")


def _bytes(document: Any) -> bytes:
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


@cache
def _font_faces() -> str:
    faces = []
    for family, module in FAMILIES.items():
        try:
            folder = Path(str(import_module(module).font_directory))
        except ModuleNotFoundError as error:
            raise CallError(NO_PACKAGE) from error
        for name, (weight, style) in STYLES.items():
            file = folder / f"{family.replace(' ', '')}-{name}.ttf"
            faces.append(
                f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};src:url({file.as_uri()})}}"
            )
    return "".join(faces)
