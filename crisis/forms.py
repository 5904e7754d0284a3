"""Forms of the crisis room. A playbook is written as people write a list: one step a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crisis.enums import Freeze, Level, Phase, Severity
from crisis.models import Playbook
from organisation.enums import Permission
from organisation.forms import ActionForm
from organisation.long_forms import LongForm
from organisation.models import Person, Unit
from organisation.queries import within


def _steps_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One step a line, in order.")
    )


class PlaybookForm(LongForm):
    kept_as, version_field = "playbook", "edition"

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("Choose a unit"))
    title = forms.CharField(label=_("Title"), max_length=150)
    summary = forms.CharField(label=_("When to use it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    before = _steps_field(_("Before: what stands ready"))
    during = _steps_field(_("During: what is done at once"))
    after = _steps_field(_("After: how it is wound up and learned from"))
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: Person, playbook: Playbook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = Unit.objects.filter(within(person, Permission.PLAYBOOK_WRITE, field="")).order_by(
            "path"
        )
        if playbook is not None:
            del self.fields["unit"]

    def facts(self) -> dict[str, Any]:
        """What the actions take; call it on a valid form."""
        told = self.cleaned_data
        steps = {phase: _lines(told[phase]) for phase in Phase.values}
        return {"title": told["title"], "summary": told["summary"], "steps": steps}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class DeclareForm(LongForm):
    kept_as = "declaration"

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("Choose a unit"))
    title = forms.CharField(label=_("Title"), max_length=150)
    reason = forms.CharField(
        label=_("What happened?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who sees the freeze reads this."),
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Severity.choices, coerce=int)
    is_exercise = forms.BooleanField(label=_("This is an exercise"), required=False)
    freeze_scope = forms.ChoiceField(
        label=_("Freeze now"),
        choices=Freeze.choices,
        help_text=_("Nothing that is still due goes out before the freeze is lifted. An exercise freezes nothing."),
    )

    def __init__(self, *args: Any, person: Person, playbook: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = Unit.objects.filter(within(person, Permission.CRISIS_LEAD, field="")).order_by("path")
        self.initial.setdefault("unit", playbook.unit_id)
        self.initial.setdefault("title", playbook.title)
        self.initial.setdefault("severity", Severity.INCIDENT.value)


class NoteForm(ActionForm):
    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class FreezeForm(ActionForm):
    scope = forms.ChoiceField(label=_("What to freeze"), choices=[one for one in Freeze.choices if one[0] != "none"])
    reason = forms.CharField(label=_("Why?"), max_length=500)


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Why?"), max_length=500)
