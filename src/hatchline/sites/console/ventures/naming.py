"""What ventures, founders and places are called, in the reader's language and as far as a reader may know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hatchline.apps.ventures.models import STAGES

STAGE_WORDS = dict(STAGES)


def in_english() -> bool:
    """Whether names in English are shown where there are any."""
    return (get_language() or "").startswith("en")


def called(place: Any) -> str:
    """The name of an institution that a venture was in."""
    return (place.name_en if in_english() else "") or place.name


def masked_name(name: str) -> str:
    """A founder's name as a list shows it: 李••. The whole one stands on the venture's page."""
    return name[:1] + "•" * (len(name) - 1)


def perhaps_words(place: Any) -> str:
    """That nobody knows whether it was there, and when it last surely was."""
    told = {"place": called(place), "stage": STAGE_WORDS[place.stage], "day": place.seen}
    if place.seen is None:
        return _("是否在“%(place)s”%(stage)s不详") % told
    return _("是否还在“%(place)s”%(stage)s不详，最后见于 %(day)s") % told
