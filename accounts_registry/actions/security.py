"""What is known of how safe an account is: noted, looked at item by item, attested; and what is borne for a while."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState
from accounts_registry.enums.security import (
    DERIVED,
    SECURITY_EXCEPTION_LIFECYCLE,
    ExceptionState,
    RecoveryOwner,
    SecurityItem,
    SecurityLevel,
)
from accounts_registry.models import (
    Account,
    SecurityAttestation,
    SecurityCheck,
    SecurityException,
    SecurityRecord,
)
from accounts_registry.policy import require_security
from accounts_registry.queries.security import (
    LONGEST,
    exceptions_to_expire,
    items_of,
    level_of_factor,
    level_of_recovery,
    standing_of,
    with_security,
)
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.dates import dated
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person

NOTED = audit.tell("security_record.noted", _("%(actor)s noted what the network's settings are"))
CHECKED = audit.tell("security_record.checked", _("%(actor)s looked at an item of this account's security"))
ATTESTED = audit.tell("security_record.attested", _("%(actor)s attested the security record of this account"))
ASKED = audit.tell("security_exception.asked", _("%(actor)s asked for this exception"))
A_DAY = timedelta(days=1)
KINDS = ("second_factor", "recovery_phone_of", "recovery_mail_of")


def _locked(account: Account, by: Person, verb: str, edition: int) -> SecurityRecord:
    """The record, with its account under lock. Conflict where the account is closed, Outdated where somebody changed
    something about its security since `edition`."""
    held = locks.take(Account.objects.select_related("unit"), account.pk)
    require_security(by, held)
    if held.state == AccountState.ARCHIVED:
        raise Conflict(held, verb)
    record = SecurityRecord.objects.filter(account=held).first() or SecurityRecord(account=held, edition=0)
    record.account = held
    if record.edition != edition:
        raise Outdated(
            _(
                "Somebody changed what is known of this account's security since you opened the page. What you wrote "
                "is still here: compare, then save again."
            )
        )
    return record


def _written(record: SecurityRecord, verb: str, by: Person, **details: Any) -> SecurityRecord:
    record.edition += 1
    record.save()
    audit.record(verb=verb, thing=record, by=by, **details)
    return record


@action
def note_security(
    *,
    account: Account,
    by: Person,
    edition: int,
    second_factor: str,
    recovery_phone_of: str,
    recovery_mail_of: str,
    recovery_phone: str = "",
    recovery_mail: str = "",
) -> SecurityRecord:
    """What the network's own settings are. The items that follow from them stand as they say."""
    record = _locked(account, by, NOTED, edition)
    owners = {"recovery_phone": recovery_phone_of, "recovery_mail": recovery_mail_of}
    addresses = {"recovery_phone": recovery_phone.strip(), "recovery_mail": recovery_mail.strip()}
    for field, told in addresses.items():
        if told and owners[field] != RecoveryOwner.SERVICE:
            raise Refused(_("Only what belongs to the service is kept here: a single person's is not."), field=field)
    before = audit.values_of(record, KINDS)
    moved = [field for field, told in addresses.items() if getattr(record, field) != told]
    kinds = {"second_factor": second_factor, **{f"{field}_of": owner for field, owner in owners.items()}}
    for field, value in {**kinds, **addresses}.items():
        setattr(record, field, value)
    record.clean_fields(exclude=["account", "attested_at"])
    # Which of the addresses changed, and never what stands there.
    changed = {**audit.differences(before, audit.values_of(record, KINDS)), **({"addresses": moved} if moved else {})}
    _written(record, NOTED, by, **changed)
    _follow(record.account, by, SecurityItem.SECOND_FACTOR, level_of_factor(second_factor))
    _follow(record.account, by, SecurityItem.RECOVERY, level_of_recovery(recovery_phone_of, recovery_mail_of))
    return record


def _follow(account: Account, by: Person, item: SecurityItem, level: SecurityLevel | None) -> None:
    if level is None:
        SecurityCheck.objects.filter(account=account, item=item).delete()
    else:
        _stands(account, by, item, level, "")


def _stands(account: Account, by: Person, item: SecurityItem, level: SecurityLevel, evidence: str) -> None:
    facts = {"level": level, "evidence": evidence, "checked_by": by, "checked_on": account.today}
    SecurityCheck.objects.update_or_create(account=account, item=item, defaults=facts)
    if level == SecurityLevel.NOT_MET:
        return
    open_ones = (ExceptionState.ASKED, ExceptionState.ACCEPTED)
    for one in SecurityException.objects.filter(account=account, item=item, state__in=open_ones):
        perform(SECURITY_EXCEPTION_LIFECYCLE, "settle", one, by=None)


