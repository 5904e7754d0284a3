from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import FileKind
from accounts_registry.models import JustificationDossier
from organisation.enums import Language


class DossierFileForm(forms.Form):
    """As which file, and in which of the unit's languages; the reader's own first where it is one."""

    language = forms.ChoiceField(label=_("Language"))
    kind = forms.ChoiceField(choices=FileKind.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, dossier: JustificationDossier, **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_file_%s"
        super().__init__(*args, **kwargs)
        spoken = dossier.unit.languages
        field: Any = self.fields["language"]
        field.choices = [(one.value, one.label) for one in Language if one.value in spoken]
        field.initial = mine if (mine := get_language()) in spoken else spoken[0]
