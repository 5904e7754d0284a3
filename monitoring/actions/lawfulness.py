from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.models.lawful import Lawful
from monitoring.models.pulled import Pulled
from organisation import policy
from organisation.enums import Permission
from organisation.lifecycle import Refused

# Nobody types these in.
WORKERS_OWN = [field.name for field in Pulled._meta.local_fields]


def require_lawful(thing: Lawful) -> None:
    """Raises ValidationError, by field, or Refused, where something is missing that lets `thing` collect."""
    thing.full_clean(exclude={"state", *WORKERS_OWN}, validate_constraints=False)
    if thing.expires_on < thing.today:
        raise Refused(_("The last day must still come."), field="expires_on")
    if thing.owner.is_machine or not policy.allows(thing.owner, Permission.WATCH_VIEW, thing):
        raise Refused(_("The owner must be able to see watches here."), field="owner")
