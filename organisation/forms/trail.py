"""The audit trail's filters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.forms.base import FilterForm


class AuditFilter(FilterForm):
    who = forms.CharField(label=_("Who"), required=False, max_length=150)
    what = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    thing = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["what"]
        said = sorted((str(audit.sentence(verb)).replace("%(actor)s", "…"), verb) for verb in audit.verbs())
        field.choices = [("", _("Everything")), *((verb, words) for words, verb in said)]
