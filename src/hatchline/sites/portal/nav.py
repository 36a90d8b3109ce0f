"""The navigation of the portal."""

from hatchline.sites.shell import Group

NAV: tuple[Group, ...] = ()
