"""What may listen, beyond the permission that an edge itself asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.enums import SOURCE_LIFECYCLE, WATCH_LIFECYCLE
from monitoring.models import Source, Watch
from monitoring.models.lawful import Lawful
from monitoring.schedule import LONGEST_WATCH
from networks.catalogue import NETWORKS

Reasons = Iterator[str | Promise]


@WATCH_LIFECYCLE.guard("may_collect")
def may_collect(watch: Watch, by: Any) -> Reasons:
    today = watch.today
    if watch.expires_on < today:
        yield _("The last day of this watch is over. Set a later one first.")
    if too_long(watch):
        yield _("A watch lasts a year at most. Set an earlier last day; it can be renewed.")
    if not NETWORKS[watch.account.network].capabilities.searches:
        yield _("This account's network cannot be searched.")
    if not watch.owner.is_active:
        yield _("The owner of this watch is no longer active. Name another one.")


def too_long(thing: Lawful) -> bool:
    """Nothing collects for more than a year without being looked at anew."""
    return thing.expires_on > thing.today + LONGEST_WATCH


@SOURCE_LIFECYCLE.guard("may_be_read")
def may_be_read(source: Source, by: Any) -> Reasons:
    if source.expires_on < source.today:
        yield _("The last day of this source is over. Set a later one first.")
    if not source.owner.is_active:
        yield _("The owner of this source is no longer active. Name another one.")
