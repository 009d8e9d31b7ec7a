"""A payer's provider directory (Plan-Net), paged politely out of its public FHIR endpoint into one file."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.downloading import REDIRECTS, redacted
from iop_analysis.raw.limits import read_json
from iop_analysis.raw.printable import printable
from iop_analysis.raw.releases import known_releases

SOURCE = "plan_net"
# What says who offers what where, when, and in which plans. A search address asks for what it names, and nothing else.
TYPES = ("HealthcareService", "Location", "Organization", "OrganizationAffiliation", "InsurancePlan")
PAGE_ROWS = 100
PAUSE_SECONDS, TIMEOUT_SECONDS = 1.0, 60
# A server that is busy says how long to wait; nobody waits longer than this, nor asks more often.
MOST_WAIT_SECONDS, RETRIES, BUSY = 120.0, 5, (408, 429, 500, 502, 503, 504)
TOTAL_SECONDS = 6 * 3600
MOST_PAGES, PAGE_BYTES = 20_000, 64 << 20
AGENT = "iop_analysis (provider directory reader; one request at a time)"
FATAL = ("fatal", "error")

Resource = dict[str, Any]


@dataclass
class Found:
    """Resources by type and id, and what was noticed on the way."""

    resources: dict[str, Resource] = field(default_factory=dict)
    pages: int = 0
    repeats: int = 0
    remarks: list[str] = field(default_factory=list)

    def keep(self, resource: Resource) -> None:
        """Keep a resource; of one that comes twice the newer."""
        key = f"{resource.get('resourceType')}/{resource.get('id')}"
        before = self.resources.get(key)
        self.repeats += before is not None
        if before is None or _updated(resource) >= _updated(before):
            self.resources[key] = resource


def is_search(name: str, origin: str | None) -> bool:
    """Whether a release that is asked for is a new provider directory behind an address."""
    source, _, key = name.partition("@")
    web = str(origin or "").startswith(("http://", "https://"))
    return web and source == SOURCE and bool(key) and name not in known_releases()


def read_directory(origin: str, folder: Path, progress: bool = True) -> tuple[Path, Found]:
    """Page through a public Plan-Net endpoint and write its resources, one a line, into a folder.

    One request at a time with a pause between two; a busy server is given the time that it asks for. Only pages of the
    same host are followed, and no page twice.

    Parameters
    ----------
    origin
        The endpoint's base address, or one search of it such as `https://…/HealthcareService?_include=…`.
    folder
        Where the file goes.
    progress
        Whether to draw a bar on stderr.

    Raises
    ------
    DataError
        The endpoint cannot be read, answers with an error, or holds no HealthcareService.
    CallError
        The address is none.
    """
    import requests
    from tqdm import tqdm

    found = Found()
    until = time.monotonic() + TOTAL_SECONDS
    host = urlsplit(origin).hostname
    with requests.Session() as session, tqdm(desc=host, unit=" pages", disable=not progress) as bar:
        session.headers.update({"Accept": "application/fhir+json, application/json", "User-Agent": AGENT})
        session.max_redirects = REDIRECTS
        try:
            for start in _starts(origin):
                for page in _pages(session, start, found):
                    _take(page, found)
                    bar.update()
                    if time.monotonic() > until:
                        raise DataError(
                            f"{start}: not at its end after {TOTAL_SECONDS // 3600} hours; narrow the search."
                        )
        except DataError as error:
            raise DataError(redacted(str(error))) from error
    if not any(key.startswith("HealthcareService/") for key in found.resources):
        raise DataError(
            f"{redacted(origin)}: the endpoint lists no HealthcareService; check the address or the search."
        )
    path = folder / f"{urlsplit(origin).hostname}.ndjson"
    lines = [json.dumps(found.resources[key], ensure_ascii=False, sort_keys=True) for key in sorted(found.resources)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path, found


def _starts(origin: str) -> list[str]:
    parts = urlsplit(origin)
    if not parts.hostname:
        raise CallError(f"{origin!r} is no address of an endpoint; write https://HOST/PATH.")
    if parts.query or parts.path.rstrip("/").rsplit("/", 1)[-1] in TYPES:
        return [origin]
    base = origin.rstrip("/")
    return [f"{base}/{kind}?_count={PAGE_ROWS}" for kind in TYPES]


def _pages(session: Any, start: str, found: Found) -> Iterator[Resource]:
    """Bundles from the first on, as far as each names a next one on the same host that was not read yet."""
    address, read = start, set[str]()
    while address:
        read.add(address)
        page = _page(session, address, found)
        yield page
        if found.pages > MOST_PAGES:
            raise DataError(f"{start}: more than {MOST_PAGES:,} pages; narrow the search, such as to one state.")
        following = urljoin(address, _next(page))
        if following in read:
            found.remarks.append(f"{following} names a page that was read already as its next: the list ends there")
        elif following and urlsplit(following).netloc != urlsplit(start).netloc:
            raise DataError(
                f"{address}: the next page is on another host, {urlsplit(following).netloc}; it is not read."
            )
        address = following if _next(page) and following not in read else ""


def _next(page: Resource) -> str:
    links = _objects(page.get("link"))
    return next((str(one.get("url", "")) for one in links if one.get("relation") == "next"), "")


def _objects(value: Any) -> list[Resource]:
    """The objects of a list, none where it is no list: servers send nulls."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _page(session: Any, address: str, found: Found) -> Resource:
    """One bundle; a busy server is asked again, an OperationOutcome in its place is an error."""
    if found.pages:
        time.sleep(PAUSE_SECONDS)
    answer = _answer(session, address)
    found.pages += 1
    try:
        page = read_json(answer.decode("utf-8-sig"), address)
    except (ValueError, DataError) as error:
        raise DataError(f"{address}: the answer is no JSON ({error}); check that this is a FHIR endpoint.") from error
    if not isinstance(page, dict) or page.get("resourceType") not in ("Bundle", "OperationOutcome"):
        raise DataError(f"{address}: the answer is no FHIR bundle; check that this is a search of an endpoint.")
    if page["resourceType"] == "OperationOutcome":
        raise DataError(f"{address}: the endpoint refuses the search: {_said(page)}.")
    return page


