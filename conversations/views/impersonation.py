"""From a conversation into the abuse register: the form of the registry, filled in with what everybody may see."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts_registry.enums import Discovery, SightingKind
from accounts_registry.forms.sightings import SightingForm
from accounts_registry.views.sightings import report_page
from conversations.enums import Category
from conversations.models import Conversation
from conversations.queries import conversation_in_sight
from networks import profiles
from networks.addresses import host_of
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.long_forms import written
from organisation.policy import require
from organisation.views.once import once


@login_required
@require_http_methods(["GET", "POST"])
@once
def report_author(request: PersonRequest, pk: int) -> HttpResponse:
    """404 where the conversation is none about impersonation: of any other citizen nothing goes there."""
    found = conversation_in_sight(request.user, pk)
    if found is None:
        raise Http404
    require(request.user, Permission.SIGHTING_REPORT, found)
    if found.category != Category.IMPERSONATION:
        raise Http404
    bound = written(request, SightingForm)
    return report_page(request, SightingForm(*bound, person=request.user, initial=_public(found)))


def _public(found: Conversation) -> dict[str, Any]:
    """The author's public name and address, for whoever looks whether it is they who pose as us."""
    handle, account = found.author_handle, found.account
    address = (
        profiles.address(account.network, host_of(account.base_url), handle) if "@" not in handle else f"@{handle}"
    )
    return {
        "account": address or handle,
        "network": account.network,
        "shown_name": found.author_name,
        "kind": SightingKind.IMPERSONATION,
        "found": Discovery.CONVERSATION,
        "unit": found.unit_id,
        "imitates": account.pk,
    }
