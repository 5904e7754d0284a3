"""What of the security of accounts somebody has to know: an attestation that is overdue, an exception that is asked
for, that ends, or that ended while the item is still not met."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.security import ExceptionState
from accounts_registry.models import Account, SecurityException
from accounts_registry.queries.security import (
    UNATTESTED,
    asked_exceptions,
    ending_exceptions,
    lapsed_exceptions,
    record_of,
)
from accounts_registry.queries.security_waiting import page_of
from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries import holders
from organisation.enums import Permission
from organisation.models import Person
from organisation.sentences import Sentence

MANAGE, DECIDE = frozenset({Permission.ACCOUNT_MANAGE}), frozenset({Permission.SECURITY_MANAGE})


def _managers(account: Account) -> list[Person]:
    return [account.owner, account.backup_holder, *holders(Permission.ACCOUNT_MANAGE, account.unit)]


def _unattested() -> QuerySet[Account]:
    whole = Account.objects.filter(UNATTESTED).select_related("unit", "owner__unit", "backup_holder__unit", "security")
    return whole.order_by("pk")


def _overdue() -> Iterator[tuple[str, int]]:
    for account in _unattested():
        yield _overdue_key(account), account.pk


def _overdue_key(account: Account) -> str:
    """Another one after each attestation."""
    attested = record_of(account).attested_at
    return f"{account.pk}:{attested.timestamp() if attested else 0:.0f}"


def _about_overdue(pk: int) -> About | None:
    account = _unattested().filter(pk=pk).first()
    if account is None:
        return None
    return About(
        key=_overdue_key(account),
        words=Sentence(_("%(account)s: attest again how safe it is."), account=account.label),
        url=reverse("accounts_registry:account_security", args=[pk]),
        unit=account.unit,
        sees=Permission.DOSSIER_VIEW,
        people=_managers(account),
    )


def _whole(exceptions: QuerySet[SecurityException]) -> QuerySet[SecurityException]:
    around = ("account__unit", "account__owner__unit", "account__backup_holder__unit", "asked_by__unit")
    return exceptions.select_related(*around).order_by("pk")


def _asked() -> Iterator[tuple[str, int]]:
    for pk in asked_exceptions().order_by("pk").values_list("pk", flat=True):
        yield str(pk), pk


def _about_asked(pk: int) -> About | None:
    exception = _whole(asked_exceptions().filter(pk=pk)).first()
    if exception is None:
        return None
    words = _("%(account)s: an exception of its security is asked for. Accept it, or refuse it.")
    others = [one for one in holders(Permission.SECURITY_MANAGE, exception.unit) if one.pk != exception.asked_by_id]
    return _about(exception, str(pk), Sentence(words, account=exception.account.label), others)


def _about(exception: SecurityException, key: str, words: Sentence, people: list[Person]) -> About:
    return About(
        key=key, words=words, url=page_of(exception), unit=exception.unit, sees=Permission.DOSSIER_VIEW, people=people
    )


_ENDS = {
    ExceptionState.ACCEPTED: _("%(account)s: an exception of its security ends soon. Have the item met until then."),
    ExceptionState.EXPIRED: _("%(account)s: an exception of its security is over, and the item is still not met."),
}


def _ending() -> Iterator[tuple[str, int]]:
    for found in (ending_exceptions(), lapsed_exceptions()):
        for pk, state in found.order_by("pk").values_list("pk", "state"):
            yield f"{pk}:{state}", pk


def _about_ending(pk: int) -> About | None:
    found = _whole(ending_exceptions().filter(pk=pk)).first() or _whole(lapsed_exceptions().filter(pk=pk)).first()
    if found is None:
        return None
    words = Sentence(_ENDS[ExceptionState(found.state)], account=found.account.label)
    return _about(found, f"{pk}:{found.state}", words, [found.asked_by, *_managers(found.account)])


_OVERDUE = _("The security of an account of mine is to be attested")
_ASKED, _ENDING = _("A security exception is asked for"), _("A security exception ends")
SECURITY_KINDS = (
    Kind("security_unattested", _OVERDUE, Urgency.TO_KNOW, _overdue, _about_overdue, MANAGE),
    Kind("security_exception_asked", _ASKED, Urgency.SOON, _asked, _about_asked, DECIDE),
    Kind("security_exception_ends", _ENDING, Urgency.SOON, _ending, _about_ending, MANAGE),
)
