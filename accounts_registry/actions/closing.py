"""The end of an account: it closes by an exit plan, whose steps people tick, and then it is archived for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry import in_line
from accounts_registry.actions.connection import forget_credentials
from accounts_registry.actions.holding import locked_for, part
from accounts_registry.enums import ACCOUNT_LIFECYCLE, AccountState
from accounts_registry.enums.closing import ExitStep, InLine
from accounts_registry.models import Account, ExitPlan, ExitStepDone, JustificationDossier, SecurityRecord
from organisation import audit
from organisation.actions import perform
from organisation.audit import action, step
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person

TICKED = audit.tell("account.exit_step_done", _("%(actor)s ticked a step of this account's exit plan"))
UNTICKED = audit.tell("account.exit_step_undone", _("%(actor)s took back a step of this account's exit plan"))


@dataclass(frozen=True)
class Farewell:
    """What an exit plan says. `links` and `successor` are a merger's alone."""

    followers: str
    archive: str
    name: str
    links: str = ""
    successor: Account | None = None
    request: JustificationDossier | None = None


@action
def begin_closing(
    *,
    account: Account,
    by: Person,
    edition: int,
    reason: str,
    followers: str,
    archive: str,
    name: str,
    waiting: str = "",
    seen: str | None = None,
) -> Account:
    """From here on nothing new is scheduled, and the public register says that it closes.

    `followers`, `archive` and `name` say what happens to who follows it, to what it said, and to its name; `waiting`,
    an `InLine`, what becomes of messages that are to go out, where there are any; `seen` stands for those that were
    read. Outdated where the facts, or these messages, are others by now.
    """
    locked = locked_for(account, by, "close", edition=edition)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    plan = Farewell(followers.strip(), archive.strip(), name.strip())
    for field in ("followers", "archive", "name"):
        if not getattr(plan, field):
            raise Refused(_("Say what happens to it."), field=field)
    _require_choice(locked, waiting, seen)
    enter_closing(account=locked, by=by, decided=False, plan=plan, waiting=waiting, reason=reason.strip())
    account.refresh_from_db()
    return locked


def _require_choice(account: Account, waiting: str, seen: str | None) -> None:
    there = in_line.keys(account.pk)
    if seen not in (None, in_line.mark_of(there)):
        raise Outdated(_("What is to go out from this account changed since you opened the page. Look at it again."))
    if there and waiting not in InLine.values:
        raise Refused(_("Say what becomes of the messages that are to go out."), field="waiting")


@step
def enter_closing(
    *, account: Account, by: Person, decided: bool, plan: Farewell, waiting: str, reason: str
) -> ExitPlan:
    """`account`, under lock, begins to close: by its manager, or as the committee decided and `by` recorded."""
    if account.state not in (AccountState.ACTIVE, AccountState.SUSPENDED):
        raise Conflict(account, "close")
    changes: dict[str, Any] = {"lets_out": waiting == InLine.GO_OUT, "edition": account.edition + 1}
    made = ExitPlan.objects.create(
        account=account,
        followers=plan.followers,
        archive=plan.archive,
        name=plan.name,
        links=plan.links,
        successor=plan.successor,
        request=plan.request,
        made_by=by,
    )
    account.exit_plan = made  # as read before there was one
    details = {"reason": reason} | ({"request": plan.request.pk} if plan.request else {})
    if plan.successor is not None:
        details["successor"] = plan.successor.pk
    edge = "wind_down" if decided else "begin_closing"
    perform(ACCOUNT_LIFECYCLE, edge, account, by=None if decided else by, changes=changes, details=details)
    if waiting != InLine.GO_OUT:
        in_line.end(account.pk)
    return made


def _closing(account: Account, by: Person, verb: str, edition: int) -> Account:
    locked = locked_for(account, by, verb, edition=edition)
    if locked.state != AccountState.CLOSING:
        raise Conflict(locked, verb)
    return locked


@action
def tick_exit_step(*, account: Account, by: Person, edition: int, step: str, note: str = "") -> ExitStepDone:
    """Somebody saw that `step` of the exit plan is done, or that there is nothing to do, as `note` may say."""
    locked = _closing(account, by, "tick", edition)
    if step not in ExitStep.values:
        raise Refused(_("The exit plan has no such step."), field="step")
    if len(note.strip()) > 500:
        raise Refused(_("At most %(n)d signs.") % {"n": 500}, field="note")
    done, is_new = ExitStepDone.objects.get_or_create(
        plan=locked.exit_plan, step=step, defaults={"note": note.strip(), "done_by": by}
    )
    if not is_new:
        raise Conflict(locked, "tick")
    audit.record(verb=TICKED, thing=locked, by=by, step=step, note=done.note)
    return done


@action
def untick_exit_step(*, account: Account, by: Person, edition: int, step: str) -> Account:
    """It is not done after all."""
    locked = _closing(account, by, "take back", edition)
    if not ExitStepDone.objects.filter(plan=locked.exit_plan, step=step).delete()[0]:
        raise Conflict(locked, "take back")
    audit.record(verb=UNTICKED, thing=locked, by=by, step=step)
    return locked


@action
def close_account(*, account: Account, by: Person, edition: int) -> Account:
    """For good: the credentials are forgotten, the account stays in the registry's archive with its exit plan.

    Its language pair stands alone from now on. Outdated where its facts are others than in `edition`.
    """
    locked = locked_for(account, by, "close", edition=edition)
    perform(ACCOUNT_LIFECYCLE, "close", locked, by=by, changes={"lets_out": False})
    part(locked.pair, by)
    forget_credentials(locked)
    # Nobody recovers it any more: what would let one in goes with the credentials.
    SecurityRecord.objects.filter(account=locked).update(recovery_phone="", recovery_mail="")
    account.refresh_from_db()
    return locked
