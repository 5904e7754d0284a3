"""The apps of others that may act on an account, as people find them in the network's own settings."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account, ThirdPartyApp
from organisation import audit, policy
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

LISTED = audit.tell("account.app_listed", _("%(actor)s listed an app of somebody else that may act on this account"))
SEEN = audit.tell("account.app_seen", _("%(actor)s saw that an app still may act on this account"))
STRUCK = audit.tell("account.app_struck", _("%(actor)s struck an app: it may no longer act on this account"))


@action
def list_third_party_app(
    *, account: Account, by: Person, name: str, purpose: str, last_seen_on: date | None = None
) -> ThirdPartyApp:
    """Notes an app that may act on `account`. Refused where it is listed already."""
    policy.require(by, Permission.ACCOUNT_MANAGE, account)
    today = database_today()
    if last_seen_on is not None and last_seen_on > today:
        raise Refused(_("This day has not come yet."), field="last_seen_on")
    listed = ThirdPartyApp(account=account, name=name.strip(), purpose=purpose.strip(), noted_by=by)
    listed.last_seen_on = last_seen_on or today
    try:
        with transaction.atomic():
            listed.save()
    except IntegrityError:
        raise Refused(_("This app is listed already."), field="name") from None
    audit.record(verb=LISTED, thing=account, by=by, **_told(listed))
    return listed


@action
def see_third_party_app(*, app: ThirdPartyApp, by: Person) -> ThirdPartyApp:
    """`by` looked in the network's settings today, and it is still there."""
    locked = _locked(app, by, SEEN)
    was, locked.last_seen_on = locked.last_seen_on, database_today()
    locked.save(update_fields=["last_seen_on"])
    audit.record(verb=SEEN, thing=locked.account, by=by, app=locked.name, was=was.isoformat())
    return locked


@action
def strike_third_party_app(*, app: ThirdPartyApp, by: Person, reason: str) -> None:
    """The app may no longer act on the account; `reason` says what was done about it."""
    locked = _locked(app, by, STRUCK)
    audit.record(verb=STRUCK, thing=locked.account, by=by, reason=reason, **_told(locked))
    locked.delete()


def _locked(app: ThirdPartyApp, by: Person, verb: str) -> ThirdPartyApp:
    """Conflict where somebody has struck it meanwhile."""
    rows = ThirdPartyApp.objects.select_for_update(of=("self",)).select_related("account__unit")
    locked = rows.filter(pk=app.pk).first()
    if locked is None:
        raise Conflict(app.account, verb)
    policy.require(by, Permission.ACCOUNT_MANAGE, locked.account)
    return locked


def _told(app: ThirdPartyApp) -> dict[str, str]:
    """As an event holds it."""
    return {"app": app.name, "purpose": app.purpose, "last_seen_on": app.last_seen_on.isoformat()}
