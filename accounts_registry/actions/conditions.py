from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import (
    ACCOUNT_LIFECYCLE,
    CONDITION_LIFECYCLE,
    DOSSIER_LIFECYCLE,
    ConditionState,
    DossierState,
)
from accounts_registry.models import Account, Condition, Decision, JustificationDossier
from accounts_registry.queries.conditions import accounts_to_hold, open_conditions, possible_answerers
from organisation import locks
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.fields import LATEST
from organisation.lifecycle import Conflict, Outdated, Refused
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
        if one["due_on"] >= LATEST.date():
            raise Refused(_("Choose a moment between the years 1900 and 9000."), field="conditions")
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


def _read(condition: Condition, seen: str | None) -> Condition:
    """Behind its lock; Outdated where it was reported otherwise than whoever decides on it read (`Condition.mark`)."""
    locked = locks.take(Condition.objects.select_related("decision__dossier__unit"), condition.pk)
    if seen not in (None, locked.mark) and locked.state == ConditionState.REPORTED:
        raise Outdated(_("This was reported anew since you opened the page. Read it as it stands now, then decide."))
    return locked


@action
def confirm_condition(*, condition: Condition, by: Person, seen: str | None = None) -> Condition:
    """The committee agrees that it is met; with the last one the dossier is approved without any."""
    dossier = JustificationDossier.objects.select_for_update(of=("self",)).get(pk=condition.decision.dossier_id)
    locked = _read(condition, seen)
    met = perform(CONDITION_LIFECYCLE, "confirm", locked, by=by, details={"condition": locked.text})
    condition.refresh_from_db(fields=["state"])
    if dossier.state == DossierState.APPROVED_WITH_CONDITIONS and not open_conditions(dossier).exists():
        perform(DOSSIER_LIFECYCLE, "fulfil", dossier, by=None)
    return met


@action
def send_condition_back(*, condition: Condition, by: Person, reason: str, seen: str | None = None) -> Condition:
    """It is not met yet: whoever answers for it reads why. If its day is over, its account is held."""
    locked = _read(condition, seen)
    details = {"condition": locked.text, "reason": reason}
    back = perform(CONDITION_LIFECYCLE, "send_back", locked, by=by, details=details)
    condition.refresh_from_db(fields=["state"])
    return back


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
