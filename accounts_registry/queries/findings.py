"""What an audit finds: over the accounts that its lists tell of, and over the registered ones of its unit and below.

What nobody tells is not found: a list without days of posts says nothing of inactivity. Other modules of the registry
bring what they know by a `finder` of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts_registry.enums.account import AccountKind, AccountState
from accounts_registry.enums.audit import ImportState, LineOutcome, ListedState
from accounts_registry.enums.finding import FindingKind
from accounts_registry.models import Account, AccountAudit, Finding, ListedAccount, ListLine, Sighting
from accounts_registry.queries.duplicates import functional_duplicates
from networks.folding import folded
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.queries import within
from organisation.roles import ROLES, permissions_of
from organisation.sentences import Sentence

INACTIVE = ((180, _("dormant")), (90, _("inactive")), (30, _("to be watched")))  # days since the last post
FEWEST_ADMINS = 2


_SIGNS: dict[type[Model], str] = {Account: "a", ListedAccount: "l", Sighting: "s"}


@dataclass(frozen=True)
class Found:
    """One finding of one account, registered, listed or seen. `beside` tells several of a kind apart."""

    kind: FindingKind
    subject: Account | ListedAccount | Sighting
    evidence: tuple[Sentence, ...]
    beside: str = ""

    @property
    def mark(self) -> str:
        return f"{self.kind}:{_SIGNS[type(self.subject)]}{self.subject.pk}{self.beside}"


Finder = Callable[[AccountAudit], Iterable[Found]]
FINDERS: list[Finder] = []


def finder(find: Finder) -> Finder:
    """Enters what finds something in the list that an audit asks."""
    FINDERS.append(find)
    return find


def found_in(audit: AccountAudit) -> dict[str, Found]:
    """All that holds now, by its mark."""
    return {one.mark: one for find in FINDERS for one in find(audit)}


def visible_findings(person: Person) -> QuerySet[Finding]:
    seen = within(person, Permission.DOSSIER_VIEW, field="audit__unit")
    return Finding.objects.filter(seen).select_related("audit__unit", "account", "listed", "sighting", "owner")


def auditors(audit: AccountAudit) -> QuerySet[Person]:
    """Who sees the audit, and so may see to what it found."""
    roles = [role for role in ROLES if Permission.DOSSIER_VIEW in permissions_of([role])]
    path, step = audit.unit.path, Unit.steplen
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    held = Grant.objects.in_force().filter(role__in=roles, unit__path__in=above)
    people = Person.objects.filter(is_active=True, responsible__isnull=True)
    return people.filter(pk__in=held.values("person")).order_by("name")


def registered_in(audit: AccountAudit) -> list[Account]:
    """The registered accounts of the audit's unit and below that are not closed."""
    found = Account.objects.filter(unit__path__startswith=audit.unit.path).exclude(state=AccountState.ARCHIVED)
    return list(found.select_related("unit", "owner", "backup_holder", "pair").order_by("pk"))


def listed_in(audit: AccountAudit) -> list[ListedAccount]:
    """Those that the lists still name."""
    return list(audit.listed.filter(state=ListedState.LISTED).select_related("unit", "account").order_by("pk"))


@finder
def exact_duplicates(audit: AccountAudit) -> Iterator[Found]:
    """Rows that named an account once more, and listed accounts that are the same registered one."""
    listed = {one.pk: one for one in listed_in(audit)}
    latest = _latest_imports(audit)
    twice = ListLine.objects.filter(of__in=latest, outcome=LineOutcome.DUPLICATE, listed__in=listed)
    rows = Counter(twice.values_list("listed", flat=True))
    same = Counter(one.account_id for one in listed.values() if one.account_id)
    for pk, one in listed.items():
        if more := rows[pk]:
            text = Sentence(gettext_noop("Named by %(rows)s rows of the lists."), rows=more + 1)
            yield Found(FindingKind.EXACT_DUPLICATE, one, (text,))
        elif one.account_id and same[one.account_id] > 1:
            text = Sentence(
                gettext_noop("%(many)s listed accounts are one registered account."), many=same[one.account_id]
            )
            yield Found(FindingKind.EXACT_DUPLICATE, one, (text,))


