"""How safe accounts are: item by item, in all, and what of it is due. What nobody looked at is no good news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import DateField
from django.db.models.functions import Cast, Coalesce, Now
from django.db.models.lookups import Exact, LessThanOrEqual

from accounts_registry.enums import AccountState
from accounts_registry.enums.security import (
    CHECKLISTS,
    Checklist,
    ExceptionState,
    RecoveryOwner,
    SecondFactor,
    SecurityItem,
    SecurityLevel,
    SecurityStanding,
)
from accounts_registry.models import Account, SecurityCheck, SecurityException, SecurityRecord
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within

ATTESTED_FOR = timedelta(days=92)  # a quarter
ENDS_SOON = timedelta(days=14)
LONGEST = timedelta(days=183)  # of an exception

_LIVING = [AccountState.ACTIVE, AccountState.SUSPENDED]
_ALIVE = Q(state__in=_LIVING)
# Nobody stood by its record for a quarter; the record of a new account has as long to be kept for the first time.
UNATTESTED = _ALIVE & Q(LessThanOrEqual(Coalesce("security__attested_at", "created_at"), Now() - ATTESTED_FOR))


# Of the item of the check around it: accepted, and its day is not over.
_BORNE = SecurityException.objects.filter(
    account=OuterRef("account"),
    item=OuterRef("item"),
    state=ExceptionState.ACCEPTED,
    until__gte=Cast(Now(), DateField()),
)
_OF_IT = SecurityCheck.objects.filter(account=OuterRef("pk"), item__in=SecurityItem.values)
_LACKING = Exists(_OF_IT.filter(level=SecurityLevel.NOT_MET).exclude(Exists(_BORNE)))
_LOOKED_AT = Coalesce(
    Subquery(_OF_IT.order_by().values("account").annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
)
_NOT_WHOLLY = Exists(_OF_IT.exclude(level=SecurityLevel.MET))
STANDING = Case(
    When(_LACKING, then=Value(SecurityStanding.NOT_MET.value)),
    When(LessThanOrEqual(_LOOKED_AT, Value(len(SecurityItem) - 1)), then=Value(SecurityStanding.UNKNOWN.value)),
    When(_NOT_WHOLLY, then=Value(SecurityStanding.PARTLY.value)),
    default=Value(SecurityStanding.MET.value),
    output_field=CharField(),
)
ENDING = Exists(
    SecurityException.objects.filter(
        account=OuterRef("pk"), state=ExceptionState.ACCEPTED, until__lte=Cast(Now() + ENDS_SOON, DateField())
    )
)


def visible_security(person: Person) -> QuerySet[Account]:
    """Accounts whose security record `person` may read: who sees why they exist."""
    found = Account.objects.filter(within(person, Permission.DOSSIER_VIEW))
    return found.select_related("unit", "owner", "backup_holder", "pair", "security")


def with_security(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The same with their `security_standing`, whether they `is_unattested`, and all that `items_of` reads."""
    checks = SecurityCheck.objects.select_related("checked_by").order_by("pk")
    exceptions = SecurityException.objects.select_related("asked_by", "decided_by").order_by("-pk")
    return accounts.annotate(
        security_standing=STANDING, is_unattested=Case(When(UNATTESTED, then=Value(True)), default=Value(False))
    ).prefetch_related(Prefetch("security_checks", checks), Prefetch("security_exceptions", exceptions))


def told_standing(account: Account) -> SecurityStanding:
    """As the query that loaded `account` has it: `with_security`, or one with `STANDING` as its `security_standing`."""
    return SecurityStanding(vars(account)["security_standing"])


def visible_exceptions(person: Person) -> QuerySet[SecurityException]:
    seen = SecurityException.objects.filter(within(person, Permission.DOSSIER_VIEW, field="account__unit"))
    return seen.select_related("account__unit", "asked_by", "decided_by")


def visible_records(person: Person) -> QuerySet[SecurityRecord]:
    return SecurityRecord.objects.filter(within(person, Permission.DOSSIER_VIEW, field="account__unit"))


def record_of(account: Account) -> SecurityRecord:
    """What is kept of the network's settings; where nobody noted any, that nothing is known."""
    return getattr(account, "security", None) or SecurityRecord(account=account, edition=0)


@dataclass(frozen=True)
class ItemStanding:
    """One item of an account: `check` is None where nobody looked; `exception` is the one that is asked for or
    accepted, `over` the latest one whose time has passed while the item is still not met."""

    item: SecurityItem
    check: SecurityCheck | None
    exception: SecurityException | None = None
    over: SecurityException | None = None
    is_borne: bool = False

    @property
    def level(self) -> str:
        return self.check.level if self.check else SecurityStanding.UNKNOWN

    @property
    def label(self) -> str:
        return str(SecurityStanding(self.level).label)

    @property
    def is_lacking(self) -> bool:
        return self.level == SecurityLevel.NOT_MET and not self.is_borne


