"""What every page is made of: macros, layouts, pictures and the words for figures and dates."""

from typing import Any


def install(env: Any) -> None:
    """Give a Jinja2 environment the filters and functions that macros and pages use."""
    from hatchline.sites.components.environment import install as install_all

    install_all(env)
