from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import consult_services, give_opinion
from accounts_registry.enums.advice import View
from accounts_registry.models import Consultation, JustificationDossier
from accounts_registry.queries.consulting import USUALLY, consultations_of, services_to_hear
from organisation.clock import database_today
from organisation.forms import ActionForm
from organisation.long_forms import LongForm
from organisation.models import Person, Unit


class ConsultForm(ActionForm):
    """Which services are heard besides those that were asked, and until when."""

    units = forms.ModelMultipleChoiceField(
        label=_("Services"),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service.")},
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The committee decides once each has answered, or this day has passed."),
    )

    def __init__(self, *args: Any, dossier: JustificationDossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        field: Any = self.fields["units"]
        field.queryset = services_to_hear(dossier).exclude(pk__in=consultations_of(dossier).values("unit_id"))
        self.initial.setdefault("last_day", database_today(dossier.unit.zone) + USUALLY)

    def save(self, by: Person) -> JustificationDossier | None:
        return self.carry_out(consult_services, dossier=self.dossier, by=by, **self.cleaned_data)


class OpinionForm(LongForm):
    """Says which round of the dossier its page showed."""

    kept_as = "dossier-opinion"

    seen_round = forms.IntegerField(widget=forms.HiddenInput)
    view = forms.ChoiceField(
        label=_("Your service's opinion"),
        choices=View.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers that are offered.")},
    )
    reasons = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Say why: the committee reads it.")},
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen_round", consultation.dossier.round)
        self.consultation = consultation

    def save(self, by: Person) -> Consultation | None:
        return self.carry_out(give_opinion, consultation=self.consultation, by=by, **self.cleaned_data)
