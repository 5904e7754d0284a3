"""A person has added on the network what a message was out without."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from delivery.models import Delivery
from delivery.origins import permissions_on
from organisation import audit, policy
from organisation.audit import action
from organisation.lifecycle import Conflict
from organisation.models import Person

COMPLETED = audit.tell("delivery.completed", _("%(actor)s added on the network what was missing"))


@action
def complete_delivery(*, delivery: Delivery, by: Person) -> Delivery:
    """Takes the person's word that nothing is missing any more. Raises Conflict where nothing was."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("unit", "account")
    locked = rows.get(pk=delivery.pk)
    policy.require(by, permissions_on(locked).schedule, locked)
    if not locked.lacks:
        raise Conflict(locked, "complete")
    added, locked.lacks = locked.lacks, []
    locked.save(update_fields=["lacks"])
    audit.record(verb=COMPLETED, thing=locked, by=by, added=added)
    return locked
