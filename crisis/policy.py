"""What stands in the way in a crisis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crisis.enums import CRISIS_LIFECYCLE
from crisis.models import Crisis
from crisis.queries import freeze_of


@CRISIS_LIFECYCLE.guard("freeze_is_decided")
def freeze_is_decided(crisis: Crisis, by: Any) -> Iterator[str | Promise]:
    if freeze_of(crisis) is not None:
        yield _("Publishing is still frozen for this. Lift the freeze first.")
