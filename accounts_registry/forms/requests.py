"""The one step of a request about an account that stands: what its kind asks, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import request_about, update_dossier
from accounts_registry.enums.questions import RequestType
from accounts_registry.forms.answers import field_of, typed_as
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries import possible_holders
from accounts_registry.queries.requests import possible_successors
from accounts_registry.questionnaire import questions_of
from organisation.long_forms import LongForm
from organisation.models import Person
from organisation.sentences import colon


@dataclass(frozen=True)
class Asking:
    """One kind of request as its page says it."""

    title: str | Promise
    lede: str | Promise


KINDS: dict[str, Asking] = {
    RequestType.RENAME: Asking(
        _("Ask for another name"),
        _("The committee approves names. Once it does, rename the account on the network and connect it again."),
    ),
    RequestType.CHANGE_OWNER: Asking(
        _("Ask for other holders"),
        _("Whoever manages the account may hand it over at once; anybody else asks the committee here."),
    ),
    RequestType.MERGE: Asking(
        _("Ask to merge this account"),
        _("Once approved it begins to close, and the public register leads to the account that goes on."),
    ),
    RequestType.CLOSE: Asking(
        _("Ask to close this account"),
        _("Whoever manages the account may close it at once; anybody else asks the committee here."),
    ),
}


class RequestForm(LongForm):
    """With `later`, holes are allowed: the draft is kept as it is."""

    kept_as = "account-request"
    version_field = "edition"

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        account: Account,
        kind: str,
        person: Person,
        dossier: JustificationDossier | None = None,
        later: bool = False,
        **kwargs: Any,
    ) -> None:
        self.account, self.kind, self.person, self.dossier, self.theirs = account, kind, person, dossier, ""
        self.questions = questions_of(kind)
        if dossier is not None:
            told = {one.key: typed_as(one, dossier.answer(one)) for one in self.questions}
            kwargs["initial"] = {"edition": dossier.edition, **told, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        own = _fields_of(kind, account, person)
        self.fields |= {one.key: field_of(one) if one.is_written else own[one.key] for one in self.questions}
        if later:
            for name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("owner") and cleaned.get("owner") == cleaned.get("backup_holder"):
            self.add_error("backup_holder", _("Owner and backup holder are two different people."))
        return cleaned

    def save(self) -> JustificationDossier | None:
        """The request as it now stands, or None when the form says what was refused."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "edition"}
        if self.dossier is None:
            facts: dict[str, Any] = {"account": self.account, "request_type": self.kind, "by": self.person}
            return self.carry_out(request_about, **facts, **answers)
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
        lines = [(self.fields[one.key].label, one) for one in self.questions]
        self.theirs = "\n".join(
            f"{label}{colon()} {self.dossier.answer(one) or '–'}"
            for label, one in lines
            if self.dossier.answer(one) != self.cleaned_data.get(one.key)
        )
        sent: Any = self.data
        typed = sent.copy()
        typed["edition"] = str(self.dossier.edition)
        self.data = typed


def _fields_of(kind: str, account: Account, person: Person) -> dict[str, forms.Field]:
    """Those whose answers are fields of the dossier."""
    if kind == RequestType.RENAME:
        help_text = _("As the network will show it, with or without @. The account bears it once the network tells it.")
        return {
            "proposed_handle": forms.CharField(label=_("New name on the network"), max_length=150, help_text=help_text)
        }
    if kind == RequestType.CHANGE_OWNER:
        people, empty = possible_holders(person), _("Choose somebody")
        return {
            "owner": forms.ModelChoiceField(label=_("New owner"), queryset=people, empty_label=empty),
            "backup_holder": forms.ModelChoiceField(label=_("New backup holder"), queryset=people, empty_label=empty),
        }
    if kind == RequestType.MERGE:
        return {
            "successor": forms.ModelChoiceField(
                label=_("Merge it into"),
                queryset=possible_successors(person, account),
                empty_label=_("Choose an account"),
                help_text=_("It goes on with the work, and the public register leads there."),
            )
        }
    return {}
