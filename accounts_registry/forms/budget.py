from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.spending import set_budget
from accounts_registry.models import Account, Budget
from accounts_registry.money import MICRO, micro
from accounts_registry.queries.spending import owner_pays_less
from organisation.forms import ActionForm
from organisation.models import Person

MOST = Decimal(1_000_000)


class BudgetForm(ActionForm):
    """In whole dollars and cents."""

    limit = forms.DecimalField(
        label=_("Most in a month, in US dollars"), min_value=0, max_value=MOST, decimal_places=2, localize=True
    )
    kept_for_answers = forms.DecimalField(
        label=_("Of which kept for answers, in US dollars"),
        min_value=0,
        max_value=MOST,
        decimal_places=2,
        localize=True,
        help_text=_("When only this is left, posts and reading stop; answers to citizens go on."),
    )

    owns_app = forms.BooleanField(
        label=_("This account owns the app with which Parvis reads here"),
        required=False,
        help_text=_(
            "The network then takes less for each mention. Leave it empty where you are not certain: the dearer price "
            "counts."
        ),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if not owner_pays_less(account):
            del self.fields["owns_app"]
        if budget := Budget.objects.filter(account=account).first():
            self.initial.setdefault("owns_app", budget.owns_app)
            for name in ("limit", "kept_for_answers"):
                self.initial.setdefault(name, (Decimal(getattr(budget, name)) / MICRO).quantize(Decimal("0.01")))

    def save(self, by: Person) -> Budget | None:
        amounts = {name: micro(self.cleaned_data[name]) for name in ("limit", "kept_for_answers")}
        owns_app = self.cleaned_data.get("owns_app")
        return self.carry_out(set_budget, account=self.account, by=by, owns_app=owns_app, **amounts)
