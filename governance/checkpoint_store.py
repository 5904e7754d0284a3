"""An object store as one more place for the audit trail's checkpoints: one HTTP PUT each, through the one way out.

It stands here since the ground floor's rooms do not know each other: the trail is `organisation`'s, egress `networks`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from networks.egress import Answer, Egress, Terms
from networks.errors import NetworkError, Unavailable
from organisation.checkpoint_places import PLACES, NotKept, Place
from organisation.models import AuditCheckpoint
from organisation.verifier import canonical

SECONDS = 15.0  # the row of the place is held meanwhile


class ObjectStore(Place):
    """The newest checkpoint each minute, under a name of its own: best in a bucket that keeps what it has."""

    name = "object_store"
    label: str | Promise = _("Object store")
    every = timedelta(minutes=1)

    @property
    def is_wanted(self) -> bool:
        return bool(settings.AUDIT_PUT)

    def keep(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        newest = checkpoints[-1]
        url = f"{settings.AUDIT_PUT.rstrip('/')}/checkpoint-{newest.size:012}.json"
        headers = [("Content-Type", "application/json"), ("Accept", "*/*")]
        if settings.AUDIT_PUT_AUTHORIZATION:
            headers.append(("Authorization", settings.AUDIT_PUT_AUTHORIZATION))
        terms = Terms(is_write=lambda _method, _path: False, judge=_judge)
        egress = Egress(allow=frozenset(settings.EGRESS_ALLOW), timeout=SECONDS)
        try:
            egress.call(terms, "PUT", url, headers, canonical(newest.document))
        except NetworkError as error:
            raise NotKept(f"{type(error).__name__}: {error}") from None


def _judge(answer: Answer, _write: bool) -> NetworkError | None:
    return None if 200 <= answer.status < 300 else Unavailable(f"status {answer.status}")


def register() -> None:
    if not any(isinstance(place, ObjectStore) for place in PLACES):
        PLACES.append(ObjectStore())
