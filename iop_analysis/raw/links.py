"""Which links of a program's page are worth a visit: few, of its own host, about programs, hours, insurance, fees."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from iop_analysis import catalog
from iop_analysis.raw.saved_pages import host

FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|webp|svg|mp[34]|mov|css|js|json|xml|ics|rss|exe)$", re.I
)
LONGEST_ADDRESS = 300
DEEPEST = 6


@cache
def _points() -> dict[str, int]:
    return {row["word"]: int(row["points"]) for row in catalog.read_rows("links.csv")}


def points(address: str, words: str) -> int:
    """How much a link promises, by the words of its address and its own; nothing or less is not visited.

    Examples
    --------
    >>> points("https://elm.example/iop", "Evening IOP") > points("https://elm.example/contact", "Contact") > 0
    True
    >>> points("https://elm.example/iop/login", "IOP"), points("https://elm.example/team", "Our team")
    (0, 0)
    """
    text = f"{urlsplit(address).path} {words}".lower()
    found = [value for word, value in _points().items() if word in text]
    return 0 if min(found, default=0) < 0 else sum(found)


def site_of(address: str) -> str:
    """Host and port of an address, without `www.`: what a visit never leaves."""
    try:
        port = urlsplit(address).port
    except ValueError:
        return ""
    name = host(address) or (urlsplit(address).hostname or "")
    return f"{name}:{port}" if port and port not in (80, 443) else name


def same_page(address: str) -> str:
    """What two addresses of one page have in common: neither scheme, `www.`, fragment nor a slash at the end."""
    return site_of(address) + (urlsplit(address).path.rstrip("/") or "/")


def links(text: str, base: str) -> list[tuple[int, str]]:
    """Links of a page to pages of its own host that promise anything, the most promising first.

    Examples
    --------
    >>> page = "<a href='/iop#top'>IOP</a><a href='/iop?page=2'>IOP</a><a href='https://x.example/iop'>IOP</a>"
    >>> links(page, "https://elm.example/")
    [(6, 'https://elm.example/iop')]
    """
    found: dict[str, int] = {}
    for link in LexborHTMLParser(text).css("a[href]"):
        try:
            address = urldefrag(urljoin(base, (link.attributes.get("href") or "").strip())).url
        except ValueError:
            continue
        worth = points(address, link.text(deep=True)) if _may_visit(address, base) else 0
        if worth > 0:
            found[address] = max(worth, found.get(address, 0))
    return sorted(((worth, address) for address, worth in found.items()), key=lambda one: (-one[0], one[1]))


def _may_visit(address: str, base: str) -> bool:
    parts = urlsplit(address)
    return (
        parts.scheme in ("http", "https")
        and not parts.query
        and len(address) <= LONGEST_ADDRESS
        and parts.path.count("/") <= DEEPEST
        and not FILES.search(parts.path)
        and site_of(address) == site_of(base)
    )
