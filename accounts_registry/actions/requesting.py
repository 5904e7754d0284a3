"""What the committee is asked about an account that stands: another name, other holders, a merger, its end."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.dossiers import BEGUN, fill
from accounts_registry.enums.questions import OPENING, RequestType
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.requests import ALIVE_STATES
from organisation import audit, locks, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person


@action
def request_about(*, account: Account, request_type: str, by: Person, **answers: Any) -> JustificationDossier:
    """A draft of the account's unit that asks the committee for `request_type`; holes are allowed, as in any draft.

    Refused where the same is asked of it already; Conflict where it closes, or is closed.
    """
    locked = locks.take(Account.objects.select_related("unit"), account.pk)
    policy.require(by, Permission.DOSSIER_WRITE, locked.unit)
    if locked.state not in ALIVE_STATES:
        raise Conflict(locked, "ask for")
    if request_type not in RequestType.values or request_type in OPENING:
        raise Refused(_("Choose what you ask for."), field="request_type")
    dossier = JustificationDossier(
        unit=locked.unit,
        requested_by=by,
        request_type=request_type,
        about=locked,
        platform=locked.network,
        server=locked.base_url,
        proposed_handle="" if request_type == RequestType.RENAME else locked.handle.lower(),
    )
    fill(dossier, by, answers)
    try:
        with transaction.atomic():
            dossier.save()
    except IntegrityError:
        raise Refused(_("The same is asked for this account already: go on with that request.")) from None
    audit.record(verb=BEGUN, thing=dossier, by=by, account=locked.pk, request=request_type)
    return dossier
