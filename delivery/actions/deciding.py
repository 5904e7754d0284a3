"""A person has looked on the network and says what became of an uncertain send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import look_up
from accounts_registry.models import Account
from accounts_registry.queries import network_sentence
from delivery.actions.settling import publication, shortfall
from delivery.actions.waking import wake_sender
from delivery.content import as_draft
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble, Verdict
from delivery.models import Delivery
from delivery.origins import origin_of
from delivery.queries import database_now, key_of
from networks.catalogue import network
from networks.types import Lack, Part, PostRef
from organisation import policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person


def resolve_unknown(*, delivery: Delivery, by: Person, verdict: str, reason: str, published_url: str = "") -> Delivery:
    """Ends the uncertainty as `verdict` (delivery.enums.Verdict) says, with the person's reason in the audit trail.

    `published_url` is the message's address where it is there: looked at on the network before anything is locked, and
    Refused where it is no message of the account. Raises Conflict when it has been resolved meanwhile.
    """
    policy.require(by, Permission.DELIVERY_RESOLVE, delivery)
    if not reason.strip():
        raise Refused(_("Say how you know, so that others can follow."), field="reason")
    if delivery.state != DeliveryState.UNKNOWN:
        raise Conflict(delivery, verdict)
    url = published_url.strip()
    ref = _located(delivery.account, url) if verdict == Verdict.THERE else None
    changes = _there(delivery, ref) if ref else _CHANGES[Verdict(verdict)]()
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
    if verdict == Verdict.SEND_AGAIN:
        transaction.on_commit(wake_sender)
    return resolved


def _located(account: Account, url: str) -> PostRef:
    """The account's own message at `url`, as its network knows it. Refused with a sentence where there is none."""
    if not url:
        raise Refused(_("Paste the whole address of the message, beginning with https://."), field="published_url")
    if not account.publishable:
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


def _again() -> dict[str, Any]:
    """Now, and with the same identity: should it be there after all, the network can still recognise it."""
    return {
        "due_at": database_now(),
        "not_before": None,
        "unknown_at": None,
        "problem_code": "",
        "problem_detail": "",
    }


def _not() -> dict[str, Any]:
    return {"not_before": None, "problem_code": Trouble.WITHDRAWN}


_CHANGES = {Verdict.SEND_AGAIN: _again, Verdict.GIVE_UP: _not}
