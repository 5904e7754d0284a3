"""Webhooks are called with what stands, through the one way out."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import translation

from networks.egress import Answer, Egress, Terms
from networks.errors import EgressRefused, NetworkError, Unavailable
from notices.due import CALLS
from notices.models import Notice, WebhookCall, WebhookTarget
from notices.queries import in_sight
from notices.signing import secret_of, signature
from organisation import due, outward
from organisation.clock import database_now
from organisation.models import Unit

log = logging.getLogger(__name__)

SECONDS = 10.0
MOST_FAILURES = 10


def to_call(notice: Notice) -> None:
    """Has those targets called that stand at or above the notice's unit; where it reaches down, below it too."""
    if notice.unit is None:
        here = Q() if notice.reaches_down else Q(unit__depth=1)
    else:
        path = notice.unit.path
        above = [path[:length] for length in range(Unit.steplen, len(path) + 1, Unit.steplen)]
        here = Q(unit__path__in=above)
        if notice.reaches_down:
            here |= Q(unit__path__startswith=path)
    wanted = WebhookTarget.objects.filter(
        here, Q(kinds=[], events=[]) | Q(kinds__contains=[notice.kind]), ended_at__isnull=True
    )
    calls = (WebhookCall(target=target, notice=notice) for target in wanted)
    WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)


def call_webhook() -> bool:
    """Calls one that is due; False where none is, or where this system must not act outward."""
    if not outward.may_act():
        return False
    call = CALLS.claim()
    if call is None:
        return False
    with due.returnable(lambda: CALLS.hand_back(call)) as claim:
        try:
            _call(call, claim)
        except Exception as error:
            log.exception("webhook call %s failed unexpectedly", call.pk)
            _failed(call, f"unexpected: {type(error).__name__}")
    return True


def _call(call: WebhookCall, claim: due.Claim) -> None:
    target, notice = call.target, call.notice
    if target.ended_at is not None or (notice is not None and notice.settled_at is not None):
        CALLS.release(call, ended_at=Now())
        return
    body = _of_event(call) if notice is None else _body(call, notice)
    signed = signature(secret_of(target), int(database_now().timestamp()), body)
    headers = [
        *(("Content-Type", "application/json"), ("Accept", "*/*")),
        *(("Parvis-Notice", f"{call.pk}"), ("Parvis-Signature", signed)),
    ]
    if not claim.begin():
        return
    try:
        Egress(allow=frozenset(settings.EGRESS_ALLOW), timeout=SECONDS, max_bytes=64 * 1024).call(
            Terms(is_write=lambda _method, _path: False, judge=_judge), "POST", target.address, headers, body
        )
    except NetworkError as error:
        told = error.detail if isinstance(error, EgressRefused | Unavailable) else ""
        _failed(call, f"{error.code}: {told}", is_over=isinstance(error, EgressRefused))
    else:
        CALLS.release(call, ended_at=Now(), was_taken=True, failure="")


def _failed(call: WebhookCall, failure: str, *, is_over: bool = False) -> None:
    """`is_over`: what our own guard refuses is refused again tomorrow."""
    failures = call.failures + 1
    facts: dict[str, Any] = {"failures": failures, "failure": failure[:100]}
    if is_over or failures >= MOST_FAILURES:
        CALLS.release(call, ended_at=Now(), **facts)
    else:
        CALLS.put_off(call, call.failures, **facts)


def _judge(answer: Answer, _write: bool) -> NetworkError | None:
    return None if 200 <= answer.status < 300 else Unavailable(f"status {answer.status}")


def _of_event(call: WebhookCall) -> bytes:
    """What happened, as it was taken from the trail: nothing of what anybody wrote."""
    return json.dumps({"id": call.pk, **(call.told or {})}).encode()


def _body(call: WebhookCall, notice: Notice) -> bytes:
    """In the target's language; nothing that the notice doesn't say.

    Its words only as far as whoever set the target may see the notice now: else what kind of thing it is, and where.
    """
    target, home = call.target, settings.PUBLIC_URL.rstrip("/")
    kind = notice.as_kind
    is_seen = Notice.objects.filter(in_sight(target.made_by), pk=notice.pk).exists()
    with translation.override(target.language):
        told = {
            "id": call.pk,
            "kind": notice.kind,
            "urgency": kind.urgency if kind else "",
            "text": notice.told if is_seen else str(kind.label if kind else ""),
            "unit": notice.unit.slug if notice.unit else "",
            "since": notice.happened_at.isoformat(),
            "due": notice.due_at.isoformat() if notice.due_at else None,
            "url": f"{home}{notice.url}",
        }
    return json.dumps(told, ensure_ascii=False).encode()
