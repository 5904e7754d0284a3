"""A person has looked on the network and says what became of an uncertain send."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from delivery.actions.settling import publication
from delivery.actions.waking import wake_sender
from delivery.enums import DELIVERY_LIFECYCLE, Trouble, Verdict
from delivery.models import Delivery
from delivery.origins import origin_of
from delivery.queries import database_now, key_of
from networks.types import PostRef
from organisation.actions import perform
from organisation.audit import action
from organisation.lifecycle import Refused
from organisation.models import Person


@action
def resolve_unknown(*, delivery: Delivery, by: Person, verdict: str, reason: str, published_url: str = "") -> Delivery:
    """Ends the uncertainty as `verdict` (delivery.enums.Verdict) says, with the person's reason in the audit trail.

    `published_url` is the message's address where it is there. Raises Conflict when it has been resolved meanwhile.
    """
    if not reason.strip():
        raise Refused(_("Say how you know, so that others can follow."), field="reason")
    changes = _CHANGES[Verdict(verdict)](delivery, published_url.strip())
    details = {"reason": reason, "url": published_url.strip()}
    try:
        with transaction.atomic():
            resolved = perform(DELIVERY_LIFECYCLE, verdict, delivery, by=by, changes=changes, details=details)
    except IntegrityError as taken:
        raise Refused(_("This address belongs to another message of yours."), field="published_url") from taken
    origin_of(resolved).settled(resolved)
    if verdict == Verdict.SEND_AGAIN:
        transaction.on_commit(wake_sender)
    return resolved


def _there(delivery: Delivery, url: str) -> dict[str, Any]:
    """A person gives the address; the network's own id is not theirs to know, so the address stands for it."""
    try:
        URLValidator(schemes=["https", "http"])(url)
    except ValidationError as wrong:
        raise Refused(
            _("Paste the whole address of the message, beginning with https://."), field="published_url"
        ) from wrong
    return publication(PostRef(id=url[:300], url=url), key_of(delivery).last_sent_at)


def _again(delivery: Delivery, url: str) -> dict[str, Any]:
    """Now, and with the same identity: should it be there after all, the network can still recognise it."""
    return {
        "due_at": database_now(),
        "not_before": None,
        "unknown_at": None,
        "problem_code": "",
        "problem_detail": "",
    }


def _not(delivery: Delivery, url: str) -> dict[str, Any]:
    return {"not_before": None, "problem_code": Trouble.WITHDRAWN}


_CHANGES = {Verdict.THERE: _there, Verdict.SEND_AGAIN: _again, Verdict.GIVE_UP: _not}
