from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import ACCOUNT_LIFECYCLE, AccountState, Duration, Term
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.homes import home_of
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.queries.units import comes_from

TERMS: dict[str, Term] = {Duration.CAMPAIGN: Term.CAMPAIGN, Duration.TRIAL: Term.TRIAL}
OPENED = audit.tell("account.opened", _("%(actor)s entered this account in the registry"))


@action
def open_account(*, dossier: JustificationDossier) -> Account:
    """The account that the approved `dossier` stands behind, planned and at once active. Called by the decision."""
    # The database holds every submitted dossier to being complete.
    assert dossier.owner is not None
    assert dossier.backup_holder is not None
    assert dossier.review_on is not None
    account = Account(
        unit=dossier.unit,
        dossier=dossier,
        network=dossier.platform,
        base_url=dossier.server.rstrip("/") or home_of(dossier.platform),
        handle=dossier.proposed_handle,
        kind=dossier.account_kind,
        purpose=dossier.objective,
        audiences=dossier.audiences,
        languages=dossier.languages,
        owner=dossier.owner,
        backup_holder=dossier.backup_holder,
        pair=dossier.pair_of,
        **_term(dossier.review_on, dossier),
    )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise Refused(_("The registry already holds an account of this name on this network.")) from None
    _pair_up(account)
    audit.record(verb=OPENED, thing=account, by=None, dossier=dossier.pk)
    perform(ACCOUNT_LIFECYCLE, "activate", account, by=None)
    return account


def _term(planned: date, dossier: JustificationDossier) -> dict[str, Any]:
    """What is opened for a campaign or on trial ends by itself, and is looked at on its last day, if not before."""
    term = TERMS.get(dossier.answers.get("duration", ""), Term.PERMANENT)
    ends = dossier.answers.get("ends_on") if term != Term.PERMANENT else None
    if not ends:
        return {"review_on": planned}
    last = date.fromisoformat(ends)
    return {"term": term, "ends_on": last, "review_on": min(planned, last)}


def _pair_up(account: Account) -> None:
    """The sister points back; where she has another pair by now, or is closed, the account begins alone."""
    if account.pair is not None:
        free = Account.objects.filter(pk=account.pair.pk, pair__isnull=True).exclude(state=AccountState.ARCHIVED)
        if not free.update(pair=account, edition=F("edition") + 1):
            account.pair = None
            account.save(update_fields=["pair"])


@action
def suspend_account(*, account: Account, by: Person, reason: str) -> Account:
    """Nothing is published from it until somebody reactivates it; the connection stays."""
    policy.require(by, Permission.ACCOUNT_MANAGE, account)
    changes = {"suspended_from": comes_from(by, Permission.ACCOUNT_MANAGE, account.unit)}
    return perform(ACCOUNT_LIFECYCLE, "suspend", account, by=by, changes=changes, details={"reason": reason})


@action
def reactivate_account(*, account: Account, by: Person, reason: str) -> Account:
    """By whoever reaches as far as who suspended it, or further."""
    changes = {"suspended_from": None}
    return perform(ACCOUNT_LIFECYCLE, "reactivate", account, by=by, changes=changes, details={"reason": reason})
