"""A saved web page as blocks of visible text under their headings, and what it declares in JSON-LD."""

from __future__ import annotations

import html as entities
import json
import re
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from iop_analysis.hours.prose_text import Block

NEVER_TEXT = (
    "script,style,template,noscript,select,svg,iframe,nav,datalist,object,canvas,video,audio,head,blockquote,dialog"
)
# Pieces that themes put on every page, named in their class or id; a page that is nothing else keeps them.
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|chat|chatbot|livechat|testimonials?|reviews?|popup|modal|comments?|breadcrumbs?"
    r"|related|recent-posts|share|social|menu|nav|navbar|navigation|skip-link|sidebar-posts|post-list|author-box"
    r"|newsletter|search-form)(?:$|[\s_-])",
    re.IGNORECASE,
)
PANEL = re.compile(
    r"panel|tab|accordion|collapse|toggle|faq|answer|content|details|screen-reader|sr-only|visually", re.IGNORECASE
)
HEADLIKE = re.compile(
    r"(?:^|[\s_-])(?:heading|headline|title|question|subtitle|accordion-header|tab-title|card-header)(?:$|[\s_-])",
    re.IGNORECASE,
)
LONGEST_HEADING = 16
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->|<![^>]*>|([^<]+)", re.DOTALL)
_BREAKS = frozenset(
    ("p", "div", "section", "article", "main", "aside", "header", "footer", "ul", "ol", "dl", "form", "fieldset")
    + ("figure", "figcaption", "table", "thead", "tbody", "tfoot", "details", "address", "hr", "body", "center", "pre")
)
_HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "legend", "caption", "button"))
_TIGHT = frozenset(("b", "strong", "i", "em", "u", "sup", "sub", "mark", "small", "abbr", "font", "wbr", "ins", "time"))
_EMPTY = frozenset(("br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source"))
_CLASS = re.compile(r'\sclass="([^"]*)"')


@dataclass
class Document:
    """A page: its title, blocks, JSON-LD, the address it gives of itself, and the telephone numbers it links."""

    title: str
    blocks: list[Block]
    declared: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""
    phones: list[str] = field(default_factory=list)


def read_html(text: str) -> Document:
    """Read a page. Comments, scripts, menus, forms and hidden pieces that no tab or accordion shows are no text.

    Examples
    --------
    >>> page = read_html("<nav>Evening IOP</nav><h1>IOP</h1><!-- 6-9pm --><p>We meet <b>weekly</b>.</p>")
    >>> [(one.kind, one.text) for one in page.blocks]
    [('heading', 'IOP'), ('text', 'We meet weekly.')]
    """
    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    name = " ".join(title.text().split()) if title else ""
    declared = [one for script in tree.css('script[type="application/ld+json"]') for one in _json(script.text())]
    address = _address(tree, text)
    body = tree.body
    if body is None:
        return Document(name, [], declared, address)
    dialled = [link.attributes.get("href") or "" for link in body.css('a[href^="tel:"]')]
    phones = [number for number in (re.sub(r"\D", "", text)[-10:] for text in dialled) if len(number) == 10]
    _strip(body)
    return Document(name, _Walk().read(body.html or ""), declared, address, phones)


def _json(text: str) -> list[dict[str, Any]]:
    """Objects of a JSON-LD script; broken JSON declares nothing."""
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return []
    found = found.get("@graph", found) if isinstance(found, dict) else found
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")


def _address(tree: LexborHTMLParser, text: str) -> str:
    """Address that a page gives of itself: canonical link, og:url, or the mark of a browser that saved it."""
    link = tree.css_first('link[rel="canonical"]')
    meta = tree.css_first('meta[property="og:url"]')
    saved = _SAVED_FROM.search(text[:2000])
    found = [
        link.attributes.get("href") if link else "",
        meta.attributes.get("content") if meta else "",
        saved[1] if saved else "",
    ]
    return next((one for one in found if one and one.startswith("http")), "")


def _strip(body: LexborNode) -> None:
    whole = len(body.text(deep=True))
    for node in body.css(NEVER_TEXT):
        node.decompose()
    for node in body.css("form"):
        if len(node.text(deep=True)) < whole / 3:  # some builders wrap the whole page in a form
            node.decompose()
    for node in body.css(
        '[hidden],[aria-hidden="true"],[style*="display:none"],[style*="display: none"],[style*="visibility:hidden"]'
    ):
        if not PANEL.search(_names(node)):
            node.decompose()
    for node in body.css("[class],[id]"):
        if (
            node.tag not in ("body", "main", "html", "article")
            and FURNITURE.search(_names(node))
            and len(node.text(deep=True)) < whole / 2
        ):
            node.decompose()


def _names(node: LexborNode) -> str:
    found = node.attributes
    return " ".join(str(found.get(name) or "") for name in ("class", "id", "role"))


