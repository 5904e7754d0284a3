"""Forms of what somebody has to know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from notices import actions
from notices.enums import Urgency
from notices.kinds import happenings, registered
from notices.models import Addressee, NoticeChoices, WebhookTarget
from organisation.enums import Language, Permission
from organisation.forms import ActionForm, FilterForm
from organisation.models import Person
from organisation.queries import units_where

SHOWN = [("", _("What stands")), ("unseen", _("Not looked at yet")), ("all", _("Everything, settled too"))]


class NoticeFilter(FilterForm):
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN)
    kind = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [("", _("Everything")), *((kind.key, kind.label) for kind in registered())]

    def narrowed(self, told: QuerySet[Addressee]) -> QuerySet[Addressee]:
        chosen = self.chosen()
        show = chosen.get("show", "")
        if show != "all":
            told = told.filter(notice__settled_at__isnull=True)
        if show == "unseen":
            told = told.filter(seen_at__isnull=True)
        return told.filter(notice__kind=chosen["kind"]) if "kind" in chosen else told


def _hour(label: Any, *, required: bool, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class ChoicesForm(ActionForm):
    """How a person wants to be told: their hours, and for each kind a way among those that they may choose."""

    digest_at = _hour(_("Hour of the daily mail"), required=True)
    quiet_from = _hour(_("Quiet from"), required=False, help_text=_("Leave both empty if no hour is quiet."))
    quiet_until = _hour(_("Quiet until"), required=False)

    def __init__(self, *args: Any, person: Person, choices: NoticeChoices, **kwargs: Any) -> None:
        hours = {name: getattr(choices, name) for name in ("digest_at", "quiet_from", "quiet_until")}
        kinds = registered()
        ways = {kind.key: kind.way_for(person, choices.ways.get(kind.key, "")) for kind in kinds}
        super().__init__(*args, **kwargs | {"initial": hours | ways})
        self.person, self.kinds = person, kinds
        for kind in kinds:
            needed = _("Your role needs this.") if kind.is_needed_by(person) else ""
            urgent = _("Told at any hour.") if kind.urgency == Urgency.EMERGENCY else ""
            self.fields[kind.key] = forms.ChoiceField(
                label=str(kind.label),
                choices=[(way.value, way.label) for way in kind.ways_for(person)],
                help_text=" ".join(str(one) for one in (urgent, needed) if one),
            )

    def hours(self) -> list[forms.BoundField]:
        return [self[name] for name in ("digest_at", "quiet_from", "quiet_until")]

    def ways(self) -> list[forms.BoundField]:
        return [self[kind.key] for kind in self.kinds]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if ("quiet_from" in told and "quiet_until" in told) and (told["quiet_from"] is None) != (
            told["quiet_until"] is None
        ):
            raise ValidationError({"quiet_until": _("Give both ends of the quiet hours, or none.")})
        return told

    def save(self) -> NoticeChoices | None:
        told = self.cleaned_data
        hours = {name: told[name] for name in ("digest_at", "quiet_from", "quiet_until")}
        ways = {kind.key: told[kind.key] for kind in self.kinds}
        return self.carry_out(actions.choose, by=self.person, ways=ways, **hours)


class TargetForm(ActionForm):
    """An address to call with notices of a unit."""

    unit = forms.ChoiceField(label=_("Unit"))
    address = forms.CharField(label=_("Address"), max_length=500, widget=forms.URLInput)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    kinds = forms.MultipleChoiceField(
        label=_("What it is called with"),
        required=False,
        help_text=_("Choose nothing, here and below, to have it called with every notice."),
        widget=forms.CheckboxSelectMultiple,
    )
    events = forms.MultipleChoiceField(
        label=_("And with what happens to"),
        required=False,
        help_text=_("Which act, to what, when and where; never what anybody wrote."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.units = person, {unit.slug: unit for unit in units_where(person, Permission.UNIT_MANAGE)}
        choices: dict[str, Any] = {
            "unit": [(slug, unit.name) for slug, unit in self.units.items()],
            "kinds": [(kind.key, kind.label) for kind in registered()],
            "events": [(key, one.label) for key, one in happenings().items()],
        }
        for name, found in choices.items():
            field: Any = self.fields[name]
            field.choices = found

    def save(self) -> tuple[WebhookTarget, str] | None:
        told = self.cleaned_data | {"unit": self.units[self.cleaned_data["unit"]]}
        return self.carry_out(actions.set_target, by=self.person, **told)
