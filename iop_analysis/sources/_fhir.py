"""FHIR resources out of a bundle, NDJSON or a packed folder of either, by type and identifier."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from iop_analysis import raw
from iop_analysis.errors import DataError

Resource = dict[str, Any]
Resources = dict[str, Resource]
ENDINGS = (".json", ".ndjson")


def resources(path: Path) -> Resources:
    """Every resource of a file by `Type/id` (and by the full address its bundle gives it).

    Raises
    ------
    DataError
        A member of the file is no JSON, holds no resource, or two different resources share type and id.
    """
    found: Resources = {}
    for name, text in _texts(path):
        for where, document in _documents(name, text):
            for address, resource in _unpacked(document, where):
                _keep(resource, address, where, found)
    return found


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    if raw.sniff(path) != "zip":
        yield path.name, _decoded(path.read_bytes(), path.name)
        return
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.namelist()):
            shown = PurePosixPath(member)
            if shown.suffix.lower() in ENDINGS and not shown.name.startswith("."):
                yield member, _decoded(archive.read(member), f"{path.name}: {member}")


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: the text is not UTF-8, as FHIR demands; export it again.") from error


def _documents(name: str, text: str) -> Iterator[tuple[str, Any]]:
    """JSON documents of a text: one, or in NDJSON one a line, each with where it stands."""
    if not name.lower().endswith(".ndjson"):
        yield name, _parsed(text, name)
        return
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.strip():
            yield f"{name}: line {number}", _parsed(line, f"{name}: line {number}")


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise DataError(f"{where}: the JSON is cut off or damaged ({error}); export it again.") from error


def _unpacked(document: Any, where: str) -> Iterator[tuple[str, Resource]]:
    """Resources of a bundle with their full address, of a list, or the one resource itself."""
    if isinstance(document, list):
        for one in document:
            yield from _unpacked(one, where)
    elif not isinstance(document, dict) or "resourceType" not in document:
        raise DataError(f"{where}: there is no resourceType, so this is no FHIR resource; check that this is the file.")
    elif document["resourceType"] == "Bundle":
        for entry in document.get("entry", []):
            for _, resource in _unpacked(entry["resource"], where) if "resource" in entry else ():
                yield entry.get("fullUrl", ""), resource
    else:
        yield "", document


def _keep(resource: Resource, address: str, where: str, found: Resources) -> None:
    if not resource.get("id"):
        raise DataError(f"{where}: a {resource['resourceType']} has no id; export it again.")
    key = f"{resource['resourceType']}/{resource['id']}"
    if found.setdefault(key, resource) != resource:
        raise DataError(f"{where}: {key} stands there twice with different contents; keep the newer one.")
    if address:
        found.setdefault(address, found[key])


def of_type(found: Resources, kind: str) -> list[Resource]:
    """Resources of a type in the order of the file."""
    return [resource for key, resource in found.items() if key == f"{kind}/{resource['id']}"]


def key_of(reference: Resource | None, found: Resources) -> str:
    """`Type/id` of what a reference points at, also out of a whole address; empty where it points at nothing."""
    text = (reference or {}).get("reference", "").split("/_history/")[0]
    if text in found:
        return f"{found[text]['resourceType']}/{found[text]['id']}"
    return "/".join(text.split("/")[-2:])


def codes(concepts: Resource | list[Resource] | None) -> list[str]:
    """Codes of one or several CodeableConcepts."""
    listed = concepts if isinstance(concepts, list) else [concepts or {}]
    return [coding["code"] for concept in listed for coding in concept.get("coding", []) if "code" in coding]


def displays(concepts: list[Resource] | None) -> list[str]:
    """What CodeableConcepts say in words."""
    texts = [concept.get("text", "") for concept in concepts or []]
    return texts + [coding.get("display", "") for concept in concepts or [] for coding in concept.get("coding", [])]


def extensions(resource: Resource, name: str) -> list[Resource]:
    """Extensions of a resource whose address ends in a name."""
    return [one for one in resource.get("extension", []) if one.get("url", "").rsplit("/", 1)[-1] == name]
