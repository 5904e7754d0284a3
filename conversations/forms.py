"""Forms of the inbox: they parse, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from accounts_registry.queries import capabilities_of, visible_accounts
from accounts_registry.queries.counting import counting
from conversations.enums import ANSWER_FORM, Category
from conversations.models import Conversation
from conversations.queries import InboxFilter, assignable
from monitoring.models.item import ItemAudience
from organisation.enums import Permission
from organisation.forms import ActionForm, FilterForm
from organisation.long_forms import LongForm
from organisation.models import Person
from organisation.queries import within

SHOW = (
    ("open", _("To do")),
    ("mine", _("Mine")),
    ("unassigned", _("Unassigned")),
    ("overdue", _("Late")),
    ("answered", _("Answered")),
    ("closed", _("Closed")),
    ("all", _("Everything")),
)


class InboxForm(FilterForm):
    show = forms.ChoiceField(label=_("Show"), choices=SHOW, required=False)
    category = forms.ChoiceField(
        label=_("Category"),
        choices=[("", _("All categories")), ("none", _("Not triaged")), *Category.choices],
        required=False,
    )
    account = forms.ModelChoiceField(
        label=_("Account"), queryset=Account.objects.none(), empty_label=_("All accounts"), required=False
    )
    q = forms.CharField(label=_("Words"), max_length=100, required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_filter_%s", **kwargs})
        seen = visible_accounts(person).filter(within(person, Permission.MENTION_VIEW))
        self._field("account").queryset = seen.select_related(None).order_by("handle")

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def wanted(self, unit_path: str = "") -> InboxFilter:
        told = self.chosen()
        account = told.get("account")
        return InboxFilter(
            show=told.get("show") or "open",
            category=told.get("category") or "",
            account=account.pk if account else None,
            words=(told.get("q") or "").strip(),
            reach="all" if self.data.get("reach") == "all" else "",
            unit_path=unit_path,
        )


class AssignForm(ActionForm):
    to = forms.ModelChoiceField(label=_("Assign to"), queryset=Person.objects.none(), empty_label=_("Choose somebody"))

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = assignable(conversation.unit)
        self.initial.setdefault("to", conversation.assigned_to_id)


class CategoryForm(ActionForm):
    category = forms.ChoiceField(
        label=_("Category"),
        choices=[("", _("Not triaged")), *Category.choices],
        error_messages={"required": _("Choose a category.")},
    )


class AnswerForm(LongForm):
    """`seen` is the newest answer that stood on the page when it was shown, `question` what it would answer (as
    `queries.mark_of_question` says), `audience` who would see this one."""

    kept_as, version_field = ANSWER_FORM, "seen"

    text = forms.CharField(label=_("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))
    seen = forms.IntegerField(widget=forms.HiddenInput)
    question = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    audience = forms.ChoiceField(choices=ItemAudience, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs |= counting(capabilities_of(account), answer=True)

    def ask(self, mark: str) -> None:
        """It is shown with another question than it was sent to."""
        if isinstance(self.data, QueryDict) and not self.taken_up:
            self.data = self.data.copy()
            self.data["question"] = mark
        self.initial["question"] = mark
