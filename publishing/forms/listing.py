from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from networks.folding import as_query
from organisation.forms import FilterForm
from organisation.models import Unit
from publishing.enums import PostState
from publishing.models import Post


class PostFilter(FilterForm):
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *PostState.choices])
    account = forms.ChoiceField(label=_("Account"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, units: list[Unit], accounts: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]
        fields["account"].choices = [("", _("Every account")), *((str(one.pk), one.label) for one in accounts)]
        self.units = {unit.slug: unit for unit in units}

    def narrow(self, posts: QuerySet[Post]) -> QuerySet[Post]:
        chosen = self.chosen()
        if words := chosen.get("words"):
            query = as_query(words)
            posts = posts.filter(words__matching=query) if query else posts.none()
        if state := chosen.get("state"):
            posts = posts.filter(state=state)
        if account := chosen.get("account"):
            posts = posts.filter(pk__in=Post.objects.filter(variants__account=account).values("pk"))
        if unit := self.units.get(chosen.get("unit", "")):
            posts = posts.filter(unit__path__startswith=unit.path)
        return posts


class CalendarFilter(FilterForm):
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Every unit")), *((unit.slug, unit.name) for unit in units)]
        self.units = {unit.slug: unit for unit in units}

    @property
    def chosen_unit(self) -> Unit | None:
        return self.units.get(self.chosen().get("unit", ""))
