"""Conditions that the registry adds to permissions, and the guards of its lifecycles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from rules.predicates import predicate

from accounts_registry import in_line
from accounts_registry.enums import (
    ABUSE_LIFECYCLE,
    ACCOUNT_LIFECYCLE,
    CONDITION_LIFECYCLE,
    DOSSIER_LIFECYCLE,
    SIGHTING_LIFECYCLE,
    Duration,
    RequestType,
    SightingState,
)
from accounts_registry.enums.audit import IMPORT_LIFECYCLE
from accounts_registry.enums.comment import COMMENT_LIFECYCLE
from accounts_registry.enums.finding import FINDING_LIFECYCLE
from accounts_registry.enums.security import SECURITY_EXCEPTION_LIFECYCLE
from accounts_registry.models import (
    AbuseCase,
    Account,
    Condition,
    DossierComment,
    Finding,
    JustificationDossier,
    ListImport,
    SecurityException,
    Sighting,
    WrittenProcedure,
)
from accounts_registry.queries.audits import decided_on, standing_on
from accounts_registry.queries.closing import steps_left
from accounts_registry.queries.committee import has_written, root_path, stands_aside, votes_here
from accounts_registry.queries.conditions import open_conditions, overdue_conditions
from accounts_registry.queries.dossiers import missing_answers, namesake
from accounts_registry.queries.requests import against_request
from accounts_registry.queries.sightings import OPEN, keys_of, own_account
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.models import Person
from organisation.policy import SUSPENDED_ABOVE, allows, condition, require
from organisation.queries.authority import same_hand
from organisation.roles import permissions_of

SHORTEST_TRIAL, LONGEST_TRIAL = timedelta(days=89), timedelta(days=185)


@predicate
def sits_on_the_committee(person: Person, thing: Any) -> bool:
    """Holds the vote at the root of the thing's organisation; a grant further down is no seat."""
    return _holds_at_the_root(person, Permission.DOSSIER_VOTE, thing)


@predicate
def chairs_the_committee(person: Person, thing: Any) -> bool:
    """Likewise: a chair further down leads no committee, and settles no tie of the one that there is."""
    return _holds_at_the_root(person, Permission.DOSSIER_DECIDE, thing)


def _holds_at_the_root(person: Person, permission: Permission, thing: Any) -> bool:
    root = root_path(thing.unit)
    return any(path == root and permission in permissions_of([role]) for role, path in person.held_grants())


def _dossier_of(thing: Any) -> JustificationDossier | None:
    """What is voted or decided on, itself or by way of what hangs on it."""
    dossier = thing.decision.dossier if isinstance(thing, Condition) else thing
    dossier = thing.dossier if isinstance(thing, WrittenProcedure) else dossier
    return dossier if isinstance(dossier, JustificationDossier) else None


@predicate
def has_a_seat(person: Person, thing: Any) -> bool:
    """On a dossier: sat on the committee when it passed there. Who came later votes on the next one."""
    dossier = _dossier_of(thing)
    return dossier is None or votes_here(person, dossier)


@predicate
def has_no_stake(person: Person, thing: Any) -> bool:
    dossier = _dossier_of(thing)
    return dossier is None or not stands_aside(person, dossier)


@predicate
def wrote_nothing_of_it(person: Person, thing: Any) -> bool:
    dossier = _dossier_of(thing)
    return dossier is None or not has_written(person, dossier)


@predicate
def would_not_hold_it(person: Person, thing: Any) -> bool:
    holders = thing.holders if isinstance(thing, JustificationDossier) else ()
    return not any(same_hand(person, one) for one in holders)