def _answer(session: Any, address: str) -> bytes:
    from requests import RequestException

    for turn in range(RETRIES + 1):
        try:
            with session.get(address, timeout=TIMEOUT_SECONDS, stream=True) as answer:
                status, wait = answer.status_code, _wait(answer.headers.get("Retry-After", ""), turn)
                if status not in BUSY or turn == RETRIES:
                    content = answer.raw.read(PAGE_BYTES + 1, decode_content=True)
                    return _checked(address, status, content)
        except RequestException as error:
            if turn == RETRIES:
                raise DataError(f"{address}: cannot be read ({error}); run the command again.") from error
            wait = _wait("", turn)
        time.sleep(wait)
    raise AssertionError(address)


def _wait(told: str, turn: int) -> float:
    seconds = float(told) if told.isdigit() else PAUSE_SECONDS * 2.0 ** (turn + 1)
    return min(seconds, MOST_WAIT_SECONDS)


def _checked(address: str, status: int, content: bytes) -> bytes:
    if len(content) > PAGE_BYTES:
        raise DataError(f"{address}: one page is larger than {PAGE_BYTES >> 20} MB; it is not read.")
    if status >= 400:
        raise DataError(f"{address} answers {status}{_reason(content)}; run the command again, or check the address.")
    return content


def _reason(content: bytes) -> str:
    """What an OperationOutcome in an error's answer says."""
    try:
        page = read_json(content.decode("utf-8-sig"), "")
    except (ValueError, DataError):
        return ""
    return f" ({_said(page)})" if isinstance(page, dict) and page.get("resourceType") == "OperationOutcome" else ""


def _take(page: Resource, found: Found) -> None:
    """The resources of a bundle; an OperationOutcome among them is a remark, or the end where it says an error."""
    for entry in _objects(page.get("entry")):
        resource = entry.get("resource")
        if not isinstance(resource, dict):
            continue
        if resource.get("resourceType") == "OperationOutcome":
            issues = _objects(resource.get("issue"))
            if any(one.get("severity") in FATAL for one in issues):
                raise DataError(f"page {found.pages}: the endpoint reports an error: {_said(resource)}.")
            found.remarks.append(f"the endpoint remarks on page {found.pages}: {_said(resource)}")
        elif resource.get("id"):
            found.keep(resource)


def _said(outcome: Resource) -> str:
    issues = _objects(outcome.get("issue"))
    details = [_objects([one.get("details")]) for one in issues]
    worded = [" ".join(str(part.get("text") or "") for part in parts) for parts in details]
    texts = [one.get("diagnostics") or said or one.get("code") for one, said in zip(issues, worded, strict=True)]
    return "; ".join(filter(None, map(str, texts)))[:300] or "no reason is given"


def _updated(resource: Resource) -> str:
    return "".join(str(one.get("lastUpdated", "")) for one in _objects([resource.get("meta")]))


def say(found: Found, progress: bool) -> None:
    """What was noticed, on stderr."""
    if progress:
        twice = [f"{found.repeats} resources came on two pages: the newer is kept"] if found.repeats else []
        for line in [*twice, *dict.fromkeys(found.remarks)]:
            print(printable(redacted(f"  {line}")), file=sys.stderr)


def fetch_directory(name: str, origin: str, keep: Any, progress: bool = True) -> Found:
    """Read a directory and hand its file to `keep(name, path)`, which takes it as a release."""
    with tempfile.TemporaryDirectory() as folder:
        path, found = read_directory(origin, Path(folder), progress)
        keep(name, path)
    say(found, progress)
    return found
