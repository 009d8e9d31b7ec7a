"""Workbooks of Excel 97-2003, read in a process of their own: a damaged one can take all memory, or never end."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iop_analysis.errors import DataError

Rows = list[list[Any]]
SECONDS, MEMORY_BYTES = 120, 2 << 30
READ = """
import pickle, sys
from python_calamine import CalamineWorkbook
with open(sys.argv[1], "rb") as file, CalamineWorkbook.from_filelike(file) as book:
    found = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
pickle.dump(found, sys.stdout.buffer)
"""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, handed out as the library does."""

    rows: Rows

    def to_python(self, skip_empty_area: bool = False) -> Rows:
        """The cells, row by row; empty ones at the top were kept when they were read."""
        assert not skip_empty_area
        return self.rows


@dataclass(frozen=True)
class OldWorkbook:
    """A workbook that was read whole; it answers what readers ask of the library's."""

    sheets: dict[str, Rows]

    @property
    def sheet_names(self) -> list[str]:
        """Names of the sheets in their order."""
        return list(self.sheets)

    def get_sheet_by_name(self, name: str) -> Sheet:
        """One sheet."""
        return Sheet(self.sheets[name])


def read_old_workbook(path: Path) -> OldWorkbook:
    """Every sheet of a workbook of Excel 97-2003.

    Raises
    ------
    DataError
        The workbook is damaged, or takes more time or memory than any table.
    """
    command = [sys.executable, "-c", READ, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True, preexec_fn=_limit())
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise DataError(
            f"{path.name}: the workbook is damaged; open it and save it as .xlsx, or get it again."
        ) from error
    # What comes back was written by the lines above, which hold the workbook's cells and nothing that can run.
    return OldWorkbook(pickle.loads(done.stdout))


def _limit() -> Callable[[], None] | None:
    """What the other process does first: limit its own memory, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
