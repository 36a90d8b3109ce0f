"""A district that does not exist, to look at and to measure with: every name, date and figure in it is invented.

The same seed makes the same district. It is built only where the settings mark the district as a demonstration.
"""

from hatchline.journeys.world.building import World, accounts_file, build, stands, write_accounts
from hatchline.journeys.world.city import add_institutions, add_ventures
from hatchline.journeys.world.crowd import add_organisations
from hatchline.journeys.world.lifecycles import FULL

__all__ = [
    "FULL",
    "World",
    "accounts_file",
    "add_institutions",
    "add_organisations",
    "add_ventures",
    "build",
    "stands",
    "write_accounts",
]
