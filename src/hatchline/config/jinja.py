"""The Jinja2 environment of all sites."""

from __future__ import annotations

from typing import Any

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from hatchline.sites import components


def environment(**options: Any) -> jinja2.Environment:
    """Autoescaping, strict about unknown names, translated by Django's catalogues, with the components' filters."""
    options.setdefault("undefined", jinja2.StrictUndefined)
    made = jinja2.Environment(
        **{
            **options,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        }
    )
    made.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals.update(static=static, url=_url, settings=settings, language=translation.get_language)
    components.install(made)
    return made


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a route: ``url("console:institution", pk=1)``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)
