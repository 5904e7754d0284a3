from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import create_dossier, update_dossier
from accounts_registry.enums import AccountKind, Audience, DossierState, RequestType
from accounts_registry.enums.questions import OPENING
from accounts_registry.forms.answers import field_of, typed_as
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries import possible_holders, possible_pairs, visible_accounts
from accounts_registry.queries.similar import similar_to
from accounts_registry.questionnaire import SECTIONS, of_section
from networks.catalogue import NETWORKS
from organisation.enums import Language, Permission
from organisation.forms import FilterForm
from organisation.long_forms import LongForm
from organisation.models import Person, Unit
from organisation.queries import units_where
from organisation.sentences import colon

REVIEW_AFTER = timedelta(days=365)
# Behind which question of the form these fields stand.
AFTER = {"request_type": ["unit", "platform"], "proposed_handle": ["server"], "language_setup": ["pair_of"]}


def network_choices() -> list[tuple[str, str]]:
    """The networks on which somebody of ours can have an account."""
    return [(network.key, network.name) for network in NETWORKS.values() if network.holds_accounts]


class DossierStepForm(LongForm):
    """One step of the questionnaire. With `later`, holes are allowed: the draft is kept as it is."""

    version_field = "edition"
    section = ""  # of the questionnaire: its further questions are asked behind the declared fields

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        person: Person,
        dossier: JustificationDossier | None = None,
        later: bool = False,
        **kwargs: Any,
    ) -> None:
        self.person, self.dossier, self.later = person, dossier, later
        self.further = {one.key: one for one in of_section(self.section) if one.is_written}
        if dossier is not None:
            answers = {name: getattr(dossier, name) for name in type(self).base_fields}
            answers |= {key: typed_as(one, dossier.answers.get(key)) for key, one in self.further.items()}
            kwargs["initial"] = {**answers, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.theirs = ""
        self.fields |= {key: field_of(one) for key, one in self.further.items()}
        self.order_fields(self.ordered())
        self.prepare()
        if later:
            for name in self.fields:
                self.fields[name].required = name in ("unit", "platform")

    def ordered(self) -> list[str]:
        """The questions in their order, each with what belongs to it and is no question of its own."""
        keys = [question.key for question in of_section(self.section)]
        for before, key in AFTER.items():
            if before in keys:
                keys[keys.index(before) + 1 : keys.index(before) + 1] = key
        return keys

    def prepare(self) -> None:
        """Fills in the choices that this person has."""

    def clean(self) -> dict[str, Any]:
        """What another answer makes a question is asked for, unless the rest comes later."""
        cleaned = super().clean() or self.cleaned_data
        for key, question in self.further.items() if not self.later else ():
            is_asked = not question.is_always_asked and key in cleaned and question.asked(cleaned)
            if is_asked and question.lacks(cleaned[key]):
                self.add_error(key, _("This answer is needed here."))
        return cleaned

    def save(self) -> JustificationDossier | None:
        """The dossier as it now stands, or None when the form says what was refused."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "edition"}
        if self.dossier is None:
            return self.carry_out(create_dossier, by=self.person, **answers)
        edition = self.cleaned_data["edition"] or 0
        saved = self.carry_out(update_dossier, dossier=self.dossier, by=self.person, edition=edition, **answers)
        if saved is None:
            self._compare()
        return saved

    def _compare(self) -> None:
        """After a refusal: what others wrote meanwhile, and the way free for saving again."""
        assert self.dossier is not None
        self.dossier.refresh_from_db()
        if self.dossier.edition == self.cleaned_data["edition"]:
            return
        fields = [(name, field) for name, field in self.fields.items() if name != "edition"]
        self.theirs = "\n".join(
            f"{field.label}{colon()} {_as_text(self._stands(name))}"
            for name, field in fields
            if self._stands(name) != self.cleaned_data.get(name)
        )
        sent: Any = self.data
        typed = sent.copy()
        typed["edition"] = str(self.dossier.edition)
        self.data = typed

    def _stands(self, name: str) -> Any:
        assert self.dossier is not None
        return self.dossier.answers.get(name) if name in self.further else getattr(self.dossier, name)


def _as_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


class AccountStep(DossierStepForm):
    kept_as = "dossier-account"
    section = "account"

    request_type = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=[(one.value, one.label) for one in OPENING],
        widget=forms.RadioSelect,
        initial=RequestType.NEW,
        required=False,
    )
    unit = forms.ModelChoiceField(label=_("Unit that asks"), queryset=Unit.objects.none(), empty_label=None)
    platform = forms.ChoiceField(label=_("Network"), choices=network_choices)
    account_kind = forms.ChoiceField(label=_("Kind of account"), choices=AccountKind.choices)
    proposed_handle = forms.CharField(
        label=_("Name on the network"),
        max_length=150,
        help_text=_("As the network shows it, with or without @: fin.belgium.example, or finbelgium."),
    )
    server = forms.URLField(
        label=_("Server"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_(
            "Only on networks with many servers: the one on which the account lives, if it is not the usual one. "
            "It is approved with the account."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    pair_of = forms.ModelChoiceField(
        label=_("Language pair of"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("No account"),
        help_text=_("The account that says the same in the other language, if there is one."),
    )

    def clean_request_type(self) -> str:
        return self.cleaned_data["request_type"] or RequestType.NEW.value

    def prepare(self) -> None:
        units = units_where(self.person, Permission.DOSSIER_WRITE)
        self._queryset("unit").queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")
        self._queryset("pair_of").queryset = possible_pairs(self.person)

    def _queryset(self, name: str) -> Any:
        return self.fields[name]


class ReasonsStep(DossierStepForm):
    kept_as = "dossier-reasons"
    section = "reasons"

    objective = forms.CharField(
        label=_("What is the account for?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you want to say, and which goal of your service it serves."),
    )
    audiences = forms.MultipleChoiceField(
        label=_("Whom does it speak to?"), choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    why_not_existing = forms.CharField(
        label=_("Why does an existing account not suffice?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def prepare(self) -> None:
        """The accounts to tick are those that come near, and those that are ticked."""
        near: list[int] = []
        if self.dossier is not None:
            near = [one.account.pk for one in similar_to(self.person, self.dossier)]
            near += self.dossier.answers.get("existing_accounts", [])
        field: Any = self.fields["existing_accounts"]
        field.queryset = visible_accounts(self.person).filter(pk__in=near)
        if not near:
            del self.fields["existing_accounts"]


class PeopleStep(DossierStepForm):
    kept_as = "dossier-people"
    section = "people"

    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=Person.objects.none(),
        empty_label=_("Choose somebody"),
        help_text=_("Answers for the account."),
    )
    backup_holder = forms.ModelChoiceField(
        label=_("Backup holder"),
        queryset=Person.objects.none(),
        empty_label=_("Choose somebody"),
        help_text=_("Somebody else, who takes over when the owner is away."),
    )
    review_on = forms.DateField(
        label=_("Review on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When it is looked at whether the account still makes sense; a year from now unless you say so."),
    )

    def prepare(self) -> None:
        holders = possible_holders(self.person)
        for name in ("owner", "backup_holder"):
            field: Any = self.fields[name]
            field.queryset = holders
        if self.initial.get("review_on") is None:
            self.initial["review_on"] = timezone.localdate() + REVIEW_AFTER

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("owner") and cleaned.get("owner") == cleaned.get("backup_holder"):
            self.add_error("backup_holder", _("Owner and backup holder are two different people."))
        return cleaned


class RunningStep(DossierStepForm):
    kept_as = "dossier-running"
    section = "running"


class SafetyStep(DossierStepForm):
    kept_as = "dossier-safety"
    section = "safety"


# Key in the address, title at the top, form.
STEPS: dict[str, tuple[Any, type[DossierStepForm]]] = {
    key: (SECTIONS[key], form)
    for key, form in (
        ("account", AccountStep),
        ("reasons", ReasonsStep),
        ("people", PeopleStep),
        ("running", RunningStep),
        ("safety", SafetyStep),
    )
}


class DossierFilter(FilterForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *DossierState.choices])
    request_type = forms.ChoiceField(
        label=_("What is asked for"), required=False, choices=[("", _("Everything")), *RequestType.choices]
    )
    network = forms.ChoiceField(
        label=_("Network"), required=False, choices=lambda: [("", _("Every network")), *network_choices()]
    )
