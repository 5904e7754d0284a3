"""How somebody proved who they are at the administration's provider, as their session has it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import clear_authentication_records, get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from organisation.provider import Provider

METHOD = "provider"  # in the session's record of how somebody signed in


def shows_factor(acr: Any, amr: Any) -> bool:
    """Whether the settings of today take this for a second factor."""
    provider: Provider | None = settings.PROVIDER
    if provider is None:
        return False
    used = {one for one in amr if isinstance(one, str)} if isinstance(amr, list | tuple) else set()
    return acr in provider.factor_acr or bool(used & provider.factor_amr)


def provided_factor(request: HttpRequest, person: Any) -> bool:
    """Whether this session was opened with a second factor at the provider. Asked anew at each request, so that a
    setting that is withdrawn counts no longer."""
    return any(
        record.get("method") == METHOD and shows_factor(record.get("acr"), record.get("amr"))
        for record in get_authentication_records(request, person)
    )


def forget_proof(request: HttpRequest) -> None:
    """Whatever this session says of how somebody signed in, before somebody else does."""
    clear_authentication_records(request)
