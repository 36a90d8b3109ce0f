"""Who has been in incubation for how long: the stays that a rule's longest time is about to end."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from hatchline.apps.ventures.models import Stay
from hatchline.apps.ventures.states import StayStatus
from hatchline.core.chain.stages import Stage


def incubated_since(day: date, as_of: date) -> QuerySet[Stay]:
    """Confirmed, counting incubation stays that surely held on ``as_of`` and had surely begun by ``day``."""
    rows = Stay.objects.filter(status=StayStatus.CONFIRMED, counts=True, stage=Stage.INCUBATION.value)
    rows = rows.filter(held_from__lte=day).filter(Q(held_until=None) | Q(held_until__gt=as_of))
    return rows.select_related("venture", "institution").order_by("held_from", "pk")
