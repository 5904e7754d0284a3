"""What has been told is held against what stands: new things are told, what no longer stands is withdrawn."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from notices.actions.addressing import address
from notices.actions.calling import to_call
from notices.due import LOOKS
from notices.kinds import About, Kind, kind_of, registered
from notices.models import Look, Notice
from notices.queries import who_may_know
from organisation import due
from organisation.clock import database_now

log = logging.getLogger(__name__)

AT_ONCE = 200  # new notices a look; the rest come with the next
# So often it is asked again who has to know what still stands, and so many at a look.
ASKED_AGAIN = timedelta(minutes=10)
ASKED_AT_A_LOOK = 50


def look_around(*, seconds: float) -> int:
    """Looks at each kind whose time has come; how many were looked at."""
    known = [Look(kind=kind.key) for kind in registered()]
    Look.objects.bulk_create(known, ignore_conflicts=True)
    return due.work(lambda: LOOKS.turn(_look), seconds=seconds)


def _look(look: Look) -> None:
    kind = kind_of(look.kind)
    assert kind is not None, look.kind
    try:
        compare(kind)
    except Exception:
        log.exception("notices of the kind “%s” could not be looked for", kind.key)
        LOOKS.put_off(look, look.failures, failures=look.failures + 1)
        return
    LOOKS.release(look, next_at=database_now() + kind.every, failures=0)


def compare(kind: Kind) -> None:
    """Settles what no longer stands, tells what is new, and asks again who has to know the rest."""
    standing = dict(kind.standing())
    told = dict(_standing_notices(kind).values_list("key", "pk"))
    gone = [pk for key, pk in told.items() if key not in standing]
    Notice.objects.filter(pk__in=gone, settled_at__isnull=True).update(settled_at=Now())
    new = [subject for key, subject in standing.items() if key not in told]
    for subject in new[:AT_ONCE]:
        if (about := kind.about(subject)) is not None:
            _tell(kind, subject, about)
    _ask_again(kind)


def _standing_notices(kind: Kind) -> QuerySet[Notice]:
    return Notice.objects.filter(kind=kind.key, settled_at__isnull=True)


def _tell(kind: Kind, subject: int, about: About) -> None:
    people = who_may_know(about)
    facts: dict[str, Any] = {"subject_id": subject, "unit": about.unit, "sees": about.sees, "due_at": about.due_at}
    facts |= {"reaches_down": about.reaches_down}
    facts |= {"words": about.words.stored(), "url": about.url}
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(kind=kind.key, key=about.key, settled_at=None, defaults=facts)
        if is_new:
            address(notice, kind, people)
            to_call(notice)


def _ask_again(kind: Kind) -> None:
    """Roles come and go: who may do something about it by now is told, who no longer may is not."""
    old = _standing_notices(kind).filter(asked_at__lte=Now() - ASKED_AGAIN).order_by("asked_at")
    for notice in old[:ASKED_AT_A_LOOK]:
        about = kind.about(notice.subject_id)
        with transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(asked_at=Now())
            if about is None or about.key != notice.key:
                continue
            people = who_may_know(about)
            notice.addressees.exclude(person__in=people).delete()
            address(notice, kind, people)
