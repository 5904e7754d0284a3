"""For which names networks are looked through, and what of the accounts that they show is worth a person's look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from django.db.models import QuerySet

from accounts_registry.enums import AccountState, SightingKind
from accounts_registry.models import Account, ImitationSearch, Sighting
from accounts_registry.queries.connection import able
from accounts_registry.queries.sightings import own_account
from accounts_registry.queries.suspicion import OurNames, suspicion
from networks import profiles
from networks.addresses import host_of
from networks.catalogue import NETWORKS
from networks.kinds import Purpose
from networks.types import FoundAccount
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within

WORTH_A_LOOK = 4  # the score from which on what a search shows is reported: a person looks at it
SHORTEST = 4  # signs of a name that is looked for: shorter ones are in everybody's


def finding_networks() -> list[str]:
    """Networks that have a search for accounts."""
    return [key for key, one in NETWORKS.items() if one.capabilities.finds_accounts]


def silent_networks(person: Person) -> list[str]:
    """Names of networks on which there are accounts that `person` sees, and that offer no search for accounts."""
    seen = Account.objects.filter(within(person, Permission.ACCOUNT_VIEW)).exclude(state=AccountState.ARCHIVED)
    held = seen.exclude(network__in=finding_networks()).order_by().values_list("network", flat=True).distinct()
    return sorted(NETWORKS[key].name for key in held if key in NETWORKS)


def searching_accounts(person: Person) -> QuerySet[Account]:
    """Accounts that `person` sees as which a network may be looked through, with their search."""
    seen = Account.objects.filter(within(person, Permission.ACCOUNT_VIEW), network__in=finding_networks())
    return seen.filter(able(Purpose.READ)).select_related("unit", "imitation_search__begun_by")


def visible_searches(person: Person) -> QuerySet[ImitationSearch]:
    seen = ImitationSearch.objects.filter(within(person, Permission.ACCOUNT_VIEW, field="account__unit"))
    return seen.select_related("account__unit", "begun_by")


def names_to_look_for(unit: Unit) -> list[str]:
    """What imitators of `unit` bear: its own names, and those of its accounts without what their network adds."""
    standing = Account.objects.filter(unit=unit).exclude(state=AccountState.ARCHIVED)
    handles = [_spoken(handle) for handle in standing.order_by("pk").values_list("handle", flat=True)]
    names = dict.fromkeys(name.strip() for name in (*unit.names.values(), *handles))
    return [name for name in names if len(name) >= SHORTEST]


def _spoken(handle: str) -> str:
    """A name without the server in it: "fin" of "fin@square.example" and of "fin.bsky.social"."""
    name = handle.lstrip("@").partition("@")[0]
    return name.partition(".")[0] if name.count(".") > 1 else name


def official_hosts(unit: Unit) -> set[str]:
    """Hosts of the official pages that the dossiers of the organisation name."""
    below = unit.path[: Unit.steplen]
    standing = Account.objects.filter(unit__path__startswith=below).exclude(state=AccountState.ARCHIVED)
    told = standing.values_list("dossier__answers__official_url", flat=True)
    return {host_of(url).removeprefix("www.") for url in told if url} - {""}


def sighting_of(found: FoundAccount, search: ImitationSearch, ours: OurNames, hosts: set[str]) -> Sighting | None:
    """What is kept of `found` where it is worth a look: as much as the score takes, and no more. None for one of ours,
    and for one whose name only happens to hold the same word."""
    account = search.account
    handle, elsewhere, server = found.handle.lstrip("@").partition("@")
    about = NETWORKS[account.network]
    server = server or (host_of(account.base_url) if about.many_servers else "")
    keys = list(profiles.keys(account.network, server, handle, found.id if not elsewhere else ""))
    if not keys or own_account(keys, account.network) is not None:
        return None
    made = Sighting(
        unit=account.unit,
        kind=SightingKind.IMPERSONATION,
        network=account.network,
        server=server,
        handle=handle[:200],
        remote_id=found.id[:200] if not elsewhere else "",
        address=found.url[:500],
        key="|".join(keys[0])[:700],
        shown_name=found.name[:200],
        links_to_us=_links_to(found.links, hosts) if hosts else None,
        created_on=found.created_at.astimezone(UTC).date() if found.created_at else None,
        reported_at=database_now(),
    )
    return made if suspicion(made, ours).score >= WORTH_A_LOOK else None


def _links_to(links: Iterable[str], hosts: set[str]) -> bool:
    told = {host_of(link).removeprefix("www.") for link in links}
    return any(one == host or one.endswith(f".{host}") for one in told for host in hosts)


def is_known(made: Sighting) -> bool:
    """Whether it was seen before, whatever became of it: nobody has to look twice."""
    before = Sighting.objects.filter(unit=made.unit, network=made.network).exclude(key="")
    by_name = before.filter(key=made.key)
    return by_name.exists() or bool(made.remote_id and before.filter(remote_id=made.remote_id).exists())
