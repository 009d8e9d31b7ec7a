"""The publishers' files as bytes: get them, verify them, keep them under `data/raw`, open them as text."""

from iop_analysis.raw.adding import Added, add, check_key, remove
from iop_analysis.raw.fetching import fetch
from iop_analysis.raw.locator import fetch_locator
from iop_analysis.raw.reading import read_sheets, read_text_table, read_workbook
from iop_analysis.raw.releases import (
    added_releases,
    available,
    damaged_records,
    data_folder,
    find_release,
    geography,
    known_releases,
    newest,
    processed_folder,
    raw_path,
    record_path,
    record_text,
    reports_folder,
    sha256,
    verified,
    verify,
)
from iop_analysis.raw.sniffing import sniff

__all__ = [
    "Added",
    "add",
    "added_releases",
    "available",
    "check_key",
    "damaged_records",
    "data_folder",
    "fetch",
    "fetch_locator",
    "find_release",
    "geography",
    "known_releases",
    "newest",
    "processed_folder",
    "raw_path",
    "read_sheets",
    "read_text_table",
    "read_workbook",
    "record_path",
    "record_text",
    "remove",
    "reports_folder",
    "sha256",
    "sniff",
    "verified",
    "verify",
]