OF_ONE_HAND = _("You wrote this dossier, or count as who wrote it: somebody else has to do this.")
AT_THE_TOP = _("A seat on the committee is held at the top of the organisation: held further down it is none.")
NOT_ONES_OWN = _("Not of a dossier that one wrote, or counts as who wrote.")
condition(Permission.DOSSIER_VOTE, sits_on_the_committee, why=AT_THE_TOP)
condition(Permission.DOSSIER_VOTE, has_no_stake, rule=_("Not on a dossier in which one has a stake."))
condition(
    Permission.DOSSIER_VOTE,
    has_a_seat,
    why=_("You had no seat when this dossier passed to the committee."),
    rule=_("As somebody who had a seat when the dossier passed to the committee."),
)
condition(Permission.DOSSIER_ADVISE, wrote_nothing_of_it, why=OF_ONE_HAND, rule=NOT_ONES_OWN)
condition(
    Permission.DOSSIER_ADVISE,
    would_not_hold_it,
    why=_("You would hold this account, or count as who would: somebody else advises on it."),
    rule=_("Not on an account that one would hold."),
)
condition(Permission.DOSSIER_CHECK, chairs_the_committee, why=AT_THE_TOP)
condition(Permission.DOSSIER_CHECK, wrote_nothing_of_it, why=OF_ONE_HAND, rule=NOT_ONES_OWN)
condition(Permission.DOSSIER_DECIDE, chairs_the_committee, why=AT_THE_TOP)
condition(Permission.DOSSIER_DECIDE, wrote_nothing_of_it, why=OF_ONE_HAND, rule=NOT_ONES_OWN)


@ACCOUNT_LIFECYCLE.guard("dossier_approved")
def dossier_approved(account: Account, by: Any) -> Iterator[Any]:
    if not account.dossier.is_approved:
        yield _("No approved dossier stands behind this account.")


@ACCOUNT_LIFECYCLE.guard("term_is_over")
def term_is_over(account: Account, by: Any) -> Iterator[Any]:
    if not account.is_over:
        yield _("Its last day has not passed.")


@ACCOUNT_LIFECYCLE.guard("may_come_back")
def may_come_back(account: Account, by: Any) -> Iterator[Any]:
    """A suspension is a freeze of one account: lifted from where it was placed, or above, once nothing is overdue. What
    is over begins anew by its review alone."""
    yield from dossier_approved(account, by)
    if account.is_over:
        yield _("Its trial or campaign is over. Renew the account, with what came of it, or close it.")
    for one in overdue_conditions(account):
        yield _("A condition of the committee is overdue: %(text)s") % {"text": one.text}
    if not allows(by, Permission.ACCOUNT_MANAGE, account.suspended_from or account.unit):
        yield SUSPENDED_ABOVE


@ACCOUNT_LIFECYCLE.guard("condition_overdue")
def condition_overdue(account: Account, by: Any) -> Iterator[Any]:
    if not overdue_conditions(account):
        yield _("No condition of the committee is overdue.")


@ACCOUNT_LIFECYCLE.guard("may_be_closed")
def may_be_closed(account: Account, by: Any) -> Iterator[Any]:
    """What was suspended above is no more ended from below than it is brought back: it may be kept for an inquiry."""
    if account.suspended_from is not None and not allows(by, Permission.ACCOUNT_MANAGE, account.suspended_from):
        yield SUSPENDED_ABOVE


@ACCOUNT_LIFECYCLE.guard("closing_was_decided")
def closing_was_decided(account: Account, by: Any) -> Iterator[Any]:
    request = account.exit_plan.request if hasattr(account, "exit_plan") else None
    if request is None or not request.is_approved:
        yield _("The committee has not decided that this account closes.")


@ACCOUNT_LIFECYCLE.guard("exit_plan_done")
def exit_plan_done(account: Account, by: Any) -> Iterator[Any]:
    """Every step is ticked, and nothing is still to go out."""
    yield from may_be_closed(account, by)
    if left := steps_left(account):
        yield _("Not every step of the exit plan is done: %(steps)s.") % {"steps": ", ".join(left)}
    if waiting := len(in_line.keys(account.pk)):
        yield ngettext_lazy(
            "%(n)d message is still to go out. Wait for it, or withdraw it.",
            "%(n)d messages are still to go out. Wait for them, or withdraw them.",
            waiting,
        ) % {"n": waiting}


def holds(person: Any, account: Account) -> bool:
    """True for the two who answer for it."""
    return isinstance(person, Person) and person.pk in (account.owner_id, account.backup_holder_id)


