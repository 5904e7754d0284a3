"""What an approval of the committee does: an account is opened, or the one that was asked about is changed by the
acts that its manager has too, in its own story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.accounts import open_account
from accounts_registry.actions.closing import Farewell, enter_closing
from accounts_registry.actions.handing_over import hand_over_decided
from accounts_registry.actions.holding import decided_on
from accounts_registry.enums.questions import RequestType
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.naming import renamed_by
from organisation import audit
from organisation.audit import step
from organisation.lifecycle import Refused
from organisation.models import Person

RENAMING = audit.tell("account.rename_approved", _("The committee approved another name for this account"))


@step
def carry_out(*, dossier: JustificationDossier, by: Person, reason: str) -> None:
    """Does what the approved `dossier`, under lock, asks for; `by` recorded the decision, for `reason`.

    Refused where the account does not stand as it did: the committee then looks at the request again.
    """
    if dossier.opens_an_account:
        open_account(dossier=dossier)
        return
    assert dossier.about is not None
    account = decided_on(dossier.about)
    _ACTS[dossier.request_type](dossier, account, by, reason)


def _rename(dossier: JustificationDossier, account: Account, by: Person, reason: str) -> None:
    """The name is expected from here on. What the network tells already is it at once; anything else, once it does."""
    account.expected_handle, account.edition = dossier.proposed_handle, account.edition + 1
    told = account.told_handle
    written = {"expected_handle", "edition", *renamed_by(account, told)} if told else {"expected_handle", "edition"}
    try:
        with transaction.atomic():
            account.save(update_fields=sorted(written))
    except IntegrityError:
        raise Refused(_("The registry already holds an account of this name on this network.")) from None
    audit.record(
        verb=RENAMING, thing=account, by=by, dossier=dossier.pk, reason=reason, expected=dossier.proposed_handle
    )


def _hand_over(dossier: JustificationDossier, account: Account, by: Person, reason: str) -> None:
    assert dossier.owner is not None
    assert dossier.backup_holder is not None
    hand_over_decided(account=account, by=by, reason=reason, owner=dossier.owner, backup_holder=dossier.backup_holder)


def _end(dossier: JustificationDossier, account: Account, by: Person, reason: str) -> None:
    said: dict[str, Any] = dossier.answers
    plan = Farewell(
        said["exit_followers"],
        said["exit_archive"],
        said["exit_name"],
        said.get("exit_links", ""),
        dossier.successor,
        dossier,
    )
    enter_closing(account=account, by=by, decided=True, plan=plan, waiting=said["exit_in_line"], reason=reason)


_ACTS: dict[str, Callable[[JustificationDossier, Account, Person, str], None]] = {
    RequestType.RENAME: _rename,
    RequestType.CHANGE_OWNER: _hand_over,
    RequestType.MERGE: _end,
    RequestType.CLOSE: _end,
}
