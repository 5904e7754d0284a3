"""Which messages a watch finds that another account of the house has already, or gets by itself."""

from __future__ import annotations

from collections.abc import Collection

from accounts_registry.models import Account
from monitoring.models import Mention
from monitoring.queries.places import heard_at
from monitoring.queries.streams import pullable_accounts
from networks.catalogue import NETWORKS
from networks.types import Incoming


def covered_by_other_account(account: Account, hits: Collection[Incoming]) -> set[str]:
    """Ids of those `hits` of a watch of `account` that are a conversation of another account of the same organisation.

    They are stored for it; or the network tells it of them, so that they come into its inbox whichever is read first.
    What the network tells `account` itself of is not among them.
    """
    root = account.unit.path[: account.unit.steplen]
    others = {"network": account.network, "unit__path__startswith": root}
    if account.network not in NETWORKS or not NETWORKS[account.network].ids_are_global:
        others["base_url"] = account.base_url
    ours = [hit for hit in hits if account.remote_id not in hit.told]
    told = {one for hit in ours for one in hit.told}
    sisters = pullable_accounts().filter(**others, remote_id__in=told).exclude(pk=account.pk)
    listening = set(sisters.values_list("remote_id", flat=True))
    there = {f"account__{name}": value for name, value in others.items()}
    names = [hit.ref.id for hit in ours]
    stored = Mention.objects.filter(**there, **heard_at(account), item__remote_id__in=names).exclude(account=account)
    known = set(stored.values_list("item__remote_id", flat=True))
    return {hit.ref.id for hit in ours if hit.ref.id in known or listening.intersection(hit.told)}
