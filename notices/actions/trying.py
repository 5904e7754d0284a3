"""An administrator has a failed letter tried again."""

from __future__ import annotations

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notices.models import Letter
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict
from organisation.models import Person

AGAIN = audit.tell("letter.tried_again", _("%(actor)s had this letter tried again"))


@action
def try_again(*, letter: Letter, by: Person) -> None:
    """It is due at once, and has all its tries before it; Conflict where it has left or a worker is at it."""
    policy.require(by, Permission.PERSON_MANAGE, letter.person)
    stuck = Letter.objects.filter(pk=letter.pk, sent_at__isnull=True, dropped_at__isnull=True, failures__gt=0)
    if not stuck.filter(lease_until__isnull=True).update(next_at=Now(), given_up_at=None, failures=0):
        raise Conflict(letter, "try_again")
    audit.record(verb=AGAIN, thing=letter, by=by, person=letter.person_id)
