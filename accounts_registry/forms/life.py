"""Changing, renewing, handing over and closing an account: each begins with the facts that its page showed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import change_account, hand_over_account, renew_account
from accounts_registry.actions.changing import FACTS
from accounts_registry.enums import AccountKind, Audience, Maturity, Term
from accounts_registry.models import Account
from accounts_registry.queries.holders import holders_for, pairs_for
from accounts_registry.queries.life import review_window
from organisation.dates import dated
from organisation.enums import Language
from organisation.long_forms import LongForm
from organisation.models import Person
from organisation.sentences import colon

REASON = {"required": _("Say why: the reason stands in the story.")}


def long_text(label: Any, *, rows: int = 3, **facts: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=5000, widget=forms.Textarea(attrs={"rows": rows}), **facts)


def _day(label: Any, **facts: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts)


class EditionForm(forms.Form):
    """Which facts a page with nothing to type showed."""

    edition = forms.IntegerField()


class LifeForm(LongForm):
    """An act on an account, with the `edition` of the facts that were read."""

    version_field = "edition"

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, account: Account, person: Person, **kwargs: Any) -> None:
        self.account, self.person, self.theirs = account, person, ""
        kwargs["initial"] = {"edition": account.edition, **self.beginning(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.prepare()

    def beginning(self) -> dict[str, Any]:
        """What stands in the fields before anybody writes."""
        return {}

    def prepare(self) -> None:
        """Fills in the choices that there are."""

    def act(self, action: Any) -> bool:
        """Whether `action` took what was written; if not the form says why, and what others wrote meanwhile."""
        told = self.cleaned_data
        if self.carry_out(action, account=self.account, by=self.person, **told) is not None:
            return True
        self._compare(told)
        return False

    def save(self) -> bool:
        """Each form says which act it is."""
        raise NotImplementedError

    def _compare(self, told: dict[str, Any]) -> None:
        self.account.refresh_from_db()
        if self.account.edition == told.get("edition"):
            return
        shown = [(field, name) for name, field in self.fields.items() if name in (*FACTS, "owner", "backup_holder")]
        self.theirs = "\n".join(
            f"{field.label}{colon()} {_as_text(getattr(self.account, name), field)}"
            for field, name in shown
            if getattr(self.account, name) != told.get(name)
        )
        sent: Any = self.data
        typed = sent.copy()
        typed["edition"] = str(self.account.edition)
        self.data = typed


def _as_text(value: Any, field: Any) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", []) if isinstance(key, str)}
    if isinstance(value, list):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    return labels.get(str(value), str(value)) if value else "–"


class FactsForm(LifeForm):
    kept_as = "account-facts"

    purpose = long_text(_("What is the account for?"), rows=4)
    audiences = forms.MultipleChoiceField(
        label=_("Whom does it speak to?"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    pair = forms.ModelChoiceField(
        label=_("Language pair"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("No account"),
        help_text=_("The account that says the same in the other language. Both pages show it."),
    )
    kind = forms.ChoiceField(label=_("Kind of account"), choices=AccountKind.choices)
    url = forms.URLField(label=_("Public address"), max_length=500, required=False, assume_scheme="https")
    maturity = forms.ChoiceField(label=_("Maturity"), choices=Maturity.choices)
    term = forms.ChoiceField(label=_("For how long"), choices=Term.choices)
    ends_on = _day(
        _("Last day"),
        required=False,
        help_text=_(
            "Of a trial (within six months) or a campaign (within twelve). After it nothing goes out any more."
        ),
    )
    reason = long_text(_("Why does this change?"), rows=2, error_messages=REASON)

    def beginning(self) -> dict[str, Any]:
        return {name: getattr(self.account, name) for name in FACTS}

    def prepare(self) -> None:
        field: Any = self.fields["pair"]
        field.queryset = pairs_for(self.account, self.person)

    def save(self) -> bool:
        return self.act(change_account)


class HandOverForm(LifeForm):
    kept_as = "account-handover"

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Person.objects.none(), empty_label=_("Choose somebody"))
    backup_holder = forms.ModelChoiceField(
        label=_("Backup holder"),
        queryset=Person.objects.none(),
        empty_label=_("Choose somebody"),
        help_text=_("Somebody else, who takes over when the owner is away."),
    )
    reason = long_text(_("Why is it handed over?"), rows=2, error_messages=REASON)

    def beginning(self) -> dict[str, Any]:
        return {"owner": self.account.owner_id, "backup_holder": self.account.backup_holder_id}

    def prepare(self) -> None:
        for name in ("owner", "backup_holder"):
            field: Any = self.fields[name]
            field.queryset = holders_for(self.account)

    def save(self) -> bool:
        return self.act(hand_over_account)


class RenewForm(LifeForm):
    kept_as = "account-renewal"

    evaluation = long_text(_("What worked, and what did not?"), rows=5)
    figures = long_text(
        _("Figures"), required=False, help_text=_("If there are any: followers, messages, answers, each with its day.")
    )
    next_on = _day(_("Next review"))

    def beginning(self) -> dict[str, Any]:
        return {"next_on": self._window()[1]}

    def _window(self) -> tuple[date, date]:
        return review_window(self.account.term, self.account.today)

    def prepare(self) -> None:
        first, last = self._window()
        facts = {"first": dated(first, "j F Y"), "last": dated(last, "j F Y")}
        self.fields["next_on"].help_text = _("From %(first)s to %(last)s.") % facts
        if self.account.term != Term.PERMANENT:
            self.fields["next_on"].label = _("It goes on until")

    def save(self) -> bool:
        return self.act(renew_account)
