"""Named criteria: what a person needs of a program, and shorthands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from iop_analysis.catalog.rows import read_rows


@dataclass(frozen=True)
class Persona:
    """A named criterion: a person (`kind` persona) or a shorthand (`kind` criterion).

    `of` is the universe (empty for a shorthand) and `steps` what the person needs there, in the order of a funnel.
    """

    key: str
    kind: str
    label: str
    of: str
    steps: tuple[str, ...]
    sentence: str

    @property
    def needs(self) -> str:
        """All steps as one criterion, to be asked of the universe `of`."""
        return " & ".join(f"({step})" for step in self.steps)

    @property
    def criterion(self) -> str:
        """The universe and all steps as one criterion."""
        return f"({self.of}) & {self.needs}" if self.of else self.needs


@cache
def personas() -> dict[str, Persona]:
    """Named criteria of the catalog by key, personas first."""
    rows = read_rows("personas.csv")
    return {row["key"]: Persona(**{**row, "steps": tuple(row["steps"].split("; "))}) for row in rows}  # type: ignore[arg-type]
