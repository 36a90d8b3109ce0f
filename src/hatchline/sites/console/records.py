"""Forms of the console's records; how a form is opened, saved and refused is shared by all sites (sites/forms.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.bodies import wording
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.sites import forms as shared
from hatchline.sites.console import marks
from hatchline.sites.forms import PartialDateField, done_at_once, draft, draft_key, opened, worded

__all__ = [
    "PartialDateField",
    "PlaceField",
    "ask_whether_new",
    "done_at_once",
    "draft",
    "draft_key",
    "opened",
    "saved",
    "worded",
]


class PlaceField(forms.CharField):
    """A place by name or statistical code: 望京街道, 北京市海淀区, 110108. Empty: None; else a Territory's key."""

    default_error_messages = {
        "no_place": gettext_lazy("没有找到这个地方。请写全名（如 北京市海淀区）或统计代码（如 110108）。"),
        "several": gettext_lazy("有几个地方都叫这个名称：%(places)s。请写全名。"),
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value).strip()
        if not text:
            return None
        found = bodies.territory(text) if text.isdigit() else None
        if found is not None:
            return int(found.pk)
        places = list(bodies.place_of(*text.split()) or bodies.territories_named(text)[:5])
        if not places:
            raise forms.ValidationError(self.error_messages["no_place"], code="no_place")
        if len(places) > 1:
            names = "、".join(place.path_name for place in places[:4])
            raise forms.ValidationError(self.error_messages["several"], code="several", params={"places": names})
        return int(places[0].pk)


def saved(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    template: str = "console/record_form.jinja",
    done: Callable[[Any], str],
    said: Callable[[Any], str],
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Save what was posted and go on, or show the console's page with what stands in the way."""
    return shared.saved(request, form, save, template=template, done=done, said=said, context=context)


def ask_whether_new(
    form: forms.Form, candidates: list[dict[str, Any]], alike: Sequence[Any], *, route: str, said: str
) -> None:
    """Refuse to register what may be on record: ``candidates`` is filled for the page, the form asks to confirm."""
    for each in alike[:5]:
        reasons = marks.joined([str(wording.REASONS[reason]) for reason in each.reasons])
        candidates.append({"name": each.name, "href": reverse(route, args=[each.pk]), "reasons": reasons})
    form.fields["confirmed"].widget = forms.CheckboxInput()
    raise Refused(Refusal("alike", said, field="confirmed"))
