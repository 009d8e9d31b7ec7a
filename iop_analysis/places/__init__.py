"""Places: states, counties and their vintages, boundaries, and the county of a name, a point or a ZIP code.

`demand` reads where people live, `context` what is known of these places, `sphere` measures between points.
"""

from iop_analysis.places.deciding import counted, place
from iop_analysis.places.placing import county_of_name, county_of_zip, point_problems, state_of_zip
from iop_analysis.places.points import county_of_points
from iop_analysis.places.tables import (
    CRS,
    VINTAGE,
    VINTAGES,
    boundaries,
    check_state,
    counties,
    county_heading,
    county_words,
    states,
)

__all__ = [
    "CRS",
    "VINTAGE",
    "VINTAGES",
    "boundaries",
    "check_state",
    "counted",
    "counties",
    "county_heading",
    "county_of_name",
    "county_of_points",
    "county_of_zip",
    "county_words",
    "place",
    "point_problems",
    "state_of_zip",
    "states",
]
