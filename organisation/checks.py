"""Every guard and every resolver that a lifecycle names exists. Runs with `manage.py check` and at every start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from organisation.lifecycle import LIFECYCLES


@register()
def guards_exist(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"Lifecycle of {lifecycle.noun}: no guard named {name}", id="organisation.E001")
        for lifecycle in LIFECYCLES
        for name in sorted(lifecycle.missing_guards())
    ]


@register()
def resolvers_exist(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"Lifecycle of {lifecycle.noun}: nobody says which permission {name} is", id="organisation.E002")
        for lifecycle in LIFECYCLES
        for name in sorted(lifecycle.missing_resolvers())
    ]
