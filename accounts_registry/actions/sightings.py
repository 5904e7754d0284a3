"""Accounts that bear our name and do not stand in the registry: reported, followed up, settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.dossiers import create_dossier
from accounts_registry.enums import (
    SIGHTING_LIFECYCLE,
    STANDING,
    Discovery,
    RequestType,
    SightingKind,
    SightingState,
)
from accounts_registry.models import AbuseCase, Account, Sighting
from accounts_registry.queries.sightings import imitable_accounts, own_account, plain_address
from accounts_registry.queries.suspicion import OurNames, suspicion
from networks import profiles
from networks.addresses import host_of, kept_address, taken_apart
from networks.catalogue import NETWORKS
from networks.profiles import HOST
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent, Person, Unit

KEPT = timedelta(days=180)  # from the last act on, what is known of a person who runs an account
FACTS = ("kind", "note", "words_seen", "imitates", "shown_name", "uses_our_name", "links_to_us", "asks", "created_on")
# They write addresses as servers of the fediverse do, and are none.
NO_SERVERS = frozenset({"tiktok.com", "medium.com", "pinterest.com"})
REPORTED = audit.tell("sighting.reported", _("%(actor)s reported this account"))
CHANGED = audit.tell("sighting.changed", _("%(actor)s changed what is known of this account"))
PURGED = audit.tell("sighting.purged", _("%(actor)s purged what was known of this account: its time was over"))
EXPLAINED = "sighting.explain"
OPENED = audit.tell("abuse_case.opened", _("%(actor)s opened this case"))


def keep_on() -> date:
    """Until when what is known is kept, if nobody does anything from now on."""
    return database_today() + KEPT


@action
def report_sighting(
    *, unit: Unit, account: str, by: Person, network: str = "", found: str = Discovery.HAND, **facts: Any
) -> Sighting:
    """`account` is the account's address or name in any spelling, `network` where a mere name stands; `facts` are of
    `FACTS`. An impersonation whose score says so is entered in the abuse register at once.

    Refused where it names no account, one of ours, or one that was reported already.
    """
    policy.require(by, Permission.SIGHTING_REPORT, unit)
    sighting = Sighting(unit=unit, reported_by=by, found=found, kept_until=keep_on(), **_named(account, network))
    _fill(sighting, by, facts)
    try:
        with transaction.atomic():
            sighting.save()
    except IntegrityError:
        raise Refused(_("This account was reported already: look for it in the list."), field="account") from None
    sighting.refresh_from_db()
    audit.record(verb=REPORTED, thing=sighting, by=by, kind=sighting.kind, found=sighting.found)
    weigh(sighting)
    return sighting


def _named(spelling: str, network: str) -> dict[str, str]:
    """Which account `spelling` names; Refused where it names none, or one of ours."""
    profile = profiles.recognise(spelling, network)
    if profile is None or profile.server in NO_SERVERS:
        return _elsewhere(spelling)
    if not profile.network:
        raise Refused(_("A name alone may be anybody's: say on which network."), field="network")
    if not profile.certain:
        raise Refused(_("This address may show somebody else of that name: copy the account's own."), field="account")
    if own := own_account(profile.keys, profile.network):
        told = _("This is our own account: %(account)s stands in the registry.")
        raise Refused(told % {"account": own.label}, field="account")
    address = kept_address(spelling.strip()) or profiles.address(profile.network, profile.server, profile.handle)
    return {
        "network": profile.network,
        "server": profile.server,
        "handle": profile.handle,
        "remote_id": profile.remote_id,
        "address": address,
        "key": "|".join(profile.keys[0]),
    }


def _elsewhere(spelling: str) -> dict[str, str]:
    """On a network that Parvis does not speak, an account is its address."""
    typed = spelling.strip()
    address = kept_address(typed if "://" in typed else f"https://{typed}")
    host = host_of(address).removeprefix("www.")
    ours = {own for known in NETWORKS.values() for own in known.profiles.hosts}
    if not HOST.match(host) or host in ours or not taken_apart(address).path.strip("/"):
        raise Refused(
            _("This names no account. Copy the address of the account's own page, not that of a message."),
            field="account",
        )
    return {"address": address, "key": f"||{plain_address(address)}"}


def _fill(sighting: Sighting, by: Person, facts: dict[str, Any]) -> list[str]:
    """Sets `facts` and returns the names of those that changed something; Refused at the field that is wrong."""
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"no facts of a sighting: {sorted(unknown)}")
    created = facts.get("created_on")
    if created is not None and created > database_today():
        raise Refused(_("This day has not come yet."), field="created_on")
    imitates = facts.get("imitates")
    if imitates is not None and not imitable_accounts(by).filter(pk=imitates.pk).exists():
        raise Refused(_("This account does not stand in the registry."), field="imitates")
    changed = [name for name, value in facts.items() if getattr(sighting, name) != value]
    for name in changed:
        setattr(sighting, name, facts[name])
    sighting.clean_fields(exclude=["unit", "imitates", "reported_by", "merged_into", "dossier", "purged_at", "key"])
    return changed


def weigh(sighting: Sighting) -> None:
    """By its score an impersonation goes into the abuse register without waiting for anybody."""
    if sighting.kind != SightingKind.IMPERSONATION or sighting.state != SightingState.DETECTED:
        return
    found = suspicion(sighting, OurNames.of(sighting.unit))
    if found.is_abusive:
        perform(SIGHTING_LIFECYCLE, "enlist", sighting, by=None, details={"score": found.score})
        _open_case(sighting, by=None)


def _open_case(sighting: Sighting, by: Person | None) -> AbuseCase:
    case = AbuseCase.objects.create(sighting=sighting, reported_by=sighting.reported_by)
    audit.record(verb=OPENED, thing=case, by=by, sighting=sighting.pk)
    return case


@action
def update_sighting(*, sighting: Sighting, by: Person, edition: int, **facts: Any) -> Sighting:
    """Writes what is known by now; which account it is stays. The score is worked out anew. Whoever says that it is of
    another kind reports it as that: somebody else confirms it.

    Refused where somebody else changed it since `edition`.
    """
    locked = locks.locked(Sighting.objects.select_related("unit", "imitates"), sighting.pk)
    policy.require(by, Permission.SIGHTING_MANAGE, locked)
    if locked.purged_at is not None:
        raise Conflict(locked, "change")
    if locked.edition != edition:
        raise Outdated(_("Somebody else changed this meanwhile. Read it as it stands now, then save yours again."))
    if facts.get("kind", locked.kind) != locked.kind and locked.state != SightingState.DETECTED:
        raise Refused(_("Somebody follows this up already: its kind stays."), field="kind")
    if changed := _fill(locked, by, facts):
        if "kind" in changed:
            locked.reported_by = by
        locked.edition, locked.kept_until = locked.edition + 1, keep_on()
        locked.save(update_fields=[*changed, "reported_by", "edition", "kept_until"])
        audit.record(verb=CHANGED, thing=locked, by=by, facts=sorted(changed))
        weigh(locked)
    sighting.refresh_from_db()
    return locked


def _step(sighting: Sighting, verb: str, by: Person, *, reason: str = "", **changes: Any) -> Sighting:
    details = {"reason": reason} if reason else {}
    return perform(
        SIGHTING_LIFECYCLE, verb, sighting, by=by, changes={"kept_until": keep_on(), **changes}, details=details
    )


@action
def contact_sighting(*, sighting: Sighting, by: Person, reason: str) -> Sighting:
    """Whoever runs it was spoken to; `reason` says who, and how."""
    return _step(sighting, "contact", by, reason=reason)


@action
def explain_sighting(*, sighting: Sighting, by: Person, reason: str) -> Sighting:
    """`reason` is why it was created: to involve, explain and train, one has to know."""
    return _step(sighting, "explain", by, why_created=reason)


@action
def close_sighting(*, sighting: Sighting, by: Person, reason: str) -> Sighting:
    return _step(sighting, "close", by, reason=reason)


@action
def reopen_sighting(*, sighting: Sighting, by: Person, reason: str) -> Sighting:
    return _step(sighting, "reopen", by, reason=reason)


@action
def merge_sighting(*, sighting: Sighting, by: Person, into: Account, reason: str) -> Sighting:
    """Its people and its public went over to `into`, an account of the registry."""
    if not imitable_accounts(by).filter(pk=into.pk).exists():
        raise Refused(_("This account does not stand in the registry."), field="into")
    return _step(sighting, "merge", by, reason=reason, merged_into=into)


@action
def regularise_sighting(*, sighting: Sighting, by: Person) -> Sighting:
    """Begins the dossier that asks for it, with what is known; `by` writes dossiers there. Who noted why it was created
    wrote those words of it."""
    about = NETWORKS.get(sighting.network)
    if about is None or not about.holds_accounts:
        raise Refused(_("Parvis does not speak this network: no dossier can be written for it here."))
    dossier = create_dossier(
        unit=sighting.unit,
        platform=sighting.network,
        by=by,
        request_type=RequestType.REGULARISE,
        proposed_handle=sighting.handle[:150],
        server=f"https://{sighting.server}" if about.many_servers and sighting.server else "",
        objective=sighting.why_created[:5000],
    )
    told = AuditEvent.objects.filter(noun=Sighting._meta.label_lower, object_id=str(sighting.pk), verb=EXPLAINED)
    dossier.editors.add(*Person.objects.filter(pk__in=list(told.values_list("actor_id", flat=True))))
    return _step(sighting, "regularise", by, dossier=dossier)


@action
def register_sighting(*, sighting: Sighting, by: Person, reason: str) -> Sighting:
    """Into the abuse register, whatever its score. What was reported as wild poses as us by the word of `by`."""
    locked = locks.take(Sighting.objects.select_related("unit"), sighting.pk)
    said = {"reported_by": by} if locked.is_wild else {}
    registered = _step(locked, "register", by, reason=reason, kind=SightingKind.IMPERSONATION, **said)
    _open_case(registered, by)
    sighting.refresh_from_db()
    return registered


# ---- What is over ---------------------------------------------------------------------------------------------------
ANY_FACT = {"note": "", "words_seen": "", "shown_name": ""}
WHO = {"handle": "", "remote_id": "", "address": "", "server": "", "key": ""}
BATCH = 200


@action
def purge_sightings() -> int:
    """Forgets what is known of people where its time is over; which account it was too, unless that one stands in the
    abuse register as ours to warn of. Returns how many there were."""
    gone = ~Q(key="") & ~Q(case__state__in=STANDING)  # purged while it stood: its name stayed, and goes now
    over = Sighting.objects.filter(Q(purged_at__isnull=True) | gone, kept_until__lt=database_today())
    over = over.order_by("kept_until")
    rows = list(over.select_for_update(skip_locked=True, of=("self",)).select_related("unit")[:BATCH])
    cases = {case.sighting_id: case for case in AbuseCase.objects.filter(sighting__in=rows)}
    for sighting in rows:
        case = cases.get(sighting.pk)
        forgotten = dict(ANY_FACT) if case is not None and case.stands else {**ANY_FACT, **WHO}
        Sighting.objects.filter(pk=sighting.pk).update(purged_at=Now(), **forgotten)
        audit.record(verb=PURGED, thing=sighting, by=None)
    return len(rows)
