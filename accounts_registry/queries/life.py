"""What is due in the life of an account, and by whom it is done: each with the act that satisfies it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Greatest, Now
from django.db.models.lookups import LessThan, LessThanOrEqual
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_registry.enums import AccountState, Term
from accounts_registry.models import Account, Handover
from accounts_registry.queries.security import UNATTESTED
from organisation.dates import dated
from organisation.models import AuditEvent, Fact, Person

REVIEW_NOTICE = timedelta(days=30)
REVIEW_MONTHS = 12  # at most from one review to the next
TRIAL_MONTHS = (3, 6)
UNCONFIRMED_AFTER = timedelta(days=183)  # half a year without a word from anybody who answers for it

ALIVE = Q(state__in=[AccountState.ACTIVE, AccountState.SUSPENDED])
# Nobody has looked at its facts for half a year. What is unknown counts as long ago as the account itself.
UNCONFIRMED = ALIVE & Q(
    LessThanOrEqual(Greatest("confirmed_at", "reviewed_at", "created_at"), Now() - UNCONFIRMED_AFTER)
)
# Who came in by the latest handover has not said that they answer for it.
UNTAKEN = ALIVE & Q(
    Exists(
        Handover.objects.filter(
            account=OuterRef("pk"),
            owner=OuterRef("owner"),
            backup_holder=OuterRef("backup_holder"),
            taken_at__isnull=True,
        )
    )
)
ORPHANED = ALIVE & (Q(owner__is_active=False) | Q(backup_holder__is_active=False))
# Suspended by no person, and its last day has passed: zones are fourteen hours ahead at most.
OVER = Q(
    LessThan(F("ends_on"), Cast(Now() + timedelta(hours=14), DateField())),
    state=AccountState.SUSPENDED,
    suspended_from__isnull=True,
)
RENAMED = ALIVE & ~Q(told_handle="")


def review_until(day: Any) -> Q:
    """Their review is due on `day` or before."""
    return ALIVE & Q(review_on__lte=day)


def with_dues(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The same with what `dues` needs to know of each."""
    flags = {"is_unconfirmed": UNCONFIRMED, "is_untaken": UNTAKEN, "is_unattested": UNATTESTED}
    told = {
        name: Case(When(found, then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, found in flags.items()
    }
    return accounts.annotate(**told).select_related("unit", "owner", "backup_holder")


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def review_window(term: str, today: date) -> tuple[date, date]:
    """The first and the last day for which the next review may be set: of a trial it is its last day."""
    if term == Term.TRIAL:
        return months_after(today, TRIAL_MONTHS[0]), months_after(today, TRIAL_MONTHS[1])
    return today + timedelta(days=1), months_after(today, REVIEW_MONTHS)


@dataclass(frozen=True)
class Due:
    """One thing to do: `view` is the address of the act, named `act`, which takes it away. `by` says whose it is:
    "manager", "holder" or "connector"; `weight` as in `organisation.queries.waiting`."""

    words: str
    act: str | Promise
    view: str
    by: str
    weight: int = 0


_RENEW, _HAND_OVER = gettext_lazy("Renew the account"), gettext_lazy("Hand the account over")


def dues(account: Account, today: date) -> Iterator[Due]:
    """What is due with `account`, of `with_dues`; the most pressing first."""
    yield from _of_the_review(account, today)
    for holder in (account.owner, account.backup_holder):
        if not holder.is_active:
            said = _("%(name)s answers for it and is suspended") % {"name": holder.name}
            yield Due(said, _HAND_OVER, "account_hand_over", "manager", 2)
    yield from of_the_name(account)
    yield from _of_its_security(account)
    yield from _of_the_facts(account)


def of_the_name(account: Account) -> Iterator[Due]:
    """Where the network calls it otherwise than was approved."""
    if account.told_handle:
        said = _("The network calls it @%(told)s, and @%(approved)s was approved: rename it there, then connect again")
        facts = {"told": account.told_handle, "approved": account.expected_handle or account.handle}
        yield Due(said % facts, gettext_lazy("Connect the account again"), "account_connect", "connector", 2)
    elif account.expected_handle:
        said = _("The committee approved that it is called @%(name)s: rename it on the network, then connect again")
        facts = {"name": account.expected_handle}
        yield Due(said % facts, gettext_lazy("Connect the account again"), "account_connect", "connector", 2)


def _of_the_review(account: Account, today: date) -> Iterator[Due]:
    day = dated(account.review_on, "j F Y")
    if account.term != Term.PERMANENT and account.ends_on is not None:
        if account.ends_on < today:
            said = _(
                "Its trial or campaign ended on %(day)s and nothing goes out: renew it with what came of it, or "
                "close it"
            )
            yield Due(said % {"day": dated(account.ends_on, "j F Y")}, _RENEW, "account_renew", "manager", 3)
        elif account.ends_on <= today + REVIEW_NOTICE:
            said = _("Its trial or campaign ends on %(day)s; after that nothing goes out")
            yield Due(said % {"day": dated(account.ends_on, "j F Y")}, _RENEW, "account_renew", "manager", 1)
    elif account.review_on < today:
        yield Due(_("Its review was due on %(day)s") % {"day": day}, _RENEW, "account_renew", "manager", 1)
    elif account.review_on <= today + REVIEW_NOTICE:
        yield Due(_("Its review is due on %(day)s") % {"day": day}, _RENEW, "account_renew", "manager")


def _of_its_security(account: Account) -> Iterator[Due]:
    if getattr(account, "is_unattested", False):
        said = _("Nobody has attested for a quarter how safe it is")
        yield Due(said, gettext_lazy("Attest its security"), "account_security", "manager", 1)


def _of_the_facts(account: Account) -> Iterator[Due]:
    confirm = gettext_lazy("Confirm the facts")
    if getattr(account, "is_untaken", False):
        said = _("It was handed over: who is new has not said yet that they answer for it")
        yield Due(said, confirm, "account_confirm", "holder", 1)
    elif getattr(account, "is_unconfirmed", False):
        said = _("Nobody has said for six months whether its facts are right")
        yield Due(said, confirm, "account_confirm", "holder", 1)
        yield Due(said, _RENEW, "account_renew", "manager")


def name_the_holders(events: Iterable[AuditEvent]) -> None:
    """Whoever sees an account sees who holds it, and who did: its handovers are told by names."""
    handed = [event for event in events if event.verb == "account.handed_over"]
    keys = {key for event in handed for pair in event.details["changes"].values() for key in pair}
    names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    for event in handed:
        labels = {"owner": _("Owner"), "backup_holder": _("Backup holder")}
        changes = event.details["changes"]
        event.facts = [
            Fact(label, names.get(changes[name][0], "–"), names.get(changes[name][1], "–"))
            for name, label in labels.items()
            if name in changes
        ]


def held_by(person: Person) -> Q:
    return Q(owner=person) | Q(backup_holder=person)


def lost_sisters(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Those that stand without a language pair since theirs was closed."""
    closed = Account.objects.filter(state=AccountState.ARCHIVED, pair=OuterRef("pk"))
    return accounts.filter(ALIVE, Exists(closed), pair__isnull=True)
