"""Every form in which somebody writes more than a line keeps what they type, or stands here with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django import forms

from governance.urls import ROOMS
from organisation.long_forms import LONG_FORMS

A_REASON = "why an act is done, in a sentence; where the act does not happen its page hands it back"
SHORT = {
    "organisation.forms.base.ReasonForm": A_REASON,
    "accounts_registry.forms.committee.VoteForm": A_REASON,
    "accounts_registry.forms.committee.DecisionForm": A_REASON,
    "accounts_registry.forms.sessions.DiscussForm": "a point of an agenda, noted in the room and sent at once",
    "accounts_registry.forms.sessions.DeferForm": A_REASON,
    "accounts_registry.forms.sightings.MergeForm": A_REASON,
    "accounts_registry.forms.sightings.SightingFacts": "what a report and a change share, which are declared",
    "accounts_registry.forms.security.CheckForm": "by what one sees it, in a sentence; a refusal hands it back",
    "accounts_registry.forms.security.ExceptionForm": A_REASON,
    "delivery.forms.HoldForm": A_REASON,
    "delivery.forms.DecideForm": A_REASON,
    "publishing.forms.steps.RemarkForm": A_REASON,
    "publishing.forms.steps.WithdrawForm": A_REASON,
    "crisis.forms.NoteForm": "a line of a log, written and sent at once",
    "publishing.forms.attached.AttachedFields": "a part of the editor, which is declared",
    "monitoring.forms.LawfulForm": "what watches and sources share, which are declared",
    "organisation.forms.delegating.DelegationWriting": "the fields of DelegationForm, which is declared",
    "organisation.forms.house_policy.AnswerForm": "the fields of PolicyAnswerForm, which is declared",
    "accounts_registry.forms.dossiers.DossierStepForm": "what the steps share, which are declared",
}


def all_forms(form: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for made in form.__subclasses__():
        yield made
        yield from all_forms(made)


def test_every_form_with_room_for_more_than_a_line_is_declared_or_stands_here() -> None:
    for room in ROOMS:
        import_module(f"{room}.forms")
    known = {_name(form) for form in LONG_FORMS.values()}
    long = {_name(form) for form in all_forms() if form.__module__.startswith(ROOMS) and _has_room(form)}
    assert long - known - set(SHORT) == set()
    assert set(SHORT) & known == set(), "declared, so no exception any more"


def _name(form: type[forms.BaseForm]) -> str:
    return f"{form.__module__}.{form.__qualname__}"


def _has_room(form: type[forms.BaseForm]) -> bool:
    fields = getattr(form, "base_fields", {}).values()
    return any(isinstance(field.widget, forms.Textarea) for field in fields)


def test_a_declared_form_holds_the_version_that_it_began_with() -> None:
    for form in LONG_FORMS.values():
        assert not form.version_field or form.base_fields[form.version_field].widget.is_hidden
