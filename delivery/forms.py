"""What people decide about a send, and freezes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from accounts_registry.queries import visible_accounts
from delivery.actions import lift_hold, place_hold, reconfirm_delivery, resolve_unknown
from delivery.enums import HoldScope, Verdict
from delivery.models import Delivery, Hold
from organisation.enums import Permission
from organisation.fields import within_time
from organisation.forms import ActionForm, MeantField
from organisation.models import Person, Unit
from organisation.queries import units_where, within

NEEDS_A_REASON = {"required": _("Say why: the reason stands in the story.")}


class DecideForm(ActionForm):
    """What a person saw on the network."""

    verdict = forms.ChoiceField(label=_("What did you see?"), choices=Verdict.choices, widget=forms.RadioSelect)
    published_url = forms.CharField(
        label=_("Address of the message"),
        required=False,
        max_length=500,
        help_text=_("Only when it is there: copy it from the network."),
        widget=forms.URLInput,
    )
    reason = forms.CharField(
        label=_("How do you know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know, so that others can follow.")},
    )

    def save(self, delivery: Delivery, by: Person) -> Delivery | None:
        return self.carry_out(resolve_unknown, delivery=delivery, by=by, **self.cleaned_data)


class ReconfirmForm(ActionForm):
    """A new time, in the unit's time zone. A time that summer time skips or repeats is refused."""

    due_at = forms.DateTimeField(
        label=_("New time"),
        validators=[within_time],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    meant = MeantField()

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delivery = delivery
        zone = delivery.unit.time_zone
        self.fields["due_at"].help_text = _("In the time of %(zone)s.") % {"zone": zone}

    def save(self, by: Person) -> Delivery | None:
        return self.carry_out(reconfirm_delivery, delivery=self.delivery, by=by, **self.cleaned_data)


class HoldForm(ActionForm):
    """What to freeze; offers only what the person may."""

    scope = forms.ChoiceField(label=_("What to freeze"), choices=HoldScope.choices, widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        help_text=_("Stops the unit and all below it."),
        empty_label=_("Choose a unit"),
    )
    account = forms.ModelChoiceField(
        Account.objects.none(), label=_("Account"), required=False, empty_label=_("Choose an account")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Everybody who is stopped reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=NEEDS_A_REASON,
    )
    until = forms.DateTimeField(
        label=_("Ends by itself"),
        required=False,
        validators=[within_time],
        help_text=_("Leave empty: somebody lifts it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        units = units_where(person, Permission.HOLD_PLACE)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        fields["account"].queryset = visible_accounts(person).filter(within(person, Permission.HOLD_PLACE))
        if not any(unit.depth == 1 for unit in units):
            fields["scope"].choices = [one for one in HoldScope.choices if one[0] != HoldScope.ORGANISATION]

    def clean(self) -> dict[str, Any]:
        """What the chosen scope does not need is dropped: it may have been filled before changing one's mind."""
        facts = super().clean() or {}
        if facts.get("scope") != HoldScope.UNIT:
            facts["unit"] = None
        if facts.get("scope") != HoldScope.ACCOUNT:
            facts["account"] = None
        return facts

    def save(self) -> Hold | None:
        return self.carry_out(place_hold, by=self.person, **self.cleaned_data)


class LiftForm(ActionForm):
    """Why a freeze ends."""

    reason = forms.CharField(label=_("Reason"), max_length=500, error_messages=NEEDS_A_REASON)

    def save(self, hold: Hold, by: Person) -> Hold | None:
        return self.carry_out(lift_hold, hold=hold, by=by, **self.cleaned_data)


def in_an_hour() -> dict[str, Any]:
    """A first proposal for a new time."""
    return {"due_at": timezone.localtime().replace(second=0, microsecond=0) + timedelta(hours=1)}
