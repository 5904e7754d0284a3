"""What an audit finds beside what lists tell: unsafe accounts, suspicious ones, ineffective ones; and what of it, and
of the rest, could not be worked out, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from accounts_registry.enums import AbuseState, AccountState, SightingState
from accounts_registry.enums.audit import ListedState
from accounts_registry.enums.finding import FindingKind
from accounts_registry.models import Account, AccountAudit, Sighting
from accounts_registry.queries.effectiveness import judged, lacks, unread
from accounts_registry.queries.findings import Found, finder
from accounts_registry.queries.security import items_of, with_security
from accounts_registry.queries.suspicion import OurNames, suspicion
from organisation.clock import database_today
from organisation.sentences import Sentence


@finder
def unsafe(audit: AccountAudit) -> Iterator[Found]:
    """What the security records say is not met and not borne, and records for which nobody stands any more."""
    today = database_today(audit.unit.zone)
    alive = Account.objects.filter(state__in=[AccountState.ACTIVE, AccountState.SUSPENDED])
    within = alive.filter(unit__path__startswith=audit.unit.path).select_related("unit").order_by("pk")
    for account in with_security(within):
        lacking = [one for one in items_of(account, today).values() if one.is_lacking]
        told = [Sentence(gettext_noop("Not met: %(item)s."), item=one.item.label) for one in lacking]
        if vars(account)["is_unattested"]:
            told.append(Sentence(gettext_noop("Nobody has attested its security for a quarter.")))
        if told:
            yield Found(FindingKind.UNSAFE, account, tuple(told))


@finder
def suspicious(audit: AccountAudit) -> Iterator[Found]:
    """Accounts that were reported, or found by looking, and whose score says that they pose as us."""
    found = Sighting.objects.filter(unit__path__startswith=audit.unit.path).exclude(key="")
    found = found.exclude(state__in=[SightingState.CLOSED, SightingState.REGULARISED, SightingState.MERGED])
    found = found.exclude(case__state__in=[AbuseState.TAKEN_DOWN, AbuseState.DISMISSED])
    ours = OurNames.of(audit.unit)
    for sighting in found.select_related("unit").order_by("pk"):
        weighed = suspicion(sighting, ours)
        if weighed.is_abusive:
            score = Sentence(gettext_noop("Score %(score)s."), score=weighed.score)
            yield Found(FindingKind.SUSPICIOUS, sighting, (score, *(_words(one.words) for one in weighed.reasons)))


def _words(words: Any) -> Sentence:
    return words if isinstance(words, Sentence) else Sentence(words)


@finder
def ineffective(audit: AccountAudit) -> Iterator[Found]:
    for one in judged(audit.unit, database_today(audit.unit.zone)):
        if not one.is_ineffective:
            continue
        told = [
            Sentence(
                gettext_noop("%(figure)s: %(own)s, and the first quarter of its peers %(quarter)s."),
                figure=figure.label,
                own=" · ".join(f"{own:.2f}" for own, _bar in pairs),
                quarter=" · ".join(f"{bar:.2f}" for _own, bar in pairs),
            )
            for figure, pairs in one.below.items()
        ]
        yield Found(FindingKind.INEFFECTIVE, one.account, tuple(told))


@dataclass(frozen=True)
class NotComputed:
    """What could not be worked out, for how many accounts, and why: neither a yes nor a no."""

    kind: FindingKind
    words: str


def not_computed(audit: AccountAudit) -> list[NotComputed]:
    """In the order of the kinds."""
    listed = audit.listed.filter(state=ListedState.LISTED, account=None)
    untold, silent = listed.count(), listed.filter(last_post_on=None).count()
    told: list[tuple[FindingKind, str]] = []
    if untold:
        words = ngettext(
            "Not computable for %(n)d listed account: no list tells its publics.",
            "Not computable for %(n)d listed accounts: no list tells their publics.",
            untold,
        )
        told.append((FindingKind.FUNCTIONAL_DUPLICATE, words % {"n": untold}))
    if silent:
        words = ngettext(
            "Not computable for %(n)d listed account: no list tells the day of its last post.",
            "Not computable for %(n)d listed accounts: no list tells the day of their last post.",
            silent,
        )
        told.append((FindingKind.INACTIVE, words % {"n": silent}))
    found = judged(audit.unit, database_today(audit.unit.zone))
    for figure in unread() if found else ():
        words = str(_("Not known here: %(figure)s. Two other figures have to be below for a finding."))
        told.append((FindingKind.INEFFECTIVE, words % {"figure": figure.label}))
    for lack, many in sorted(lacks(found).items()):
        words = ngettext(
            "Not computable for %(n)d account: %(why)s.", "Not computable for %(n)d accounts: %(why)s.", many
        )
        told.append((FindingKind.INEFFECTIVE, words % {"n": many, "why": lack.label}))
    return [NotComputed(kind, words) for kind, words in told]
