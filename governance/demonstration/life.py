"""What is going on with the accounts: one was renewed, two are integrated, one is due, one was handed over."""

from __future__ import annotations

from datetime import timedelta

from accounts_registry import actions
from accounts_registry.enums import Maturity
from accounts_registry.models import Account
from accounts_registry.queries.life import months_after
from governance.demonstration.service import Service


def build(service: Service, accounts: dict[str, Account]) -> None:
    by = service.people["accounts"]
    account = Account.objects.get(pk=accounts["fin_fr"].pk)
    today = account.today
    actions.renew_account(
        account=account,
        by=by,
        edition=account.edition,
        evaluation="Les questions trouvent une réponse le jour même ; les vacances de poste y sont peu lues.",
        next_on=months_after(today, 12),
    )
    for key in ("fisc_fr", "fisc_nl"):
        account = Account.objects.get(pk=accounts[key].pk)
        actions.change_account(
            account=account,
            by=by,
            edition=account.edition,
            reason="Le plan mensuel en tient compte depuis un an.",
            maturity=Maturity.INTEGRATED,
        )
    account = Account.objects.get(pk=accounts["douane_nl"].pk)
    actions.hand_over_account(
        account=account,
        by=by,
        edition=account.edition,
        owner=service.people["newcomer"],
        backup_holder=account.backup_holder,
        reason="Inès neemt de douane over; Claire springt bij wanneer zij er niet is.",
    )
    Account.objects.filter(pk=accounts["douane_fr"].pk).update(review_on=today + timedelta(days=12))
