"""Distances of built releases: measured with a user's points, and carried as tables for a fresh machine.

`measuring` finds sites and measures, `people` groups residents, `carried` writes and reads the tables.
"""

from iop_analysis.distances.carried import (
    carried_counties,
    carried_distances,
    carried_files,
    carried_people,
    write_reference,
)
from iop_analysis.distances.measuring import (
    access_table,
    counting_sites,
    default_points,
    extended,
    points_of,
    sites_of_file,
    sites_of_release,
    travel_table,
    whatif_table,
)

__all__ = [
    "access_table",
    "carried_counties",
    "carried_distances",
    "carried_files",
    "carried_people",
    "counting_sites",
    "default_points",
    "extended",
    "points_of",
    "sites_of_file",
    "sites_of_release",
    "travel_table",
    "whatif_table",
    "write_reference",
]
