"""Everything pages are made of: macros, layouts and the formatting of figures."""

import jinja2


def install(environment: jinja2.Environment) -> None:
    """Register filters and globals."""
