"""Widgets written by code are what Django's own templates write."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from governance.forms import _WRITTEN, Renderer

CHOICES: Any = [
    ("", "–"),
    ("<a>", "A & <b>"),
    (3, 1234),
    ("safe", mark_safe("<i>x</i>")),
    ('Group "1"', [("é", "É"), (True, "Yes")]),
]


class Everything(forms.Form):
    text = forms.CharField(
        max_length=5, widget=forms.TextInput(attrs={"data-x": '"<&', "autofocus": True, "off": False})
    )
    number = forms.IntegerField(min_value=1)
    mail = forms.EmailField()
    link = forms.URLField(assume_scheme="https")
    password = forms.CharField(widget=forms.PasswordInput(render_value=True))
    hidden = forms.CharField(widget=forms.HiddenInput)
    on = forms.BooleanField()
    day = forms.DateField()
    time = forms.TimeField()
    moment = forms.DateTimeField()
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES)


class Asked(Renderer):
    """Which templates were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        self.names.append(template_name)
        return super().render(template_name, context, request)


TYPED: Any = {
    "text": '"><script>',
    "number": "3",
    "mail": "a@example.test",
    "hidden": "'x'",
    "on": "on",
    "words": "<p>&\n",
    "one": "<a>",
    "several": ["é", "3"],
}


@pytest.mark.parametrize("told", [None, TYPED])
def test_they_are_djangos_to_the_letter(told: Any) -> None:
    form, asked = Everything(told), Asked()
    for name in form.fields:
        field = form[name]
        ours = field.field.widget.render(name, field.value(), {"id": field.auto_id}, renderer=asked)
        assert ours == field.field.widget.render(
            name, field.value(), {"id": field.auto_id}, renderer=TemplatesSetting()
        )
    assert set(asked.names) <= set(_WRITTEN)
    assert len(asked.names) == 13
