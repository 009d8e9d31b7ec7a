"""Excel workbooks that are the same bytes for the same content, and whose cells are never run as formulas or links."""

from __future__ import annotations

import datetime as dt
import io
import os

import xlsxwriter

# Fixed so that the same inputs give the same bytes; SOURCE_DATE_EPOCH moves it.
EPOCH = 1577836800


def new_workbook(buffer: io.BytesIO, title: str) -> xlsxwriter.Workbook:
    """An empty workbook that is written to the buffer when it is closed."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    stamp = dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), dt.UTC).replace(tzinfo=None)
    workbook.set_properties({"title": title, "author": "iop_analysis", "created": stamp})
    return workbook
