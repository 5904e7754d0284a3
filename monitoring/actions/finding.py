"""Which watches find a message is kept beside it: one comes into one inbox, however many look for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from accounts_registry.models import Account
from monitoring.models import Erasure, Hit, Item, Watch
from monitoring.queries.places import erasure_place, place_of
from organisation import bulk
from organisation.audit import action


def found_by(watch: Watch, names: Iterable[str]) -> None:
    """`watch` found the messages that bear these `names`, and may have found them before: those that are kept for an
    account of ours, and those that a sister account has yet to tell of."""
    wanted = sorted(names)
    known = set(Hit.objects.filter(watch=watch, remote_id__in=wanted).values_list("remote_id", flat=True))
    new = [name for name in wanted if name not in known]
    kept = _kept(watch, new) if new else {}
    over = Erasure.among(erasure_place(watch.account), [name for name in new if name not in kept])
    new = [name for name in new if name not in over]  # given up at this very moment
    bulk.insert([Hit(watch=watch, remote_id=name, item_id=kept.get(name)) for name in new], passing_over="remote_id")


def told_at_last(account: Account, items: Sequence[Item]) -> None:
    """What `account` heard is kept from now on: watches that had found it before know which it is."""
    if not items:
        return
    waiting: dict[str, Any] = {"item__isnull": True, "remote_id__in": [item.remote_id for item in items]}
    waiting["watch__account__network"] = account.network
    if server := place_of(account)["server"]:
        waiting["watch__account__base_url"] = server
    _name(Hit.objects.filter(**waiting), {item.remote_id: item.pk for item in items})


def name_waiting_hits() -> None:
    """Those that were written while what they found was being kept, or given up, elsewhere."""
    for watch in Watch.objects.filter(hits__item__isnull=True, hits__isnull=False).distinct().select_related("account"):
        _name_hits_of(watch=watch)


@action
def _name_hits_of(*, watch: Watch) -> None:
    waiting = Hit.objects.filter(watch=watch, item__isnull=True)
    _name(waiting, _kept(watch, list(waiting.values_list("remote_id", flat=True))))


def _kept(watch: Watch, names: Sequence[str]) -> dict[str, int]:
    """The items of these names, under lock. One that somebody else holds may soon be gone: it is not waited for."""
    rows = Item.objects.filter(**place_of(watch.account), remote_id__in=names).order_by("pk")
    return dict(rows.select_for_update(skip_locked=True, no_key=True).values_list("remote_id", "pk"))


def _name(waiting: Any, kept: dict[str, int]) -> None:
    rows = list(waiting.filter(remote_id__in=kept).order_by("pk").select_for_update(of=("self",), no_key=True))
    for hit in rows:
        hit.item_id = kept[hit.remote_id]
    bulk.update(rows, ["item"])
