"""How every form looks: Bootstrap's classes, help and errors tied to their field, a summary at the top."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from governance.markup import format_html

_CHECKS = {"checkbox", "radioselect", "checkboxselectmultiple", "nullbooleanselect"}
_SELECTS = {"select", "selectmultiple", "lazyselect"}


class Field(BoundField):
    """A field that brings its classes, and says `aria-required` where the browser would block in its own language."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        if built.pop("required", False) and not self.use_fieldset and self.widget_type not in _CHECKS:
            built["aria-required"] = "true"
        if not shown.is_hidden:
            own = str(built.get("class") or shown.attrs.get("class") or "")
            built["class"] = f"{self._look()} {own}".strip()
        return built

    def _look(self) -> str:
        if self.widget_type in _CHECKS:
            return "form-check-input"
        return "form-select" if self.widget_type in _SELECTS else "form-control"


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = Field

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if write := _WRITTEN.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)


# ---- Django's own widgets, written by code --------------------------------------------------------------------------
# As Django's templates write them, to the letter: these include two others for each choice of a list, and a filter bar
# took half of its page's time.
def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    told = (
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, _text(value))
        for name, value in attrs.items()
        if value is not False
    )
    return mark_safe("".join(told))  # noqa: S308 - each is escaped


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else str(value)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    told = "" if value is None else format_html(' value="{}"', _text(value))
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], told, _attributes(widget["attrs"])
    )


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    shown = '<textarea name="{}"{}>\n{}</textarea>'
    return format_html(shown, widget["name"], _attributes(widget["attrs"]), widget["value"] or "")


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = (_group(name, options) for name, options, _index in widget["optgroups"])
    shown = '<select name="{}"{}>{}\n</select>'
    written = mark_safe("".join(groups))  # noqa: S308 - each is escaped by `_group`
    return format_html(shown, widget["name"], _attributes(widget["attrs"]), written)


def _group(name: Any, options: list[dict[str, Any]]) -> str:
    told = "".join(
        f'\n  <option value="{conditional_escape(_text(one["value"]))}"{_attributes(one["attrs"])}>'
        f"{conditional_escape(localize(one['label']))}</option>\n"
        for one in options
    )
    return f'\n  <optgroup label="{conditional_escape(name)}">{told}\n  </optgroup>' if name else told


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "checkbox", "date", "time", "datetime")
_WRITTEN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in ("input", *_INPUTS)},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
