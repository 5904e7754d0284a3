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
from organisation.sentences import Sentence
from organisation.verifier import canonical

SECONDS = 15.0  # the row of the place is held meanwhile
TAKEN = (409, 412)  # how a store says that it has something there
UNREADABLE = (401, 403)  # to a credential that may only write: what is there stays, and nobody here can say whose it is


class ObjectStore(Place):
    """The newest checkpoint each minute, under a name of its own. What the store has already stays: it is asked to take
    nothing in its place, and one that says so is asked what it has."""

    name = "object_store"
    label: str | Promise = _("Object store")
    every = timedelta(minutes=1)

    @property
    def is_wanted(self) -> bool:
        return bool(settings.AUDIT_PUT)

    def keep(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        newest = checkpoints[-1]
        url = f"{settings.AUDIT_PUT.rstrip('/')}/checkpoint-{newest.size:012}.json"
        ours = canonical(newest.document)
        if self._call("PUT", url, ours, ("If-None-Match", "*")).status not in TAKEN:
            return
        there = self._call("GET", url)
        if there.status not in UNREADABLE and there.body != ours:
            said = _(
                "The store holds another checkpoint over %(size)s events than this trail’s: one of the two was cut, "
                "changed, copied or restored from a backup. Find out which; then begin a new place."
            )
            raise NotKept(Sentence(said, size=newest.size))

    @staticmethod
    def _call(method: str, url: str, body: bytes = b"", *more: tuple[str, str]) -> Answer:
        headers = [("Content-Type", "application/json"), ("Accept", "*/*"), *more]
        if settings.AUDIT_PUT_AUTHORIZATION:
            headers.append(("Authorization", settings.AUDIT_PUT_AUTHORIZATION))
        terms = Terms(is_write=lambda _method, _path: False, judge=_judge_look if method == "GET" else _judge)
        egress = Egress(allow=frozenset(settings.EGRESS_ALLOW), timeout=SECONDS)
        try:
            return egress.call(terms, method, url, headers, body)
        except NetworkError as error:
            said = _("The store did not take it: %(error)s")
            raise NotKept(Sentence(said, error=f"{type(error).__name__}: {error}"[:300])) from None


def _judge(answer: Answer, _write: bool) -> NetworkError | None:
    return None if 200 <= answer.status < 300 or answer.status in TAKEN else Unavailable(f"status {answer.status}")


def _judge_look(answer: Answer, _write: bool) -> NetworkError | None:
    return None if answer.status in (200, *UNREADABLE) else Unavailable(f"status {answer.status}")


def register() -> None:
    if not any(isinstance(place, ObjectStore) for place in PLACES):
        PLACES.append(ObjectStore())
