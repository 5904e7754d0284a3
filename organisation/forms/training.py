"""Trainings: made and changed, planned in sessions, and what publishing asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisation.actions import change_training, make_training, plan_session, set_gate
from organisation.enums import Language, Permission
from organisation.fields import MomentFormField, one_line, within_time
from organisation.forms.base import ActionForm, FilterForm
from organisation.models import Person, PublishingGate, TrainingModule, TrainingSession, Unit
from organisation.queries.units import paths_above, within
from organisation.training import GateLevel, Pillar, TrainingKind

LONGEST = 60_000
HOW = _("A line each: “?” and the question, “+” and the right answer, “-” and a wrong one.")


class TrainingStartForm(ActionForm):
    """For which unit, and of which kind: what else is asked depends on both."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=TrainingKind.choices)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(within(person, Permission.TRAINING_MANAGE, field="")).order_by("path")


class TrainingWriting(ActionForm):
    """The fields of `TrainingForm` (organisation.long_forms keeps what is typed into it)."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    pillar = forms.ChoiceField(label=_("Pillar"), choices=Pillar.choices)
    pass_percent = forms.IntegerField(label=_("Pass mark, in percent"), min_value=1, max_value=100, initial=80)
    valid_months = forms.IntegerField(
        label=_("A certificate is valid for so many months"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Leave it empty where it does not expire."),
    )

    def __init__(self, *args: Any, unit: Unit, kind: str, module: TrainingModule | None = None, **kwargs: Any) -> None:
        self.unit, self.kind, self.module = unit, kind, module
        if module is not None:
            kwargs["initial"] = {**_told(module), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.languages = [Language(code) for code in unit.languages]
        self.asks = kind == TrainingKind.ON_DEMAND
        if not self.asks:
            del self.fields["pass_percent"]
        for language in self.languages:
            self._ask_in(language)

    def _ask_in(self, language: Language) -> None:
        told = {"language": language.label}
        name = gettext("Name in this language: %(language)s") % told
        self.fields[f"names_{language}"] = forms.CharField(label=name, max_length=200, validators=[one_line])
        self.fields[f"texts_{language}"] = forms.CharField(
            label=gettext("Text in this language: %(language)s") % told,
            required=self.asks,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 12, "lang": language.value}),
        )
        if self.asks:
            self.fields[f"questions_{language}"] = forms.CharField(
                label=gettext("Questions in this language: %(language)s") % told,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 10, "lang": language.value}),
                help_text=HOW,
            )

    def save(self, by: Person) -> TrainingModule | None:
        told = self.cleaned_data
        facts: dict[str, Any] = {"pillar": told["pillar"], "valid_months": told["valid_months"]}
        if self.asks:
            facts["pass_percent"] = told["pass_percent"]
        for field in ("names", "texts", *(["questions"] if self.asks else [])):
            said = {one.value: told[f"{field}_{one}"] for one in self.languages if told[f"{field}_{one}"].strip()}
            kept = getattr(self.module, field, {})
            facts[field] = {code: text for code, text in kept.items() if code not in self.unit.languages} | said
        if self.module is None:
            return self.carry_out(make_training, unit=self.unit, kind=self.kind, by=by, **facts)
        edition = told["edition"] or 0
        done = self.carry_out(change_training, module=self.module, edition=edition, by=by, **facts)
        if done is None:
            self._go_on_with_theirs()
        return done

    def _go_on_with_theirs(self) -> None:
        now = TrainingModule.objects.values_list("edition", flat=True).get(pk=self.module.pk if self.module else 0)
        self.renew("edition", now)


def _told(module: TrainingModule) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(module, name) for name in ("edition", "pillar", "pass_percent", "valid_months")
    }
    for field in ("names", "texts", "questions"):
        found |= {f"{field}_{code}": text for code, text in getattr(module, field).items()}
    return found


class SessionForm(ActionForm):
    starts_at = MomentFormField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_time],
    )
    place = forms.CharField(label=_("Place"), max_length=200, validators=[one_line])
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=1000, initial=12)
    trainer = forms.ModelChoiceField(label=_("Trainer"), queryset=Person.objects.none())

    def __init__(self, *args: Any, module: TrainingModule, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.module, self.person = module, person
        people = Person.objects.filter(is_active=True, responsible__isnull=True)
        field: Any = self.fields["trainer"]
        field.queryset = people.filter(unit__path__startswith=module.unit.path[: Unit.steplen]).order_by("name", "pk")
        self.initial.setdefault("trainer", person.pk)

    def save(self) -> TrainingSession | None:
        return self.carry_out(plan_session, module=self.module, by=self.person, **self.cleaned_data)


# ---- What publishing asks for ---------------------------------------------------------------------------------------
def _levels() -> list[tuple[str, Any]]:
    return [("", _("As the unit above")), *GateLevel.choices]


class GateChoice(FilterForm):
    """What is looked at before anything is changed."""

    policy_level = forms.ChoiceField(label=_("House policy attested"), required=False, choices=_levels)
    training_level = forms.ChoiceField(label=_("Training valid"), required=False, choices=_levels)
    module = forms.ModelChoiceField(
        label=_("Which training"), queryset=TrainingModule.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, unit: Unit, gate: PublishingGate | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["module"]
        field.queryset = trainings_at(unit)
        if gate is not None:
            told = {"policy_level": gate.policy, "training_level": gate.training, "module": gate.module_id}
            self.initial = {**self.initial, **told}


class GateForm(ActionForm):
    """What was looked at, and the token of whom it would stop."""

    policy_level = forms.ChoiceField(widget=forms.HiddenInput, required=False, choices=_levels)
    training_level = forms.ChoiceField(widget=forms.HiddenInput, required=False, choices=_levels)
    module = forms.ModelChoiceField(queryset=TrainingModule.objects.none(), widget=forms.HiddenInput, required=False)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        field: Any = self.fields["module"]
        field.queryset = trainings_at(unit)

    def save(self, by: Person) -> PublishingGate | None:
        return self.carry_out(set_gate, unit=self.unit, by=by, **self.cleaned_data)


def trainings_at(unit: Unit) -> Any:
    """Trainings that are given in `unit`."""
    given = TrainingModule.objects.filter(ended_at__isnull=True, unit__path__in=paths_above(unit.path))
    return given.select_related("unit").order_by("pk")
