"""What a form's field needs to be shown: one description for every kind of Django field.

Features' forms are plain Django forms and know nothing of how they look; ``components/form.jinja`` renders what
`describe` says with govuk-frontend's macros. To make a field another kind, give its widget another Django class:

| widget | shown as |
| --- | --- |
| TextInput, EmailInput, NumberInput, URLInput, SearchInput | one line |
| PasswordInput | password with "show" |
| DateInput | one date box of the browser |
| SelectDateWidget | day, month and year in three boxes |
| Textarea | several lines, with a count when the field has `max_length` |
| Select, NullBooleanSelect | a list to choose from |
| RadioSelect | radio buttons |
| CheckboxSelectMultiple, CheckboxInput, SelectMultiple | tick boxes |
| FileInput, ClearableFileInput | a file |
| HiddenInput | hidden |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField


@dataclass(frozen=True)
class Choice:
    """One answer of a field. `group` is the heading it stands under in a list, if any."""

    value: str
    label: str
    chosen: bool
    group: str = ""


@dataclass(frozen=True)
class Shown:
    """A field as it is shown. `kind` is one of text, password, date, date-parts, textarea, select, radios, checkboxes,
    tick, file, hidden; `parts` holds name, label, value and width of each box of a date in three boxes."""

    kind: str
    id: str
    name: str
    label: str
    hint: str
    error: str
    value: str
    type: str = "text"
    required: bool = True
    choices: tuple[Choice, ...] = ()
    parts: tuple[dict[str, Any], ...] = ()
    attributes: dict[str, Any] | None = None
    autocomplete: str = ""
    input_mode: str = ""
    rows: int = 4
    most_characters: int = 0
    width: str = ""

    @property
    def first_id(self) -> str:
        """The id that an error's link leads to: the first box of the field."""
        return str(self.parts[0]["id"]) if self.parts else self.id


_LINES = (forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput)


def describe(field: BoundField) -> Shown:
    """How `field` is shown, with what was entered and what is wrong with it."""
    widget = field.field.widget
    attributes = {**widget.attrs}
    common: dict[str, Any] = {
        "id": field.id_for_label or field.auto_id or field.html_name,
        "name": field.html_name,
        "label": str(field.label or ""),
        "hint": str(field.help_text or ""),
        "error": " ".join(_mend(field)),
        "value": _text(field.value()),
        "required": field.field.required,
        "autocomplete": str(attributes.pop("autocomplete", "")),
        "input_mode": str(attributes.pop("inputmode", "")),
        "rows": int(attributes.pop("rows", 4)),
        "width": str(attributes.pop("width", "")),
    }
    attributes.pop("cols", None)
    if field.field.required is False and not widget.is_hidden and not isinstance(widget, forms.CheckboxInput):
        common["label"] += " (optional)" if common["label"] and "optional" not in common["label"] else ""
    kind, more = _kind(field, widget)
    if kind == "textarea":
        common["most_characters"] = int(getattr(field.field, "max_length", None) or 0)
    return Shown(kind=kind, attributes=attributes, **{**common, **more})


def errors(form: BaseForm) -> list[dict[str, str]]:
    """The lines of the summary of what is wrong: text, and the address of the field on the page."""
    lines = [{"text": str(error), "href": "#main"} for error in form.non_field_errors()]
    for field in form:
        lines.extend({"text": f"{field.label}: {error}", "href": f"#{describe(field).first_id}"} for error in _mend(field))
    return lines


def _mend(field: BoundField) -> list[str]:
    """What is wrong with a field and what to do, without full stop; Django's bare "required" is said as a remedy."""
    said = []
    for error in field.errors.as_data():
        bare = error.code == "required" and error.messages == [str(forms.Field.default_error_messages["required"])]
        remedy = (
            "choose one"
            if hasattr(field.field, "choices")
            else "tick this to go on"
            if isinstance(field.field, forms.BooleanField)
            else "fill this in"
        )
        said.extend([remedy] if bare else error.messages)
    return [text[:1].upper() + text[1:].rstrip(".") for text in said]


def _kind(field: BoundField, widget: forms.Widget) -> tuple[str, dict[str, Any]]:
    if widget.is_hidden:
        return "hidden", {}
    if isinstance(widget, forms.SelectDateWidget):
        return "date-parts", {"parts": _parts(field, widget)}
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.SelectMultiple)):  # before RadioSelect: Django makes it one
        return "checkboxes", _choices(field, first_id=True)
    if isinstance(widget, forms.RadioSelect):
        return "radios", _choices(field, first_id=True)
    if isinstance(widget, forms.Select):
        return "select", _choices(field)
    if isinstance(widget, forms.CheckboxInput):
        return "tick", {"value": "on", "choices": (Choice("on", str(field.label or ""), bool(field.value())),)}
    if isinstance(widget, forms.FileInput):
        return "file", {}
    if isinstance(widget, forms.Textarea):
        return "textarea", {}
    if isinstance(widget, forms.PasswordInput):
        return "password", {"value": ""}
    if isinstance(widget, forms.DateInput):
        return "date", {"type": "date"}
    if isinstance(widget, _LINES):
        return "text", {"type": widget.input_type if widget.input_type != "number" else "text"} | _numeric(widget)
    return "text", {}


def _numeric(widget: forms.Widget) -> dict[str, str]:
    return {"input_mode": "numeric"} if isinstance(widget, forms.NumberInput) else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _choices(field: BoundField, *, first_id: bool = False) -> dict[str, Any]:
    value = field.value()
    chosen = {_text(one) for one in value} if isinstance(value, (list, tuple, set)) else {_text(value)}
    said: list[Choice] = []
    for key, label in getattr(field.field, "choices", ()):
        if isinstance(label, (list, tuple)):
            said.extend(Choice(_text(one), str(name), _text(one) in chosen, str(key)) for one, name in label)
        elif not (first_id and _text(key) == "" and not isinstance(field.field.widget, forms.NullBooleanSelect)):
            said.append(Choice(_text(key), str(label), _text(key) in chosen))
    more: dict[str, Any] = {"choices": tuple(said)}
    if first_id:
        more["id"] = field.auto_id or field.html_name
    return more


def _parts(field: BoundField, widget: forms.SelectDateWidget) -> tuple[dict[str, Any], ...]:
    value = field.value()
    if isinstance(value, date):
        year, month, day = str(value.year), str(value.month), str(value.day)
    else:
        pieces = [*str(value or "").split("-"), "", "", ""][:3]
        year, month, day = (piece.lstrip("0") for piece in pieces)
    base = field.auto_id or field.html_name
    return tuple(
        {"id": f"{base}_{part}", "name": pattern % field.html_name, "label": part.capitalize(), "value": shown, "width": width}
        for part, pattern, shown, width in (
            ("day", widget.day_field, day, 2),
            ("month", widget.month_field, month, 2),
            ("year", widget.year_field, year, 4),
        )
    )
