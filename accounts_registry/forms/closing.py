"""The end of an account: how it begins, and the steps of its exit plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry import in_line
from accounts_registry.actions import begin_closing, close_account, tick_exit_step, untick_exit_step
from accounts_registry.enums.closing import ExitStep, InLine
from accounts_registry.forms.life import REASON, LifeForm, long_text
from accounts_registry.models import Account, ExitStepDone
from organisation.forms import ActionForm
from organisation.models import Person


class CloseForm(LifeForm):
    """Names what is still to go out, and asks what becomes of it where there is something."""

    kept_as = "account-closing"

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    followers = long_text(
        _("What happens to its followers?"), help_text=_("Where they are sent, and how they are told.")
    )
    archive = long_text(_("Where is kept what it said?"), help_text=_("Who has the archive, and for how long."))
    name = long_text(
        _("What happens to its name?"), rows=2, help_text=_("Kept so that nobody else takes it, or given up.")
    )
    waiting = forms.ChoiceField(
        label=_("What becomes of the messages that are to go out?"),
        choices=InLine.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what becomes of the messages that are to go out.")},
    )
    reason = long_text(_("Why is it closed?"), rows=2, error_messages=REASON)

    def prepare(self) -> None:
        self.in_line = in_line.standing(self.account.pk, self.person)
        self.initial["seen"] = in_line.mark_of(in_line.keys(self.account.pk))
        if not self.in_line:
            del self.fields["waiting"]

    def clean_seen(self) -> str:
        """Without it nobody knows what was read."""
        return self.cleaned_data["seen"] or "nothing"

    def save(self) -> bool:
        if self.act(begin_closing):
            return True
        sent: Any = self.data
        sent["seen"] = self.initial["seen"]  # the page that comes back shows what is in line now
        return False


class ExitStepForm(ActionForm):
    """One step, seen done; with the facts that the page showed."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=ExitStep.choices, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def save(self, account: Account, by: Person) -> ExitStepDone | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(tick_exit_step, account=account, by=by, **facts)


class ExitStepBackForm(ActionForm):
    """A step that is not done after all."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=ExitStep.choices, widget=forms.HiddenInput)

    def save(self, account: Account, by: Person) -> Account | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(untick_exit_step, account=account, by=by, **facts)


class ArchiveForm(ActionForm):
    """The last act, with the facts that the page showed."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def save(self, account: Account, by: Person) -> Account | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(close_account, account=account, by=by, **facts)
