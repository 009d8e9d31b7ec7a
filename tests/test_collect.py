"""Collecting: a local site on loopback with everything that a crawl meets; nothing else is visited."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from iop_analysis import raw
from iop_analysis.cli import main
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import collecting
from iop_analysis.raw.saved_pages import saved_pages
from iop_analysis.raw.visits import Visits, read_journal
from iop_analysis.releases import listing

pytest.importorskip("scrapy", reason="the extra `collect` is not installed")

IOP = "<title>IOP | Elm House</title><h1>IOP</h1><p>Our IOP meets Mon, Wed and Thu, 6-9 p.m.</p>"
HOME = """<title>Elm House</title><h1>Elm House</h1>
<a href="/iop">Intensive outpatient program</a> <a href="/iop/">IOP again</a> <a href="/iop#top">IOP</a>
<a href="/secret-program">Program that robots may not see</a> <a href="/insurance.png">Insurance</a>
<a href="/huge-program">Program, huge</a> <a href="/slow-program">Program, slow</a>
<a href="/programs">Programs</a> <a href="/loop-program">Program in a loop</a> <a href="/away-program">Program away</a>
<a href="/gone-program">Program gone</a> <a href="/iop?page=2">IOP, page 2</a> <a href="/patient-portal">IOP portal</a>
<a href="/success-stories">IOP stories</a> <a href="https://elsewhere.example/iop">IOP elsewhere</a>
<a href="mailto:a@elm.example">IOP by mail</a> <a href="/contact-form">Contact form</a>"""


class Site(BaseHTTPRequestHandler):
    """An invented site (SYNTHETIC) that notes who asks for what, and when."""

    asked: list[tuple[str, str, float]] = []
    robots = "User-agent: *\nDisallow: /secret-program\nCrawl-delay: 0.2\n"
    robots_status = 200

    def log_message(self, *_) -> None:
        return

    def do_GET(self) -> None:  # noqa: N802
        Site.asked.append((self.path, self.headers.get("User-Agent", ""), time.monotonic()))
        getattr(self, "_" + self.path.strip("/").replace("-", "_").replace(".", "_"), self._other)()

    def _send(self, body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def _robots_txt(self) -> None:
        self._send(self.robots.encode(), "text/plain", self.robots_status)

    def _(self) -> None:
        self._send(HOME.encode())

    def _iop(self) -> None:
        self._send(IOP.encode())

    def _insurance_png(self) -> None:
        self._send(b"\x89PNG", "image/png")

    def _huge_program(self) -> None:
        self._send(b"x" * 100, length=str(1 << 30))

    def _slow_program(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(200):
            try:
                self.wfile.write(b"<p>drip</p>")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.2)

    def _loop_program(self) -> None:
        self._send(b"", status=302, Location="/loop-program-2")

    def _loop_program_2(self) -> None:
        self._send(b"", status=302, Location="/loop-program")

    def _away_program(self) -> None:
        self._send(b"", status=302, Location="https://elsewhere.example/iop")

    def _gone_program(self) -> None:
        self._send(b"<h1>Gone</h1>", status=404)

    def _programs(self) -> None:
        self._send("".join(f"<a href='/trap/program-{n}'>Program {n}</a>" for n in range(500)).encode())

    def _other(self) -> None:
        number = int("".join(filter(str.isdigit, self.path)) or 0) + 1
        self._send(f"<h1>IOP</h1><a href='/trap/program-{number}/'>Next program</a>".encode())


@pytest.fixture
def site(fresh, monkeypatch):
    monkeypatch.setattr(collecting, "LONGEST_SECONDS", 2)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(Site, "asked", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def gather(site: str, **more):
    return collecting.collect([site], "zz", "me@study.example", lambda _: None, pause=0.05, **more)


def asked() -> list[str]:
    return [path for path, _, _ in Site.asked if path != "/robots.txt"]


def test_a_walk_keeps_pages_and_says_what_it_refused_and_why(site):
    found = gather(site)
    kept = [page.address for page in saved_pages(raw.raw_path(found.release))]
    assert kept[0] == site
    assert f"{site}iop" in kept
    assert len(kept) == found.pages
    for why in ("robots.txt does not allow it", "it is too large", "it took too long", "the answer is 404"):
        assert why in found.refused, found.refused
    assert any("another host" in why for why in found.refused)
    assert any("ring" in why for why in found.refused)


def test_a_walk_is_polite(site):
    gather(site)
    paths = asked()
    assert "/secret-program" not in paths
    assert not [path for path in paths if "?" in path or "portal" in path or "stories" in path or "form" in path]
    assert len([path for path in paths if path.rstrip("/") == "/iop"]) == 1
    assert all("me@study.example" in agent for _, agent, _ in Site.asked)
    # Twelve pages at most: a redirect and a second try are of one page.
    assert len({path for path in paths if not path.startswith(("/loop", "/slow"))}) <= 12
    times = [when for path, _, when in Site.asked if path not in ("/robots.txt", "/slow-program")]
    pauses = [later - sooner for sooner, later in zip(times, times[1:], strict=False)]
    assert min(pauses) >= 0.18, "the crawl delay of robots.txt holds"


def test_a_site_whose_robots_file_cannot_be_had_is_not_visited(site, monkeypatch):
    monkeypatch.setattr(Site, "robots_status", 503)
    with pytest.raises(DataError, match=r"robots\.txt does not allow it"):
        gather(site)
    assert asked() == []


def test_a_walk_that_was_stopped_goes_on_where_it_was(site, fresh):
    folder = raw.data_folder() / "collecting" / "zz"
    before = Visits(folder)
    before.keep(site, 200, [("Content-Type", "text/html")], HOME.encode())
    before.keep(f"{site}iop", 200, [("Content-Type", "text/html")], IOP.encode())
    with before.archive.open("ab") as handle:
        handle.write(b"half a record")
    with (folder / "visits.jsonl").open("a") as handle:
        handle.write('{"address": "http')
    assert len(read_journal(folder)[0]) == 2
    found = gather(site)
    assert {page.address for page in saved_pages(raw.raw_path(found.release))} >= {site, f"{site}iop"}
    assert "/iop" not in asked()


def test_building_keeps_facts_and_deletes_the_pages(site):
    release = gather(site).release
    path = raw.raw_path(release)
    assert path.is_file()
    done = CliRunner().invoke(main, ["build", release.name])
    assert done.exit_code == 0, done.output
    assert not path.exists()
    assert listing.load(release.name).facilities["offers_evening_iop"].eq("yes").any()


def test_purge_deletes_collected_pages_and_stopped_walks(site):
    path = raw.raw_path(gather(site).release)
    Visits(raw.data_folder() / "collecting" / "yy")
    done = CliRunner().invoke(main, ["collect", "--purge"])
    assert done.exit_code == 0
    assert not path.exists()
    assert not (raw.data_folder() / "collecting").exists()


def test_a_program_that_withdrew_is_not_visited_and_no_longer_shown(fresh):
    folder = raw.data_folder() / "catalog"
    folder.mkdir(parents=True)
    (folder / "withdrawn.csv").write_text("host,date,reason\nelm.example,2026-01-02,asked\n")
    assert collecting.starts_of(["https://www.elm.example/iop", "https://oak.example"]) == ["https://oak.example"]


@pytest.mark.parametrize("contact", ["", "me", "me@", "@x.example", "a b@x.example"])
def test_without_a_contact_nobody_is_visited(contact):
    with pytest.raises(CallError, match="no mail address"):
        collecting.collect(["https://elm.example"], "zz", contact, lambda _: None)


def test_the_command_asks_for_list_state_and_contact():
    assert CliRunner().invoke(main, ["collect"]).exit_code == 2


def test_the_sites_of_a_list_are_those_of_its_programs_with_an_iop_in_the_state(fresh, tmp_path, monkeypatch):
    table = tmp_path / "mine.csv"
    table.write_text(
        "name,hours,state,website,iop\n"
        "Elm House,9-5,OH,elm.example.org,yes\nOak House,9-5,OH,oak.example.org,no\n"
        "Ash House,9-5,PA,ash.example.org,yes\nFir House,9-5,OH,facebook.com/fir,yes\n"
    )
    listing.build(raw.add("table@2026", table).release)
    seen: list[tuple[list[str], str, str]] = []

    def visited(starts, name, contact, told):
        seen.append((starts, name, contact))
        raise DataError("No page of 1 sites could be kept: nothing answered.")

    monkeypatch.setattr(collecting, "collect", visited)
    command = ["collect", "--of", "table@2026", "--state", "oh", "--contact", "me@study.example"]
    assert CliRunner().invoke(main, command).exit_code == 1
    assert seen == [(["https://elm.example.org"], "oh", "me@study.example")]
