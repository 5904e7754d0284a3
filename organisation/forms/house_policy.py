"""A house policy: begun, written with its nine points, answered for a unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisation.actions import answer_policy, start_policy, write_policy
from organisation.actions.house_policy import LONGEST_REMARK, LONGEST_TEXT
from organisation.enums import Language, Permission
from organisation.forms.base import ActionForm
from organisation.house_policy import AnswerKind, Point
from organisation.models import Person, PolicyAnswer, PolicyVersion, Unit
from organisation.models.house_policy import LONGEST_GRACE
from organisation.queries.house_policy import units_to_answer_for
from organisation.queries.units import within


class PolicyStartForm(ActionForm):
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_("It binds this unit and all below that have none of their own."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(within(person, Permission.POLICY_WRITE, field="")).order_by("path")

    def save(self) -> PolicyVersion | None:
        return self.carry_out(start_policy, by=self.person, **self.cleaned_data)


class PolicyWriting(ActionForm):
    """The fields of `PolicyForm` (organisation.long_forms keeps what is typed into it): a text in each language of the
    unit, the nine points, and the days of grace."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=LONGEST_GRACE,
        help_text=_("So many days after it is in force, whoever has not attested it lacks it."),
    )

    def __init__(self, *args: Any, version: PolicyVersion, **kwargs: Any) -> None:
        self.version, self.theirs = version, ""
        initial = {"edition": version.edition, "grace_days": version.grace_days}
        initial |= {f"text_{code}": text for code, text in version.texts.items()}
        for point in Point:
            initial |= {
                f"tick_{point}": point in version.checklist,
                f"remark_{point}": version.checklist.get(point, ""),
            }
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.languages = [Language(code) for code in version.unit.languages]
        for language in self.languages:
            self.fields[f"text_{language}"] = _text_field(language)
        for point in Point:
            self.fields[f"tick_{point}"] = forms.BooleanField(label=point.label, required=False)
            self.fields[f"remark_{point}"] = forms.CharField(
                label=gettext("Remark: %(point)s") % {"point": point.label},
                required=False,
                max_length=LONGEST_REMARK,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def text_fields(self) -> list[Any]:
        return [self[f"text_{language}"] for language in self.languages]

    @property
    def point_fields(self) -> list[tuple[Any, Any]]:
        """Of each point the box and the remark."""
        return [(self[f"tick_{point}"], self[f"remark_{point}"]) for point in Point]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for point in Point:
            ticked, remark = told.get(f"tick_{point}"), told.get(f"remark_{point}", "").strip()
            if ticked and not remark:
                self.add_error(f"remark_{point}", _("Say with a remark how this point is fulfilled."))
            elif remark and not ticked:
                self.add_error(f"tick_{point}", _("Tick this point too, or take its remark away."))
        return told

    def save(self, by: Person) -> PolicyVersion | None:
        told = self.cleaned_data
        ticked = {point.value: told[f"remark_{point}"] for point in Point if told[f"tick_{point}"]}
        others = {code: text for code, text in self.version.texts.items() if code not in self.version.unit.languages}
        texts = {language.value: told[f"text_{language}"] for language in self.languages} | others
        facts = {"texts": texts, "checklist": ticked, "grace_days": told["grace_days"], "edition": told["edition"]}
        try:
            return self.carry_out(write_policy, version=self.version, by=by, **facts)
        finally:
            self._say_theirs()

    def _say_theirs(self) -> None:
        """Where somebody wrote meanwhile: their text, and a form that saves over it once its reader has seen it."""
        now = PolicyVersion.objects.select_related("unit").get(pk=self.version.pk)
        if self.errors and now.edition != self.cleaned_data.get("edition"):
            self.theirs = now.text
            self.renew("edition", now.edition)


def _text_field(language: Language) -> forms.CharField:
    return forms.CharField(
        label=gettext("Text in this language: %(language)s") % {"language": language.label},
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "lang": language.value}),
    )


class AnswerForm(ActionForm):
    """What somebody says of a version. `seen` is the hash of what they read."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(label=_("For which unit?"), queryset=Unit.objects.none(), empty_label=None)
    text = forms.CharField(
        label=_("Why, or what should be otherwise"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, version: PolicyVersion, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.person = version, person
        units = units_to_answer_for(person, version)
        kinds = AnswerKind.choices if units else [(AnswerKind.COMMENT.value, AnswerKind.COMMENT.label)]
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = kinds
        fields["unit"].queryset = Unit.objects.filter(pk__in=[*(unit.pk for unit in units), person.unit_id]).order_by(
            "path"
        )
        told = {"seen": version.content_hash, "unit": units[0].pk if units else person.unit_id}
        self.initial = {**self.initial, **told}
        if not units:
            self.initial["kind"] = AnswerKind.COMMENT.value

    def save(self) -> PolicyAnswer | None:
        return self.carry_out(answer_policy, version=self.version, by=self.person, **self.cleaned_data)


class SeenForm(ActionForm):
    """For acts on exactly the text that was read."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
