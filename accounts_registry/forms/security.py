"""The security record of an account: the network's settings, one item of a checklist, an exception; and the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import ask_exception, check_security, note_security
from accounts_registry.enums.security import RecoveryOwner, SecondFactor, SecurityItem, SecurityLevel, SecurityStanding
from accounts_registry.forms.sightings import ByUnit
from accounts_registry.models import Account, SecurityRecord
from organisation.forms import ActionForm
from organisation.models import Person

_RECOVERY = _("Whose it is, as the network's settings show it.")


class EditionOfRecord(ActionForm):
    """With the edition of the record that its page showed."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: SecurityRecord, **kwargs: Any) -> None:
        kwargs["initial"] = {"edition": record.edition, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.account: Account = record.account

    def act(self, action: Any, by: Person, **facts: Any) -> bool:
        """Whether `action` took what was written. What was refused is shown over the record as it stands now, so that
        it can be compared and sent again."""
        if self.carry_out(action, account=self.account, by=by, **self.cleaned_data, **facts) is not None:
            return True
        now = SecurityRecord.objects.filter(account=self.account).values_list("edition", flat=True).first()
        sent: Any = self.data
        typed = sent.copy()
        typed["edition"] = str(now or 0)
        self.data = typed
        return False


class SettingsForm(EditionOfRecord):
    second_factor = forms.ChoiceField(label=_("Second factor on the network"), choices=SecondFactor.choices)
    recovery_phone_of = forms.ChoiceField(label=_("Recovery phone"), choices=RecoveryOwner.choices, help_text=_RECOVERY)
    recovery_phone = forms.CharField(
        label=_("Its number, where it is one of the service"),
        max_length=40,
        required=False,
        help_text=_("Those alone see it who manage access to the account. A single person's is not kept."),
    )
    recovery_mail_of = forms.ChoiceField(label=_("Recovery mail"), choices=RecoveryOwner.choices, help_text=_RECOVERY)
    recovery_mail = forms.EmailField(
        label=_("Its address, where it is one of the service"), max_length=254, required=False
    )

    def __init__(self, *args: Any, record: SecurityRecord, **kwargs: Any) -> None:
        names = ("second_factor", "recovery_phone_of", "recovery_phone", "recovery_mail_of", "recovery_mail")
        super().__init__(*args, record=record, initial={name: getattr(record, name) for name in names}, **kwargs)

    def save(self, by: Person) -> bool:
        return self.act(note_security, by)


class CheckForm(EditionOfRecord):
    level = forms.ChoiceField(label=_("How does it stand?"), choices=SecurityLevel.choices, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("By what does one see it?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A document, a setting, a date: whoever looks next has to find it again."),
    )

    def save(self, by: Person, item: SecurityItem) -> bool:
        return self.act(check_security, by, item=item)


class ExceptionForm(EditionOfRecord):
    why = forms.CharField(label=_("Why is it not met?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label=_("Until when should it be borne?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Half a year at most."),
    )

    def save(self, by: Person, item: SecurityItem) -> bool:
        return self.act(ask_exception, by, item=item)


class AttestForm(EditionOfRecord):
    """A button alone."""


class SecurityFilter(ByUnit):
    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("Whatever it is")), *SecurityStanding.choices]
    )
    amiss = forms.ChoiceField(
        label=_("To do"),
        required=False,
        choices=[
            ("", _("All accounts")),
            ("ending", _("An exception ends soon")),
            ("unattested", _("The attestation is overdue")),
        ],
    )
