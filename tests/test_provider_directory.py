"""A provider directory is paged politely: caps, repeats, OperationOutcomes, busy servers; on this machine alone."""

import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from serving import serving

from iop_analysis import raw
from iop_analysis.cli import main
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import provider_directory as directory
from iop_analysis.releases import listing

CAP = 2  # rows that the server gives at most, whatever is asked for


def service(number, day="2026-01-01", **more):
    """An invented service that meets late at an invented place (SYNTHETIC)."""
    return {
        "resourceType": "HealthcareService",
        "id": f"s{number}",
        "meta": {"lastUpdated": f"{day}T00:00:00Z"},
        "name": f"Elm Intensive Outpatient Program {number}",
        "location": [{"reference": f"Location/l{number}"}],
        "availableTime": [
            {"daysOfWeek": ["mon", "wed"], "availableStartTime": "18:00:00", "availableEndTime": "21:00:00"}
        ],
    } | more


def location(number):
    address = {"line": [f"{number} Elm St"], "city": "Denver", "state": "CO", "postalCode": "80218"}
    return {"resourceType": "Location", "id": f"l{number}", "status": "active", "address": address}


def outcome(severity, text):
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "x", "diagnostics": text}]}


class Endpoint:
    """What the server holds by type, what it remarks, and what it does to single requests."""

    def __init__(self):
        self.held = {"HealthcareService": [service(n) for n in range(5)], "Location": [location(n) for n in range(5)]}
        self.remark, self.loop, self.away, self.busy, self.broken = None, False, False, [], {}
        self.asked: list[str] = []
        self.agents: Counter[str] = Counter()

    def answer(self, handler):
        self.asked.append(handler.path)
        self.agents[handler.headers["User-Agent"]] += 1
        parts = urlsplit(handler.path)
        kind = parts.path.rsplit("/", 1)[-1]
        if self.busy:
            return send(handler, 429, outcome("error", "slow down"), {"Retry-After": self.busy.pop(0)})
        if kind in self.broken:
            return send(handler, *self.broken[kind])
        return send(handler, 200, self.page(kind, int(parse_qs(parts.query).get("page", ["0"])[0]), handler))

    def page(self, kind, number, handler):
        held = self.held.get(kind, [])
        entries = [{"resource": one, "search": {"mode": "match"}} for one in held[number * CAP : (number + 1) * CAP]]
        if self.remark:
            entries.append({"resource": self.remark, "search": {"mode": "outcome"}})
        host = "other.example" if self.away else handler.headers["Host"]
        last = (number + 1) * CAP >= len(held)
        following = 0 if self.loop and last else number + 1
        link = [{"relation": "self", "url": handler.path}]
        if not last or (self.loop and held):
            link.append({"relation": "next", "url": f"http://{host}/fhir/{kind}?page={following}"})
        return {"resourceType": "Bundle", "type": "searchset", "total": len(held), "link": link, "entry": entries}


def send(handler, status, body, headers=()):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in dict(headers).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)


