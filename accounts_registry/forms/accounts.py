from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import Visit, begin_consent, connect_account
from accounts_registry.enums import AccessPurpose, AccountKind, AccountState
from accounts_registry.forms.dossiers import network_choices
from accounts_registry.models import Account
from accounts_registry.queries import grants_apart
from networks.catalogue import NETWORKS
from networks.kinds import Purpose
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

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if NETWORKS[account.network].many_servers:
            self.fields["base_url"] = _server_field(account)
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
        base_url = self.cleaned_data.get("base_url", "")
        return self.carry_out(connect_account, account=self.account, by=by, fields=given, base_url=base_url)


def _server_field(account: Account) -> forms.URLField:
    return forms.URLField(
        label=_("Server"),
        assume_scheme="https",
        max_length=200,
        initial=account.base_url,
        help_text=_("The one for which the account was approved. Change it only after the account has moved."),
    )


class ConsentForm(ActionForm):
    """What to agree to on the network's own page."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_consent_%s", **kwargs})
        self.account = account
        if grants_apart(account.network):
            self.fields["purpose"] = forms.ChoiceField(
                label=_("What for"),
                choices=[(one.value, one.label) for one in reversed(AccessPurpose)],
                initial=AccessPurpose.ALL,
                widget=forms.RadioSelect,
                help_text=_(
                    "With two consents, one for reading and one for writing, reading goes on when writing is broken, "
                    "and the other way round."
                ),
            )
        if NETWORKS[account.network].many_servers:
            self.fields["base_url"] = _server_field(account)

    def begin(self, by: Person, visit: Visit, redirect_uri: str) -> str:
        """The network's page, or nothing when the form says what was refused."""
        facts = {"purpose": Purpose(self.cleaned_data.get("purpose", Purpose.ALL)), "visit": visit}
        facts |= {"redirect_uri": redirect_uri, "base_url": self.cleaned_data.get("base_url", "")}
        return self.carry_out(begin_consent, account=self.account, by=by, **facts) or ""


class ThirdPartyAppForm(ActionForm):
    name = forms.CharField(label=_("Name of the app"), max_length=120)
    purpose = forms.CharField(label=_("What it is for"), max_length=300)
    last_seen_on = forms.DateField(
        label=_("Last seen on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RegistryFilter(FilterForm):
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    network = forms.ChoiceField(
        label=_("Network"), required=False, choices=lambda: [("", _("Every network")), *network_choices()]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Every language")), *Language.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Every kind")), *AccountKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *AccountState.choices])
    amiss = forms.ChoiceField(
        label=_("To do"),
        required=False,
        choices=[
            ("", _("All accounts")),
            ("unpaired", _("Without a counterpart in another language")),
            ("review", _("Its review is due")),
            ("orphan", _("One of its holders is gone")),
            ("unconfirmed", _("Not confirmed for six months")),
            ("renamed", _("Renamed on the network")),
        ],
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]
