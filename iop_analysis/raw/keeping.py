"""Writing into the data folder, all or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to, beside the target, which takes the target's place when the block ends well.

    A block that fails, or a process that is killed in it, leaves the target as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{os.getpid()}.{target.name}")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def keep(file: Path, target: Path) -> Path:
    """Copy a file to its place in the data folder, and return that place."""
    if not (target.exists() and target.samefile(file)):
        with replacing(target) as temporary:
            shutil.copyfile(file, temporary)
    return target
