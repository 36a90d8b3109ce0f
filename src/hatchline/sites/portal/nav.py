"""The navigation of the portal."""

from django.utils.translation import gettext_lazy as _

from hatchline.sites.navigation import Group, Item

NAV: tuple[Group, ...] = (
    Group(
        "",
        (
            Item(_("首页"), "portal:home", "home"),
            Item(_("找机构"), "portal:institutions", "building-community", under=("portal:institution",)),
            Item(_("怎样进入"), "portal:enter", "seedling"),
            Item(_("规则库"), "portal:documents", "file-text", under=("portal:document", "portal:document_compare")),
            Item(_("目标与进展"), "portal:targets", "flag", under=("portal:target",)),
        ),
    ),
)
