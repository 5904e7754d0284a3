"""The dated figures of an account: noted, and corrected by noting the day again."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.figure import Measure
from accounts_registry.models import Account, AccountFigure
from organisation import audit, locks, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person

NOTED = audit.tell("account.figure_noted", _("%(actor)s noted a figure of this account"))
MOST = 10**11


@action
def note_figure(*, account: Account, by: Person, measure: str, value: int, on: date, source: str) -> AccountFigure:
    """So many on this day, as `source` tells it; a figure of the same day gives way to it.

    Refused for a day to come or before there were such networks, for a number that cannot be, and without a source.
    """
    policy.require(by, Permission.ACCOUNT_MANAGE, account)
    locked = locks.take(Account.objects.select_related("unit"), account.pk)
    policy.look_again(by, locked)
    if measure not in Measure.values:
        raise Refused(_("Choose what was counted."), field="measure")
    if not 0 <= value <= MOST:
        raise Refused(_("Write how many there were."), field="value")
    if on > locked.today:
        raise Refused(_("This day has not come yet."), field="on")
    if on.year < 2000:
        raise Refused(_("There was no such account yet."), field="on")
    if not source.strip():
        raise Refused(_("Say from where you know it."), field="source")
    before = AccountFigure.objects.filter(account=locked, measure=measure, on=on).first()
    facts = {"value": value, "source": source.strip(), "noted_by": by}
    figure, _is_new = AccountFigure.objects.update_or_create(account=locked, measure=measure, on=on, defaults=facts)
    was = {"was": before.value} if before is not None else {}
    audit.record(verb=NOTED, thing=locked, by=by, measure=measure, on=on.isoformat(), value=value, **was)
    figure.refresh_from_db()
    return figure
