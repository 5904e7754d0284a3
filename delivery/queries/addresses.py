"""Public addresses of files that are being sent, for networks that fetch them themselves.

An address names one file of one attempt, is signed, and ends after an hour; and it answers only while that very attempt
is being sent. Nobody can list, guess or keep them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.urls import reverse

from delivery.content import is_intact, place_of
from delivery.enums import DeliveryState
from delivery.models import Delivery
from networks.catalogue import NETWORKS

SALT = "delivery.outgoing"
LASTS = 3600  # seconds


def address_of(delivery: Delivery) -> Callable[[int], str] | None:
    """What tells the address of the delivery's medium with a number; None where its network takes the bytes from us."""
    network = NETWORKS.get(delivery.account.network)
    if network is None or not network.capabilities.media_from_address:
        return None

    def address(number: int) -> str:
        token = signing.dumps([delivery.pk, delivery.epoch, number], salt=SALT)
        return settings.PUBLIC_URL.rstrip("/") + reverse("delivery:outgoing", args=[token])

    return address


def file_at(token: str) -> tuple[Path, str] | None:
    """Place and MIME type of the file that `token` names; None where it names none, not any more, or no longer the
    approved one."""
    try:
        pk, epoch, number = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    being_sent = Delivery.objects.filter(pk=pk, epoch=epoch, state=DeliveryState.SENDING).first()
    media = being_sent.content["media"] if being_sent else []
    if not 0 <= number < len(media) or not is_intact(media[number]):
        return None
    return place_of(media[number]["path"]), media[number]["mime"]
