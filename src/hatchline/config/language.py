"""The language in which commands answer."""

from __future__ import annotations

import os

import click

from hatchline.core.rules.texts import Text

TONGUES = ("zh", "en")


def of_reader() -> str:
    """zh or en as LC_ALL, LC_MESSAGES or LANG ask for; else Chinese, the first language of a district."""
    asked = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    return next((tongue for tongue in TONGUES if asked.startswith(tongue)), TONGUES[0])


in_language = click.option(
    "--language", type=click.Choice(TONGUES), default=of_reader, show_default="LANG's, else zh",
    help="The language of the answer.",
)  # fmt: skip


def spoken() -> str:
    """The language of the command that runs."""
    context = click.get_current_context(silent=True)
    return (context.params.get("language") if context else None) or of_reader()


def said(zh: str, en: str) -> str:
    """A sentence in the language of the command that runs."""
    return Text(zh, en).get(spoken())
