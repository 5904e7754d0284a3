from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.models import Credential, PendingConsent
from accounts_registry.models.credential import Sealed
from organisation import audit
from organisation.audit import action
from organisation.factor_secrets import current_key

RESEALED = audit.tell("account.resealed", _("%(actor)s sealed a credential of this account with the present key"))
BATCH = 50


def rotate() -> Iterator[tuple[int, list[str]]]:
    """Wraps every data key anew with the first master key, batch by batch, each its own transaction.

    Yields how many were wrapped and which do not open. What somebody else holds is passed over and met again; it ends
    when nothing is left under another key but what does not open. Stopped half-way, it goes on where it was.
    """
    for model in (Credential, PendingConsent):
        shut: set[Any] = set()
        while _under_other_keys(model).exclude(pk__in=shut).exists():
            done, broken = _rewrap(model=model, passing_over=shut)
            shut |= set(broken)
            yield done, [f"{model._meta.verbose_name} {pk}" for pk in broken]


def _under_other_keys(model: type[Sealed]) -> QuerySet[Any]:
    return model._default_manager.exclude(key_id=current_key())


@action
def _rewrap(*, model: type[Sealed], passing_over: set[Any]) -> tuple[int, list[Any]]:
    """One batch of rows that nobody holds."""
    others = _under_other_keys(model).exclude(pk__in=passing_over).select_related("account__unit").order_by("pk")
    done, broken = 0, []
    for row in others.select_for_update(skip_locked=True, of=("self",))[:BATCH]:
        try:
            row.box = vault.rewrap(row.box, row.row)
        except vault.Broken:
            broken.append(row.pk)
            continue
        row.save(update_fields=["wrapped_key", "key_id"])
        done += 1
        if isinstance(row, Credential):
            audit.record(verb=RESEALED, thing=row.account, by=None, key=row.key_id)
    return done, broken
