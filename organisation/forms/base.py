"""What every form is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from organisation.lifecycle import Refused, Unconfirmed
from organisation.models import Person
from organisation.plain import all_plain

R = TypeVar("R")


class ActionForm(forms.Form):
    """A form that ends in an action. Whatever is refused stands at its field, and all that was typed stays.

    `asked` is what the action wants to have confirmed first, for a form that has the field for it (`MeantField`).
    """

    asked: Unconfirmed | None = None

    def full_clean(self) -> None:
        """Looks at what was typed as it would be kept; a password is what its person types."""
        as_typed = {self.add_prefix(name) for name, field in self.fields.items() if not getattr(field, "strip", True)}
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            for name, texts in [one for one in self.data.lists() if one[0] not in as_typed]:
                self.data.setlist(name, all_plain(texts))
        super().full_clean()

    def carry_out(self, action: Callable[..., R], **kwargs: Any) -> R | None:
        """The action's result, or None when it was refused and the form now says why. Call it on a valid form only.

        Conflict and PermissionDenied are not a form's business: they pass through to their own pages.
        """
        try:
            return action(**kwargs)
        except Refused as refused:
            self.asked = refused if isinstance(refused, Unconfirmed) else None
            for reason in refused.reasons:
                self.add_error(self._here(refused.field), reason)
        except ValidationError as wrong:
            told = wrong.message_dict if hasattr(wrong, "error_dict") else {NON_FIELD_ERRORS: wrong.messages}
            for name, sentences in told.items():
                for sentence in sentences:
                    self.add_error(self._here(name), sentence)
        return None

    def renew(self, name: str, value: object) -> None:
        """What a refused form sends next time in its field `name`, which nobody types."""
        data: Any = self.data.copy() if isinstance(self.data, QueryDict) else dict(self.data)
        data[self.add_prefix(name)] = str(value)
        self.data = data

    def _here(self, name: str | None) -> str | None:
        return name if name in self.fields else None


class MeantField(forms.CharField):
    """Holds the yes to what `ActionForm.asked` asks; `components/meant.html` draws its box."""

    def __init__(self) -> None:
        super().__init__(label=_("It is meant so"), required=False, max_length=64, widget=forms.HiddenInput)


class PersonRequest(HttpRequest):
    """A request of somebody who signed in: what every view behind `login_required` is given."""

    user: Person


class HtmxRequest(HttpRequest):
    """What the htmx middleware makes of every request."""

    htmx: HtmxDetails


def wants_part(request: HttpRequest) -> bool:
    """True when a script asks for the part of a page that changes alone. Going back takes the whole page."""
    asked = cast("HtmxRequest", request).htmx
    return bool(asked) and not asked.history_restore_request


class ReasonForm(ActionForm):
    """For acts that ask why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the reason stands in the story.")},
    )


class OptionalReasonForm(ActionForm):
    """For acts that may be told why."""

    reason = forms.CharField(label=_("Why?"), max_length=500, required=False)


class FilterForm(forms.Form):
    """A list's filters, all optional; a value that makes no sense filters nothing."""

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
