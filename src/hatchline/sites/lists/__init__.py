"""The list component: one declaration, one view, one template for every list of every site."""

from hatchline.sites.lists.declaration import Bulk, Choice, Column, Filter, List, Tab

__all__ = ["Bulk", "Choice", "Column", "Filter", "List", "Tab"]
