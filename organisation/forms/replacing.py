"""A grant in the place of another one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.actions import advance_grant, prolong_grant
from organisation.fields import MomentFormField, within_time
from organisation.forms.base import ActionForm
from organisation.models import Grant, Person


class AdvanceForm(ActionForm):
    """The next step of who was new."""

    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{grant.pk}_advance_%s")
        super().__init__(*args, **kwargs)
        self.grant = grant

    def save(self, by: Person) -> Grant | None:
        return self.carry_out(advance_grant, grant=self.grant, by=by, **self.cleaned_data)


class ProlongForm(ActionForm):
    until = MomentFormField(
        label=_("Until"),
        required=False,
        validators=[within_time],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave it empty for no end."),
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=500, error_messages={"required": _("Say why: the reason stands in the story.")}
    )

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{grant.pk}_prolong_%s")
        super().__init__(*args, **kwargs)
        self.grant = grant

    def save(self, by: Person) -> Grant | None:
        return self.carry_out(prolong_grant, grant=self.grant, by=by, **self.cleaned_data)
