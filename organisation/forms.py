"""Forms parse, and hand over to an action; what the action refuses comes back to the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Refused
from organisation.models import Person

R = TypeVar("R")


class ActionForm(forms.Form):
    """A form that ends in an action. Whatever is refused stands at its field, and all that was typed stays."""

    def carry_out(self, action: Callable[..., R], **kwargs: Any) -> R | None:
        """The action's result, or None when it was refused and the form now says why. Call it on a valid form only.

        Conflict and PermissionDenied are not a form's business: they pass through to their own pages.
        """
        try:
            return action(**kwargs)
        except Refused as refused:
            for reason in refused.reasons:
                self.add_error(self._here(refused.field), reason)
        except ValidationError as wrong:
            told = wrong.message_dict if hasattr(wrong, "error_dict") else {NON_FIELD_ERRORS: wrong.messages}
            for name, sentences in told.items():
                for sentence in sentences:
                    self.add_error(self._here(name), sentence)
        return None

    def _here(self, name: str | None) -> str | None:
        return name if name in self.fields else None


class PersonRequest(HttpRequest):
    """A request of somebody who signed in: what every view behind `login_required` is given."""

    user: Person


class ReasonForm(ActionForm):
    """For acts that ask why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the reason stands in the story.")},
    )
