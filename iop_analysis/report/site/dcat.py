"""The site's tables as a catalogue that government portals harvest: `data.json`, DCAT-US 3.0 as JSON-LD.

References: resources.data.gov, DCAT-US 3.0 (classes Catalog, Dataset, Distribution and their mandatory properties).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from iop_analysis import __version__, catalog, places
from iop_analysis.carried import package
from iop_analysis.releases import croissant
from iop_analysis.report.site import api

FILE = "data.json"
STANDARD = "https://resources.data.gov/dcat-us/3.0.0"
TITLE = "Who can use an intensive outpatient program: the tables of this site"
WORDS = ("intensive outpatient program", "substance use treatment", "access to care", "Medicaid", "sliding fee")
# Which vocabulary each word below is of, so that tools for linked data read the file too.
VOCABULARIES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat-us": "http://resources.data.gov/ontology/dcat-us#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
TERMS = {
    "dcat": "Catalog Dataset Distribution contactPoint dataset distribution keyword mediaType byteSize version "
    "startDate endDate",
    "dcat-us": "describedBy",
    "dcterms": "Location PeriodOfTime Standard title description publisher identifier license rights provenance "
    "language accrualPeriodicity spatial temporal conformsTo",
    "foaf": "Document name page",
    "org": "Organization",
    "skos": "prefLabel",
    "spdx": "Checksum checksum algorithm checksumValue",
    "vcard": "Kind fn",
}
ADDRESSES = {"downloadURL": "dcat", "accessURL": "dcat", "hasEmail": "vcard"}


def catalogue(folder: Path, said: Sequence[dict[str, Any]], address: str, contact: str = "") -> dict[str, Any]:
    """What `data.json` says of a site that lies complete in a folder.

    Parameters
    ----------
    folder
        Where the site lies.
    said
        What `api.state` gave for each of its states.
    address
        Where the site will be served.
    contact
        A mail address, which DCAT-US asks for, or a page; there is a contact point only for a mail address.
    """
    about = _about(said, address, contact)
    tables = [(row, sorted(folder.glob(row["files"]))) for row in catalog.read_rows("site_tables.csv")]
    return {
        "@context": _context(),
        "@id": f"{address}/{FILE}",
        "@type": "Catalog",
        "title": TITLE,
        "description": api.CAUTION,
        "publisher": about["publisher"],
        "language": "en",
        "conformsTo": {"@type": "Standard", "@id": STANDARD, "title": "DCAT-US 3.0"},
        "dataset": [_dataset(row, files, folder, address, about) for row, files in tables if files],
    }


def _context() -> dict[str, Any]:
    words = {word: f"{name}:{word}" for name, text in TERMS.items() for word in text.split()}
    links = {word: {"@id": f"{name}:{word}", "@type": "@id"} for word, name in ADDRESSES.items()}
    return VOCABULARIES | words | links


def _about(said: Sequence[dict[str, Any]], address: str, contact: str) -> dict[str, Any]:
    """What holds of every table of the site."""
    lists = _once(one for state in said for one in state["lists"])
    surveys = _once(one["survey"] for state in said for one in state["surveys"])
    years = [one["survey_year"] for one in lists]
    years += [catalog.releases()[name].survey_year for name in surveys]
    publisher = {"@type": "Organization", "name": package.AUTHOR}
    return {
        "publisher": publisher,
        **_contact(contact),
        "keyword": list(WORDS),
        "language": "en",
        "version": __version__,
        "accrualPeriodicity": "irregular",
        "temporal": [{"@type": "PeriodOfTime", "startDate": str(min(years)), "endDate": str(max(years))}],
        "spatial": [{"@type": "Location", "prefLabel": name} for name in _places(said)],
        "rights": _once(f"{one['title']}, of {one['publisher']}: {one['licence']}" for one in lists),
        "provenance": [f"{one['title']}, release {one['release']}: SHA-256 {one['sha256']}" for one in lists],
    }


def is_mail(contact: str) -> bool:
    """Whether a contact is a mail address, not a page."""
    return bool(contact) and not contact.startswith(("http://", "https://"))


def _contact(contact: str) -> dict[str, Any]:
    if is_mail(contact):
        return {"contactPoint": {"@type": "Kind", "fn": package.AUTHOR, "hasEmail": f"mailto:{contact}"}}
    page = {"@type": "Document", "title": "Where to write about a wrong entry", "accessURL": contact}
    return {"page": [page]} if contact else {}


def _places(said: Sequence[dict[str, Any]]) -> list[str]:
    return ["United States"] if len(said) == len(places.states()) else [one["name"] for one in said]


def _once(found: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for one in found:
        if one not in kept:
            kept.append(one)
    return kept


def _dataset(
    row: dict[str, str], files: Sequence[Path], folder: Path, address: str, about: dict[str, Any]
) -> dict[str, Any]:
    identifier = f"{address}/{FILE}#{row['name']}"
    said = {
        "@id": identifier,
        "@type": "Dataset",
        "identifier": identifier,
        "title": row["title"],
        "description": f"{row['description']} {api.CAUTION}",
        **about,
        "distribution": [_distribution(row["media_type"], file, folder, address) for file in files],
    }
    if row["described_by"]:
        shape = _distribution("application/schema+json", folder / row["described_by"], folder, address)
        said["describedBy"] = shape
    return said


def _distribution(media_type: str, file: Path, folder: Path, address: str) -> dict[str, Any]:
    content = file.read_bytes()
    return {
        "@type": "Distribution",
        "title": file.name,
        "downloadURL": f"{address}/{quote(file.relative_to(folder).as_posix())}",
        "mediaType": media_type,
        "byteSize": str(len(content)),
        "license": croissant.licence(package.LICENCE),
        "checksum": {
            "@type": "Checksum",
            "algorithm": "SHA-256",
            "checksumValue": hashlib.sha256(content).hexdigest(),
        },
    }
