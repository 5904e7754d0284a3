"""The administration's provider of sign-ins, and what its answers say. Knows nothing of Django: the settings use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Provider:
    """The provider as the settings have it. `factor_acr` and `factor_amr` are the answers that count as a second
    factor; `trusts_addresses` says whether a verified address there is enough to know somebody who was invited."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    labels: Mapping[str, str] = field(default_factory=dict)
    trusts_addresses: bool = False
    factor_acr: frozenset[str] = frozenset()
    factor_amr: frozenset[str] = frozenset()
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    allow: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Told:
    """What a provider's checked answer says. `email` is empty where it is not trusted; `groups` is None where the
    answer does not say which."""

    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    groups: frozenset[str] | None = None
    acr: str = ""
    amr: tuple[str, ...] = ()
