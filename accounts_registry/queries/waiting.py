"""What of the registry waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState, ConditionState, ConnectionState, DossierState
from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account, CommitteeSeat, Condition, JustificationDossier, Vote
from accounts_registry.queries.abuse_waiting import abuse_to_settle
from accounts_registry.queries.advice import to_advise
from accounts_registry.queries.closing import closing_waiting
from accounts_registry.queries.committee import Tally, stands_aside, tally
from accounts_registry.queries.consulting import to_be_heard
from accounts_registry.queries.dossiers import visible_dossiers
from accounts_registry.queries.frames import NOT_DECIDED_ON, NOT_VOTED_ON
from accounts_registry.queries.life import (
    ORPHANED,
    REVIEW_NOTICE,
    UNCONFIRMED,
    UNTAKEN,
    Due,
    dues,
    held_by,
    of_the_name,
    review_until,
    with_dues,
)
from accounts_registry.queries.security import UNATTESTED
from accounts_registry.queries.security_waiting import security_to_settle
from accounts_registry.queries.session_waiting import sessions_waiting
from accounts_registry.queries.spending import MonthSoFar, charging_networks, months_so_far
from accounts_registry.queries.standing import standing
from accounts_registry.queries.versions import ending_versions
from organisation.dates import dated
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.prepared import Slot
from organisation.queries import for_each_reader, within
from organisation.queries.units import reach
from organisation.queries.waiting import Waiting


def waiting_for(person: Person) -> list[Waiting]:
    """Sessions of the committee; dossiers to complete, check, vote on or decide; accounts to connect, mend or review;
    abuse; versions that end."""
    dossiers = [*_to_complete(person), *_to_check(person), *to_advise(person), *_with_the_committee(person)]
    accounts = [*_conditions(person), *_accounts(person), *_budgets(person), *closing_waiting(person)]
    rest = [*to_be_heard(person), *abuse_to_settle(person), *security_to_settle(person)]
    return [*sessions_waiting(person), *dossiers, *accounts, *rest, *ending_versions(person, timezone.localdate())]


def awaiting_vote(person: Person) -> QuerySet[JustificationDossier]:
    """Dossiers before the committee on which `person` sits, has no stake and has not voted yet."""
    dossiers = JustificationDossier.objects.filter(
        _of_the_committee(person, Permission.DOSSIER_VOTE), state=DossierState.IN_REVIEW
    )
    voted = Vote.objects.filter(member=person, dossier=OuterRef("pk"), round=OuterRef("round"))
    seated = CommitteeSeat.objects.filter(member=person, stands_aside=False, round=F("dossier__round"))
    return (
        dossiers.exclude(Exists(voted))
        .exclude(NOT_VOTED_ON)
        .filter(pk__in=seated.values("dossier_id"))
        .exclude(unit=person.unit_id)
        .exclude(Q(requested_by=person) | Q(editors=person))
        .select_related("unit")
        .order_by("submitted_at")
    )


def awaiting_decision(person: Person) -> list[tuple[JustificationDossier, Tally]]:
    """Dossiers whose votes have an outcome that `person`, as chair, may record."""
    counted = [(dossier, tally(dossier)) for dossier in _before_the_chair(person)]
    return [(dossier, votes) for dossier, votes in counted if votes.outcome(person) is not None]


@for_each_reader
def _before_the_chair(person: Person) -> QuerySet[JustificationDossier, JustificationDossier]:
    before_us = _of_others(person, Permission.DOSSIER_DECIDE).filter(state=DossierState.IN_REVIEW)
    return before_us.exclude(NOT_DECIDED_ON)


def _of_others(person: Person, permission: Permission) -> QuerySet[JustificationDossier]:
    """Those of which the person wrote nothing."""
    theirs = JustificationDossier.objects.filter(_of_the_committee(person, permission))
    theirs = theirs.exclude(Q(requested_by=person) | Q(editors=person))
    return theirs.select_related("unit").order_by("submitted_at")


def _of_the_committee(person: Person, permission: Permission) -> Q:
    """Dossiers of the organisations at whose root the person holds `permission`: further down is no committee."""
    mine = Q(pk__in=[])
    for path in reach(person, permission):
        if len(path) == Unit.steplen:
            mine |= Q(unit__path__startswith=path)
    return mine


def _url(dossier: JustificationDossier) -> str:
    return reverse("accounts_registry:dossier_detail", args=[dossier.pk])


def _to_complete(person: Person) -> Iterator[Waiting]:
    for dossier in _incomplete(person):
        returned = dossier.state == DossierState.RETURNED
        detail = _("The committee returned your dossier") if returned else _("Your dossier is not submitted yet")
        yield Waiting(dossier.title, detail, _url(dossier), _("Complete the dossier"), weight=2 if returned else 0)


@for_each_reader
def _incomplete(person: Person) -> QuerySet[JustificationDossier, JustificationDossier]:
    return visible_dossiers(person).filter(
        requested_by=person, state__in=[DossierState.DRAFT, DossierState.RETURNED], unit__in=_writing(person)
    )


def _writing(person: Person) -> QuerySet[Unit]:
    return Unit.objects.filter(within(person, Permission.DOSSIER_WRITE, field=""))


def _to_check(person: Person) -> Iterator[Waiting]:
    for dossier in _submitted(person):
        detail = _("%(unit)s submitted a dossier") % {"unit": dossier.unit.name}
        yield Waiting(dossier.title, detail, _url(dossier), _("Check the dossier"), weight=1)


@for_each_reader
def _submitted(person: Person) -> QuerySet[JustificationDossier, JustificationDossier]:
    return _of_others(person, Permission.DOSSIER_CHECK).filter(state=DossierState.SUBMITTED)


_to_vote_on = for_each_reader(awaiting_vote)


def _with_the_committee(person: Person) -> Iterator[Waiting]:
    deciding = awaiting_decision(person)
    for dossier in _to_vote_on(person):
        asks = _("%(unit)s asks for an account") if dossier.opens_an_account else _("%(unit)s asks about an account")
        detail = asks % {"unit": dossier.unit.name}
        yield Waiting(dossier.title, detail, _url(dossier), _("Vote on the dossier"), weight=1)
    for dossier, votes in deciding:
        figures = {"for": votes.votes_for, "against": votes.votes_against}
        detail = _("The committee has voted: %(for)d for, %(against)d against") % figures
        yield Waiting(dossier.title, detail, _url(dossier), _("Record the decision"), weight=2)


def _conditions(person: Person) -> Iterator[Waiting]:
    """Those that the person answers for, and those that are reported and that they, as chair, confirm."""
    for one in _answered_for(person):
        url = _url(one.decision.dossier) + "#conditions"
        detail = _("A condition of the committee is due on %(day)s") % {"day": dated(one.due_on, "j F Y")}
        yield Waiting(one.decision.dossier.title, detail, url, _("Report the condition as met"), weight=2)
    for one in _reported(person):
        url = _url(one.decision.dossier) + "#conditions"
        said = _("A condition of the committee is reported as met")
        yield Waiting(one.decision.dossier.title, said, url, _("Confirm the condition"), weight=1)


@for_each_reader
def _answered_for(person: Person) -> QuerySet[Condition, Condition]:
    mine = Condition.objects.filter(
        owner=person, state=ConditionState.OPEN, decision__dossier__unit__in=_writing(person)
    )
    return mine.select_related("decision__dossier").order_by("due_on", "pk")


@for_each_reader
def _reported(person: Person) -> QuerySet[Condition, Condition]:
    before_me = _of_others(person, Permission.DOSSIER_DECIDE)
    reported = Condition.objects.filter(state=ConditionState.REPORTED, decision__dossier__in=before_me)
    return reported.exclude(reported_by=person).select_related("decision__dossier").order_by("due_on", "pk")


def _accounts(person: Person) -> Iterator[Waiting]:
    for account in _connectable(person):
        yield from _to_connect(account)
    today = timezone.localdate()
    for account in _managed(person, by=today + REVIEW_NOTICE):
        for due in dues(account, today):
            if due.by == "manager":
                yield _of_its_life(account, due)
    for account in _held(person):
        for due in dues(account, today):
            if due.by == "holder":
                yield _of_its_life(account, due)


def _of_its_life(account: Account, due: Due) -> Waiting:
    """Where the act is a form: there; where it is one button, the account's page has it beside what it is about."""
    page = reverse("accounts_registry:account_detail", args=[account.pk])
    url = f"{page}#due" if due.by == "holder" else reverse(f"accounts_registry:{due.view}", args=[account.pk])
    return Waiting(account.label, due.words, url, due.act, weight=due.weight)


