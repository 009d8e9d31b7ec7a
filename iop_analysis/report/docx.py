"""Page one as an editable Word document: real styles, alternative texts, and slots for logo, contact and ask."""

from __future__ import annotations

import io
import zipfile
from importlib import import_module
from typing import Any

from iop_analysis.errors import CallError
from iop_analysis.maps.save import to_png
from iop_analysis.raw.workbooks import stamp
from iop_analysis.report.model import Figure, Front, Report, Table

NO_PACKAGE = 'DOCX needs the package of the extra `docx`: pip install "iop_analysis[docx]".'
LOGO, CONTACT = "[Your logo]", "[Your name, organization, telephone and mail]"
ACCENT, MUTED, TINT = "00336E", "4A5464", "F3F5F8"
FAMILY, DOTS = "Arial", 200
# Name, the style it is based on, points, bold, colour, points above and below.
STYLES: tuple[tuple[str, str, float, bool, str, float, float], ...] = (
    ("Kicker", "Normal", 9.0, True, ACCENT, 0, 0),
    ("Sub-line", "Normal", 9.4, False, "", 0, 2),
    ("Small print", "Normal", 6.6, False, MUTED, 0, 1),
    ("Tile number", "Normal", 11.5, True, ACCENT, 2, 0),
    ("Tile noun", "Normal", 8.5, True, "", 0, 0),
    ("Tile note", "Normal", 6.8, False, MUTED, 0, 2),
    ("Slot", "Normal", 9.0, False, MUTED, 0, 0),
)
WIDE_INCHES, HALF_INCHES, MAP_INCHES_HIGH = 7.3, 2.8, 2.4
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # of the parts inside the file, so that the same report gives the same bytes


def render(report: Report) -> bytes:
    """The document's bytes; the same report gives the same bytes.

    Raises
    ------
    CallError
        python-docx is not installed.
    """
    document = _document(report)
    page = report.front
    _head(document, page, report.synthetic)
    _tiles(document, page)
    _pictures(document, page)
    left, right = _grid(document, 1, (WIDE_INCHES / 2,) * 2, "Residents, and what would change it").rows[0].cells
    _sentences(left, "Who lives where", page.people, "List Bullet")
    _sentences(right, "What would change it", page.levers, "List Number")
    _ask(left, page)
    _small(document, report)
    buffer = io.BytesIO()
    document.save(buffer)
    return _same(buffer.getvalue())


def check() -> None:
    """Stop where DOCX cannot be made on this machine, with a `CallError` that says what to install."""
    _docx()


def _docx() -> Any:
    try:
        return import_module("docx")
    except ModuleNotFoundError as error:
        raise CallError(NO_PACKAGE) from error


def _document(report: Report) -> Any:
    """An empty letter page with the styles and the properties of the report."""
    document = _docx().Document()
    shared = import_module("docx.shared")
    section = document.sections[0]
    section.page_width, section.page_height = shared.Inches(8.5), shared.Inches(11)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, shared.Inches(0.45 if side.startswith(("top", "bottom")) else 0.6))
    section.header_distance = section.footer_distance = shared.Inches(0.3)
    about = document.core_properties
    about.title, about.author, about.language = report.title, "iop_analysis", "en-US"
    about.comments, about.subject = f"Content ID {report.identifier}", report.front.headline
    about.created = about.modified = stamp()
    for name, base, points, bold, colour, above, below in STYLES:
        style = document.styles.add_style(name, import_module("docx.enum.style").WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        _set(style, points, bold, colour, above, below)
    _set(document.styles["Normal"], 8.2, False, "", 0, 2)
    _set(document.styles["Title"], 15.0, True, "1C2430", 2, 3)
    _set(document.styles["Heading 2"], 11.0, True, ACCENT, 3, 1)
    _set(document.styles["Caption"], 8.5, True, "1C2430", 2, 1)
    return document


def _set(style: Any, points: float, bold: bool, colour: str, above: float, below: float) -> None:
    shared = import_module("docx.shared")
    style.font.name, style.font.size, style.font.bold = FAMILY, shared.Pt(points), bold
    if colour:
        style.font.color.rgb = shared.RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = shared.Pt(above), shared.Pt(below)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]  # else the theme's letters win


def _head(document: Any, page: Front, synthetic: bool) -> None:
    """Kicker and the slot for a logo side by side, then the headline and what follows it."""
    row = _grid(document, 1, (5.5, 1.8), "Kicker and logo").rows[0].cells
    _fill(row[0], [(page.kicker, "Kicker")])
    _fill(row[1], [(LOGO, "Slot")])
    if synthetic:
        document.add_paragraph("SYNTHETIC sample. Every facility and number on this page is invented.", "Kicker")
    document.add_paragraph(f"{'SYNTHETIC – ' * synthetic}{page.headline}", "Title")
    document.add_paragraph(page.subline, "Sub-line")
    document.add_paragraph(page.what, "Small print")


