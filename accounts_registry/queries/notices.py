"""What of the registry somebody has to know: owner and backup holder of an account, and who connects accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState, ConditionState, ConnectionState
from accounts_registry.models import Access, Account, Condition
from accounts_registry.queries.life import OVER, RENAMED, UNCONFIRMED, UNTAKEN, lost_sisters
from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries import holders
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.models import Person
from organisation.sentences import Sentence

# So long before a consent ends its account's people are told.
ENDS_WITHIN = timedelta(days=7)
NEAR = timedelta(days=7)
CONDITION_NEAR = _("%(account)s: a condition of the committee is due soon. %(condition)s")
CONDITION_LATE = _(
    "%(account)s: a condition of the committee is overdue, and the account is suspended until it is reported as met. "
    "%(condition)s"
)
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


# ---- The life of an account -----------------------------------------------------------------------------------------
_CONFIRM = _("%(account)s: confirm that what the registry says of it is right.")
_TAKE = _("%(account)s was handed over. Look at it, and confirm that you answer for it.")


def _holders(account: Account) -> list[Person]:
    return [account.owner, account.backup_holder]


def _unconfirmed() -> QuerySet[Account]:
    return Account.objects.filter(UNCONFIRMED | UNTAKEN)


def _to_confirm() -> Iterator[tuple[str, int]]:
    for account in _unconfirmed().order_by("pk"):
        yield _confirm_key(account), account.pk


def _confirm_key(account: Account) -> str:
    """Another one for whoever it was handed to, and after each time that it was confirmed."""
    confirmed = account.confirmed_at.timestamp() if account.confirmed_at else 0
    return f"{account.pk}:{account.owner_id}:{account.backup_holder_id}:{confirmed:.0f}"


def _about_unconfirmed(pk: int) -> About | None:
    account = _whole(_unconfirmed(), pk)
    if account is None:
        return None
    handover = account.handovers.filter(owner=account.owner, backup_holder=account.backup_holder).first()
    handed = handover is not None and handover.taken_at is None
    before = [handover.owner_before, handover.backup_before] if handover is not None and handed else []
    words = _TAKE if handed else _CONFIRM
    return _about(account, _confirm_key(account), words, [*_holders(account), *before])


def _whole(accounts: QuerySet[Account], pk: int) -> Account | None:
    return accounts.filter(pk=pk).select_related("unit", "owner__unit", "backup_holder__unit").first()


def _about(account: Account, key: str, words: str | Promise, people: list[Person], **facts: str) -> About:
    return About(
        key=key,
        words=Sentence(words, account=account.label, **facts),
        url=_page(account),
        unit=account.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=people,
    )


def _managers(account: Account) -> list[Person]:
    return [*_holders(account), *holders(Permission.ACCOUNT_MANAGE, account.unit)]


def _over() -> Iterator[tuple[str, int]]:
    for pk, day in Account.objects.filter(OVER).order_by("pk").values_list("pk", "ends_on"):
        yield f"{pk}:{day}", pk


def _about_over(pk: int) -> About | None:
    account = _whole(Account.objects.filter(OVER), pk)
    words = _(
        "The trial or campaign of %(account)s is over and nothing goes out. Renew it with what came of it, or close it."
    )
    return _about(account, f"{pk}:{account.ends_on}", words, _managers(account)) if account else None


def _renamed() -> Iterator[tuple[str, int]]:
    for pk, told in Account.objects.filter(RENAMED).order_by("pk").values_list("pk", "told_handle"):
        yield f"{pk}:{told}", pk


def _about_renamed(pk: int) -> About | None:
    account = _whole(Account.objects.filter(RENAMED), pk)
    if account is None:
        return None
    words = _("The network calls %(account)s @%(told)s now, which nobody approved.")
    return _about(account, f"{pk}:{account.told_handle}", words, _people(account), told=account.told_handle)


def _alone() -> Iterator[tuple[str, int]]:
    for pk in lost_sisters(Account.objects.order_by("pk")).values_list("pk", flat=True):
        yield str(pk), pk


def _about_alone(pk: int) -> About | None:
    account = _whole(lost_sisters(Account.objects.all()), pk)
    words = _("The language pair of %(account)s was closed: it has no counterpart any more.")
    return _about(account, str(pk), words, _managers(account)) if account else None


# ---- What the committee asked for ----------------------------------------------------------------------------------
def _conditions_due() -> QuerySet[Condition]:
    """Open ones whose day is near, or over: the account is then suspended."""
    near = database_today(UTC) + NEAR
    return Condition.objects.filter(state=ConditionState.OPEN, due_on__lte=near).order_by("pk")


def _due() -> Iterator[tuple[str, int]]:
    for condition in _conditions_due():
        yield _due_key(condition), condition.pk


def _due_key(condition: Condition) -> str:
    """Told again once it is overdue."""
    return f"{condition.pk}:{'late' if _is_late(condition) else 'near'}"


def _is_late(condition: Condition) -> bool:
    return condition.due_on < database_today(UTC)


def _about_due(pk: int) -> About | None:
    around = ("owner", "decision__dossier__unit", "decision__dossier__owner", "decision__dossier__backup_holder")
    condition = _conditions_due().filter(pk=pk).select_related(*around).first()
    if condition is None:
        return None
    dossier = condition.decision.dossier
    words = CONDITION_LATE if _is_late(condition) else CONDITION_NEAR
    holders_of_it = [one for one in (dossier.owner, dossier.backup_holder) if one is not None]
    return About(
        key=_due_key(condition),
        words=Sentence(words, account=dossier.title, condition=condition.text),
        url=reverse("accounts_registry:dossier_detail", args=[dossier.pk]) + "#conditions",
        unit=dossier.unit,
        sees=Permission.DOSSIER_VIEW,
        people=[condition.owner, *holders_of_it],
        due_at=datetime.combine(condition.due_on, time.max, dossier.unit.zone),
    )


NEEDED = frozenset({Permission.ACCOUNT_CONNECT})
ANSWERS = frozenset({Permission.DOSSIER_WRITE})
MANAGE = frozenset({Permission.ACCOUNT_MANAGE})
SOON, LATER = Urgency.SOON, Urgency.TO_KNOW
KINDS = (
    Kind("account_broken", _("The connection of an account is broken"), SOON, _broken, _about_broken, NEEDED),
    Kind("account_ends", _("The sign-in of an account ends soon"), SOON, _ends, _about_ends, NEEDED),
    Kind("condition_due", _("A condition of the committee is due"), SOON, _due, _about_due, ANSWERS),
    Kind("account_over", _("The trial or campaign of an account is over"), SOON, _over, _about_over, MANAGE),
    Kind("account_renamed", _("An account has another name than was approved"), SOON, _renamed, _about_renamed),
    Kind("account_unconfirmed", _("An account of mine is to be confirmed"), LATER, _to_confirm, _about_unconfirmed),
    Kind("account_alone", _("An account lost its language pair"), LATER, _alone, _about_alone),
)
