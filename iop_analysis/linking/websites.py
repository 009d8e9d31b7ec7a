"""Web addresses compared: the host that is a program's own, and the page on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pandas as pd

from iop_analysis import catalog

ADDRESS = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]*://)?(?:www\d?\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?P<path>/[^?#\s]*)?",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?([/?#][^\s\"'<>\\]*)?", re.IGNORECASE)
# Names of the page that a server gives for a bare folder.
START_PAGE = re.compile(r"/(?:index|home|default)(?:\.\w+)?$")


@cache
def shared_hosts() -> frozenset[str]:
    """Hosts on which many organizations have pages, so that the host names none of them."""
    return frozenset(row["host"] for row in catalog.read_rows("shared_hosts.csv"))


def own_host(address: str) -> str:
    """Host of a web address without `www`; empty where it is none, or belongs to many.

    Examples
    --------
    >>> own_host("https://www.Example.org/programs"), own_host("facebook.com/example"), own_host("https://")
    ('example.org', '', '')
    """
    host = _parts(address)[0]
    return "" if host in shared_hosts() else host


def page_of(address: str) -> str:
    """Host and path of a web address, spelled one way; empty for the start page of a host.

    Examples
    --------
    >>> page_of("http://www.example.org/Denver/?from=ad"), page_of("example.org/index.html")
    ('example.org/denver', '')
    """
    host, path = _parts(address)
    return host + path if path else ""


def web_link(text: str) -> str:
    """The address that a website's text may be linked to; empty where it is no plain http or https address.

    Examples
    --------
    >>> web_link("www.example.org"), web_link("javascript:alert(1)"), web_link("ftp://example.org")
    ('https://www.example.org', '', '')
    """
    text = text.strip()
    address = text if re.match("https?://", text, re.IGNORECASE) else f"https://{text}"
    return address if LINK.fullmatch(address) else ""


def _parts(address: str) -> tuple[str, str]:
    found = ADDRESS.match(address)
    if found is None:
        return "", ""
    path = (found["path"] or "").lower().rstrip("/")
    return found["host"].lower(), START_PAGE.sub("", path)


def host_pairs(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Pairs of rows of one page, or of one own host, whose places do not contradict each other.

    Parameters
    ----------
    table, others
        `website`, `state`, `city`, `zip`, `key` (address key), `phone` (digits) and `open` (the address is not
        withheld), with numbers as index.

    Returns
    -------
    DataFrame
        `row`, `other` and `website_score`: 1 for the same page, 0.9 for the same host. A page or host that fits more
        than one row of either table counts only where the telephone number is the same.
    """
    found = [_pairs(table, others, find, score) for find, score in ((page_of, 1.0), (own_host, 0.9))]
    pairs = pd.concat(found, ignore_index=True)
    return pairs.drop_duplicates(["row", "other"]).reset_index(drop=True)


def _pairs(table: pd.DataFrame, others: pd.DataFrame, find: Callable[[str], str], score: float) -> pd.DataFrame:
    left, right = _named(table, find, "row"), _named(others, find, "other")
    pairs = left.merge(right, on="site", suffixes=("", "_other"))
    pairs = pairs[_same_place(pairs)]
    alone = ~pairs["row"].duplicated(keep=False) & ~pairs["other"].duplicated(keep=False)
    same_phone = (pairs["phone"] != "") & (pairs["phone"] == pairs["phone_other"])
    return pairs.loc[alone | same_phone, ["row", "other"]].assign(website_score=score)


def _named(table: pd.DataFrame, find: Callable[[str], str], label: str) -> pd.DataFrame:
    texts = table["website"].fillna("").astype(str)
    site = texts.map({text: find(text) for text in texts.unique()}).astype("str")
    rows = table.assign(site=site)[table["open"] & (site != "")]
    return rows[["site", "state", "city", "zip", "key", "phone"]].rename_axis(label).reset_index()


def _same_place(pairs: pd.DataFrame) -> pd.Series:
    """Whether state, city and ZIP code agree where both rows say them, and not both show a street.

    Rows that both show a street are compared by it.
    """
    agree = pd.Series(True, index=pairs.index)
    for name in ("state", "city", "zip"):
        mine, theirs = (pairs[one].fillna("").astype(str).str.upper().str.strip() for one in (name, f"{name}_other"))
        agree &= (mine == "") | (theirs == "") | (mine == theirs)
    return agree & ((pairs["key"] == "") | (pairs["key_other"] == ""))
