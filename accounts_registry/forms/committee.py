from __future__ import annotations

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import cast_vote, decide
from accounts_registry.enums import VoteChoice
from accounts_registry.models import Decision, JustificationDossier, Vote
from organisation.forms import ActionForm
from organisation.models import Person


def _unseen() -> forms.HiddenInput:
    """Without an id: two forms of one page carry the same names."""
    return forms.HiddenInput(attrs={"id": False})


class _SeenForm(ActionForm):
    """Says which round of the dossier its page showed."""

    seen_round = forms.IntegerField(widget=_unseen(), required=False)

    def clean_seen_round(self) -> int:
        """Without it nobody knows what was read, and no round bears the number 0 once it is voted on."""
        return self.cleaned_data["seen_round"] or 0

    def showing(self, **seen: Any) -> Self:
        """On a page that shows this; after a refusal too, of a form that came from an older one."""
        for name, one in seen.items():
            self.initial[name] = one
            if self.is_bound:
                sent: Any = self.data  # a copy since the form was looked at
                sent[name] = str(one)
        return self


class VoteForm(_SeenForm):
    choice = forms.ChoiceField(
        label=_("Your vote"),
        choices=VoteChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vote for, against, or abstain.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Say why you vote so.")},
    )

    def save(self, dossier: JustificationDossier, by: Person) -> Vote | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(cast_vote, dossier=dossier, by=by, **facts)


class DecisionForm(_SeenForm):
    seen_outcome = forms.CharField(widget=_unseen(), required=False, max_length=20)
    reasons = forms.CharField(
        label=_("The committee's reasons"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text=_("Everybody who sees the dossier reads them."),
        error_messages={"required": _("Give the committee's reasons.")},
    )

    def clean_seen_outcome(self) -> str:
        """A page that showed no outcome was no reason for the one that there is by now."""
        return self.cleaned_data["seen_outcome"] or "none"

    def save(self, dossier: JustificationDossier, by: Person) -> Decision | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(decide, dossier=dossier, by=by, **facts)
