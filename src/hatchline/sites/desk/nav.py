"""The navigation of the desk."""

from hatchline.sites.navigation import Group

NAV: tuple[Group, ...] = ()
