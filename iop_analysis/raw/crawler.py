"""Visits programs' own sites politely; runs in a process of its own: `python -m iop_analysis.raw.crawler JOB.json`."""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from twisted.internet.error import TimeoutError as ConnectionTimeout

from iop_analysis.raw.links import links, same_page, site_of
from iop_analysis.raw.visits import Visits

HTML = ("text/html", "application/xhtml+xml")
LONGEST_PAUSE = 120
REDIRECTS = 4
FORBIDDEN = b"User-agent: *\nDisallow: /\n"
ROBOTS, SLOW, LARGE = "robots.txt does not allow it", "it took too long", "it is too large"


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt as its standard says: where the file cannot be had, nothing is visited."""

    async def _parse_robots(self, response: Any, netloc: str, request: Any) -> None:
        body = FORBIDDEN if response.status >= 500 or response.status == 429 else response.body
        body = b"" if 300 <= response.status < 500 and response.status != 429 else body
        await super()._parse_robots(response.replace(body=body, status=200), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:  # noqa: ARG002
        waiting: Any = self._parsers[netloc]
        nothing = self._parserimpl.from_crawler(self.crawler, FORBIDDEN)
        self._parsers[netloc] = nothing
        waiting.callback(nothing)


class Programs(scrapy.Spider):
    """One walk over the sites of a job: a site has one visit at a time, the most promising link first."""

    name = "programs"

    def __init__(self, job: dict[str, Any], **more: Any) -> None:
        super().__init__(**more)
        self.job = job
        self.visits = Visits(Path(job["folder"]))
        self.left: dict[str, int] = {}
        self.waiting: dict[str, list[tuple[int, str]]] = {}
        self.why: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, *arguments: Any, **more: Any) -> Programs:
        """The spider, told of each answer's headers and of each robots.txt."""
        spider: Programs = super().from_crawler(crawler, *arguments, **more)
        crawler.signals.connect(spider.headers_received, signals.headers_received)
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The first page of each site; what an earlier walk visited counts."""
        for address in self.job["starts"]:
            site = site_of(address)
            made = [visit for visit in self.visits.made if site_of(visit.address) == site]
            self.left[site] = self.job["pages"] - len(made)
            self.waiting[site] = []
            if same_page(address) not in self.visits.seen:
                heapq.heappush(self.waiting[site], (-100, address))
            for request in self.next_of(site):
                yield request

    def next_of(self, site: str) -> Iterator[Any]:
        """The next visit of a site, or word that it is done."""
        while self.left[site] > 0 and self.waiting[site]:
            address = heapq.heappop(self.waiting[site])[1]
            if same_page(address) not in self.visits.seen:
                self.left[site] -= 1
                yield self.request(address, site, 0)
                return
        print(json.dumps({"done": site}), flush=True)

    def request(self, address: str, site: str, redirects: int) -> Any:
        """A visit of an address."""
        meta = {"site": site, "redirects": redirects, "handle_httpstatus_all": True, "asked": address}
        return scrapy.Request(address, self.page, errback=self.failed, meta=meta, dont_filter=True)

    def page(self, response: Any) -> Iterator[Any]:
        """Keep a page and queue its links, or follow a redirect within the site, or write why not."""
        site, redirects = response.meta["site"], response.meta["redirects"]
        if 300 <= response.status < 400:
            target = urljoin(response.url, (response.headers.get("Location") or b"").decode("latin-1"))
            if site_of(target) == site and redirects < REDIRECTS:
                yield self.request(target, site, redirects + 1)
                return
            self.visits.refuse(
                response.url, "it leads to another host" if site_of(target) != site else "it leads in a ring"
            )
        elif response.status >= 400:
            self.visits.refuse(response.url, f"the answer is {response.status}")
        else:
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in _kept(response.headers)]
            self.visits.keep(response.url, response.status, headers, response.body)
            for worth, address in links(response.text, response.url):
                heapq.heappush(self.waiting[site], (-worth, address))
        yield from self.next_of(site)

    def failed(self, failure: Any) -> Iterator[Any]:
        """Write why a visit failed, and go on."""
        request = failure.request
        self.visits.refuse(request.url, self.why.pop(request.url, "") or _reason(failure.value))
        yield from self.next_of(request.meta["site"])

    def headers_received(self, headers: Any, body_length: int, request: Any) -> None:
        """Stop an answer that is no page, or says that it is too large, before its body comes."""
        kind = (headers.get("Content-Type") or b"").decode("latin-1").split(";")[0].strip().lower()
        if "asked" not in request.meta or "Location" in headers:
            return
        if kind not in HTML:
            self.why[request.url] = f"it is {kind or 'of no told type'}"
            raise StopDownload(fail=True)
        if body_length > self.job["bytes"]:
            self.why[request.url] = LARGE
            raise StopDownload(fail=True)

    def robots_parsed(self, robotparser: Any, request: Any) -> None:
        """Pause between visits for as long as a site's robots.txt asks."""
        delay = robotparser.rp.crawl_delay(self.job["agent"]) or 0
        slots = self.crawler.engine.downloader.slots
        slot = slots.get(request.meta.get("download_slot") or self.crawler.engine.downloader.get_slot_key(request))
        if slot is not None and delay > slot.delay:
            slot.delay = delay
        if delay > LONGEST_PAUSE:
            self.left[request.meta["site"]] = 0


def _kept(headers: Any) -> Iterator[tuple[bytes, bytes]]:
    for name in (b"Content-Type", b"Last-Modified", b"Date"):
        if headers.get(name):
            yield name, headers.get(name)


def _reason(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, IgnoreRequest):
        return ROBOTS
    if isinstance(error, ConnectionTimeout) or "Timeout" in name:
        return SLOW
    return LARGE if "Cancelled" in name else f"it cannot be reached ({name})"


def settings(job: dict[str, Any]) -> dict[str, Any]:
    """Settings of the walk: one visit at a time and a pause a host, no cookies, limits on size and time."""
    return {
        "USER_AGENT": job["agent"],
        "ROBOTSTXT_OBEY": True,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            Robots: 100,
        },
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": job["pause"],
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "DOWNLOAD_TIMEOUT": job["seconds"],
        "DOWNLOAD_MAXSIZE": job["bytes"],
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "RETRY_TIMES": 1,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "CRITICAL",
    }


def main(path: str) -> None:
    """Walk over the sites of a job."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    process = CrawlerProcess(settings(job))
    process.crawl(Programs, job=job)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1])