@action
def check_security(
    *, account: Account, by: Person, edition: int, item: SecurityItem, level: SecurityLevel, evidence: str
) -> SecurityRecord:
    """Somebody looked at `item` today: it stands at `level`, by that `evidence`."""
    record = _locked(account, by, CHECKED, edition)
    if item in DERIVED:
        raise Refused(_("This follows from the network's settings: note these."), field="level")
    if not evidence.strip():
        raise Refused(_("Say by what one sees it."), field="evidence")
    was = SecurityCheck.objects.filter(account=account, item=item).values_list("level", flat=True).first()
    # What stands as evidence may name systems and people: the record has it, and the trail does not.
    _written(record, CHECKED, by, item=str(item), changes={"level": [was, str(level)]})
    _stands(record.account, by, item, level, evidence.strip())
    return record


@action
def attest_security(*, account: Account, by: Person, edition: int) -> SecurityAttestation:
    """Who manages the account stands by its record, for a quarter. Refused while an item was never looked at. Said
    twice within a day of the same edition, it is the first one."""
    record = _locked(account, by, ATTESTED, edition)
    policy.require(by, Permission.ACCOUNT_MANAGE, record.account)
    if by.is_machine:
        raise PermissionDenied(_("A person stands by a record, no program."))
    today = SecurityAttestation.objects.filter(account=account, edition=edition, attested_by=by)
    if (before := today.filter(attested_at__gt=Now() - A_DAY).first()) is not None:
        return before
    whole = with_security(Account.objects.select_related("security")).get(pk=account.pk)
    items = items_of(whole, record.account.today)
    if missing := [str(item.label) for item, one in items.items() if one.check is None]:
        raise Refused(_("Nobody has looked at this yet: %(what)s.") % {"what": "; ".join(missing)})
    standing = standing_of(items.values())
    made = SecurityAttestation.objects.create(account=account, edition=edition, standing=standing, attested_by=by)
    made.refresh_from_db()
    SecurityRecord.objects.filter(pk=record.pk).update(attested_at=made.attested_at)
    audit.record(verb=ATTESTED, thing=record, by=by, standing=str(standing), edition=edition)
    return made


# ---- What is borne for a while --------------------------------------------------------------------------------------
@action
def ask_exception(
    *, account: Account, by: Person, edition: int, item: SecurityItem, why: str, until: date
) -> SecurityException:
    """`item` is not met, `why`, and should be borne until that day: somebody else decides."""
    record = _locked(account, by, ASKED, edition)
    policy.require(by, Permission.ACCOUNT_MANAGE, record.account)
    today = record.account.today
    lacks = SecurityCheck.objects.filter(account=account, item=item, level=SecurityLevel.NOT_MET).exists()
    if not lacks:
        raise Refused(_("Only what is not met needs an exception."))
    if not why.strip():
        raise Refused(_("Say why it is not met."), field="why")
    if not today < until <= today + LONGEST:
        facts = {"last": dated(today + LONGEST, "j F Y")}
        raise Refused(_("An exception ends: choose a day from tomorrow to %(last)s.") % facts, field="until")
    try:
        with transaction.atomic():
            asked = SecurityException.objects.create(
                account=record.account, item=item, why=why.strip(), until=until, asked_by=by
            )
    except IntegrityError:
        raise Refused(_("An exception for this stands already.")) from None
    audit.record(verb=ASKED, thing=asked, by=by, item=str(item), until=until.isoformat(), reason=why.strip())
    return asked


def _step(exception: SecurityException, verb: str, by: Person | None, **facts: Any) -> SecurityException:
    """What is borne changes how the account stands: who read it before attests nothing."""
    held = locks.take(SecurityException.objects.select_related("account__unit", "asked_by"), exception.pk)
    details = {"item": held.item, "until": held.until.isoformat()}
    details |= {"reason": facts.pop("reason")} if "reason" in facts else {}
    done = perform(SECURITY_EXCEPTION_LIFECYCLE, verb, held, by=by, changes=facts, details=details)
    SecurityRecord.objects.filter(account=done.account_id).update(edition=F("edition") + 1)
    exception.refresh_from_db()
    return done


@action
def accept_exception(*, exception: SecurityException, by: Person) -> SecurityException:
    """As a second person: until its day the item counts as borne."""
    return _step(exception, "accept", by, decided_by=by)


@action
def refuse_exception(*, exception: SecurityException, by: Person, reason: str) -> SecurityException:
    return _step(exception, "refuse", by, decided_by=by, reason=reason)


@action
def end_exception(*, exception: SecurityException, by: Person, reason: str) -> SecurityException:
    """It is no longer asked for, or borne."""
    return _step(exception, "end", by, reason=reason)


@action
def expire_exception(*, exception: SecurityException) -> SecurityException:
    return _step(exception, "expire", None)


def expire_exceptions() -> int:
    """Ends each exception whose day is over where its unit works, in a transaction of its own; how many."""
    return sum(_expired(one) for one in exceptions_to_expire())


def _expired(exception: SecurityException) -> bool:
    try:
        expire_exception(exception=exception)
    except (Refused, Conflict):  # taken back meanwhile, or its day is not over there
        return False
    return True
