"""For imports: which institution a draft may be, and what it would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.institutions import drafts
from hatchline.apps.institutions.models import Institution, InstitutionName
from hatchline.core.values import names
from hatchline.core.values.changes import differing, is_empty

CHUNK = 500


def candidates(made: Sequence[drafts.InstitutionDraft], but: Collection[int] = ()) -> list[list[bodies.Candidate]]:
    """For each draft the institutions it may be, by present, former and other names, operator and website.

    Institutions of different counties are different, whatever they are called. None is certain: an institution has no
    number of its own. About four queries for every 500 drafts.
    """
    found: list[list[bodies.Candidate]] = []
    for start in range(0, len(made), CHUNK):
        found += _some(made[start : start + CHUNK], frozenset(but))
    return found


def _some(made: Sequence[drafts.InstitutionDraft], but: frozenset[int]) -> list[list[bodies.Candidate]]:
    keys = [{names.key(draft.name), *(names.key(other) for _, other in draft.names)} for draft in made]
    every = set().union(*keys) if keys else set()
    by_key: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, pk in Institution.objects.filter(name_key__in=every).values_list("name_key", "pk"):
        by_key[key].append(("same_name", pk))
    for key, pk in InstitutionName.objects.filter(name_key__in=every).values_list("name_key", "institution_id"):
        by_key[key].append(("former_name", pk))
    pks = {pk for pairs in by_key.values() for _, pk in pairs} - but
    rows = {each.pk: each for each in Institution.objects.filter(pk__in=pks).select_related("territory")}
    wanted = {draft.territory for draft in made if draft.territory is not None}
    counties = {pk: prefix[:6] for pk, prefix in bodies.prefixes(wanted).items()}
    answers = []
    for draft, its_keys in zip(made, keys, strict=True):
        reasons: dict[int, list[str]] = defaultdict(list)
        county = counties.get(draft.territory, "") if draft.territory is not None else ""
        for key in its_keys:
            for reason, pk in by_key.get(key, []):
                row = rows.get(pk)
                if row is None or _elsewhere(row, county) or reason in reasons[pk]:
                    continue
                reasons[pk].append(reason)
        for pk, why in reasons.items():
            if why and draft.operator is not None and rows[pk].operator_id == draft.operator:
                why.append("same_operator")
            if why and names.host(draft.website) and names.host(draft.website) == names.host(rows[pk].website):
                why.append("same_website")
        its = [bodies.Candidate(pk, rows[pk].name, tuple(why), False) for pk, why in reasons.items() if why]
        answers.append(sorted(its, key=lambda each: (-len(each.reasons), each.pk)))
    return answers


def _elsewhere(row: Institution, county: str) -> bool:
    if row.territory is None or len(county) < 6 or len(row.territory.prefix) < 6:
        return False
    return row.territory.prefix[:6] != county


def changes(pairs: Mapping[int, drafts.InstitutionDraft]) -> dict[int, dict[str, Any]]:
    """What each draft would change of the institution it belongs to. Empty fields of a draft change nothing.

    Kinds, stages and names are added to those there are; of two days seen open the earlier stays; a sub-district is not
    replaced by a division above it. Four queries for all.
    """
    rows = Institution.objects.prefetch_related("kinds", "stages", "names").select_related("territory")
    prefixes = bodies.prefixes({draft.territory for draft in pairs.values() if draft.territory is not None})
    made: dict[int, dict[str, Any]] = {}
    for each in rows.filter(pk__in=list(pairs)):
        now = drafts.present(each)
        given = {name: value for name, value in pairs[each.pk].given().items() if not is_empty(value)}
        for name in drafts.RELATED:
            if name in given:
                given[name] = tuple(now[name]) + tuple(value for value in given[name] if value not in set(now[name]))
        seen = given.get("seen_open_on")
        if seen is not None and each.seen_open_on is not None and each.seen_open_on <= seen:
            del given["seen_open_on"]
        if (
            "territory" in given
            and each.territory
            and each.territory.prefix.startswith(prefixes.get(given["territory"], "?"))
        ):
            del given["territory"]
        for name, value in list(given.items()):
            if isinstance(value, str):
                given[name] = value.strip()
        for name in ("latitude", "longitude"):
            if name in given:
                given[name] = drafts.columns_of({name: given[name]})[name]
        wanted = differing(now, given)
        if wanted:
            made[each.pk] = wanted
    return made
