"""Questions about places, classifications and organisations."""

from hatchline.apps.bodies.queries.classes import (
    class_codes,
    class_keys,
    classification,
    crosswalk,
    in_edition,
    key_industries,
)
from hatchline.apps.bodies.queries.duplicates import Candidate, candidates
from hatchline.apps.bodies.queries.organisations import (
    changes,
    locked,
    named,
    organisation,
    organisations,
    organisations_between,
    visible_to,
)
from hatchline.apps.bodies.queries.places import (
    area_divisions,
    areas,
    bare,
    path,
    place_of,
    prefixes,
    subtree,
    territories,
    territories_named,
    territory,
    territory_keys,
    within,
)
from hatchline.apps.bodies.queries.tiles import Tile, tiles

__all__ = [
    "Candidate",
    "Tile",
    "area_divisions",
    "areas",
    "bare",
    "candidates",
    "changes",
    "class_codes",
    "class_keys",
    "classification",
    "crosswalk",
    "in_edition",
    "key_industries",
    "locked",
    "named",
    "organisation",
    "organisations",
    "organisations_between",
    "path",
    "place_of",
    "prefixes",
    "subtree",
    "territories",
    "territories_named",
    "territory",
    "territory_keys",
    "tiles",
    "visible_to",
    "within",
]
