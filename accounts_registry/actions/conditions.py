from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import ACCOUNT_LIFECYCLE, CONDITION_LIFECYCLE, DOSSIER_LIFECYCLE, DossierState
from accounts_registry.models import Account, Condition, Decision, JustificationDossier
from accounts_registry.queries.conditions import accounts_to_hold, open_conditions, possible_answerers
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

MOST = 5


class Asked(TypedDict):
    """A condition as the committee puts it."""

    text: str
    owner: Person
    due_on: date


def require_conditions(dossier: JustificationDossier, conditions: Iterable[Asked]) -> list[Asked]:
    """Those that may be put; Refused in words where one is none."""
    asked = list(conditions)
    today, answerers = database_today(dossier.unit.zone), possible_answerers(dossier.unit)
    if len(asked) > MOST:
        raise Refused(_("At most %(n)d conditions.") % {"n": MOST}, field="conditions")
    for one in asked:
        if not one["text"].strip():
            raise Refused(_("Say what the condition is."), field="conditions")
        if one["due_on"] <= today:
            raise Refused(_("A condition is due on a day that is still to come."), field="conditions")
        if not answerers.filter(pk=one["owner"].pk).exists():
            raise Refused(
                _("%(name)s does not write dossiers for this unit, and could not report the condition as met.")
                % {"name": one["owner"].name},
                field="conditions",
            )
    return asked


def put_conditions(decision: Decision, asked: Iterable[Asked]) -> None:
    """With the decision, which is the event."""
    Condition.objects.bulk_create(
        Condition(decision=decision, text=one["text"].strip(), owner=one["owner"], due_on=one["due_on"])
        for one in asked
    )


@action
def report_condition(*, condition: Condition, by: Person, evidence: str) -> Condition:
    """It is met, and how; the chair looks at it. From now on it holds nothing back."""
    if not evidence.strip():
        raise Refused(_("Say how the condition was met."), field="reason")
    changes: dict[str, Any] = {"evidence": evidence.strip(), "reported_by": by}
    details = {"condition": condition.text, "evidence": evidence.strip()}
    return perform(CONDITION_LIFECYCLE, "report", condition, by=by, changes=changes, details=details)


@action
def confirm_condition(*, condition: Condition, by: Person) -> Condition:
    """The committee agrees that it is met; with the last one the dossier is approved without any."""
    dossier = JustificationDossier.objects.select_for_update(of=("self",)).get(pk=condition.decision.dossier_id)
    met = perform(CONDITION_LIFECYCLE, "confirm", condition, by=by, details={"condition": condition.text})
    if dossier.state == DossierState.APPROVED_WITH_CONDITIONS and not open_conditions(dossier).exists():
        perform(DOSSIER_LIFECYCLE, "fulfil", dossier, by=None)
    return met


@action
def send_condition_back(*, condition: Condition, by: Person, reason: str) -> Condition:
    """It is not met yet: whoever answers for it reads why. If its day is over, its account is held."""
    details = {"condition": condition.text, "reason": reason}
    return perform(CONDITION_LIFECYCLE, "send_back", condition, by=by, details=details)


def hold_overdue() -> int:
    """Suspends each active account of which a condition is overdue, in a transaction of its own; how many."""
    return sum(_held(account) for account in accounts_to_hold())


def _held(account: Account) -> bool:
    try:
        hold_account(account=account)
    except (Refused, Conflict):  # reported or suspended meanwhile, or its day is not over where its unit works
        return False
    return True


@action
def hold_account(*, account: Account) -> Account:
    return perform(ACCOUNT_LIFECYCLE, "hold", account, by=None)
