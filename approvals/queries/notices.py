"""What of approvals somebody has to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.enums import RequestState
from approvals.models import Request
from approvals.queries.asking import askable
from approvals.queries.backing import place_of
from approvals.queries.requests import hands_of
from approvals.subjects import Subject, registered, subject
from notices.enums import Urgency
from notices.kinds import About, Kind
from organisation.models import Unit
from organisation.sentences import Sentence

# For so long an author is told what became of what they put forward.
TOLD_FOR = timedelta(days=3)
DECIDED = {
    RequestState.CLEARED: _("“%(what)s” is approved."),
    RequestState.CHANGES_REQUESTED: _("Changes are asked for in “%(what)s”."),
    RequestState.REJECTED: _("“%(what)s” was refused."),
}


def _known() -> QuerySet[Request]:
    kinds = [one.kind for one in registered()]
    return Request.objects.filter(kind__in=kinds).select_related("unit", "asked__unit", "by").defer("content")


def _waiting() -> Iterator[tuple[str, int]]:
    found = _known().filter(state=RequestState.OPEN).select_related(None)
    for pk, asked in found.order_by("pk").values_list("pk", "asked_id"):
        yield _waiting_key(pk, asked), pk


def _waiting_key(pk: int, asked: int | None) -> str:
    """Another step asks others."""
    return f"{pk}:{asked or 0}"


def _thing(about: Subject, request: Request) -> Any | None:
    return apps.get_model(about.noun)._default_manager.filter(pk=request.subject_id).first()


def _about_waiting(pk: int) -> About | None:
    request = _known().filter(pk=pk, state=RequestState.OPEN).first()
    thing = _thing(kind := subject(request.kind), request) if request else None
    if request is None or thing is None:
        return None
    return About(
        key=_waiting_key(request.pk, request.asked_id),
        words=Sentence(_("“%(what)s” waits for your approval."), what=str(thing)),
        url=kind.approval_url(thing),
        unit=Unit.objects.filter(path=place_of(request.asked, request.unit)).first(),
        sees=kind.permission,
        people=askable(request.unit, kind, kind.editors(thing), request),
    )


def _decided() -> Iterator[tuple[str, int]]:
    """The newest request of each thing, where it was decided lately."""
    newest = Request.objects.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id")).order_by("-pk")
    found = _known().filter(state__in=DECIDED, decisions__at__gt=Now() - TOLD_FOR).select_related(None)
    found = found.filter(pk=Subquery(newest.values("pk")[:1])).distinct()
    for pk, state in found.order_by("pk").values_list("pk", "state"):
        yield f"{pk}:{state}", pk


def _about_decided(pk: int) -> About | None:
    request = _known().filter(pk=pk, state__in=DECIDED).first()
    thing = _thing(kind := subject(request.kind), request) if request else None
    if request is None or thing is None:
        return None
    deciders = {hand.by_id for hand in hands_of(request)}
    people = [request.by, *kind.editors(thing)]
    return About(
        key=f"{request.pk}:{request.state}",
        words=Sentence(DECIDED[RequestState(request.state)], what=str(thing)),
        url=thing.get_absolute_url(),
        unit=request.unit,
        sees=kind.sees,
        people=[person for person in people if person.pk not in deciders],
    )


WAITING = Kind(
    key="approval_waiting",
    label=_("A text waits for your approval"),
    urgency=Urgency.SOON,
    standing=_waiting,
    about=_about_waiting,
)
DECIDED_ON = Kind(
    key="approval_decided",
    label=_("What you put forward was approved, sent back or refused"),
    urgency=Urgency.SOON,
    standing=_decided,
    about=_about_decided,
    is_personal=True,
)
