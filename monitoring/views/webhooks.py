"""The address that networks call. Who cannot prove to be one learns nothing: every refusal is the same."""

from __future__ import annotations

import logging

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from monitoring.actions import answer_challenge, hear
from networks.webhooks import WebhookRefused

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
REFUSALS_A_MINUTE = 60  # from one address; more are refused without a look


@csrf_exempt  # a network has no page of ours to take a token from: it signs what it says
@cache_control(no_store=True)
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, network: str) -> HttpResponse:
    """GET: the network asks whether this address is ours. POST: it tells that something happened."""
    counter = f"webhook:{get_adapter().get_client_ip(request)}"
    if cache.get(counter, 0) >= REFUSALS_A_MINUTE:
        return HttpResponse(status=400)
    try:
        if request.method == "GET":
            challenge = answer_challenge(network=network, query=request.GET.dict())
            return HttpResponse(challenge.body, content_type=challenge.mime)
        hear(network=network, headers=_headers(request), body=_body(request))
    except WebhookRefused as refusal:
        log.info("webhook refused: %s", refusal)
        if not cache.add(counter, 1, timeout=60):
            _count(counter)
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _count(counter: str) -> None:
    try:
        cache.incr(counter)
    except ValueError:  # its minute ended just now
        cache.add(counter, 1, timeout=60)


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _body(request: HttpRequest) -> bytes:
    """The bytes as they came; `WebhookRefused` where there are too many."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise WebhookRefused("too large")
    return body
