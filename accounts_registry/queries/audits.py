"""Account audits: which somebody sees, what a list is compared with, what stands on an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts_registry.enums.account import AccountState
from accounts_registry.enums.audit import ImportState, LineOutcome
from accounts_registry.lists.accounts import as_text
from accounts_registry.models import Account, AccountAudit, Finding, ListedAccount, ListImport, ListLine
from networks import profiles
from networks.addresses import host_of
from networks.folding import folded
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within


def visible_audits(person: Person) -> QuerySet[AccountAudit]:
    """Audits of which `person` may know: lists name people, so whoever sees dossiers sees them, and nobody else."""
    return AccountAudit.objects.filter(within(person, Permission.DOSSIER_VIEW)).select_related("unit", "begun_by")


def visible_imports(person: Person) -> QuerySet[ListImport]:
    seen = within(person, Permission.DOSSIER_VIEW, field="audit__unit")
    return ListImport.objects.filter(seen).select_related("audit__unit", "sent_by")


def series_of(audit: AccountAudit) -> list[str]:
    """The lists that were taken over, by name."""
    taken = audit.imports.filter(state=ImportState.TAKEN_OVER)
    return list(taken.order_by("series").values_list("series", flat=True).distinct())


def registered_keys(audit: AccountAudit) -> dict[str, int]:
    """Every way of naming the registered accounts of the audit's unit and below → the account."""
    fields = ("pk", "network", "base_url", "handle", "remote_id", "url")
    standing = Account.objects.filter(unit__path__startswith=audit.unit.path).exclude(state=AccountState.ARCHIVED)
    found: dict[str, int] = {}
    for pk, network, base_url, handle, remote_id, url in standing.order_by("pk").values_list(*fields):
        named = profiles.recognise(url) if url else None
        own = profiles.keys(network, host_of(base_url), handle, remote_id)
        elsewhere = named.keys if named is not None and named.certain else ()
        for key in (*own, *elsewhere):
            found.setdefault(as_text(key), pk)
    return found


def units_by_name(audit: AccountAudit) -> dict[str, int]:
    """The audit's unit and those below by their names in every language, folded; one that two bear names none."""
    found: dict[str, int | None] = {}
    for unit in Unit.objects.filter(path__startswith=audit.unit.path):
        for name in {folded(name) for name in (unit.slug, *unit.names.values())}:
            found[name] = unit.pk if name not in found else None
    return {name: pk for name, pk in found.items() if pk is not None}


def standing_on(given: ListImport) -> QuerySet[ListImport]:
    """Later imports that tell of accounts of which this one told: they stand in the way of undoing it."""
    own = ListLine.objects.filter(of=given, listed__isnull=False).values("listed")
    later = Q(state=ImportState.TAKEN_OVER, taken_over_at__gt=given.taken_over_at)
    return ListImport.objects.filter(later, audit=given.audit_id, lines__listed__in=own).distinct().order_by("pk")


def decided_on(given: ListImport) -> int:
    """How many findings about accounts that this import brought a person has decided."""
    created = ListLine.objects.filter(of=given, outcome=LineOutcome.CREATED, listed__isnull=False).values("listed")
    return Finding.objects.filter(listed__in=created, state__in=("done", "dismissed")).count()


def figures(outcomes: Iterable[str]) -> dict[str, int]:
    """How many lines of each outcome, in the order in which they are told."""
    counted = Counter(outcomes)
    return {outcome: counted[outcome] for outcome in LineOutcome.values if counted[outcome]}


def by_network(audit: AccountAudit) -> list[tuple[str, int]]:
    """How many listed accounts on each network, most first."""
    rows = listed_now(audit).values_list("network").annotate(many=Count("pk")).order_by("-many", "network")
    return list(rows)


def listed_now(audit: AccountAudit) -> QuerySet[ListedAccount]:
    return ListedAccount.objects.filter(audit=audit, state="listed")


def find_listed(audit: AccountAudit, chosen: dict[str, Any]) -> QuerySet[ListedAccount]:
    """Those of an audit that match: `words` in name, title, unit or owner; `network`, `state`, `registered`."""
    found = ListedAccount.objects.filter(audit=audit).select_related("unit", "account")
    found = found.filter(**{name: chosen[name] for name in ("network", "state") if chosen.get(name)})
    if words := chosen.get("words"):
        fields = ("handle", "remote_id", "title", "unit_told", "owner_told")
        said = Q()
        for field in fields:
            said |= Q(**{f"{field}__icontains": words})
        found = found.filter(said)
    if registered := chosen.get("registered"):
        found = found.filter(account__isnull=registered == "no")
    return found
