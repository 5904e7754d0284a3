"""What the settings of the administration's provider of sign-ins cannot mean: `manage.py check` says it, each by its
variable. Sign-in with a password goes on meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import environ
from django.conf import settings
from django.core import checks

from governance.nonsense import NO, is_address, taken_apart
from governance.oidc.tokens import FAMILY
from organisation.provider import Provider

PREFIX = "PARVIS_OIDC_"
KNOWN = {
    *("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "SCOPES", "GROUPS_CLAIM", "TRUST_ADDRESSES", "ALLOW", "ALGORITHMS"),
    *("LABEL", "LABEL_FR", "LABEL_NL", "LABEL_DE", "LABEL_EN", "FACTOR_ACR", "FACTOR_AMR"),
}
# What a password alone is called, by RFC 8176, and what says nothing of how often somebody was asked.
NO_FACTOR = {"pwd", "user", "rba", "geo", "sso", "wia"}


@checks.register()
def the_provider_makes_sense(app_configs: Sequence[Any] | None, **_told: Any) -> list[checks.CheckMessage]:
    hint = "docs/production.md says what belongs in it."
    return [checks.Error(sentence, hint=hint, id="governance.E002") for sentence in nonsense()]


def nonsense() -> Iterator[str]:
    named = sorted(name for name, written in os.environ.items() if name.startswith(PREFIX) and written)
    yield from (f"{name} is nothing that Parvis reads." for name in named if name.removeprefix(PREFIX) not in KNOWN)
    trusted = os.environ.get(f"{PREFIX}TRUST_ADDRESSES", "").lower()
    if trusted and trusted not in (*environ.Env.BOOLEAN_TRUE_STRINGS, *NO):
        yield f"PARVIS_OIDC_TRUST_ADDRESSES is {trusted!r}: it has to be true or false."
    provider: Provider | None = settings.PROVIDER
    if provider is None:
        if named:
            yield "PARVIS_OIDC_ISSUER is not set: the other variables of the provider do nothing."
        return
    yield from _of_the_client(provider)
    yield from _of_answers(provider)


def _of_the_client(provider: Provider) -> Iterator[str]:
    where = taken_apart(provider.issuer)
    schemes = ("https", "http") if where is not None and where.netloc in provider.allow else ("https",)
    if not is_address(provider.issuer, schemes=schemes) or where is None or where.query or where.fragment:
        yield "PARVIS_OIDC_ISSUER has to be a whole address from https:// on, as the provider writes it."
    if not provider.client_id:
        yield "PARVIS_OIDC_CLIENT_ID is not set: the provider does not know who asks."
    if not provider.client_secret:
        yield "PARVIS_OIDC_CLIENT_SECRET is not set: the provider gives no answer."
    if "openid" not in provider.scopes:
        yield "PARVIS_OIDC_SCOPES lacks openid: the provider does not say who somebody is."
    for pair in sorted(provider.allow):
        host, _colon, port = pair.rpartition(":")
        if not host or not port.isdecimal():
            yield f"PARVIS_OIDC_ALLOW holds {pair!r}: it has to be a host, a colon and a port."


def _of_answers(provider: Provider) -> Iterator[str]:
    for name in provider.algorithms:
        if name not in FAMILY:
            yield f"PARVIS_OIDC_ALGORITHMS holds {name!r}: it has to be a signature by a private key, such as RS256."
    if not provider.algorithms:
        yield "PARVIS_OIDC_ALGORITHMS is empty: no answer is accepted."
    for method in sorted(NO_FACTOR & provider.factor_amr):
        yield f"PARVIS_OIDC_FACTOR_AMR holds {method!r}, which is no second factor."
    if "" in provider.factor_acr:
        yield "PARVIS_OIDC_FACTOR_ACR holds an empty word: an answer that says nothing would count as a second factor."
