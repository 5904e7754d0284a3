"""Feeds and pages of others that a service reads: added, changed, paused and ended by people."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.queries import egress
from monitoring.actions.lawfulness import require_lawful
from monitoring.enums import SOURCE_LIFECYCLE, SourceState, source_sentence
from monitoring.models import Source
from monitoring.policy import too_long
from monitoring.queries import reader_of, unfinished_sources
from networks.catalogue import NETWORKS
from networks.errors import EgressRefused, Invalid, NetworkError
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit
from organisation.plain import all_plain, plain

ADDED = audit.tell("source.added", _("%(actor)s added this source"))
UPDATED = audit.tell("source.updated", _("%(actor)s changed this source"))


class ReadOtherwise(Refused):
    """Nothing at the address can be read so; `instead` is the network as which it may be."""

    instead = ""


def add_source(*, unit: Unit, network: str, url: str, by: Person, **facts: Any) -> Source:
    """A source that is read from now on until its last day is over. The address is tried once, outside a transaction.

    `facts`: title, words, purpose, legal_basis, law, dpia_reference, owner, expires_on; all but `words` are needed.
    """
    policy.require(by, Permission.WATCH_MANAGE, unit)
    source = Source(unit=unit, network=network, url=plain(url), created_by=by, **all_plain(facts))
    _check(source)
    _try(source)
    return _add(source=source, by=by)


@action
def _add(*, source: Source, by: Person) -> Source:
    # Whoever adds to a unit waits for the other: two of one address would be one too many.
    unit = Unit.objects.select_for_update().get(pk=source.unit_id)
    policy.require(by, Permission.WATCH_MANAGE, unit)  # the address took its time
    if unfinished_sources().filter(unit=source.unit, url=source.url).exists():
        raise Refused(_("This address is read already in this unit."), field="url")
    source.save()
    audit.record(verb=ADDED, thing=source, by=by, **source.facts())
    return source


@action
def update_source(*, source: Source, by: Person, **facts: Any) -> Source:
    """Changes what is looked for, why, and for how long; the address stays: end it and add the other one."""
    locked = locks.locked(Source.objects.select_related("unit", "owner"), source.pk)
    policy.require(by, Permission.WATCH_MANAGE, locked)
    if locked.state == SourceState.ENDED:
        raise Conflict(locked, "update")
    if facts.get("words", locked.words) != locked.words:
        # What did not hold the old words may hold the new ones: read it all again, and forget a reading under way.
        facts |= {"newest": "", "epoch": locked.epoch + 1, "lease_until": None}
    before = locked.facts()
    for field, value in facts.items():
        setattr(locked, field, value)
    _check(locked)
    locked.save(update_fields=list(facts))
    after = locked.facts()
    audit.record(verb=UPDATED, thing=locked, by=by, **after, **audit.differences(before, after))
    return locked


@action
def pause_source(*, source: Source, by: Person) -> Source:
    return perform(SOURCE_LIFECYCLE, "pause", source, by=by)


@action
def resume_source(*, source: Source, by: Person) -> Source:
    """Read as soon as a worker is free, as if for the first time after a failure."""
    Source.objects.filter(pk=source.pk).update(next_pull_at=Now())
    return perform(SOURCE_LIFECYCLE, "resume", source, by=by)


@action
def end_source(*, source: Source, by: Person, reason: str) -> Source:
    """Nothing more is read; what was found stays until its own last day."""
    if not reason.strip():
        raise Refused(_("Say why this source ends."), field="reason")
    return perform(SOURCE_LIFECYCLE, "end", source, by=by, details={"reason": reason})


def expire_sources() -> int:
    """Ends the sources whose last day, in their unit's own time, is over."""
    # No zone is a day ahead of this one, so the others need not be asked.
    near = unfinished_sources().filter(expires_on__lte=database_today(UTC)).select_related("unit")
    over = [source for source in near if source.expires_on < source.today]
    for source in over:
        try:
            perform(SOURCE_LIFECYCLE, "expire", source, by=None)
        except Conflict:
            continue  # another worker, or a person, was faster
    return len(over)


def _check(source: Source) -> None:
    if source.network not in NETWORKS or NETWORKS[source.network].holds_accounts:
        raise Refused(_("Choose how this address is read."), field="network")
    try:
        egress().guard.check_form(source.url)
    except EgressRefused as error:
        raise Refused(source_sentence(error.code), field="url") from None
    require_lawful(source)
    if too_long(source):
        raise Refused(_("A source is read for a year at most. Set an earlier last day."), field="expires_on")


def _try(source: Source) -> None:
    """Reads the address once; Refused, with a sentence, where nothing can be read there."""
    try:
        reader_of(source).search("")
    except Invalid:
        instead = NETWORKS[source.network].instead
        if instead:
            refused = ReadOtherwise(
                _("This address is no feed. Parvis can watch it as a web page instead."), field="url"
            )
            refused.instead = instead
            raise refused from None
        raise Refused(source_sentence("invalid"), field="url") from None
    except NetworkError as error:
        raise Refused(source_sentence(error.code), field="url") from None
