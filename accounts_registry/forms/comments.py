from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import comment_on_dossier
from accounts_registry.models import DossierComment, JustificationDossier
from accounts_registry.queries.dossiers import label_of, said
from accounts_registry.questionnaire import asked_of
from organisation.long_forms import LongForm
from organisation.models import Person


class CommentForm(LongForm):
    kept_as = "dossier-comment"

    question = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Your comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who sees the dossier reads it; who asked for it and who commented before are told."),
        error_messages={"required": _("Say what you have to say.")},
    )

    def __init__(self, *args: Any, dossier: JustificationDossier, **kwargs: Any) -> None:
        self.dossier = dossier
        super().__init__(*args, **kwargs)
        field: Any = self.fields["question"]
        asked = [(one.key, capfirst(label_of(one))) for one in asked_of(said(dossier))]
        field.choices = [("", _("The dossier as a whole")), *asked]

    def save(self, by: Person) -> DossierComment | None:
        facts: dict[str, Any] = self.cleaned_data
        return self.carry_out(comment_on_dossier, dossier=self.dossier, by=by, **facts)
