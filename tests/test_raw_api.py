"""Downloads and the locator's API, against a server of this machine."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from serving import serving

from iop_analysis import catalog, raw
from iop_analysis.cli import main
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import downloading, locator

CONTENT = b"name,zip\n" + b"".join(b"Sample House %d,07001\n" % number for number in range(20_000))
WEB_PAGE = b"<!DOCTYPE html><html><body>Page not found</body></html>"

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """A server whose answers are set by the test, and the requests that it has seen."""

    address: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Give the next answer for the path (the last one for ever), 404 where there is none."""
        path = urlsplit(handler.path).path
        self.seen.append((handler.path, handler.headers.get("Range", "")))
        waiting = self.answers.get(path, [status(404)])
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    served = Server()
    with serving(served.answer, monkeypatch) as served.address:
        yield served


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch) -> None:
    # One module, one clock: this stills the waits of pooch and of everything else in the test's process.
    monkeypatch.setattr("pooch.core.time.sleep", lambda _: None)
    monkeypatch.setattr(locator, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(locator, "BACKOFF_SECONDS", 0)


def status(code: int) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def send(content: bytes = CONTENT, stop: int | None = None, ranges: bool = True) -> Answer:
    """Send the content from the byte that was asked for; `stop` breaks the connection after so many bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and ranges else 0
        if start >= len(content):
            status(416)(handler)
            return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.send_header("Content-Length", str(len(content) - start))
        handler.end_headers()
        handler.wfile.write(content[start:] if stop is None else content[start:][:stop])

    return answer


@pytest.fixture
def release(server, tmp_path, monkeypatch) -> catalog.Release:
    """The one release of a small catalog: `list.csv` of 20,000 rows, at an address of the server."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    (tmp_path / "right.csv").write_bytes(CONTENT)
    known = replace(
        catalog.release("ladders@2023-05-16"),
        file="list.csv",
        sha256=raw.sha256(tmp_path / "right.csv"),
        url=f"{server.address}/list.csv",
    )
    publish(known, monkeypatch)
    return known


def publish(known: catalog.Release, monkeypatch: pytest.MonkeyPatch) -> None:
    source = replace(catalog.source("ladders"), releases=(known,))
    monkeypatch.setattr(catalog, "sources", lambda: {"ladders": source})


def ranges(server: Server) -> list[str]:
    return [asked for _, asked in server.seen]


def partial_file(known: catalog.Release) -> Path:
    return raw.raw_path(known).parent / downloading.PARTIAL / known.file


# Downloads ------------------------------------------------------------------------------------------------------


def test_a_file_is_downloaded_verified_and_kept_alone(server, release):
    server.answers["/list.csv"] = [send()]
    assert raw.fetch([release.name], progress=False) == [raw.raw_path(release)]
    assert raw.raw_path(release).read_bytes() == CONTENT
    assert [path.name for path in raw.raw_path(release).parent.iterdir()] == ["list.csv"]


def test_a_download_draws_its_bar_on_stderr(server, release, capsys):
    server.answers["/list.csv"] = [send()]
    raw.fetch(progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "list.csv: 100%" in err


def test_a_broken_download_goes_on_where_it_stopped(server, release):
    server.answers["/list.csv"] = [send(stop=100_000), send()]
    raw.fetch(progress=False)
    assert ranges(server) == ["", f"bytes={downloading.CHUNK_BYTES}-"]
    assert raw.raw_path(release).read_bytes() == CONTENT


def test_a_server_without_ranges_sends_all_again(server, release):
    server.answers["/list.csv"] = [send(stop=100_000), send(ranges=False)]
    raw.fetch(progress=False)
    assert ranges(server) == ["", f"bytes={downloading.CHUNK_BYTES}-"]
    assert raw.raw_path(release).read_bytes() == CONTENT


def test_a_file_that_changed_in_between_is_got_again_from_its_first_byte(server, release):
    partial_file(release).parent.mkdir(parents=True)
    partial_file(release).write_bytes(b"x" * 100)
    server.answers["/list.csv"] = [send()]
    raw.fetch(progress=False)
    assert ranges(server) == ["bytes=100-", ""]
    assert raw.raw_path(release).read_bytes() == CONTENT


def test_a_part_that_is_longer_than_the_file_is_got_again(server, release):
    partial_file(release).parent.mkdir(parents=True)
    partial_file(release).write_bytes(CONTENT + b"more")
    server.answers["/list.csv"] = [send()]
    raw.fetch(progress=False)
    assert ranges(server) == [f"bytes={len(CONTENT) + 4}-", ""]
    assert raw.raw_path(release).read_bytes() == CONTENT


def test_a_file_without_a_known_hash_is_never_resumed(server, release, monkeypatch, capsys):
    publish(replace(release, sha256=""), monkeypatch)
    server.answers["/list.csv"] = [send(stop=100_000), send()]
    raw.fetch(progress=True)
    assert ranges(server) == ["", ""]
    assert raw.raw_path(release).read_bytes() == CONTENT
    assert "no SHA-256 is known for ladders@2023-05-16" in capsys.readouterr().err


def busy(after: str, code: int = 503) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Retry-After", after)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def redirect(target: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_says_when_to_come_again_is_asked_again_then(code, server, release, monkeypatch):
    waited: list[float] = []
    monkeypatch.setattr(downloading.time, "sleep", waited.append)
    server.answers["/list.csv"] = [busy("7", code), busy("Fri, 31 Dec 1999 23:59:59 GMT", code), send()]
    raw.fetch(progress=False)
    assert waited[0] == 7
    assert raw.raw_path(release).read_bytes() == CONTENT


def test_a_server_that_asks_for_hours_of_waiting_ends_the_command(server, release):
    server.answers["/list.csv"] = [busy("86400")]
    with pytest.raises(DataError, match="asks to come again in 86400 seconds"):
        raw.fetch([release.name], progress=False)
    assert len(server.seen) == 1


def test_five_redirections_are_followed_and_no_more(server, release):
    server.answers |= {f"/{n}": [redirect(f"/{n + 1}")] for n in range(1, 9)}
    server.answers |= {"/list.csv": [redirect("/5")], "/9": [send()]}
    raw.fetch(progress=False)
    assert raw.raw_path(release).read_bytes() == CONTENT
    raw.raw_path(release).unlink()
    server.answers["/list.csv"] = [redirect("/4")]
    with pytest.raises(DataError, match="sends on more than 5 times"):
        raw.fetch([release.name], progress=False)


def test_a_server_that_drips_is_left_after_the_total_time_and_what_it_sent_is_kept(server, release, monkeypatch):
    server.answers["/list.csv"] = [send()]
    clock = iter(range(0, 10**9, 600))
    monkeypatch.setattr(downloading.time, "monotonic", lambda: next(clock))
    with pytest.raises(DataError, match="not complete after 60 minutes; run the command again"):
        raw.fetch([release.name], progress=False)
    monkeypatch.undo()


@pytest.mark.parametrize("code", [404, 503])
def test_no_sentence_shows_a_password_or_a_token(code, server, release, monkeypatch):
    secret = server.address.replace("http://", "http://me:s3cret@")
    publish(replace(release, url=f"{secret}/list.csv?token=t0ken"), monkeypatch)
    server.answers["/list.csv"] = [status(code)]
    for origin in (None, secret):
        with pytest.raises((DataError, CallError)) as caught:
            raw.fetch([release.name], origin, progress=False)
        assert "s3cret" not in str(caught.value)
        assert "t0ken" not in str(caught.value)
        assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize("code", [500, 503, 429])
def test_a_passing_fault_is_tried_again(code, server, release):
    server.answers["/list.csv"] = [status(code), status(code), send()]
    raw.fetch(progress=False)
    assert len(server.seen) == 3
    assert raw.raw_path(release).read_bytes() == CONTENT


FAILURES = {
    "a fault that stays": (status(503), DataError, "cannot be read", 1 + downloading.RETRIES),
    "a file that is gone": (status(404), CallError, "answers 404", 1),
    "a file that is forbidden": (status(403), CallError, "answers 403", 1),
    "a web page instead": (send(WEB_PAGE), DataError, "web page", 1),
    "another edition": (send(CONTENT + b"new,07002\n"), DataError, "its SHA-256 is", 1),
    "nothing": (send(b" "), DataError, "is empty", 1),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_download_that_fails_says_why_and_leaves_what_was_there(case, server, release):
    answer, kind, words, tries = FAILURES[case]
    raw.raw_path(release).parent.mkdir(parents=True)
    raw.raw_path(release).write_bytes(b"old")
    server.answers["/list.csv"] = [answer]
    with pytest.raises(kind, match=words) as caught:
        raw.fetch([release.name], progress=False)
    assert len(server.seen) == tries
    assert str(caught.value).startswith(("list.csv: ", "ladders@2023-05-16: "))
    assert raw.raw_path(release).read_bytes() == b"old"
    assert not partial_file(release).exists()


def test_a_mirror_is_asked_for_the_folder_of_the_source_then_for_the_file(server, release):
    server.answers["/mirror/list.csv"] = [send()]
    raw.fetch([release.name], f"{server.address}/mirror/", progress=False)
    assert [path for path, _ in server.seen] == ["/mirror/ladders/list.csv", "/mirror/list.csv"]
    assert raw.raw_path(release).read_bytes() == CONTENT


def test_a_mirror_without_the_file_says_where_it_looked(server, release):
    with pytest.raises(CallError, match=r"/list.csv answers 404; download list.csv from https://.* by hand"):
        raw.fetch([], server.address, progress=False)


KILLED = """
import sys
from dataclasses import replace
from iop_analysis import catalog, raw

known = replace(catalog.release("ladders@2023-05-16"), file="list.csv", sha256=sys.argv[1], url=sys.argv[2])
source = replace(catalog.source("ladders"), releases=(known,))
catalog.sources = lambda: {"ladders": source}
raw.fetch(progress=False)
"""


def test_a_process_killed_in_mid_download_leaves_what_was_there_and_the_next_goes_on(server, release):
    released = threading.Event()

    def stall(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        handler.wfile.write(CONTENT[:300_000])
        handler.wfile.flush()
        released.wait(60)

    raw.raw_path(release).parent.mkdir(parents=True)
    raw.raw_path(release).write_bytes(b"old")
    server.answers["/list.csv"] = [stall, send()]
    killed = subprocess.Popen([sys.executable, "-c", KILLED, release.sha256, release.url])
    try:
        wait_for(lambda: partial_file(release).exists() and partial_file(release).stat().st_size > 0)
    finally:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        released.set()
    assert raw.raw_path(release).read_bytes() == b"old"
    had = partial_file(release).stat().st_size
    raw.fetch(progress=False)
    assert ranges(server) == ["", f"bytes={had}-"]
    assert raw.raw_path(release).read_bytes() == CONTENT


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        sleep(0.02)
    pytest.fail("waited a minute in vain")


# The locator's API ----------------------------------------------------------------------------------------------


def row(number: int, **more: Any) -> dict[str, Any]:
    """One entry in the API's format; every word of it is invented."""
    return {
        "_irow": number % 3,
        "frid": f"id{number}",
        "name1": f"Sample Center {number}",
        "name2": None,
        "street1": f"{number} Example St",
        "street2": None,
        "city": "Denver",
        "state": "CO",
        "zip": "80202",
        "phone": "303-555-0100",
        "typeFacility": "SA",
        "website": "https://example.org",
        "latitude": "39.75",
        "longitude": "-105.0",
        "miles": 1.5,
        "services": [{"f1": "Type of Care", "f2": "TC", "f3": "Substance use treatment"}],
    } | more


def paged(rows: list[dict[str, Any]], size: int, **envelope: Any) -> Answer:
    """Answer with the page that was asked for, `size` rows a page."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        page = int(parse_qs(urlsplit(handler.path).query)["page"][0])
        mine = rows[(page - 1) * size : page * size]
        said = {"page": page, "totalPages": -(-len(rows) // size), "recordCount": len(rows), "rows": mine}
        body = json.dumps(said | envelope).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def ask(server, tmp_path, monkeypatch) -> Callable[..., raw.Added]:
    """`fetch_locator` around Denver, of the local server."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))

    def ask(key: str = "co-2026", **call: Any) -> raw.Added:
        said = {"near": "39.74,-104.99", "limit": "distance", "value": 50_000, "retrieved": "2026-03-01"} | call
        return raw.fetch_locator(key, **said, api=f"{server.address}/v2", progress=False)

    return ask


def kept(added: raw.Added) -> dict[str, Any]:
    return json.loads(raw.raw_path(added.release).read_text(encoding="utf-8"))


def test_all_pages_become_one_file_with_the_envelope_the_request_and_the_date(server, ask):
    rows = [row(number) for number in range(7)]
    server.answers["/v2"] = [paged(rows, 3)]
    answer = kept(ask())
    assert answer.pop("rows") == rows
    assert answer.pop("request") == {
        "sAddr": "39.74,-104.99",
        "limitType": 2,
        "limitValue": 50_000,
        "sType": "BOTH",
        "pageSize": 2000,
    }
    assert answer == {"page": 3, "totalPages": 3, "recordCount": 7, "retrieved": "2026-03-01"}


def test_the_request_has_the_publishers_form(server, ask):
    server.answers["/v2"] = [paged([row(1)], 3)]
    ask(limit="state", value=8, kinds="SA")
    assert server.seen == [
        ("/v2?sAddr=39.74,-104.99&limitType=0&limitValue=8&sType=SA&pageSize=2000&page=1", ""),
    ]


def test_the_answer_is_a_release_like_any_other_and_the_same_answer_the_same_bytes(server, ask, tmp_path, monkeypatch):
    server.answers["/v2"] = [paged([row(number) for number in range(4)], 3)]
    first = ask()
    assert (first.release.name, first.release.rows) == ("findtreatment@co-2026", 4)
    assert (first.release.survey_year, first.release.reference_date) == (2026, "2026-03-01")
    assert first.differences == ("columns that the catalog does not read: '_irow', 'miles'",)
    assert raw.find_release("findtreatment@co-2026") == first.release
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "again"))
    assert ask().release.sha256 == first.release.sha256


def test_the_command_asks_around_a_point_and_keeps_a_release(server, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    server.answers["/v2"] = [paged([row(1), row(2)], 3)]
    words = [
        "fetch",
        "findtreatment@denver",
        "--near",
        "39.74,-104.99",
        "--miles",
        "10",
        "--from",
        f"{server.address}/v2",
    ]
    ended = CliRunner().invoke(main, words)
    assert ended.exit_code == 0
    assert ended.output.endswith("findtreatment@denver: 2 entries within 10 miles of 39.74,-104.99\n")
    assert "limitType=2&limitValue=16093&" in server.seen[0][0]
    assert raw.find_release("findtreatment@denver").rows == 2


@pytest.mark.parametrize("names", [[], ["findtreatment"], ["ladders@x"], ["findtreatment@a", "findtreatment@b"]])
def test_a_point_belongs_to_one_new_release_of_the_locator(names, server):
    ended = CliRunner().invoke(main, ["fetch", *names, "--near", "39.74,-104.99"])
    assert (ended.exit_code, server.seen) == (2, [])
    assert "findtreatment@denver-2026" in ended.stderr


def test_a_release_that_is_there_is_not_asked_for_again(server, ask):
    server.answers["/v2"] = [paged([row(1)], 3)]
    ask()
    with pytest.raises(CallError, match="findtreatment@co-2026 is there already"):
        ask()
    assert len(server.seen) == 1


def test_a_passing_fault_of_the_locator_is_tried_again(server, ask):
    server.answers["/v2"] = [status(503), status(429), paged([row(1)], 3)]
    assert ask().release.rows == 1
    assert len(server.seen) == 3


BAD_ANSWERS = {
    "fewer rows than counted": (paged([row(1), row(2)], 3, recordCount=9), "counts 9 entries but its 1 pages hold 2"),
    "an entry twice": (paged([row(n % 3) for n in range(6)], 3), "Page 2 of the locator repeats the entry id0"),
    "an entry without id twice": (
        paged([row(1, frid=None, _irow=1), row(1, frid=None, _irow=2)], 1),
        "Page 2 of the locator repeats the entry",
    ),
    "the first page for ever": (paged([row(n) for n in range(6)], 3, page=1), "Page 2 of the locator is not that page"),
    "no entry": (paged([], 3), "knows no entry there"),
    "no list": (send(b'{"error": "no"}'), "Page 1 of the locator is not that page of a list"),
    "a web page": (send(WEB_PAGE), "Page 1 of the locator cannot be read"),
    "a fault that stays": (status(500), "Page 1 of the locator cannot be read"),
    "a refusal": (status(403), "Page 1 of the locator cannot be read"),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_an_answer_that_does_not_add_up_is_refused_and_nothing_is_kept(case, server, ask, tmp_path):
    answer, words = BAD_ANSWERS[case]
    server.answers["/v2"] = [answer]
    with pytest.raises(DataError, match=words):
        ask()
    assert not (tmp_path / "data").exists()


WRONG_CALLS = {
    "no point": ({"near": "Denver"}, "write latitude,longitude"),
    "a point in the wrong order": ({"near": "-104.99,39.74"}, "in that order"),
    "an unknown limit": ({"limit": "miles"}, "The limit is one of state, county, distance"),
    "an unknown kind": ({"kinds": "sa"}, "the kind one of SA, MH, BOTH"),
    "no date": ({"retrieved": "yesterday"}, "is no date; write YYYY-MM-DD"),
    "a release of the catalog": ({"key": "va-2019"}, "findtreatment@va-2019 is there already"),
}


@pytest.mark.parametrize("case", WRONG_CALLS)
def test_a_wrong_call_is_refused_before_anything_is_asked(case, server, ask):
    call, words = WRONG_CALLS[case]
    with pytest.raises(CallError, match=words):
        ask(**call)
    assert server.seen == []


@pytest.mark.real
def test_the_real_page_is_replayed_page_by_page_and_keeps_every_row(server, ask, real_data):
    page = json.loads((real_data / "findtreatment" / "locator_rows_2019-05-30_VA.json").read_text(encoding="utf-8"))
    server.answers["/v2"] = [paged(page["rows"], 7)]
    added = ask("replay-2019")
    assert len(server.seen) == 5
    assert kept(added)["rows"] == page["rows"]
    assert added.release.rows == len(page["rows"]) == 30