def _latest_imports(audit: AccountAudit) -> list[int]:
    """The latest delivery of each list: what an earlier one said is over."""
    taken = audit.imports.filter(state=ImportState.TAKEN_OVER).order_by("series", "-taken_over_at")
    return list(taken.distinct("series").values_list("pk", flat=True))


@finder
def accounts_alike(audit: AccountAudit) -> Iterator[Found]:
    for one, other in functional_duplicates(registered_in(audit), most=None):
        text = Sentence(
            gettext_noop("Same unit, network, kind and language as %(other)s, and nearly the same publics."),
            other=other.label,
        )
        yield Found(FindingKind.FUNCTIONAL_DUPLICATE, one, (text,), f":{other.pk}")


@finder
def inactive(audit: AccountAudit) -> Iterator[Found]:
    today = database_today(audit.unit.zone)
    for one in listed_in(audit):
        days = (today - one.last_post_on).days if isinstance(one.last_post_on, date) else 0
        for least, word in INACTIVE:
            if days >= least:
                facts = {"days": days, "word": Sentence(word), "day": f"{one.last_post_on:%Y-%m-%d}"}
                text = Sentence(gettext_noop("%(days)s days without a post, since %(day)s: %(word)s."), **facts)
                yield Found(FindingKind.INACTIVE, one, (text,))
                break


@finder
def orphans(audit: AccountAudit) -> Iterator[Found]:
    listed = listed_in(audit)
    asked = {one.series for one in listed if one.owner_told}  # lists that name owners at all
    people: dict[str, bool] = {}  # name → somebody of that name is here
    for name, is_active in Person.objects.filter(unit__path__startswith=audit.unit.path).values_list(
        "name", "is_active"
    ):
        people[folded(name)] = people.get(folded(name), False) or is_active
    for one in listed:
        reasons = []
        if one.series in asked and not one.owner_told:
            reasons.append(Sentence(gettext_noop("The list names no owner.")))
        elif people.get(folded(one.owner_told), True) is False:
            reasons.append(Sentence(gettext_noop("Whom the list names as its owner is no longer active.")))
        if one.admins is not None and one.admins < FEWEST_ADMINS:
            reasons.append(Sentence(gettext_noop("Administrators: %(many)s."), many=one.admins))
        if reasons:
            yield Found(FindingKind.ORPHAN, one, tuple(reasons))
    for account in registered_in(audit):
        gone = [holder for holder in (account.owner, account.backup_holder) if not holder.is_active]
        if gone:
            text = Sentence(gettext_noop("Holders who are no longer active: %(many)s."), many=len(gone))
            yield Found(FindingKind.ORPHAN, account, (text,))


@finder
def unpaired(audit: AccountAudit) -> Iterator[Found]:
    for account in registered_in(audit):
        if account.missing_languages and account.kind != AccountKind.INTERNAL:
            yield Found(FindingKind.UNPAIRED, account, _lacking(account.missing_languages))
    spoken: dict[tuple[int, str], set[str]] = defaultdict(set)
    listed = [one for one in listed_in(audit) if one.unit is not None and one.languages]
    for one in listed:
        spoken[one.unit_id or 0, one.network] |= {*one.languages}
    for one in listed:
        if one.unit is None or one.account_id:  # a registered one is told above
            continue
        if lacking := [code for code in one.unit.languages if code not in spoken[one.unit.pk, one.network]]:
            yield Found(FindingKind.UNPAIRED, one, _lacking(lacking))


def _lacking(codes: Iterable[str]) -> tuple[Sentence, ...]:
    return (Sentence(gettext_noop("Missing: %(codes)s."), codes=", ".join(codes).upper()),)
