"""One saved page read: what it says of its IOP, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from iop_analysis.hours.prose import Page, read_blocks, read_text
from iop_analysis.hours.prose_text import Block
from iop_analysis.raw.saved_pages import Saved
from iop_analysis.sources._html import Document, read_html

ARTICLES = re.compile(
    r"/(?:blog|news|articles?|resources?|learn|library|post|posts|stories|20\d\d/\d\d)(?:/|$)", re.IGNORECASE
)
ARTICLE_TYPES = frozenset(("Article", "BlogPosting", "NewsArticle", "JobPosting"))


@dataclass(frozen=True)
class Read:
    """A page with its address and date, its blocks, and what it says."""

    saved: Saved
    address: str
    document: Document
    page: Page


def read_saved(saved: Saved) -> Read:
    """Read a saved page, HTML or plain text."""
    if not saved.is_html:
        return Read(saved, saved.address, Document("", []), read_text(saved.text))
    document = read_html(saved.text)
    address = saved.address or document.address
    page = read_blocks(document.blocks, _about(document.title), _is_article(address, document))
    return Read(saved, address, document, page)


def _about(title: str) -> str:
    """What a page's title says before the name of the house."""
    return re.split(r"\s[|–—•·-]\s", title)[0]


def _is_article(address: str, document: Document) -> bool:
    kinds = {str(kind) for one in document.declared for kind in _as_list(one.get("@type"))}
    return bool(ARTICLES.search(urlsplit(address).path)) or bool(kinds & ARTICLE_TYPES)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def visible(blocks: list[Block]) -> str:
    """The visible text of a page, a line a block."""
    return "\n".join(block.text for block in blocks)
