"""What the pages share: the site they were reached through, records within reach, names of who uses a space."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hatchline.apps.people.roles import may
from hatchline.apps.premises import queries
from hatchline.apps.premises.models import ORGANISATION, VENTURE
from hatchline.apps.ventures import queries as ventures
from hatchline.sites import forms as shared
from hatchline.sites.rooms import forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from hatchline.apps.premises.models import Occupancy, Premises, Space

LARGEST = 2**63 - 1


def site(request: HttpRequest) -> str:
    """console or desk."""
    return request.resolver_match.namespace if request.resolver_match else "console"


def at(request: HttpRequest, name: str, *args: Any) -> str:
    """An address in the same site."""
    return reverse(f"{site(request)}:{name}", args=args)


def may_record(request: HttpRequest) -> bool:
    """Whether the role may record premises where it is."""
    return may(request.role.kind, "premises.record" if site(request) == "console" else "premises.record_own")


def shown(request: HttpRequest, template: str, values: dict[str, Any]) -> HttpResponse:
    """A page in the layout of its site."""
    return render(request, f"rooms/{template}.jinja", framed(request, values), using="jinja2")


def framed(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """What every page's template is given besides."""
    return {
        "layout": f"components/layout_{site(request)}.jinja",
        "at": lambda name, *args: at(request, name, *args),
        "on_console": site(request) == "console",
        "may_record": may_record(request),
        **values,
    }


def saved(
    request: HttpRequest,
    form: Any,
    save: Callable[[dict[str, Any]], Any],
    *,
    done: Callable[[Any], str],
    said: Callable[[Any], str],
    **context: Any,
) -> HttpResponse:
    """A form in the layout of its site."""
    context = framed(request, {"units": forms.UNITS, "warning": "", "submit_label": None, **context})
    return shared.saved(request, form, save, template="rooms/form.jinja", done=done, said=said, context=context)


def premises_or_404(request: HttpRequest, pk: int) -> Premises:
    """Premises within the role's reach."""
    found = queries.visible_to(request.role, request.today).filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


def space_or_404(request: HttpRequest, pk: int) -> Space:
    """A space of premises within the role's reach."""
    found = queries.space(pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    premises_or_404(request, found.premises_id)
    return found


def occupancy_or_404(request: HttpRequest, pk: int) -> Occupancy:
    """An occupancy of premises within the role's reach."""
    rows = queries.occupancies_visible_to(request.role, request.today)
    found = rows.filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


def named(request: HttpRequest, used: Iterable[Any]) -> dict[tuple[str, int], tuple[str, str]]:
    """(kind, key) → the present name of who uses a space, and the address of their page. One query."""
    rows = list(used)
    wanted = {each.who_id for each in rows if each.who_kind == VENTURE}
    found = {(VENTURE, pk): (name, at(request, "venture", pk)) for pk, name in _names(request, wanted) if pk in wanted}
    if site(request) == "console":
        for each in rows:
            if each.who_kind == ORGANISATION and each.who_id is not None:
                found[(ORGANISATION, each.who_id)] = (each.name, at(request, "organisation", each.who_id))
    return found


def _names(request: HttpRequest, wanted: Collection[Any]) -> Iterable[tuple[int, str]]:
    if not wanted:
        return []
    return ventures.visible_to(request.role).filter(pk__in=wanted).order_by().distinct().values_list("pk", "name")
