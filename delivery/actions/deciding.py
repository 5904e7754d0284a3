"""A person has looked on the network and says what became of an uncertain send, or has Parvis look once more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import ASKED_TOO_OFTEN, PAID_LOOKUPS, look_up
from accounts_registry.models import Account
from accounts_registry.queries import costs, network_sentence
from delivery.actions.settling import publication, shortfall
from delivery.actions.waking import wake_looker
from delivery.content import as_draft
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble, Verdict
from delivery.models import Delivery
from delivery.origins import origin_of
from delivery.queries import key_of
from networks.catalogue import network
from networks.types import Lack, Part, PostRef
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

LOOK_AGAIN = audit.tell("delivery.look_again", _("%(actor)s did not find this, and had Parvis look again"))
# Until somebody's word was no longer enough.
audit.tell("delivery.send_again", _("%(actor)s looked, did not find this, and had it sent again"))


def resolve_unknown(*, delivery: Delivery, by: Person, verdict: str, reason: str, published_url: str = "") -> Delivery:
    """Ends the uncertainty as `verdict` (delivery.enums.Verdict) says, with the person's reason in the audit trail.

    Asks for the right to send this kind of message there. `LOOK_AGAIN` has a worker look now, and decides nothing: sent
    again is only what is certainly not there, else the delivery says why not.
    `published_url` is the message's address where it is there: looked at on the network before anything is locked, and
    Refused where it is no message of the account. Raises Conflict when it has been resolved meanwhile.
    """
    policy.require(by, Permission.DELIVERY_RESOLVE, delivery)
    if not reason.strip():
        raise Refused(_("Say how you know, so that others can follow."), field="reason")
    if delivery.state != DeliveryState.UNKNOWN:
        raise Conflict(delivery, verdict)
    if verdict == Verdict.LOOK_AGAIN:
        return _look_again(delivery=delivery, by=by, reason=reason)
    url = published_url.strip()
    ref = _located(delivery.account, url) if verdict == Verdict.THERE else None
    changes = _there(delivery, ref) if ref else _NOT
    details = {"reason": reason, "url": url, **shortfall(changes)}
    return _decide(delivery=delivery, by=by, verdict=verdict, changes=changes, details=details)


@action
def _decide(
    *, delivery: Delivery, by: Person, verdict: str, changes: dict[str, Any], details: dict[str, Any]
) -> Delivery:
    try:
        with transaction.atomic():
            resolved = perform(DELIVERY_LIFECYCLE, verdict, delivery, by=by, changes=changes, details=details)
    except IntegrityError as taken:
        raise Refused(_("This address belongs to another message of yours."), field="published_url") from taken
    origin_of(resolved).settled(resolved)
    return resolved


@action
def _look_again(*, delivery: Delivery, by: Person, reason: str) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("unit", "account", "account__unit")
    locked = rows.get(pk=delivery.pk)
    policy.require(by, Permission.DELIVERY_RESOLVE, locked)
    if locked.state != DeliveryState.UNKNOWN:
        raise Conflict(locked, Verdict.LOOK_AGAIN)
    if why := _against_looking(locked):
        raise Refused(why)
    locked.not_before = None
    locked.save(update_fields=["not_before"])
    audit.record(verb=LOOK_AGAIN, thing=locked, by=by, reason=reason, epoch=locked.epoch)
    transaction.on_commit(wake_looker)
    return locked


def _against_looking(delivery: Delivery) -> str:
    """Why a look would tell nothing; empty where one may."""
    if not delivery.account.may_be_looked_at:
        return str(Trouble.NOT_CONNECTED.label)
    if not delivery.is_as_approved:
        return str(Trouble.NOT_APPROVED.label)
    if costs(delivery.account) and not PAID_LOOKUPS.take(delivery.account_id):
        return str(network_sentence(ASKED_TOO_OFTEN))
    return ""


def _located(account: Account, url: str) -> PostRef:
    """The account's own message at `url`, as its network knows it. Refused with a sentence where there is none."""
    if not url:
        raise Refused(_("Paste the whole address of the message, beginning with https://."), field="published_url")
    if not account.may_be_looked_at:
        raise Refused(
            _("Parvis cannot look at this address: the account is not connected. Connect it again first."),
            field="published_url",
        )
    found = look_up(account=account, address=url)
    if found.problem:
        raise Refused(network_sentence(found.problem), field="published_url")
    if not found.remote_id:
        said = _("This is not the address of a message of %(account)s. Open the message itself and copy its address.")
        raise Refused(said % {"account": account.label}, field="published_url")
    return PostRef(found.remote_id, found.url, found.cid)


def _there(delivery: Delivery, ref: PostRef) -> dict[str, Any]:
    """Captions that were to follow the message are told missing: nobody knows whether the send came as far as them."""
    videos = network(delivery.account.network).capabilities.videos
    media = as_draft(delivery.content).media if videos and videos.captions_follow else ()
    lacks = tuple(Lack(Part.CAPTIONS, one.language) for medium in media for one in medium.captions)
    return publication(replace(ref, lacks=lacks), key_of(delivery).last_sent_at)


_NOT: dict[str, Any] = {"not_before": None, "problem_code": Trouble.WITHDRAWN}