def require_holder(person: Person, account: Account) -> None:
    """PermissionDenied for everybody but the two who answer for `account`: nobody else can say that its facts hold."""
    require(person, Permission.ACCOUNT_VIEW, account)
    if not holds(person, account):
        raise PermissionDenied(_("Only the owner or the backup holder confirms the facts of an account."))


@DOSSIER_LIFECYCLE.guard("complete")
def complete(dossier: JustificationDossier, by: Any) -> Iterator[Any]:
    if missing := missing_answers(dossier):
        yield _("Still missing: %(what)s.") % {"what": ", ".join(missing)}
    if dossier.review_on is not None and dossier.review_on <= database_today(dossier.unit.zone):
        yield _("The review date lies in the past. Choose a later one.")
    yield from _ends_in_time(dossier)
    for holder in (dossier.owner, dossier.backup_holder):
        if holder is not None and not holder.is_active:
            yield _("%(name)s is suspended and cannot hold an account.") % {"name": holder.name}
    yield from against_request(dossier)
    if (dossier.opens_an_account or dossier.request_type == RequestType.RENAME) and (found := namesake(dossier)):
        yield _("The registry already holds %(account)s.") % {"account": found.label}
    if dossier.pair_of is not None and set(dossier.pair_of.languages) & set(dossier.languages):
        yield _("An account and its language pair speak different languages.")


def _ends_in_time(dossier: JustificationDossier) -> Iterator[Any]:
    """A trial lasts three to six months; whatever has an end has it before it begins anew as something else."""
    duration, ends = dossier.answers.get("duration"), dossier.answers.get("ends_on")
    if duration not in (Duration.CAMPAIGN, Duration.TRIAL) or not ends:
        return
    last, today = date.fromisoformat(ends), database_today(dossier.unit.zone)
    if last <= today:
        yield _("The last day lies in the past. Choose a later one.")
    elif duration == Duration.TRIAL and not SHORTEST_TRIAL <= last - today <= LONGEST_TRIAL:
        yield _("A trial lasts three to six months from now: choose another last day.")


@COMMENT_LIFECYCLE.guard("settled_by_the_concerned")
def settled_by_the_concerned(comment: DossierComment, by: Person) -> Iterator[Any]:
    writes = (Permission.DOSSIER_WRITE, Permission.DOSSIER_CHECK)
    if not same_hand(by, comment.author) and not any(allows(by, one, comment.dossier) for one in writes):
        yield _("A comment is settled by who wrote it, who writes the dossier, or who checks it.")


@COMMENT_LIFECYCLE.guard("own_words")
def own_words(comment: DossierComment, by: Person) -> Iterator[Any]:
    if by.pk != comment.author_id:
        yield _("Only who wrote a comment withdraws it.")


@DOSSIER_LIFECYCLE.guard("every_condition_met")
def every_condition_met(dossier: JustificationDossier, by: Any) -> Iterator[Any]:
    if open_conditions(dossier).exists():
        yield _("Not every condition of the committee is met yet.")


@DOSSIER_LIFECYCLE.guard("first_appeal")
def first_appeal(dossier: JustificationDossier, by: Any) -> Iterator[Any]:
    if dossier.appeal:
        yield _("The committee has decided on an appeal already: there is one.")


@CONDITION_LIFECYCLE.guard("reported_by_another")
def reported_by_another(condition: Condition, by: Person) -> Iterator[Any]:
    if condition.reported_by is not None and same_hand(by, condition.reported_by):
        yield _("You reported it, or count as who did: somebody else confirms that it is met.")


AUDIT_CLOSED = _("This audit is closed: what it found stays as it is.")


@IMPORT_LIFECYCLE.guard("audit_open")
def audit_open(given: ListImport, by: Any) -> Iterator[Any]:
    if not given.audit.is_open:
        yield AUDIT_CLOSED


@FINDING_LIFECYCLE.guard("of_an_open_audit")
def of_an_open_audit(finding: Finding, by: Any) -> Iterator[Any]:
    if not finding.audit.is_open:
        yield AUDIT_CLOSED


