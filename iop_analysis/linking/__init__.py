"""Linking: addresses compared, one `site_id` a place, one facility across sources, and a point for an address.

`addresses` and `links` compare; `locating` gives points and says how each was found.
"""

from iop_analysis.linking.links import (
    carried_hours,
    linked,
    name_scores,
    near_pairs,
    open_keys,
    plain_names,
    refuse_survey,
    site_ids,
    street_likeness,
)

__all__ = [
    "carried_hours",
    "linked",
    "name_scores",
    "near_pairs",
    "open_keys",
    "plain_names",
    "refuse_survey",
    "site_ids",
    "street_likeness",
]
