"""Linking: addresses compared, one `site_id` a place, one facility across sources, and a point for an address.

`addresses`, `links` and `websites` compare; `matching` says which two rows are one facility, `reviewing` lets a person
check that; `locating` gives points and says how each was found.
"""

from iop_analysis.linking.links import (
    name_scores,
    near_pairs,
    open_keys,
    plain_names,
    refuse_survey,
    short_hash,
    site_ids,
    street_likeness,
)
from iop_analysis.linking.matching import LINK_SCORE, linked

__all__ = [
    "LINK_SCORE",
    "linked",
    "name_scores",
    "near_pairs",
    "open_keys",
    "plain_names",
    "refuse_survey",
    "short_hash",
    "site_ids",
    "street_likeness",
]