@IMPORT_LIFECYCLE.guard("still_as_tried")
def still_as_tried(given: ListImport, by: Any) -> Iterator[Any]:
    yield from audit_open(given, by)
    if given.tried_at_edition != given.audit.edition:
        yield _("Another list was taken over or undone meanwhile. Try this one again to see what it changes now.")


@IMPORT_LIFECYCLE.guard("nothing_stands_on_it")
def nothing_stands_on_it(given: ListImport, by: Any) -> Iterator[Any]:
    yield from audit_open(given, by)
    if decided := decided_on(given):
        yield _("Findings about accounts that it brought were decided already (%(many)d): this import stays.") % {
            "many": decided
        }
    for later in standing_on(given)[:5]:
        yield _("“%(name)s” was taken over later and tells of the same accounts: undo it first.") % {"name": later.name}


# ---- Security -------------------------------------------------------------------------------------------------------
def keeps_security(person: Any, account: Account) -> bool:
    """True for who manages the account, and for who answers for security there."""
    return allows(person, Permission.ACCOUNT_MANAGE, account) or allows(person, Permission.SECURITY_MANAGE, account)


def require_security(person: Person, account: Account) -> None:
    """PermissionDenied for whoever does not keep what is known of the account's security."""
    answers = allows(person, Permission.SECURITY_MANAGE, account)
    require(person, Permission.SECURITY_MANAGE if answers else Permission.ACCOUNT_MANAGE, account)


def sees_recovery(person: Any, account: Account) -> bool:
    """True for who manages access to the account: its recovery addresses open it to whoever holds them."""
    return keeps_security(person, account) or allows(person, Permission.ACCOUNT_CONNECT, account)


@SECURITY_EXCEPTION_LIFECYCLE.guard("second_person_in_time")
def second_person_in_time(exception: SecurityException, by: Any) -> Iterator[Any]:
    if same_hand(by, exception.asked_by):
        yield _("You asked for this exception, or count as who did: a second person has to accept it.")
    if exception.until < exception.account.today:
        yield _("Its day is over: it has to be asked for again.")


@SECURITY_EXCEPTION_LIFECYCLE.guard("time_is_over")
def time_is_over(exception: SecurityException, by: Any) -> Iterator[Any]:
    if exception.until >= exception.account.today:
        yield _("Its day is not over.")


# ---- Sightings and the abuse register -------------------------------------------------------------------------------
@SIGHTING_LIFECYCLE.guard("is_wild")
def is_wild(sighting: Sighting, by: Any) -> Iterator[Any]:
    if not sighting.is_wild:
        yield _("This was reported as an impersonation: enter it in the abuse register, or close it.")


@SIGHTING_LIFECYCLE.guard("still_known")
def still_known(sighting: Sighting, by: Any) -> Iterator[Any]:
    if not sighting.key:
        yield _("Which account it was is no longer kept: report it again.")
    elif _reported_again(sighting):
        yield _("This account was reported again meanwhile: go on there.")


def _reported_again(sighting: Sighting) -> bool:
    others = Sighting.objects.filter(unit=sighting.unit, key=sighting.key).exclude(pk=sighting.pk)
    return others.filter(state__in=[*OPEN, SightingState.REGISTERED]).exists()


@ABUSE_LIFECYCLE.guard("names_an_account")
def names_an_account(case: AbuseCase, by: Any) -> Iterator[Any]:
    if not case.sighting.key:
        yield _("Which account it was is no longer kept: report it again.")


@ABUSE_LIFECYCLE.guard("seen_by_two")
def seen_by_two(case: AbuseCase, by: Any) -> Iterator[Any]:
    """The public register will say it of somebody: two people stand behind it, and it is none of ours."""
    yield from names_an_account(case, by)
    if same_hand(by, case.reported_by):
        yield _("You reported this account, or count as who did: a second person has to confirm that it poses as us.")
    if own := own_account(keys_of(case.sighting), case.sighting.network):
        yield _("This is our own account: %(account)s stands in the registry.") % {"account": own.label}
