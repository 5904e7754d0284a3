"""An administrator has an address called with what stands in their unit, and no longer."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from networks.egress.guard import Guard
from networks.errors import EgressRefused, Unavailable
from notices.kinds import happenings, kind_of
from notices.models import WebhookCall, WebhookTarget
from notices.queries.targets import end_of_the_trail
from notices.signing import new_key, secret_of
from organisation import audit, policy
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Language, Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit

SET = audit.tell("webhook.set", _("%(actor)s has this address called with notices"))
TESTED = audit.tell("webhook.tested", _("%(actor)s had this address called for a trial"))
ENDED = audit.tell("webhook.ended", _("%(actor)s has this address called no longer"))
REFUSED = _("Write a public address that begins with https://, without a name or password in it.")


def _by_its_form(host: str, _port: int) -> tuple[str]:
    """What looks like an address is judged as one; a name is looked up, and judged, each time it is called."""
    return (host,) if host.replace(".", "").isdigit() or ":" in host else ("1.1.1.1",)


@action
def set_target(
    *, unit: Unit, address: str, kinds: Collection[str], language: str, by: Person, events: Collection[str] = ()
) -> tuple[WebhookTarget, str]:
    """The target, and the secret that signs its calls, told this once. Refused, at its field, where the address is
    none that may be called, stands already, or a kind is unknown."""
    policy.require(by, Permission.UNIT_MANAGE, unit)
    guard = Guard(frozenset(one.lower() for one in settings.EGRESS_ALLOW), _by_its_form)
    try:
        guard.check(address, credentials=True)
    except (EgressRefused, Unavailable):
        raise Refused(REFUSED, field="address") from None
    if unknown := [key for key in kinds if kind_of(key) is None]:
        raise Refused(_("There is no such notice: %(key)s") % {"key": unknown[0]}, field="kinds")
    if unknown := sorted(frozenset(events) - happenings().keys()):
        raise Refused(_("There is no such event: %(key)s") % {"key": unknown[0]}, field="events")
    if WebhookTarget.objects.filter(unit=unit, address=address, ended_at__isnull=True).exists():
        raise Refused(_("This address is called already."), field="address")
    chosen = {"kinds": sorted(kinds), "events": sorted(events), "heard_to": end_of_the_trail()}
    facts = {"language": Language(language), "made_by": by, "key_id": new_key()}
    target = WebhookTarget.objects.create(unit=unit, address=address, **chosen, **facts)
    told = {"events": target.events} if target.events else {}
    audit.record(verb=SET, thing=target, by=by, address=str(target), kinds=target.kinds, **told)
    return target, secret_of(target)


@action
def call_for_trial(*, target: WebhookTarget, by: Person) -> WebhookCall:
    """It is called once, within seconds, with nothing but that it is a trial. Refused while the last trial is under
    way."""
    locked = WebhookTarget.objects.select_for_update(of=("self",)).select_related("unit").get(pk=target.pk)
    policy.require(by, Permission.UNIT_MANAGE, locked)
    if locked.ended_at is not None:
        raise Conflict(locked, "test")
    if locked.calls.filter(event__isnull=True, told__isnull=False, ended_at__isnull=True).exists():
        raise Refused(_("The last trial call is still under way: the list says when it is tried again."))
    told = {"event": "test", "noun": "", "key": "", "unit": locked.unit.slug, "at": database_now().isoformat()}
    call = WebhookCall.objects.create(target=locked, told=told)
    audit.record(verb=TESTED, thing=locked, by=by, address=str(locked))
    return call


@action
def end_target(*, target: WebhookTarget, by: Person) -> None:
    """It is called no longer, not even with what waits; Conflict where that was so already."""
    policy.require(by, Permission.UNIT_MANAGE, target)
    if not WebhookTarget.objects.filter(pk=target.pk, ended_at__isnull=True).update(ended_at=Now()):
        raise Conflict(target, "end")
    target.calls.filter(ended_at__isnull=True).update(ended_at=Now())
    audit.record(verb=ENDED, thing=target, by=by, address=str(target))