@for_each_reader
def _connectable(person: Person) -> QuerySet[Account, Account]:
    active = Account.objects.filter(within(person, Permission.ACCOUNT_CONNECT), state=AccountState.ACTIVE)
    return active.select_related("unit").prefetch_related("accesses", "revocations")


@for_each_reader
def _managed(person: Person) -> QuerySet[Account, Account]:
    theirs = Account.objects.filter(within(person, Permission.ACCOUNT_MANAGE))
    due = review_until(Slot("by", DateField())) | ORPHANED | UNCONFIRMED | UNATTESTED
    return with_dues(theirs.filter(due)).order_by("pk")


@for_each_reader
def _held(person: Person) -> QuerySet[Account, Account]:
    theirs = Account.objects.filter(within(person, Permission.ACCOUNT_VIEW), held_by(person))
    return with_dues(theirs.filter(UNCONFIRMED | UNTAKEN)).order_by("pk")


def _to_connect(account: Account) -> Iterator[Waiting]:
    """What stands in the way of sending and reading, or soon will. A network that is away is nobody's task."""
    found = standing(account)
    for due in of_the_name(account):
        yield Waiting(
            account.label, due.words, reverse("accounts_registry:account_connect", args=[account.pk]), due.act, weight=2
        )
    if found.state == ConnectionState.CONNECTED:
        return
    url = reverse("accounts_registry:account_connect", args=[account.pk])
    if found.state == ConnectionState.DISCONNECTED:
        yield Waiting(account.label, _("Approved, but not connected yet"), url, _("Connect the account"), weight=1)
    elif found.state == ConnectionState.BROKEN:
        yield Waiting(account.label, found.sentences[0], url, _("Connect the account"), weight=3)
    elif found.state == ConnectionState.HALF_CONNECTED:
        yield Waiting(account.label, " ".join(found.sentences[:2]), url, _("Connect the account"), weight=3)
    else:
        yield Waiting(account.label, found.sentences[-1], url, _("Connect the account again"), weight=2)


