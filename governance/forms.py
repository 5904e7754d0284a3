"""How every form looks: Bootstrap's classes, help and errors tied to their field, a summary at the top."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import TemplatesSetting

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
