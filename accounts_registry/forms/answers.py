"""A field for each further question of a dossier, as its kind is answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from accounts_registry.models import Account
from accounts_registry.questionnaire import KPI_PARTS, Kind, Question, clean, kpis_of

BETWEEN = " | "


class _Answered:
    """Its value is the answer as the dossier keeps it."""

    question: Question

    def clean(self, value: Any) -> Any:
        given = self._given(super().clean(value))  # type: ignore[misc]  # of the field that it is mixed into
        return clean(self.question.key, given)

    def _given(self, value: Any) -> Any:
        return value


class _TextAnswer(_Answered, forms.CharField):
    pass


class _ChoiceAnswer(_Answered, forms.ChoiceField):
    pass


class _SeveralAnswer(_Answered, forms.MultipleChoiceField):
    pass


class _NumberAnswer(_Answered, forms.FloatField):
    pass


class _DayAnswer(_Answered, forms.DateField):
    pass


class _AccountsAnswer(_Answered, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def _given(self, value: Any) -> Any:
        return [account.pk for account in value]

    def label_from_instance(self, account: Any) -> str:
        return f"{account.label} ({account.unit.name})"


class _KpisAnswer(_Answered, forms.CharField):
    def _given(self, value: Any) -> Any:
        return kpis_of(str(value).splitlines())


def field_of(question: Question) -> forms.Field:
    facts: dict[str, Any] = {
        "label": capfirst(str(question.label)),
        "help_text": question.help,
        "required": question.required and question.is_always_asked and not question.all_of,
    }
    field = _field(question, facts)
    field.question = question
    return field


def _field(question: Question, facts: dict[str, Any]) -> Any:
    choices = question.options.choices if question.options else []
    long = forms.Textarea(attrs={"rows": 4})
    makers: dict[Kind, tuple[Any, dict[str, Any]]] = {
        Kind.LINE: (_TextAnswer, {"max_length": question.limit}),
        Kind.URL: (_TextAnswer, {"max_length": question.limit, "widget": forms.URLInput}),
        Kind.TEXT: (_TextAnswer, {"max_length": question.limit, "widget": long}),
        Kind.KPIS: (_KpisAnswer, {"max_length": question.limit, "widget": long}),
        Kind.CHOICE: (_ChoiceAnswer, {"choices": choices, "widget": forms.RadioSelect}),
        Kind.SEVERAL: (_SeveralAnswer, {"choices": choices, "widget": forms.CheckboxSelectMultiple}),
        Kind.NUMBER: (_NumberAnswer, {}),
        Kind.DAY: (_DayAnswer, {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}),
        Kind.ACCOUNTS: (
            _AccountsAnswer,
            {"queryset": Account.objects.none(), "widget": forms.CheckboxSelectMultiple},
        ),
    }
    make, own = makers[question.kind]
    return make(**own, **facts)


def typed_as(question: Question, answer: Any) -> Any:
    """What a form shows of an answer that is kept."""
    if question.kind is Kind.KPIS and answer:
        return "\n".join(BETWEEN.join(row[part] for part in KPI_PARTS) for row in answer)
    return answer
