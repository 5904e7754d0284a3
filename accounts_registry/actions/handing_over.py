"""Who answers for an account: handed over with the reason, and taken over by saying that its facts are right."""

from __future__ import annotations

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.holding import locked_for, outdated
from accounts_registry.enums import AccountState
from accounts_registry.models import Account, Handover
from accounts_registry.policy import require_holder
from accounts_registry.queries.committee import root_path
from organisation import audit, locks
from organisation.audit import action, step
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from organisation.policy import allows

HANDED_OVER = audit.tell("account.handed_over", _("%(actor)s handed this account over"))
CONFIRMED = audit.tell("account.confirmed", _("%(actor)s confirmed the facts of this account"))


@action
def hand_over_account(
    *, account: Account, by: Person, edition: int, reason: str, owner: Person, backup_holder: Person
) -> Handover:
    """From now on `owner` and `backup_holder` answer for it. Those who are new are asked to say that they do.

    Refused at the field of whoever cannot hold it: they are active people of its organisation who see it, and two.
    Outdated where the account's facts are others than in `edition`.
    """
    locked = locked_for(account, by, "hand over", edition=edition)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    handover = hand_over_decided(account=locked, by=by, reason=reason, owner=owner, backup_holder=backup_holder)
    account.refresh_from_db()
    return handover


@step
def hand_over_decided(*, account: Account, by: Person, reason: str, owner: Person, backup_holder: Person) -> Handover:
    """The handover itself, of an account under lock: by its manager, or as the committee decided and `by` recorded."""
    locked = account
    if owner.pk == backup_holder.pk:
        raise Refused(_("Owner and backup holder are two different people."), field="backup_holder")
    if (owner.pk, backup_holder.pk) == (locked.owner_id, locked.backup_holder_id):
        raise Refused(_("These two answer for it already."), field="owner")
    before = {locked.owner_id, locked.backup_holder_id}
    for field, person in (("owner", owner), ("backup_holder", backup_holder)):
        _require_able(locked, person, field, is_new=person.pk not in before)
    handover = Handover(
        account=locked,
        owner_before=locked.owner,
        backup_before=locked.backup_holder,
        owner=owner,
        backup_holder=backup_holder,
        reason=reason.strip(),
        made_by=by,
    )
    if not handover.newcomers:  # the two change places: nobody has to be asked
        handover.taken_at = Now()
    handover.save()
    was = audit.values_of(locked, ("owner", "backup_holder"))
    locked.owner, locked.backup_holder, locked.edition = owner, backup_holder, locked.edition + 1
    locked.save(update_fields=["owner", "backup_holder", "edition"])
    told = audit.differences(was, audit.values_of(locked, ("owner", "backup_holder")))
    audit.record(verb=HANDED_OVER, thing=locked, by=by, reason=reason.strip(), **told)
    return handover


def _require_able(account: Account, person: Person, field: str, *, is_new: bool) -> None:
    """Looked up as they stand behind the lock."""
    found = Person.objects.select_related("unit").get(pk=person.pk)
    facts = {"name": found.name}
    if not found.is_active:
        raise Refused(_("%(name)s is suspended and cannot hold an account.") % facts, field=field)
    if found.is_machine:
        raise Refused(_("%(name)s is a service account: people answer for an account.") % facts, field=field)
    if is_new and not found.unit.path.startswith(root_path(account.unit)):
        raise Refused(_("%(name)s works in another organisation.") % facts, field=field)
    if is_new and not allows(found, Permission.ACCOUNT_VIEW, account):
        said = _("%(name)s cannot see this account. Have them given a role in its unit first.")
        raise Refused(said % facts, field=field)


@action
def confirm_account(*, account: Account, by: Person, edition: int | None = None) -> Account:
    """One of the two who answer for it says that its facts, as of `edition`, are right; a newcomer, that they do."""
    locked = locks.take(Account.objects.select_related("unit"), account.pk)
    require_holder(by, locked)
    if locked.state == AccountState.ARCHIVED:
        raise Conflict(locked, "confirm")
    if edition not in (None, locked.edition):
        raise outdated()
    locked.confirmed_at = Now()
    locked.save(update_fields=["confirmed_at"])
    for handover in Handover.objects.filter(account=locked, taken_at__isnull=True):
        if by.pk in handover.newcomers:
            handover.taken_at = Now()
            handover.save(update_fields=["taken_at"])
    audit.record(verb=CONFIRMED, thing=locked, by=by)
    account.refresh_from_db()
    return account
