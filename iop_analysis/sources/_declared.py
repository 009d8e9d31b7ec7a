"""What a page declares of its house in JSON-LD: name, address, telephone, opening hours; only of its own host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from iop_analysis import catalog
from iop_analysis.hours.week import DAYS, NUMBERS
from iop_analysis.raw.saved_pages import host

Node = dict[str, Any]
# What stands in the place of hours on everybody's entry, and says nothing.
ALL_DAY = (("00:00", "23:59"), ("00:00", "24:00"), ("00:00", "00:00"))


def nodes(declared: Iterable[Node], own: str) -> list[Node]:
    """The things that a page declares, leaving out those that belong to another host, and contact points."""
    return [node for node in _every(declared) if _is_own(node, own) and node.get("@type") != "ContactPoint"]


def _every(declared: Iterable[Node]) -> Iterator[Node]:
    for node in declared:
        yield node
        for name in ("@graph", "mainEntity", "location", "department", "publisher", "about", "provider", "isPartOf"):
            inner = node.get(name)
            listed = inner if isinstance(inner, list) else [inner]
            yield from _every(one for one in listed if isinstance(one, dict))


def _is_own(node: Node, own: str) -> bool:
    address = node.get("url") or node.get("@id") or ""
    named = host(address) if isinstance(address, str) and address.startswith("http") else ""
    return not own or not named or named == own or named.endswith(f".{own}")


def who_and_where(found: list[Node]) -> dict[str, str]:
    """Name, address and telephone under the canonical names; empty where the page declares none, or several houses."""
    said: dict[str, str] = {}
    for name, path in _properties().items():
        values = {value for node in found if "address" in node or "telephone" in node for value in _value(node, path)}
        said[name] = values.pop() if len(values) == 1 else ""
    return said


def _properties() -> dict[str, str]:
    rows = catalog.read_rows("columns/pages.csv")
    return {row["name"]: row["property"] for row in rows if row["name"] != "facility_id"}


def _value(node: Any, path: str) -> Iterator[str]:
    first, _, rest = path.partition(".")
    inner = node.get(first) if isinstance(node, dict) else None
    for one in inner if isinstance(inner, list) else [inner]:
        if rest:
            yield from _value(one, rest)
        elif isinstance(one, str | int | float) and str(one).strip():
            yield " ".join(str(one).split())


def opening(found: list[Node]) -> str:
    """Opening hours that a page declares, in short; what is stamped on everybody (day and night) is left out.

    Examples
    --------
    >>> opening([{"openingHours": ["Mo-Fr 09:00-17:00", "Sa 10:00-12:00"]}])
    'Mo-Fr 09:00-17:00; Sa 10:00-12:00'
    >>> opening([{"openingHours": "Mo-Su 00:00-24:00"}])
    ''
    """
    told = [text for node in found for text in (*_written(node), *_specified(node))]
    stamped = ("00:00-23:59", "00:00-24:00", "00:00-00:00", "24/7")
    return "; ".join(dict.fromkeys(text for text in told if not text.endswith(stamped)))


def _written(node: Node) -> Iterator[str]:
    hours = node.get("openingHours")
    for one in hours if isinstance(hours, list) else [hours]:
        if isinstance(one, str) and one.strip():
            yield " ".join(one.split())


def _specified(node: Node) -> Iterator[str]:
    listed = node.get("openingHoursSpecification")
    for one in listed if isinstance(listed, list) else [listed]:
        if not isinstance(one, dict):
            continue
        opens, closes = str(one.get("opens", ""))[:5], str(one.get("closes", ""))[:5]
        days = one.get("dayOfWeek")
        names = [str(day).rsplit("/", 1)[-1][:2] for day in (days if isinstance(days, list) else [days])]
        known = sorted({NUMBERS[day] for day in names if day in NUMBERS})
        if known and opens and closes and (opens, closes) not in ALL_DAY:
            yield f"{','.join(DAYS[day] for day in known)} {opens}-{closes}"
