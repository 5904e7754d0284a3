"""What the environment says of the administration's provider, and what `manage.py check` says of nonsense in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from governance import provider_settings
from governance.provider_checks import nonsense
from organisation.provided import shows_factor
from organisation.provider import Provider

WHOLE = Provider(issuer="https://sso.fin.example", client_id="parvis", client_secret="s")


@pytest.fixture(autouse=True)
def without_a_provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PROVIDER = None


def test_without_an_issuer_there_is_none_and_nothing_to_say() -> None:
    assert provider_settings._provider() is None
    assert list(nonsense()) == []


def test_everything_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "ISSUER": "https://sso.fin.example",
        "CLIENT_ID": "parvis",
        "CLIENT_SECRET": "hush",
        "SCOPES": "openid email",
        "GROUPS_CLAIM": "roles",
        "LABEL": "Sign in",
        "LABEL_NL": "Aanmelden",
        "TRUST_ADDRESSES": "true",
        "FACTOR_ACR": "a,b",
        "FACTOR_AMR": "hwk",
        "ALGORITHMS": "ES256",
        "ALLOW": "sso.fin.example:8443",
    }
    for name, written in told.items():
        monkeypatch.setenv(f"PARVIS_OIDC_{name}", written)
    found = provider_settings._provider()
    assert found == Provider(
        issuer="https://sso.fin.example",
        client_id="parvis",
        client_secret="hush",
        scopes=("openid", "email"),
        groups_claim="roles",
        labels={"fr": "Sign in", "nl": "Aanmelden", "de": "Sign in", "en": "Sign in"},
        trusts_addresses=True,
        factor_acr=frozenset({"a", "b"}),
        factor_amr=frozenset({"hwk"}),
        algorithms=("ES256",),
        allow=frozenset({"sso.fin.example:8443"}),
    )
    assert "hush" not in repr(found)


def test_a_whole_provider_makes_sense(settings: Any) -> None:
    settings.PROVIDER = WHOLE
    assert list(nonsense()) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"issuer": "sso.fin.example"}, "PARVIS_OIDC_ISSUER"),
        ({"issuer": "http://sso.fin.example"}, "PARVIS_OIDC_ISSUER"),
        ({"issuer": "https://sso.fin.example/?x"}, "PARVIS_OIDC_ISSUER"),
        ({"client_id": ""}, "PARVIS_OIDC_CLIENT_ID"),
        ({"client_secret": ""}, "PARVIS_OIDC_CLIENT_SECRET"),
        ({"scopes": ("email",)}, "PARVIS_OIDC_SCOPES"),
        ({"allow": frozenset({"sso"})}, "PARVIS_OIDC_ALLOW"),
        ({"algorithms": ("HS256",)}, "PARVIS_OIDC_ALGORITHMS"),
        ({"algorithms": ("none",)}, "PARVIS_OIDC_ALGORITHMS"),
        ({"algorithms": ()}, "PARVIS_OIDC_ALGORITHMS"),
        ({"factor_amr": frozenset({"pwd"})}, "PARVIS_OIDC_FACTOR_AMR"),
        ({"factor_acr": frozenset({""})}, "PARVIS_OIDC_FACTOR_ACR"),
    ],
    ids=str,
)
def test_nonsense_is_named(changed: dict[str, Any], named: str, settings: Any) -> None:
    settings.PROVIDER = replace(WHOLE, **changed)
    assert [sentence.split(" ", 1)[0] for sentence in nonsense()] == [named]


def test_a_variable_that_nobody_reads_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARVIS_OIDC_ISUER", "https://sso.fin.example")
    assert len(list(nonsense())) == 2


def test_without_a_provider_nothing_counts_as_a_factor(settings: Any) -> None:
    settings.PROVIDER = replace(WHOLE, factor_amr=frozenset({"hwk"}))
    assert shows_factor("", ["hwk"])
    settings.PROVIDER = None
    assert not shows_factor("", ["hwk"])


def test_a_word_that_is_neither_yes_nor_no_is_named(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PROVIDER = WHOLE
    monkeypatch.setenv("PARVIS_OIDC_TRUST_ADDRESSES", "maybe")
    assert [sentence.split(" ", 1)[0] for sentence in nonsense()] == ["PARVIS_OIDC_TRUST_ADDRESSES"]
    monkeypatch.setenv("PARVIS_OIDC_TRUST_ADDRESSES", "True")
    assert list(nonsense()) == []
