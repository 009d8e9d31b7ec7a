"""FindTreatment.gov's API, page by page, into one file with its envelope."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from iop_analysis import catalog
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.adding import Added, add, calendar_date
from iop_analysis.raw.downloading import REDIRECTS, TOTAL_SECONDS, redacted
from iop_analysis.raw.releases import known_releases

SOURCE = "findtreatment"
LIMITS = {"state": 0, "county": 1, "distance": 2}
KINDS = ("SA", "MH", "BOTH")
PAGE_ROWS = 2000
PAUSE_SECONDS = 1.0
BACKOFF_SECONDS = 2.0
RETRIES = 4
TIMEOUT_SECONDS = 60
PASSING_FAULTS = (429, 500, 502, 503, 504)
ENVELOPE = ("page", "totalPages", "recordCount", "rows")


def fetch_locator(
    key: str,
    near: str,
    limit: str,
    value: int,
    retrieved: str,
    *,
    kinds: str = "BOTH",
    api: str = "",
    progress: bool = True,
) -> Added:
    """Ask the locator for every entry around a point or in a place, and keep the answer as `findtreatment@key`.

    All pages go into one JSON file: the rows of all, the envelope of the last, the request, and the date.

    Parameters
    ----------
    key
        Name of the new release, such as `co-2026`.
    near
        A point as "latitude,longitude" in degrees; distances in the answer are measured from it.
    limit, value
        What bounds the answer: `distance` in metres from the point; `state` or `county` with the locator's own
        number for it (not the FIPS code).
    retrieved
        Date of retrieval, YYYY-MM-DD; it is stated, not read from the clock, so that a file can be made again.
    kinds
        `SA` substance use, `MH` mental health, or `BOTH`.
    api
        Address to ask; empty for that of the catalog.
    progress
        Whether to draw a bar on stderr.

    Raises
    ------
    DataError
        The locator cannot be read, the rows do not add up to its own count, or a page repeats an entry.
    CallError
        An argument is wrong, or the release is there already.
    """
    if f"{SOURCE}@{key}" in known_releases():
        raise CallError(f"{SOURCE}@{key} is there already; give the new answer another name.")
    request = _request(near, limit, value, kinds)
    calendar_date(retrieved)
    pages = _pages(api or catalog.source(SOURCE).api, request, progress)
    rows = _all_rows(pages)
    answer = pages[-1] | {"rows": rows, "request": request, "retrieved": retrieved}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"locator_{retrieved}_{key}.json"
        file.write_text(json.dumps(answer, ensure_ascii=False) + "\n", encoding="utf-8")
        return add(f"{SOURCE}@{key}", file)


def _request(near: str, limit: str, value: int, kinds: str) -> dict[str, str | int]:
    try:
        latitude, longitude = map(float, near.split(","))
    except ValueError as error:
        raise CallError(f"{near!r} is no point; write latitude,longitude such as 39.74,-104.99.") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CallError(f"{near!r} is no point on Earth; write latitude,longitude in that order.")
    if limit not in LIMITS or kinds not in KINDS:
        raise CallError(f"The limit is one of {', '.join(LIMITS)} and the kind one of {', '.join(KINDS)}.")
    return {
        "sAddr": f"{latitude},{longitude}",
        "limitType": LIMITS[limit],
        "limitValue": value,
        "sType": kinds,
        "pageSize": PAGE_ROWS,
    }


def _pages(api: str, request: dict[str, str | int], progress: bool) -> list[dict[str, Any]]:
    # Imported here: most commands never go online, and these take long to load.
    import requests
    from requests.adapters import HTTPAdapter
    from tqdm import tqdm
    from urllib3.util import Retry

    # `Retry` waits as long as the server asks where it asks.
    retry = Retry(total=RETRIES, backoff_factor=BACKOFF_SECONDS, status_forcelist=PASSING_FAULTS)
    with requests.Session() as session, tqdm(desc="FindTreatment.gov", unit="page", disable=not progress) as bar:
        session.mount(api, HTTPAdapter(max_retries=retry))
        session.max_redirects = REDIRECTS
        until = time.monotonic() + TOTAL_SECONDS
        pages = [_page(session, api, request, 1)]
        bar.total = pages[0]["totalPages"]
        bar.update()
        for number in range(2, pages[0]["totalPages"] + 1):
            if time.monotonic() > until:
                raise DataError(
                    f"The locator was not read after {TOTAL_SECONDS // 60} minutes; ask for a smaller place."
                )
            time.sleep(PAUSE_SECONDS)
            pages.append(_page(session, api, request, number))
            bar.update()
    return pages


def _page(session: Any, api: str, request: dict[str, str | int], number: int) -> dict[str, Any]:
    from requests import RequestException

    # The comma of the point is sent as a comma, the way the publisher writes these addresses.
    address = f"{api}?{urlencode(request | {'page': number}, safe=',')}"
    try:
        answer = session.get(address, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        page = answer.json()
    except RequestException as error:
        why = redacted(str(error))
        raise DataError(f"Page {number} of the locator cannot be read ({why}); run the command again.") from error
    if not isinstance(page, dict) or any(name not in page for name in ENVELOPE) or page["page"] != number:
        raise DataError(
            f"Page {number} of the locator is not that page of a list; run the command again, and if it stays so "
            f"the API has changed."
        )
    return page


def _all_rows(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of all pages, checked against the locator's own count and for entries that come twice."""
    count = pages[0]["recordCount"]
    rows = [row for page in pages for row in page["rows"]]
    if len(rows) != count or any(page["recordCount"] != count for page in pages):
        raise DataError(
            f"The locator counts {count} entries but its {len(pages)} pages hold {len(rows)}; "
            f"the list changed in between, run the command again."
        )
    if not rows:
        raise DataError("The locator knows no entry there; check the point and the limit.")
    seen: set[str] = set()
    for number, page in enumerate(pages, start=1):
        for row in page["rows"]:
            entry = _identity(row)
            if entry in seen:
                raise DataError(f"Page {number} of the locator repeats the entry {entry}; run the command again.")
            seen.add(entry)
    return rows


def _identity(row: dict[str, Any]) -> str:
    """The entry's `frid`; where a row has none, all it says but its running number, which restarts on each page."""
    said = {name: value for name, value in row.items() if name != "_irow"}
    return str(row.get("frid") or json.dumps(said, sort_keys=True))
