"""Possible duplicates: who might already be a record, and why one thinks so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import Identifier, Organisation, OrganisationName
from hatchline.core.values import names
from hatchline.core.values.names import CreditCode

CHUNK = 500
SHARED_HOST = 3  # a host that more organisations name than this is a platform or a parent, not a sign of identity


@dataclass(frozen=True)
class Candidate:
    """A record that a draft may belong to. ``reasons`` are keys of ``wording.REASONS``, the strongest first.

    ``is_certain``: a number given by a register is the same. All others are questions for a person.
    """

    pk: int
    name: str
    reasons: tuple[str, ...]
    is_certain: bool


def candidates(drafts: Sequence[OrganisationDraft], but: Collection[int] = ()) -> list[list[Candidate]]:
    """For each draft the records it may belong to, certain ones first. About five queries for every 500 drafts.

    Two bodies with different credit codes are two bodies, whatever they are called. ``but``: keys left out.
    """
    made: list[list[Candidate]] = []
    for start in range(0, len(drafts), CHUNK):
        made += _some(drafts[start : start + CHUNK], frozenset(but))
    return made


def _some(drafts: Sequence[OrganisationDraft], but: frozenset[int]) -> list[list[Candidate]]:
    codes = [_code(draft) for draft in drafts]
    keys = [_keys(draft) for draft in drafts]
    hosts = [names.host(draft.website) for draft in drafts]
    by_code: dict[str, list[int]] = _grouped(
        Organisation.objects.filter(credit_code__in={code for code in codes if code}), "credit_code"
    )
    by_number = _by_number(drafts)
    all_keys = set().union(*keys) if keys else set()
    by_key = _grouped(Organisation.objects.filter(name_key__in=all_keys), "name_key")
    by_other: dict[str, list[int]] = defaultdict(list)
    for key, pk in OrganisationName.objects.filter(name_key__in=all_keys).values_list("name_key", "organisation_id"):
        by_other[key].append(pk)
    by_host = _grouped(Organisation.objects.filter(website_host__in={host for host in hosts if host}), "website_host")

    reasons: list[dict[int, list[str]]] = []
    for draft, code, its_keys, host in zip(drafts, codes, keys, hosts, strict=True):
        found: dict[int, list[str]] = defaultdict(list)
        for reason, pks in _signs(draft, code, its_keys, host, by_code, by_number, by_key, by_other, by_host):
            for pk in pks:
                if pk not in but and reason not in found[pk]:
                    found[pk].append(reason)
        reasons.append({pk: why for pk, why in found.items() if why})

    wanted = {pk for found in reasons for pk in found}
    rows = {row[0]: row for row in Organisation.objects.filter(pk__in=wanted).values_list("pk", "name", "credit_code")}
    made = []
    for code, found in zip(codes, reasons, strict=True):
        its = [
            Candidate(pk, rows[pk][1], tuple(why), why[0] in {"same_credit_code", "same_identifier"})
            for pk, why in found.items()
            if not (code and rows[pk][2] and rows[pk][2] != code)
        ]
        made.append(sorted(its, key=lambda each: (not each.is_certain, -len(each.reasons), each.pk)))
    return made


def _signs(  # type: ignore[no-untyped-def]
    draft, code, its_keys, host, by_code, by_number, by_key, by_other, by_host
) -> Iterator[tuple[str, list[int]]]:
    if code:
        yield "same_credit_code", by_code.get(code, [])
    for scheme, value in draft.identifiers:
        yield "same_identifier", by_number.get((scheme.strip(), value.strip()), [])
    for key in its_keys:
        yield "same_name", by_key.get(key, [])
        yield "former_name", by_other.get(key, [])
    if host and len(by_host.get(host, [])) <= SHARED_HOST:
        yield "same_website", by_host.get(host, [])


def _code(draft: OrganisationDraft) -> str:
    if not draft.credit_code.strip():
        return ""
    read = names.credit_code(draft.credit_code)
    return read.code if isinstance(read, CreditCode) else ""


def _keys(draft: OrganisationDraft) -> set[str]:
    return {names.key(draft.name), *(names.key(other) for _, other in draft.names)}


def _grouped(rows, column: str) -> dict[str, list[int]]:  # type: ignore[no-untyped-def]
    made: dict[str, list[int]] = defaultdict(list)
    for value, pk in rows.values_list(column, "pk"):
        made[value].append(pk)
    return made


def _by_number(drafts: Sequence[OrganisationDraft]) -> dict[tuple[str, str], list[int]]:
    wanted = {(scheme.strip(), value.strip()) for draft in drafts for scheme, value in draft.identifiers}
    made: dict[tuple[str, str], list[int]] = defaultdict(list)
    if wanted:
        rows = Identifier.objects.filter(
            scheme__in={scheme for scheme, _ in wanted}, value__in={value for _, value in wanted}
        )
        for scheme, value, pk in rows.values_list("scheme", "value", "organisation_id"):
            if (scheme, value) in wanted:
                made[scheme, value].append(pk)
    return made
