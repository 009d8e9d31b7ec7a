"""A whole folder put in the place of another, so that who reads it sees the old one or the new one and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from iop_analysis.errors import DataError

# A national list is built in well under a minute.
PATIENCE_SECONDS = 300


@contextmanager
def alone(folder: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Nobody else writes the folder while the block runs; who waits in vain is told so."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f".{folder.name}.lock"), timeout=patience):
            yield
    except Timeout as error:
        raise DataError(
            f"{folder}: another process has been writing it for {patience:g} seconds; wait for it, or end it."
        ) from error


def swap(new: Path, folder: Path) -> None:
    """Put a complete new folder in the place of another, which stands until the last moment."""
    _put_back(folder)
    old = backup(folder)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def backup(folder: Path) -> Path:
    """Where a folder waits for the moment between the two renames of a swap."""
    return folder.with_name(f".{folder.name}.old")


def mend(folder: Path) -> None:
    """Put back a folder whose writer was killed between the two renames; a writer at work is left alone."""
    if backup(folder).exists() and not folder.exists():
        try:
            with alone(folder, patience=0):
                _put_back(folder)
        except DataError:
            return  # its writer is between the two renames, and needs no help


def _put_back(folder: Path) -> None:
    if backup(folder).exists() and not folder.exists():
        backup(folder).rename(folder)
