"""The navigation of the desk."""

from hatchline.sites.shell import Group

NAV: tuple[Group, ...] = ()
