"""The groups that the subjects of documents fall into on a day: territories and kinds, institutions and stages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ventures import queries as ventures
from hatchline.core.rules.vocabulary import Subject

WAYS: dict[Subject, tuple[str, ...]] = {
    "institution": ("territory", "kind"),
    "venture": ("territory", "institution", "stage"),
}


@dataclass(frozen=True)
class Standing:
    """Where one subject belongs on a day. Of an institution ``kinds``, of a venture ``institution`` and ``stage``.

    ``territory``: its name, "" where nobody said; a venture's is that of the institution in which it surely is.
    """

    territory: str = ""
    kinds: tuple[str, ...] = ()
    institution: int | None = None
    institution_name: str = ""
    stage: str = ""

    def under(self, way: str) -> tuple[str, ...]:
        """The groups it is in by one of WAYS; none where that is not known."""
        if way == "kind":
            return self.kinds
        found: str = getattr(self, "institution_name" if way == "institution" else way)
        return (found,) if found else ()


def standings(subject: Subject, keys: Sequence[int], as_of: date) -> list[Standing]:
    """Of each of these subjects, in their order. Three queries at most, however many they are."""
    if subject == "institution":
        places = _territories(keys)
        kinds = institutions.kinds_of(keys, as_of)
        return [Standing(places.get(key, ""), kinds.get(key, ())) for key in keys]
    at = ventures.standing_on(as_of)
    called = dict(institutions.institutions().order_by().values_list("pk", "name"))
    places = _territories(None)
    nowhere = Standing()
    # many ventures, few places: each place is made once
    made = {
        (stage, where): Standing(places.get(where, ""), (), where, called.get(where, ""), stage)
        for stage, where in set(at.values())
    }
    return [made[at[key]] if key in at else nowhere for key in keys]


def _territories(keys: Collection[int] | None) -> dict[int, str]:
    rows = institutions.institutions().filter(territory__isnull=False).order_by()
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    return dict(rows.values_list("pk", "territory__name"))
