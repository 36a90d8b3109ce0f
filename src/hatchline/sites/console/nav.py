"""The navigation of the console."""

from hatchline.sites.shell import Group

NAV: tuple[Group, ...] = ()