@pytest.fixture
def endpoint(monkeypatch, fresh):
    served = Endpoint()
    with serving(served.answer, monkeypatch) as address:
        served.address = f"{address}/fhir"
        yield served


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """How long was waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr(directory.time, "sleep", waited.append)
    return waited


def read(endpoint, tmp_path, more=""):
    return directory.read_directory(endpoint.address + more, tmp_path, progress=False)


def test_every_page_is_read_though_the_server_caps_them_and_a_pause_lies_between_two(endpoint, tmp_path, pauses):
    path, found = read(endpoint, tmp_path)
    assert sum(key.startswith("HealthcareService") for key in found.resources) == 5
    assert found.pages == len(endpoint.asked) == 3 + 3 + 1 + 1 + 1
    assert pauses == [directory.PAUSE_SECONDS] * (found.pages - 1)
    assert len(path.read_text().splitlines()) == 10
    assert list(endpoint.agents) == [directory.AGENT]


def test_a_search_of_the_users_own_is_all_that_is_asked(endpoint, tmp_path):
    read(endpoint, tmp_path, "/HealthcareService?specialty=iop")
    assert {urlsplit(path).path for path in endpoint.asked} == {"/fhir/HealthcareService"}


def test_of_a_resource_on_two_pages_the_newer_is_kept(endpoint, tmp_path):
    newer = service(0, "2026-02-01", comment="newer")
    endpoint.held["HealthcareService"] += [newer, service(1, "2025-01-01", comment="older")]
    _, found = read(endpoint, tmp_path)
    assert found.repeats == 2
    assert found.resources["HealthcareService/s0"]["comment"] == "newer"
    assert "comment" not in found.resources["HealthcareService/s1"]


def test_a_remark_among_the_entries_is_told_and_an_error_ends_it(endpoint, tmp_path):
    endpoint.remark = outcome("warning", "unknown parameter ignored")
    _, found = read(endpoint, tmp_path)
    assert any("unknown parameter ignored" in text for text in found.remarks)
    assert not any("OperationOutcome" in key for key in found.resources)
    endpoint.remark = outcome("error", "index is being rebuilt")
    with pytest.raises(DataError, match="index is being rebuilt"):
        read(endpoint, tmp_path)


def test_a_busy_server_is_given_the_time_that_it_asks_for_within_reason(endpoint, tmp_path, pauses):
    endpoint.busy = ["7", "99999", "soon"]
    read(endpoint, tmp_path)
    assert pauses[:2] == [7.0, directory.MOST_WAIT_SECONDS]
    assert 0 < pauses[2] <= directory.MOST_WAIT_SECONDS


def test_a_server_that_stays_busy_is_not_asked_for_ever(endpoint, tmp_path):
    endpoint.busy = ["1"] * 100
    with pytest.raises(DataError, match=r"answers 429 \(slow down\)"):
        read(endpoint, tmp_path)
    assert len(endpoint.asked) == directory.RETRIES + 1


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ((200, outcome("error", "no such type")), "refuses the search: no such type"),
        ((404, b"<html>"), "answers 404"),
        ((200, b"<html>welcome"), "is no JSON"),
        ((200, b"[1, 2]"), "is no FHIR bundle"),
        ((200, {"resourceType": "Patient"}), "is no FHIR bundle"),
    ],
)
def test_what_is_no_list_of_services_ends_in_a_sentence(endpoint, tmp_path, broken, message):
    endpoint.broken["HealthcareService"] = broken
    with pytest.raises(DataError, match=message):
        read(endpoint, tmp_path)


def test_a_list_that_names_an_earlier_page_as_its_next_ends_there(endpoint, tmp_path):
    endpoint.loop = True
    _, found = read(endpoint, tmp_path)
    assert len(found.resources) == 10
    assert any("was read already" in text for text in found.remarks)


def test_a_page_on_another_host_is_not_followed(endpoint, tmp_path):
    endpoint.away = True
    with pytest.raises(DataError, match=r"on another host, other\.example"):
        read(endpoint, tmp_path)


def test_an_endpoint_without_services_and_an_address_that_is_none_are_refused(endpoint, tmp_path):
    endpoint.held = {"Location": [location(1)]}
    with pytest.raises(DataError, match="lists no HealthcareService"):
        read(endpoint, tmp_path)
    with pytest.raises(CallError, match="is no address"):
        directory.read_directory("https://", tmp_path, progress=False)


def test_fetch_takes_the_directory_as_a_release_that_can_be_built(endpoint):
    done = CliRunner().invoke(main, ["fetch", "plan_net@mine-2026", "--from", endpoint.address])
    assert done.exit_code == 0, done.output
    assert "plan_net@mine-2026: 10 resources on 9 pages" in done.stderr
    built = listing.build(raw.find_release("plan_net@mine-2026"))
    assert len(built.facilities) == 5
    assert built.facilities["hours_status"].eq("known").all()
    asked = len(endpoint.asked)
    again = CliRunner().invoke(main, ["fetch", "plan_net@mine-2026", "--from", endpoint.address])
    assert len(endpoint.asked) - asked <= 2, "what is there is not paged again"
    assert again.exit_code == 0, again.output
