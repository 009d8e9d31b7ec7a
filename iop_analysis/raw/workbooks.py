"""Excel workbooks that are the same bytes for the same content, and whose cells are never run as formulas or links."""

from __future__ import annotations

import datetime as dt
import io
import os
import re

import xlsxwriter

from iop_analysis.errors import CallError
from iop_analysis.raw.printable import printable

# Fixed so that the same inputs give the same bytes; SOURCE_DATE_EPOCH moves it.
EPOCH = 1577836800
# The years that the .zip behind every workbook can hold.
FIRST, LAST = 315532800, 4354819199
# A cell that starts with one of these is run as a formula by programs that open a CSV file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def new_workbook(buffer: io.BytesIO, title: str) -> xlsxwriter.Workbook:
    """An empty workbook that is written to the buffer when it is closed."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"title": title, "author": "iop_analysis", "created": stamp()})
    return workbook


def stamp() -> dt.datetime:
    """When a document says that it was made: a fixed date, or that of SOURCE_DATE_EPOCH, never the clock."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", str(EPOCH))
    if not (
        seconds.isascii() and seconds.isdigit() and len(seconds) <= len(str(LAST)) and FIRST <= int(seconds) <= LAST
    ):
        raise CallError(
            f"SOURCE_DATE_EPOCH is {seconds[:40]!r}; it takes whole seconds since 1970, of a date from 1980 to 2107."
        )
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).replace(tzinfo=None)


def harmless(value: object) -> object:
    r"""A printable text in one line that no spreadsheet runs as a formula: with an apostrophe where it could.

    Examples
    --------
    >>> harmless("=1+1"), harmless("plain"), harmless(-2.5)
    ("'=1+1", 'plain', -2.5)
    """
    if not isinstance(value, str):
        return value
    return ("'" if value.startswith(FORMULA_STARTS) else "") + re.sub(r"[\r\n]+", " ", printable(value))
