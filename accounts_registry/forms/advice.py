from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import give_advice
from accounts_registry.enums.advice import Opinion
from accounts_registry.models import Advice, JustificationDossier
from organisation.long_forms import LongForm
from organisation.models import Person


class AdviceForm(LongForm):
    """Says which round of the dossier its page showed."""

    kept_as = "dossier-advice"
    version_field = "seen_round"

    seen_round = forms.IntegerField(widget=forms.HiddenInput)
    opinion = forms.ChoiceField(
        label=_("Your advice"),
        choices=Opinion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers that are offered.")},
    )
    reasons = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text=_("Sign-in, access, recovery, personal data, what can go wrong. The committee reads it."),
        error_messages={"required": _("Say why you advise so.")},
    )
    points = forms.CharField(
        label=_("Points to settle"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=11000,
        required=False,
        help_text=_("One a line. The committee may make conditions of them."),
    )

    def __init__(self, *args: Any, dossier: JustificationDossier, **kwargs: Any) -> None:
        self.dossier = dossier
        kwargs["initial"] = {"seen_round": dossier.round, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_points(self) -> list[str]:
        return [line for line in str(self.cleaned_data["points"]).splitlines() if line.strip()]

    def save(self, by: Person) -> Advice | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(give_advice, dossier=self.dossier, by=by, **facts)
