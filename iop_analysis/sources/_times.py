"""Times of day in structured fields."""

from iop_analysis.hours.minutes import minute_of, span

__all__ = ["minute_of", "span"]
