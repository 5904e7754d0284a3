from __future__ import annotations

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import cast_vote, decide
from accounts_registry.enums import VoteChoice
from accounts_registry.models import Decision, JustificationDossier, Vote
from accounts_registry.queries.conditions import possible_answerers
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
    """With rows for conditions where an approval is recorded; a row without words is none."""

    ROWS = range(1, 4)

    seen_outcome = forms.CharField(widget=_unseen(), required=False, max_length=20)
    reasons = forms.CharField(
        label=_("The committee's reasons"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text=_("Everybody who sees the dossier reads them."),
        error_messages={"required": _("Give the committee's reasons.")},
    )

    def __init__(self, *args: Any, dossier: JustificationDossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answerers = possible_answerers(dossier.unit)
        for row in self.ROWS:
            number = {"n": row}
            self.fields[f"condition_{row}"] = forms.CharField(
                label=_("Condition %(n)d") % number, max_length=1000, required=False
            )
            self.fields[f"condition_{row}_owner"] = forms.ModelChoiceField(
                label=_("Who answers for condition %(n)d") % number,
                queryset=answerers,
                required=False,
                empty_label=_("Choose somebody"),
            )
            self.fields[f"condition_{row}_due"] = forms.DateField(
                label=_("Condition %(n)d is due on") % number,
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )

    def clean_seen_outcome(self) -> str:
        """A page that showed no outcome was no reason for the one that there is by now."""
        return self.cleaned_data["seen_outcome"] or "none"

    @property
    def first_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("condition_")]

    @property
    def condition_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("condition_")]

    @property
    def has_conditions(self) -> bool:
        return any(field.value() or field.errors for field in self.condition_fields)

    def clean(self) -> dict[str, Any]:
        """Whoever names a condition says who answers for it, and by when."""
        told = super().clean() or self.cleaned_data
        for row in self.ROWS:
            words = told.get(f"condition_{row}")
            for part, sentence in (("owner", _("Say who answers for it.")), ("due", _("Say by when."))):
                name = f"condition_{row}_{part}"
                if words and not told.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return told

    def save(self, dossier: JustificationDossier, by: Person) -> Decision | None:
        told: dict[str, Any] = self.cleaned_data
        conditions = [
            {
                "text": told[f"condition_{row}"],
                "owner": told[f"condition_{row}_owner"],
                "due_on": told[f"condition_{row}_due"],
            }
            for row in self.ROWS
            if told[f"condition_{row}"]
        ]
        facts = {name: one for name, one in told.items() if not name.startswith("condition_")}
        return self.carry_out(decide, dossier=dossier, by=by, conditions=conditions, **facts)
