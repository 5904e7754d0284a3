"""The address that networks call. Who cannot prove to be one learns nothing: every refusal is the same."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from monitoring.actions import answer_challenge, hear
from networks.webhooks import WebhookRefused
from organisation import limits

log = logging.getLogger(__name__)

LARGEST = 256 * 1024


@csrf_exempt  # a network has no page of ours to take a token from: it signs what it says
@cache_control(no_store=True)
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, network: str) -> HttpResponse:
    """GET: the network asks whether this address is ours. POST: it tells that something happened."""
    try:
        tries = limits.call(request)
        if request.method == "GET":
            limits.question(request)
    except ValidationError:  # from this address; without a look
        return HttpResponse(status=400)
    try:
        if request.method == "GET":
            challenge = answer_challenge(network=network, query=request.GET.dict())
            tries.rollback()
            return HttpResponse(challenge.body, content_type=challenge.mime)
        hear(network=network, headers=_headers(request), body=_body(request))
    except WebhookRefused as refusal:
        log.info("webhook refused: %s", refusal)
        return HttpResponse(status=400)
    tries.rollback()
    return HttpResponse(status=204)


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _body(request: HttpRequest) -> bytes:
    """The bytes as they came; `WebhookRefused` where there are too many."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise WebhookRefused("too large")
    return body
