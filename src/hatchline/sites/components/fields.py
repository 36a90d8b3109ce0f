"""Django's bound fields as arguments of the `field` macro, and a form's errors as lines of the error summary."""

from __future__ import annotations

from typing import Any

from django import forms

KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.SelectMultiple, "select"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
    (forms.NumberInput, "number"),
    (forms.DateTimeInput, "datetime"),
    (forms.DateInput, "date"),
    (forms.EmailInput, "email"),
]


def _options(field: forms.Field, widget: forms.Widget) -> list[dict[str, Any]]:
    choices = getattr(widget, "choices", None) or []
    found: list[dict[str, Any]] = []
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            found.extend({"value": str(inner), "label": text, "group": value} for inner, text in label)
        else:
            found.append({"value": "" if value is None else str(value), "label": label})
    return found


def _chosen(value: Any) -> Any:
    if isinstance(value, (list, tuple, set)):
        return [str(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    return str(value)


def arguments(bound: Any) -> dict[str, Any]:
    """Keyword arguments of the `field` macro for one field of a Django form."""
    widget = bound.field.widget
    kind = next((name for cls, name in KINDS if isinstance(widget, cls)), "text")
    attrs = dict(widget.attrs)
    value = bound.value()
    if kind in ("date", "datetime", "number", "text") and value is not None and hasattr(widget, "format_value"):
        value = widget.format_value(value)
    if kind in ("password", "file"):
        value = None
    return {
        "name": bound.html_name,
        "label": bound.label,
        "kind": kind,
        "id": bound.id_for_label or bound.auto_id or f"id_{bound.html_name}",
        "value": _chosen(value),
        "options": _options(bound.field, widget) if kind in ("select", "radios", "checkboxes") else [],
        "hint": bound.help_text,
        "error": " ".join(bound.errors),
        "required": bound.field.required,
        "multiple": bool(getattr(widget, "allow_multiple_selected", False)),
        "disabled": bound.field.disabled,
        "autocomplete": attrs.pop("autocomplete", None),
        "attrs": {name: text for name, text in attrs.items() if name not in ("class", "style", "id")},
    }


def problems(form: Any) -> list[dict[str, str]]:
    """Every error of a form in the order of its fields: {"href": "#id_name", "text": "…"}; general ones first."""
    found = [{"href": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        args = arguments(bound)
        found.extend({"href": f"#{args['id']}", "text": f"{bound.label}：{text}"} for text in bound.errors)
    return found