def items_of(account: Account, today: date) -> dict[SecurityItem, ItemStanding]:
    """Every item of an account of `with_security`, in the order of the checklists."""
    checks = {check.item: check for check in account.security_checks.all()}
    by_item: dict[str, list[SecurityException]] = {}
    for one in account.security_exceptions.all():
        by_item.setdefault(one.item, []).append(one)
    wanted = [item for items in CHECKLISTS.values() for item in items]
    return {item: _item(item, checks.get(item), by_item.get(item, []), today) for item in wanted}


def _item(
    item: SecurityItem, check: SecurityCheck | None, exceptions: list[SecurityException], today: date
) -> ItemStanding:
    """`exceptions`: the newest first."""
    open_ones = (ExceptionState.ASKED, ExceptionState.ACCEPTED)
    standing = next((one for one in exceptions if one.state in open_ones), None)
    borne = standing is not None and standing.state == ExceptionState.ACCEPTED and standing.until >= today
    latest = exceptions[0] if exceptions and exceptions[0].state == ExceptionState.EXPIRED else None
    still_lacks = check is not None and check.level == SecurityLevel.NOT_MET
    return ItemStanding(item, check, standing, latest if still_lacks else None, borne)


def checklists_of(account: Account, today: date) -> list[tuple[Checklist, list[ItemStanding]]]:
    found = items_of(account, today)
    return [(checklist, [found[item] for item in items]) for checklist, items in CHECKLISTS.items()]


def standing_of(items: Iterable[ItemStanding]) -> SecurityStanding:
    """As `STANDING` says it in the database."""
    levels = list(items)
    if any(one.is_lacking for one in levels):
        return SecurityStanding.NOT_MET
    if any(one.check is None for one in levels):
        return SecurityStanding.UNKNOWN
    if any(one.level != SecurityLevel.MET for one in levels):
        return SecurityStanding.PARTLY
    return SecurityStanding.MET


def level_of_factor(factor: str) -> SecurityLevel | None:
    """What a second factor is worth; None where it is not known."""
    told = {
        SecondFactor.NONE.value: SecurityLevel.NOT_MET,
        SecondFactor.SMS.value: SecurityLevel.PARTLY,
        SecondFactor.APP.value: SecurityLevel.MET,
        SecondFactor.KEY.value: SecurityLevel.MET,
    }
    return told.get(factor)


def level_of_recovery(phone_of: str, mail_of: str) -> SecurityLevel | None:
    """Where a single person could take the account along it is not met; None while one of both is not known."""
    both = {phone_of, mail_of}
    if RecoveryOwner.PERSON in both or both == {RecoveryOwner.NONE.value}:
        return SecurityLevel.NOT_MET
    if RecoveryOwner.UNKNOWN in both:
        return None
    return SecurityLevel.PARTLY if RecoveryOwner.NONE in both else SecurityLevel.MET


# What may be amiss, as the list's filter and its address call it.
AMISS = {"ending": Q(ENDING), "unattested": UNATTESTED}


def security_list(
    person: Person, *, below: str = "", network: str = "", standing: str = "", amiss: str = ""
) -> QuerySet[Account]:
    """Standing accounts whose record `person` may read, in units whose path begins with `below`; narrowed."""
    found = visible_security(person).filter(_ALIVE, unit__path__startswith=below)
    found = with_security(found.filter(network=network) if network else found)
    found = found.filter(Exact(STANDING, Value(standing))) if standing else found
    return found.filter(AMISS[amiss]) if amiss else found


def figures(accounts: QuerySet[Account]) -> dict[SecurityStanding, int]:
    """How many of `accounts` stand how."""
    rows = accounts.order_by().annotate(stands=STANDING).values_list("stands").annotate(n=Count("pk"))
    counted = dict(rows)
    return {standing: counted.get(standing.value, 0) for standing in SecurityStanding}


def exceptions_to_expire() -> QuerySet[SecurityException]:
    """Whose day may be over; where it ends later, the act itself looks again."""
    over = Cast(Now() + timedelta(hours=14), DateField())
    return SecurityException.objects.filter(state=ExceptionState.ACCEPTED, until__lt=over).order_by("pk")


def lapsed_exceptions() -> QuerySet[SecurityException]:
    """The latest of their item, over, and the item is still not met."""
    later = SecurityException.objects.filter(account=OuterRef("account"), item=OuterRef("item"), pk__gt=OuterRef("pk"))
    lacks = SecurityCheck.objects.filter(
        account=OuterRef("account"), item=OuterRef("item"), level=SecurityLevel.NOT_MET
    )
    over = SecurityException.objects.filter(state=ExceptionState.EXPIRED, account__state__in=_LIVING)
    return over.filter(Exists(lacks)).exclude(Exists(later))


def ending_exceptions() -> QuerySet[SecurityException]:
    """Accepted ones whose day is near."""
    near = Cast(Now() + ENDS_SOON, DateField())
    return SecurityException.objects.filter(state=ExceptionState.ACCEPTED, until__lte=near)


def asked_exceptions() -> QuerySet[SecurityException]:
    return SecurityException.objects.filter(state=ExceptionState.ASKED)
