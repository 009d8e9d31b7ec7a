"""One saved page read: where it stands, what it says of its IOP and of payers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from iop_analysis.hours.prose import Page, read_blocks
from iop_analysis.hours.prose_text import blocks
from iop_analysis.raw.saved_pages import Saved
from iop_analysis.sources._html import Document, read_html
from iop_analysis.sources._payers_said import Paid, payers_said

ARTICLES = re.compile(
    r"/(?:blog|news|articles?|resources?|learn|library|posts?|stories|20\d\d/\d\d)(?:/|$)", re.IGNORECASE
)
ARTICLE_TYPES = frozenset(("Article", "BlogPosting", "NewsArticle", "JobPosting"))


@dataclass(frozen=True)
class ReadPage:
    """A page with its address: its blocks, and what it says."""

    saved: Saved
    address: str
    document: Document
    said: Page
    payers: list[Paid]

    @property
    def own_words(self) -> str:
        """Headings and sentences with which the page may name its own programs; nothing where it speaks of others."""
        if self.said.manner.directory or self.said.manner.news or self.said.manner.article:
            return "\n".join(one.quote for one in self.said.sessions)
        return "\n".join([self.document.title, *(block.text for block in self.document.blocks)])


def read_saved(saved: Saved) -> ReadPage:
    """Read a saved page, HTML or plain text."""
    document = read_html(saved.text) if saved.is_html else Document("", blocks(saved.text))
    address = saved.address or document.address
    called = re.split(r"\s[|–—•·-]\s", document.title)[0]
    said = read_blocks(document.blocks, called, _is_article(address, document))
    return ReadPage(saved, address, document, said, payers_said(document.blocks, said.manner))


def _is_article(address: str, document: Document) -> bool:
    kinds = {str(kind) for one in document.declared for kind in _as_list(one.get("@type"))}
    return bool(ARTICLES.search(urlsplit(address).path)) or bool(kinds & ARTICLE_TYPES)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
