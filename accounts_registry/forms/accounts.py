from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import connect_account
from accounts_registry.enums import AccountState
from accounts_registry.forms.dossiers import network_choices
from accounts_registry.models import Account
from networks.catalogue import NETWORKS
from organisation.enums import Language
from organisation.forms import ActionForm, FilterForm
from organisation.models import Person, Unit

_LABELS = {
    "identifier": _("Name or e-mail address at the network"),
    "app_password": _("App password"),
    "access_token": _("Access token"),
}
_HELP = {
    "app_password": _("Made in the network's settings for Parvis alone; never the account's own password."),
    "access_token": _("Made in the network's settings, under Development; with the right to read and to write."),
}


class ConnectForm(ActionForm):
    """What the network asks for, as its catalogue line says. A secret is never shown again, not even after an error."""

    base_url = forms.URLField(
        label=_("Server"),
        assume_scheme="https",
        max_length=200,
        help_text=_("Change it only where the account lives on a server of its own."),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("base_url", account.base_url)
        self.account = account
        for field in NETWORKS[account.network].fields:
            attrs = {"autocomplete": "off", "spellcheck": "false"}
            widget = forms.PasswordInput(attrs=attrs) if field.secret else forms.TextInput(attrs=attrs)
            self.fields[field.name] = forms.CharField(
                label=_LABELS.get(field.name, field.name),
                help_text=_HELP.get(field.name, ""),
                max_length=2000,
                widget=widget,
            )

    def save(self, by: Person) -> Account | None:
        names = [field.name for field in NETWORKS[self.account.network].fields]
        given = {name: self.cleaned_data[name] for name in names}
        base_url = self.cleaned_data["base_url"]
        return self.carry_out(connect_account, account=self.account, by=by, fields=given, base_url=base_url)


class RegistryFilter(FilterForm):
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    network = forms.ChoiceField(
        label=_("Network"), required=False, choices=lambda: [("", _("Every network")), *network_choices()]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Every language")), *Language.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *AccountState.choices])

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]
