"""A step of the chain as one form: what it is about, what it asks, and one button. So are all verbs of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.utils.translation import gettext as _
from markupsafe import Markup

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.ventures import queries
from hatchline.apps.ventures.models import STAGES
from hatchline.apps.ventures.queries import sight
from hatchline.core.values.refusal import Refusal
from hatchline.sites import places
from hatchline.sites.components import formatting
from hatchline.sites.forms import opened, saved

LARGEST = 2**63 - 1
INSTITUTION_ROLES = frozenset({RoleKind.MANAGER, RoleKind.STAFF})
STAGE_WORDS = dict(STAGES)


def status(word: Any, level: str) -> Markup:
    """An icon with its word, for a cell of a list."""
    drawn: Markup = Markup(engines["jinja2"].env.get_template("components/ui.jinja").module.status(word.label, level))
    return drawn


def is_institution(request: HttpRequest) -> bool:
    """Whether the reader acts for an institution."""
    return request.role.kind in INSTITUTION_ROLES


def step(
    request: HttpRequest,
    form_class: type[forms.Form],
    save: Callable[[dict[str, Any]], Any],
    *,
    question: str,
    heading: str,
    crumbs: Sequence[tuple[str, str]],
    about: Sequence[tuple[str, Any]],
    back: str,
    said: str | Callable[[Any], str],
    submit: str,
    done: str | Callable[[Any], str] = "",
    warning: str = "",
    why_not: Refusal | None = None,
    initial: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    danger: bool = False,
    options: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form, or do it and go on. ``why_not`` greys the button and says why; the verb refuses all the same."""
    form = opened(request, form_class, initial or {}, **(options or {}))
    return saved(
        request,
        form,
        save,
        template="desk/step.jinja",
        done=lambda made: done(made) if callable(done) else done or back,
        said=lambda made: said(made) if callable(said) else said,
        context={
            "question": question,
            "heading": heading,
            "crumbs": [*crumbs, (heading, "")],
            "about": about,
            "back": back,
            "submit_label": submit,
            "warning": warning,
            "why_not": str(why_not) if why_not is not None else "",
            "extra": extra or {},
            "danger": danger,
        },
    )


def venture_within(request: HttpRequest, pk: int) -> tuple[Any, Any]:
    """A venture in reach and what the role sees of it; anything else is not there."""
    found = queries.visible_to(request.role).filter(pk=pk).exists() if pk <= LARGEST else False
    seen = sight.of_role(request.role, pk) if found else None
    venture = queries.venture(pk) if seen is not None else None
    if venture is None or seen is None:
        raise Http404
    return venture, seen


def row_within(rows: Any, pk: int) -> Any:
    """A row of those within reach; anything else is not there."""
    found = rows.filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


def stay_within(request: HttpRequest, pk: int) -> Any:
    """A stay in one's institution, or of one's own venture."""
    found = sight.one_stay(request.role, pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


def founders_of(venture: Any) -> list[str]:
    """The names of those who founded it and have not left."""
    rows = [each for each in venture.founders.all() if each.ends_before is None]
    return list(dict.fromkeys(each.person.name if each.person else each.name for each in rows))


def done(request: HttpRequest) -> dict[str, Any]:
    """What every verb is told: who, when, in which role."""
    return {"by": request.person, "now": request.now, "today": request.today, "role_kind": request.role.kind}


def choices_of_places(request: HttpRequest, but: int = 0) -> tuple[list[Any], dict[int, set[str]]]:
    """Institutions open in the district as choices with what room they have left, under the stages they offer; and the
    stages each offers."""
    rows = list(institutions.directory(settings.DISTRICT).rows.prefetch_related(None).select_related("territory"))
    keys = [row.pk for row in rows]
    offered = {pk: set(stages) for pk, stages in institutions.stages_of(keys).items()}
    free = places.free_words(keys, request.today)
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row in rows:
        if row.pk == but:
            continue
        words = [row.name, *([row.territory.name] if row.territory else [])]
        if row.pk in free:
            words.append(free[row.pk])
        its = tuple(stage for stage in STAGE_WORDS if stage in offered.get(row.pk, ()))
        groups.setdefault(its, []).append((str(row.pk), " · ".join(words)))
    order = list(STAGE_WORDS)
    ordered = sorted(groups, key=lambda its: (not its, [order.index(stage) for stage in its]))
    return [
        (formatting.listed(map(STAGE_WORDS.get, its), 4) or _("没有写明阶段"), groups[its]) for its in ordered
    ], offered