def is_to_vote(person: Person, dossier: JustificationDossier) -> bool:
    """True when the dossier is before the committee and `person` neither stands aside nor has voted."""
    return not stands_aside(person, dossier) and awaiting_vote(person).filter(pk=dossier.pk).exists()


# ---- Money ----------------------------------------------------------------------------------------------------------
def stopped_sentence(so_far: MonthSoFar) -> str:
    """What has stopped for want of money, and until when; empty while nothing has."""
    facts = {"account": so_far.account.label, "day": dated(so_far.ends, "j F")}
    if so_far.limit is None:
        return gettext("%(account)s is not read and cannot send: nobody has set a budget for it.") % facts
    if not so_far.stop(Spent.READING):
        return ""
    if so_far.stop(Spent.ANSWER):
        told = gettext(
            "Reading of %(account)s stopped, and so did sending: the month's budget is used up until %(day)s."
        )
        return told % facts
    return (
        gettext("Reading of %(account)s stopped: the month's budget is used up until %(day)s; answering goes on.")
        % facts
    )


def stopped_accounts(accounts: QuerySet[Account]) -> list[MonthSoFar]:
    """Of `accounts` the active, connected ones for which something has stopped for want of money."""
    able = accounts.filter(
        network__in=charging_networks(), state=AccountState.ACTIVE, connection_state=ConnectionState.CONNECTED
    )
    months = months_so_far(able.select_related("unit").order_by("pk"), timezone.now())
    return [so_far for so_far in months.values() if so_far.stop(Spent.READING)]


def _budgets(person: Person) -> Iterator[Waiting]:
    for so_far in stopped_accounts(Account.objects.filter(within(person, Permission.ACCOUNT_MANAGE))):
        url = reverse("accounts_registry:account_detail", args=[so_far.account.pk]) + "#budget"
        act = _("Set a budget") if so_far.limit is None else _("Look at the budget")
        yield Waiting(so_far.account.label, stopped_sentence(so_far), url, act, weight=2)
