"""The apps of others that may act on an account, as people find them in the network's own settings."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account, ThirdPartyApp
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
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
    today = timezone.localdate()
    if last_seen_on is not None and last_seen_on > today:
        raise Refused(_("This day has not come yet."), field="last_seen_on")
    listed = ThirdPartyApp(account=account, name=name.strip(), purpose=purpose.strip(), noted_by=by)
    listed.last_seen_on = last_seen_on or today
    try:
        with transaction.atomic():
            listed.save()
    except IntegrityError:
        raise Refused(_("This app is listed already."), field="name") from None
    audit.record(verb=LISTED, thing=account, by=by, app=listed.name, purpose=listed.purpose)
    return listed


@action
def see_third_party_app(*, app: ThirdPartyApp, by: Person) -> ThirdPartyApp:
    """`by` looked in the network's settings today, and it is still there."""
    policy.require(by, Permission.ACCOUNT_MANAGE, app.account)
    app.last_seen_on = timezone.localdate()
    app.save(update_fields=["last_seen_on"])
    audit.record(verb=SEEN, thing=app.account, by=by, app=app.name)
    return app


@action
def strike_third_party_app(*, app: ThirdPartyApp, by: Person, reason: str) -> None:
    """The app may no longer act on the account; `reason` says what was done about it."""
    policy.require(by, Permission.ACCOUNT_MANAGE, app.account)
    audit.record(verb=STRUCK, thing=app.account, by=by, app=app.name, reason=reason)
    app.delete()
