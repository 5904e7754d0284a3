"""Ending somebody's work: who takes over what they have in hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.actions import end_work
from organisation.forms.base import ActionForm
from organisation.models import Person
from organisation.queries.leaving import NOBODY, Held, InHand, Work

ONE_BY_ONE = 40  # things of a kind that are chosen for one by one; more go together


class LeavingForm(ActionForm):
    """A reason, and for each thing in hand who takes it over: of its own, or with all of its kind."""

    reason = forms.CharField(
        label=_("Why does their work here end?"),
        max_length=500,
        error_messages={"required": _("Say why: the reason stands in the story.")},
    )

    def __init__(self, *args: Any, held: Held, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for work in held.work:
            if len(work.things) > 1:
                self.fields[_all(work)] = _choice(
                    str(_("All of these to")), work, work.takers, str(_("Choose for each one below"))
                )
            if len(work.things) <= ONE_BY_ONE:
                for one in work.things:
                    self.fields[one.name] = _choice(one.title, work, one.takers, str(_("Choose somebody")))

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Kind by kind: its fields, with what each is about."""
        told = []
        for work in self.held.work:
            together = self[_all(work)] if _all(work) in self.fields else None
            rows = [{"held": one, "field": self[one.name]} for one in work.things if one.name in self.fields]
            told.append({"kind": work.kind, "together": together, "rows": rows, "things": work.things})
        return told

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for work in self.held.work:
            for one in work.things:
                if not self._chosen(told, work, one):
                    self.add_error(
                        one.name if one.name in self.fields else _all(work),
                        _("Say who takes this over, or that nobody does."),
                    )
        return told

    def _chosen(self, told: dict[str, Any], work: Work, one: InHand) -> str:
        return str(told.get(one.name) or told.get(_all(work)) or "")

    def save(self, person: Person, by: Person) -> Person | None:
        successors = {}
        for work in self.held.work:
            for one in work.things:
                chosen = self._chosen(self.cleaned_data, work, one)
                successors[one.name] = None if chosen == NOBODY else int(chosen)
        reason = self.cleaned_data["reason"]
        return self.carry_out(end_work, person=person, by=by, reason=reason, successors=successors)

    def left_alone(self) -> list[str]:
        """What nobody takes over, as whoever decided it knows it. After a `save`."""
        pairs = ((work, one) for work in self.held.work for one in work.things)
        return [one.title for work, one in pairs if self._chosen(self.cleaned_data, work, one) == NOBODY]


def _all(work: Work) -> str:
    return f"all_{work.kind.key}"


def _choice(label: str, work: Work, takers: Any, empty: str) -> forms.ChoiceField:
    people = [(str(one.pk), one.name) for one in takers]
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *people, (NOBODY, str(work.kind.left))])
