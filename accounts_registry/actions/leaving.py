"""What of the registry somebody has in hand who leaves: accounts that they answer for, dossiers that they asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState, DossierState
from accounts_registry.models import Account, Handover, JustificationDossier
from accounts_registry.models.dossier import APPROVED
from organisation import audit, locks
from organisation.audit import action
from organisation.enums import Permission
from organisation.models import Person
from organisation.open_work import HandOver, Thing, WorkKind

REPLACED = audit.tell("account.holder_replaced", _("%(actor)s put somebody in the place of a holder who left"))
TAKEN_OVER = audit.tell("dossier.taken_over", _("%(actor)s gave this dossier to somebody, since who asked for it left"))
OVER = (*APPROVED, DossierState.REFUSED, DossierState.WITHDRAWN)
HOLDERS = {"owner": "backup_holder", "backup_holder": "owner"}


def _accounts(person: Person, field: str) -> Iterator[Thing]:
    held = Account.objects.filter(**{field: person}).exclude(state=AccountState.ARCHIVED)
    for one in held.select_related("unit"):
        other = getattr(one, f"{HOLDERS[field]}_id")
        url = reverse("accounts_registry:account_detail", args=[one.pk])
        yield Thing(one.pk, one.label, one.unit, url, frozenset({other}))


@action
def replace_holder(*, account: int, field: str, leaver: Person, to: Person, by: Person, reason: str) -> Account:
    """`to` is `owner` or `backup_holder` in the place of `leaver`. Whoever ends a person's work decides it
    (`organisation.actions.end_work`, which looked at both); nothing happens where somebody else holds it by now. `to`
    is asked to say that they do, as after each handover."""
    locked = locks.take(Account.objects.select_related("unit", "owner", "backup_holder"), account)
    if getattr(locked, f"{field}_id") != leaver.pk:
        return locked
    before = {"owner_before": locked.owner, "backup_before": locked.backup_holder}
    setattr(locked, field, to)
    locked.edition += 1
    locked.save(update_fields=[field, "edition"])
    after = {"owner": locked.owner, "backup_holder": locked.backup_holder}
    Handover.objects.create(account=locked, reason=reason, made_by=by, **before, **after)
    changes = {"changes": {field: [leaver.pk, to.pk]}}
    audit.record(verb=REPLACED, thing=locked, by=by, reason=reason, **changes)
    return locked


def _replace(field: str, key: int, told: HandOver) -> None:
    replace_holder(account=key, field=field, leaver=told.leaver, to=told.to, by=told.by, reason=told.reason)


def _dossiers(person: Person) -> Iterator[Thing]:
    asked = JustificationDossier.objects.filter(requested_by=person).exclude(state__in=OVER)
    for one in asked.select_related("unit"):
        yield Thing(one.pk, one.title, one.unit, reverse("accounts_registry:dossier_detail", args=[one.pk]))


@action
def take_over_dossier(*, dossier: int, to: Person, leaver: Person, by: Person, reason: str) -> JustificationDossier:
    """`to` asks for it from here on. Who left stays among those who wrote it, and `to` counts as one: neither checks it
    or votes on it."""
    locked = locks.take(JustificationDossier.objects.select_related("unit"), dossier)
    locked.editors.add(leaver, to)
    locked.requested_by = to
    locked.save(update_fields=["requested_by"])
    audit.record(verb=TAKEN_OVER, thing=locked, by=by, reason=reason, changes={"requested_by": [leaver.pk, to.pk]})
    return locked


def _take_over(key: int, told: HandOver) -> None:
    take_over_dossier(dossier=key, to=told.to, leaver=told.leaver, by=told.by, reason=told.reason)


WORK = (
    WorkKind(
        key="account_owner",
        label=_("Accounts that they own"),
        one=_("Account"),
        left=_("Nobody: the account is an orphan"),
        takes=Permission.ACCOUNT_VIEW,
        sees=Permission.ACCOUNT_VIEW,
        of=lambda person: _accounts(person, "owner"),
        hand_over=lambda key, told: _replace("owner", key, told),
    ),
    WorkKind(
        key="account_backup",
        label=_("Accounts of which they are the backup holder"),
        one=_("Account"),
        left=_("Nobody: the account has no backup holder at work"),
        takes=Permission.ACCOUNT_VIEW,
        sees=Permission.ACCOUNT_VIEW,
        of=lambda person: _accounts(person, "backup_holder"),
        hand_over=lambda key, told: _replace("backup_holder", key, told),
    ),
    WorkKind(
        key="dossier",
        label=_("Dossiers that they asked for"),
        one=_("Dossier"),
        left=_("Nobody: it stays in the name of who left"),
        takes=Permission.DOSSIER_WRITE,
        sees=Permission.DOSSIER_VIEW,
        of=_dossiers,
        hand_over=_take_over,
    ),
)