class _Walk:
    """One pass over clean HTML: every tag that breaks a line ends a block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.footers = 0
        self.heads: list[tuple[str, int]] = []
        self.items = 0
        self.row: list[str] | None = None
        self.columns: list[str] = []
        self.strong = self.linked = self.letters = 0
        self.in_strong = self.in_link = 0

    def read(self, text: str) -> list[Block]:
        for match in _TOKEN.finditer(text):
            closing, tag, attributes, words = match.groups()
            if words is not None:
                self._words(words)
            elif tag and closing:
                self._close(tag)
            elif tag:
                self._open(tag, attributes)
        self._flush()
        return self.blocks

    def _words(self, words: str) -> None:
        plain = entities.unescape(words) if "&" in words else words
        self.pieces.append(plain)
        count = len(plain.strip())
        self.letters += count
        self.strong += count if self.in_strong else 0
        self.linked += count if self.in_link else 0

    def _open(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag in _HEADS:
            self._flush()
            self.heads.append((tag, int(tag[1]) if tag[1:].isdigit() else 7))
        elif tag == "tr":
            self._flush()
            self.row = []
        elif tag in ("td", "th"):
            self._flush()
        elif tag == "li" or tag == "dd":
            self._flush()
            self.items += tag == "li"
        elif tag in _BREAKS:
            self._flush()
            self.footers += tag in ("footer", "address") or 0
            named = _CLASS.search(attributes) if attributes and tag == "div" else None
            if named and HEADLIKE.search(named[1]):
                self.pieces.append("\x01")
        elif tag not in _TIGHT and tag not in _EMPTY:
            self.pieces.append(" ")
        self.in_strong += tag in ("b", "strong")
        self.in_link += tag == "a"

    def _close(self, tag: str) -> None:
        self.in_strong -= tag in ("b", "strong") and self.in_strong > 0
        self.in_link -= tag == "a" and self.in_link > 0
        if tag in _HEADS:
            self._flush()
            if self.heads:
                self.heads.pop()
        elif tag in ("td", "th"):
            self._cell()
        elif tag == "tr":
            self._row()
        elif tag == "table":
            self._flush()
            self.columns = []
        elif tag == "li" or tag == "dd":
            self._flush()
            self.items -= tag == "li" and self.items > 0
        elif tag in _BREAKS:
            self._flush()
            self.footers -= tag in ("footer", "address") and self.footers > 0
        elif tag not in _TIGHT:
            self.pieces.append(" ")

    def _take(self) -> str:
        text = "".join(self.pieces)
        self.pieces.clear()
        return "\n".join(line for line in (" ".join(one.split()) for one in text.split("\n")) if line)

    def _flush(self) -> None:
        text, strong, linked, letters = self._take() if self.pieces else "", self.strong, self.linked, self.letters
        self.strong = self.linked = self.letters = 0
        marked = "\x01" in text
        text = text.replace("\x01", "").strip()
        if not text:
            return
        if self.row is not None:
            self.row.append(text)
            return
        for line in text.split("\n"):
            self._block(line, strong >= letters > 0 or marked, linked >= letters > 0)

    def _block(self, line: str, bold: bool, linked: bool) -> None:
        short = len(line.split()) <= LONGEST_HEADING
        if self.footers:
            self.blocks.append(Block(line, "footer"))
        elif self.heads and short:
            self.blocks.append(Block(line, "heading", self.heads[-1][1]))
        elif linked:
            return
        elif bold and short and not re.search(r"\d", line):
            self.blocks.append(Block(line, "heading", 8))
        else:
            self.blocks.append(Block(line, "item" if self.items else "text"))

    def _cell(self) -> None:
        text = self._take()
        self.strong = self.linked = self.letters = 0
        if self.row is not None:
            self.row.append(text.replace("\x01", "").replace("\n", "; "))

    def _row(self) -> None:
        """A row of a table: its cells in their order, each cell with a clock under the heading of its column."""
        cells, self.row = list(self.row or []), None
        self.blocks += _row_blocks(cells, self.columns)
        if not self.columns and len(cells) > 1 and not re.search(r"\d", " ".join(cells)):
            self.columns = cells


_COLUMN = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*s?|.*(?:iop|intensive|php|partial|outpatient|evening|morning|night|residential).*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d\s?(?:[ap]\.?\s?m|:\d\d|-|–)", re.IGNORECASE)


def _row_blocks(cells: list[str], columns: list[str]) -> list[Block]:
    """A row as one line; where the columns are days or levels of care, each cell is a line under its column."""
    told = [cell for cell in cells if cell]
    if not told:
        return []
    across = len(columns) == len(cells) and sum(bool(_COLUMN.fullmatch(one)) for one in columns[1:]) >= 2
    if not across:
        return [Block(" ".join(told), "row")]
    found = []
    for column, cell in zip(columns[1:], cells[1:], strict=True):
        if _CLOCK.search(cell):
            found += [Block(column, "heading", 8), Block(cell, "row")]
    return found and [*found, Block(" ", "heading", 8)]
