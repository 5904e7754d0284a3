"""What of the abuse register somebody has to know: that a case waits for them, and that their account is imitated."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import STANDING, AbuseState
from accounts_registry.models import AbuseCase
from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries import holders
from organisation.enums import Permission
from organisation.sentences import Sentence

TO_SETTLE = _("An account was reported that poses as %(unit)s: confirm it, or dismiss it.")


def _page(case: AbuseCase) -> str:
    return reverse("accounts_registry:sighting_detail", args=[case.sighting_id])


def _reported() -> QuerySet[AbuseCase]:
    return AbuseCase.objects.filter(state=AbuseState.REPORTED).select_related("sighting__unit", "reported_by")


def _keys_of_reported() -> Iterator[tuple[str, int]]:
    for case in _reported().order_by("pk"):
        yield _key(case), case.pk


def _key(case: AbuseCase) -> str:
    """Another one once it is opened again."""
    return f"{case.pk}:{case.reported_at.timestamp():.0f}"


def _about_reported(pk: int) -> About | None:
    case = _reported().filter(pk=pk).first()
    if case is None:
        return None
    keepers = [one for one in holders(Permission.SIGHTING_MANAGE, case.unit) if one.pk != case.reported_by_id]
    return About(
        key=_key(case),
        words=Sentence(
            _("An account was reported that poses as %(unit)s: confirm it, or dismiss it."), unit=case.unit.name
        ),
        url=_page(case),
        unit=case.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=keepers,
    )


def _confirmed() -> QuerySet[AbuseCase]:
    of_an_account = AbuseCase.objects.filter(state__in=STANDING, sighting__imitates__isnull=False)
    imitated = (
        "sighting__imitates__unit",
        "sighting__imitates__owner__unit",
        "sighting__imitates__backup_holder__unit",
    )
    return of_an_account.select_related("sighting__unit", *imitated)


def _keys_of_confirmed() -> Iterator[tuple[str, int]]:
    for case in _confirmed().order_by("pk"):
        yield _key(case), case.pk


def _about_confirmed(pk: int) -> About | None:
    case = _confirmed().filter(pk=pk).first()
    account = case.sighting.imitates if case is not None else None
    if case is None or account is None:
        return None
    return About(
        key=_key(case),
        words=Sentence(_("Somebody poses as %(account)s: two colleagues confirmed it."), account=account.label),
        url=_page(case),
        unit=case.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=[account.owner, account.backup_holder],
    )


NEEDED = frozenset({Permission.SIGHTING_MANAGE})
_WAITS, _STANDS = _("An account was reported that poses as us"), _("Somebody poses as an account of yours")
ABUSE_KINDS = (
    Kind("abuse_reported", _WAITS, Urgency.SOON, _keys_of_reported, _about_reported, NEEDED),
    Kind("abuse_confirmed", _STANDS, Urgency.SOON, _keys_of_confirmed, _about_confirmed),
)
