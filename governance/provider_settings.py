"""The administration's own provider of sign-ins (OpenID Connect), from the environment.

Without an issuer there is none, and nothing of Parvis changes.
"""

from __future__ import annotations

from governance.environment import env
from organisation.provider import Provider


def _provider() -> Provider | None:
    issuer = env.str("PARVIS_OIDC_ISSUER", default="")
    if not issuer:
        return None
    said = env.str("PARVIS_OIDC_LABEL", default="")
    labels = {code: env.str(f"PARVIS_OIDC_LABEL_{code.upper()}", default=said) for code in ("fr", "nl", "de", "en")}
    return Provider(
        issuer=issuer,
        client_id=env.str("PARVIS_OIDC_CLIENT_ID", default=""),
        client_secret=env.str("PARVIS_OIDC_CLIENT_SECRET", default=""),
        scopes=tuple(env.str("PARVIS_OIDC_SCOPES", default="openid email profile").split()),
        groups_claim=env.str("PARVIS_OIDC_GROUPS_CLAIM", default="groups"),
        labels={code: label for code, label in labels.items() if label},
        trusts_addresses=env.bool("PARVIS_OIDC_TRUST_ADDRESSES", default=False),
        factor_acr=frozenset(env.list("PARVIS_OIDC_FACTOR_ACR", default=[])),
        factor_amr=frozenset(env.list("PARVIS_OIDC_FACTOR_AMR", default=[])),
        algorithms=tuple(env.list("PARVIS_OIDC_ALGORITHMS", default=["RS256", "PS256", "ES256"])),
        allow=frozenset(env.list("PARVIS_OIDC_ALLOW", default=[])),
    )


PROVIDER = _provider()
