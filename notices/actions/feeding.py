"""What happened, as the trail has it, becomes calls of those webhooks that were set for it.

The trail's places are given by its one sealer, in the order in which it comes upon events: whoever reads on from the
last place misses none, however long an act took to be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from notices.kinds import Happening, happenings
from notices.models import WebhookCall, WebhookTarget
from notices.queries.targets import end_of_the_trail
from organisation import audit
from organisation.enums import Permission
from organisation.models import AuditEvent, AuditLeaf, Unit
from organisation.queries.units import areas

AT_ONCE = 500  # places a target and a run; the rest come with the next


def feed_webhooks() -> int:
    """How many calls came of what was sealed since."""
    waiting = WebhookTarget.objects.filter(ended_at__isnull=True, heard_to__lt=end_of_the_trail()).exclude(events=[])
    return sum(_feed(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _feed(pk: int) -> int:
    rows = WebhookTarget.objects.select_for_update(of=("self",), skip_locked=True).filter(ended_at__isnull=True)
    target = rows.select_related("unit", "made_by").filter(pk=pk).first()
    if target is None:
        return 0
    leaves = AuditLeaf.objects.filter(position__gte=target.heard_to).order_by("position")
    places = list(leaves.values_list("position", "sequence")[:AT_ONCE])
    if not places:
        return 0
    calls = list(_calls(target, [sequence for _position, sequence in places]))
    WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)
    WebhookTarget.objects.filter(pk=target.pk).update(heard_to=places[-1][0] + 1)
    return len(calls)


def _calls(target: WebhookTarget, sequences: Iterable[int]) -> Iterator[WebhookCall]:
    wanted = {name: one for key, one in happenings().items() if key in target.events for name in _names(one)}
    events = AuditEvent.objects.filter(pk__in=list(sequences), noun__in=list(wanted)).order_by("pk")
    units = _in_sight(target, {event.unit_id for event in events if event.unit_id is not None})
    for event in events:
        unit = units.get(event.unit_id or 0)
        if unit is not None:
            yield WebhookCall(target=target, event=event.pk, told=_told(event, wanted[event.noun], unit))


def _names(happening: Happening) -> list[str]:
    return audit.names_of(happening.noun)


def _in_sight(target: WebhookTarget, keys: set[int]) -> dict[int, Unit]:
    """Units of the target's, or below it, whose trail whoever set it reads today."""
    if not target.made_by.is_active:
        return {}
    seen = areas(target.made_by, Permission.AUDIT_VIEW)
    found = Unit.objects.filter(pk__in=keys, path__startswith=target.unit.path)
    return {unit.pk: unit for unit in found if any(area.takes_in(unit.path) for area in seen)}


def _told(event: AuditEvent, happening: Happening, unit: Unit) -> dict[str, str]:
    key = event.object_id
    url = f"{settings.PUBLIC_URL.rstrip('/')}{reverse(happening.page, args=[int(key)])}" if key.isdecimal() else ""
    facts = {"event": event.verb, "noun": happening.key, "key": key, "unit": unit.slug}
    return facts | {"at": event.occurred_at.isoformat(), "url": url}