def _tiles(document: Any, page: Front) -> None:
    if not page.tiles:
        return
    count = len(page.tiles)
    cells = _grid(document, 1, (WIDE_INCHES / count,) * count, "Numbers with their nouns").rows[0].cells
    for cell, tile in zip(cells, page.tiles, strict=True):
        _shade(cell, TINT)
        _fill(cell, [(tile.figure, "Tile number"), (tile.noun, "Tile noun"), (tile.note, "Tile note")])


def _pictures(document: Any, page: Front) -> None:
    """The map at the left; the chart and the farthest places at the right."""
    if page.map is None and page.chart is None:
        return
    left, right = _grid(document, 1, (WIDE_INCHES / 2,) * 2, "Map and chart").rows[0].cells
    if page.map is not None:
        _picture(left, page.map)
    beside = right if page.map is not None else left
    if page.chart is not None:
        _picture(beside, page.chart)
    if page.far is not None:
        _far(right, page.far)


def _picture(cell: Any, figure: Figure) -> None:
    """A drawing with its caption and its alternative text."""
    _fill(cell, [(figure.title, "Caption")])
    wide, high = figure.canvas.get_size_inches()
    scale = min(HALF_INCHES / wide, MAP_INCHES_HIGH / high)
    run = cell.add_paragraph().add_run()
    shape = run.add_picture(
        io.BytesIO(to_png(figure.canvas, figure.alt, DOTS)), import_module("docx.shared").Inches(wide * scale)
    )
    shape._inline.docPr.set("descr", figure.alt)
    shape._inline.docPr.set("title", figure.title)


def _far(cell: Any, table: Table) -> None:
    cell.add_paragraph(table.title, "Caption")
    grid = cell.add_table(1 + len(table.frame), len(table.frame.columns))
    grid.style = "Table Grid"
    rows = [[str(name) for name in table.frame], *table.frame.map(_text).to_numpy().tolist()]
    for line, values in zip(grid.rows, rows, strict=True):
        for box, value in zip(line.cells, values, strict=True):
            _fill(box, [(value, "Tile note")])
    cell.add_paragraph(style="Tile note")  # a cell of Word ends with a paragraph


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _sentences(cell: Any, heading: str, lines: tuple[str, ...], style: str) -> None:
    if lines:
        _fill(cell, [(heading, "Heading 2"), *((line, style) for line in lines)])


def _ask(cell: Any, page: Front) -> None:
    """The ask in a box of its own, to be written over, and the slot for a contact."""
    cell.add_paragraph("The ask", "Heading 2")
    box = cell.add_table(1, 1)
    box.style = "Table Grid"
    _fill(box.rows[0].cells[0], [(page.ask, "Sub-line"), (CONTACT, "Slot")])
    cell.add_paragraph(style="Tile note")  # a cell of Word ends with a paragraph


def _small(document: Any, report: Report) -> None:
    page = report.front
    made = f"Made on {page.made}. Content ID {report.identifier}."
    for parts in ((page.counted, page.read), (page.finder, page.help), (report.source_line, page.sources, made)):
        document.add_paragraph(" ".join(filter(None, parts)), "Small print")
    if page.correction:
        document.add_paragraph(page.correction, "Small print")


def _grid(document: Any, rows: int, widths: tuple[float, ...], about: str, style: str = "Normal Table") -> Any:
    """A table of so many inches a column, with a description for screen readers."""
    shared, oxml = import_module("docx.shared"), import_module("docx.oxml")
    table = document.add_table(rows, len(widths))
    table.style, table.autofit = style, False
    said = oxml.OxmlElement("w:tblDescription")
    said.set(import_module("docx.oxml.ns").qn("w:val"), about)
    table._tbl.tblPr.append(said)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = shared.Inches(width)
        for cell in column.cells:
            cell.width = shared.Inches(width)
    return table


def _fill(cell: Any, lines: list[tuple[str, str]]) -> None:
    """Paragraphs with their styles; the empty one that a cell begins with is the first."""
    for number, (text, style) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 and not cell.paragraphs[0].text else cell.add_paragraph()
        paragraph.style = style
        paragraph.add_run(text)


def _shade(cell: Any, colour: str) -> None:
    qn = import_module("docx.oxml.ns").qn
    shade = import_module("docx.oxml").OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _same(content: bytes) -> bytes:
    """The same file with a fixed date on each of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
