"""A district that does not exist, to look at and to measure with: every name, date and figure in it is invented.

The same seed makes the same district. It is built only where the settings mark the district as a demonstration.
"""

from hatchline.journeys.world.building import World, accounts_file, build, stands, write_accounts
from hatchline.journeys.world.crowd import add_organisations

__all__ = ["World", "accounts_file", "add_organisations", "build", "stands", "write_accounts"]
