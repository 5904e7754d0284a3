from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.connection import forget_credentials
from accounts_registry.enums import ACCOUNT_LIFECYCLE, Duration
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.homes import home_of
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.queries.units import comes_from

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
        review_on=_first_review(dossier.review_on, dossier),
    )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise Refused(_("The registry already holds an account of this name on this network.")) from None
    if account.pair is not None:
        Account.objects.filter(pk=account.pair.pk, pair__isnull=True).update(pair=account)
    audit.record(verb=OPENED, thing=account, by=None, dossier=dossier.pk)
    perform(ACCOUNT_LIFECYCLE, "activate", account, by=None)
    return account


def _first_review(planned: date, dossier: JustificationDossier) -> date:
    """What is opened for a campaign or on trial is looked at on its last day, if not before."""
    ends = dossier.answers.get("ends_on") if dossier.answers.get("duration") != Duration.PERMANENT else None
    return min(planned, date.fromisoformat(ends)) if ends else planned


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


@action
def close_account(*, account: Account, by: Person, reason: str) -> Account:
    """For good: the credentials are forgotten, the account stays in the registry's archive."""
    closed = perform(ACCOUNT_LIFECYCLE, "close", account, by=by, details={"reason": reason})
    forget_credentials(closed)
    account.refresh_from_db()
    return closed
