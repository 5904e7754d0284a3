"""What of the registry somebody has to know: owner and backup holder of an account, and who connects accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState, ConnectionState
from accounts_registry.models import Access, Account
from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries import holders
from organisation.enums import Permission
from organisation.models import Person
from organisation.sentences import Sentence

# So long before a consent ends its account's people are told.
ENDS_WITHIN = timedelta(days=7)
BROKEN = {
    ConnectionState.BROKEN: _(
        "The connection of %(account)s is broken: nothing goes out or comes in until it is mended."
    ),
    ConnectionState.HALF_CONNECTED: _("%(account)s is only half connected: part of the work stands still."),
}


def _people(account: Account) -> list[Person]:
    connect = holders(Permission.ACCOUNT_CONNECT, account.unit)
    return [account.owner, account.backup_holder, *connect]


def _page(account: Account) -> str:
    return reverse("accounts_registry:account_detail", args=[account.pk])


def _active() -> QuerySet[Account]:
    return Account.objects.filter(state=AccountState.ACTIVE)


def _broken() -> Iterator[tuple[str, int]]:
    found = _active().filter(connection_state__in=BROKEN).order_by("pk")
    for pk, state in found.values_list("pk", "connection_state"):
        yield f"{pk}:{state}", pk


def _about_broken(pk: int) -> About | None:
    found = _active().filter(pk=pk, connection_state__in=BROKEN)
    account = found.select_related("unit", "owner__unit", "backup_holder__unit").first()
    if account is None:
        return None
    return About(
        key=f"{account.pk}:{account.connection_state}",
        words=Sentence(BROKEN[ConnectionState(account.connection_state)], account=account.label),
        url=_page(account),
        unit=account.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=_people(account),
    )


def _ending_soon() -> QuerySet[Access]:
    """Consents that end within a week: a person has to agree again, or there is nothing with which to renew them."""
    alone = Q(renew_at__isnull=True, expires_at__lte=Now() + ENDS_WITHIN)
    found = Access.objects.filter(alone | Q(ends_at__lte=Now() + ENDS_WITHIN), ended=False)
    return found.filter(account__state=AccountState.ACTIVE)


def _over_at(access: Access) -> datetime:
    alone = access.expires_at if access.renew_at is None else None
    return min(moment for moment in (alone, access.ends_at) if moment is not None)


def _ends() -> Iterator[tuple[str, int]]:
    for access in _ending_soon().order_by("pk"):
        yield _ends_key(access), access.pk


def _ends_key(access: Access) -> str:
    return f"{access.pk}:{_over_at(access).timestamp():.0f}"


def _about_ends(pk: int) -> About | None:
    account = ("account__unit", "account__owner__unit", "account__backup_holder__unit")
    access = _ending_soon().filter(pk=pk).select_related(*account).first()
    if access is None:
        return None
    return About(
        key=_ends_key(access),
        words=Sentence(_("The sign-in of %(account)s ends soon: connect it again."), account=access.account.label),
        url=_page(access.account),
        unit=access.account.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=_people(access.account),
        due_at=_over_at(access),
    )


NEEDED = frozenset({Permission.ACCOUNT_CONNECT})
KINDS = (
    Kind("account_broken", _("The connection of an account is broken"), Urgency.SOON, _broken, _about_broken, NEEDED),
    Kind("account_ends", _("The sign-in of an account ends soon"), Urgency.SOON, _ends, _about_ends, NEEDED),
)
