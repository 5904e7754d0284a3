"""The ten questions of an audit of accounts, each with its number and its list, or that Parvis does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts_registry.enums.audit import ListedState
from accounts_registry.enums.dossier import DossierState
from accounts_registry.enums.finding import FindingKind, FindingState
from accounts_registry.lists.words import network_name
from accounts_registry.models import AccountAudit, Finding, JustificationDossier, ThirdPartyApp
from accounts_registry.queries.effectiveness import judged
from accounts_registry.queries.findings import registered_in
from organisation.clock import database_today

UNDECIDED = (DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.DEFERRED, DossierState.RETURNED)


@dataclass(frozen=True)
class Question:
    """`number` is None where nobody told Parvis; `lists` are (label, number, address)."""

    asked: Any
    answer: Any
    number: int | None = None
    lists: tuple[tuple[Any, int, str], ...] = ()


@dataclass(frozen=True)
class Bar:
    """Accounts of one network that lists named at any time, and that they still name; widths in percent."""

    network: str
    before: int
    after: int
    most: int

    @property
    def before_width(self) -> int:
        return round(100 * self.before / (self.most or 1))

    @property
    def after_width(self) -> int:
        return round(100 * self.after / (self.most or 1))


def before_and_after(audit: AccountAudit) -> tuple[Bar, list[Bar]]:
    """In all, and network by network."""
    counts = audit.listed.values_list("network").annotate(
        before=Count("pk"), after=Count("pk", filter=Q(state=ListedState.LISTED))
    )
    rows = sorted(counts, key=lambda row: (-row[1], row[0]))
    most = max((row[1] for row in rows), default=0)
    before, after = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return Bar("", before, after, before), [Bar(network_name(key), was, now, most) for key, was, now in rows]


def questions(audit: AccountAudit) -> list[Question]:
    open_ones = Counter(Finding.objects.filter(audit=audit, state=FindingState.OPEN).values_list("kind", flat=True))
    known = [
        _how_many(audit),
        _whose(audit),
        _findings(audit, open_ones),
        _policy(audit),
        _ineffective(audit, open_ones),
    ]
    return [*known, *_unknown(), _security(audit, open_ones)]


def _listed(audit: AccountAudit, **narrowed: str) -> str:
    return f"{reverse('accounts_registry:listed_list', args=[audit.pk])}?{urlencode({'state': 'listed', **narrowed})}"


def _kind(audit: AccountAudit, kind: str) -> str:
    query = urlencode({"kind": kind, "state": FindingState.OPEN})
    return f"{reverse('accounts_registry:finding_list', args=[audit.pk])}?{query}"


def _how_many(audit: AccountAudit) -> Question:
    listed = audit.listed.filter(state=ListedState.LISTED)
    registered, unregistered = len(registered_in(audit)), listed.filter(account=None).count()
    return Question(
        _("How many accounts are there?"),
        _("Registered ones, and those that lists name and no dossier stands behind."),
        registered + unregistered,
        (
            (_("in the registry"), registered, reverse("accounts_registry:account_list")),
            (_("listed only"), unregistered, _listed(audit, registered="no")),
        ),
    )


def _whose(audit: AccountAudit) -> Question:
    unregistered = audit.listed.filter(state=ListedState.LISTED, account=None)
    nobodys = unregistered.filter(owner_told="").count()
    orphans = Finding.objects.filter(audit=audit, kind=FindingKind.ORPHAN, state=FindingState.OPEN).count()
    return Question(
        _("Who owns each, and who has access?"),
        _("Every registered account has an owner and a backup holder. Who else has access, the networks do not tell."),
        nobodys,
        (
            (_("listed without an owner"), nobodys, _listed(audit, registered="no")),
            (_("open findings: nobody answers for it"), orphans, _kind(audit, FindingKind.ORPHAN)),
        ),
    )


def _findings(audit: AccountAudit, open_ones: Counter[str]) -> Question:
    kinds = (
        FindingKind.EXACT_DUPLICATE,
        FindingKind.FUNCTIONAL_DUPLICATE,
        FindingKind.SUSPICIOUS,
        FindingKind.INACTIVE,
    )
    lists = tuple((kind.label, open_ones[kind], _kind(audit, kind)) for kind in kinds if open_ones[kind])
    return Question(
        _("Which are duplicates, suspicious or inactive?"),
        _(
            "Open findings. Inactive are those alone of which a list tells the day of the last post; suspicious are "
            "sightings with a score of five and more."
        ),
        sum(number for _label, number, _url in lists),
        lists,
    )


def _policy(audit: AccountAudit) -> Question:
    asked = JustificationDossier.objects.filter(unit__path__startswith=audit.unit.path, state__in=UNDECIDED).count()
    return Question(
        _("What is the policy for new ones?"),
        _("A new account needs a dossier that the committee approved. So many are asked for now:"),
        asked,
        ((_("dossiers"), asked, reverse("accounts_registry:dossier_list")),),
    )


def _ineffective(audit: AccountAudit, open_ones: Counter[str]) -> Question:
    asked = _("Which are ineffective: delete, or train?")
    found = judged(audit.unit, database_today(audit.unit.zone))
    compared = [one for one in found if one.lack is None]
    if not compared:
        return Question(asked, _("It takes three months of figures of each account, and peers to compare it with."))
    number = open_ones[FindingKind.INEFFECTIVE]
    words = _("Open findings, of %(compared)d accounts that could be compared; %(others)d could not.")
    facts = {"compared": len(compared), "others": len(found) - len(compared)}
    lists = ((FindingKind.INEFFECTIVE.label, number, _kind(audit, FindingKind.INEFFECTIVE)),) if number else ()
    return Question(asked, words % facts, number, lists)


def _unknown() -> Iterable[Question]:
    for asked, why in (
        (_("Who are the digital leaders?"), _("Nobody has named them here.")),
        (_("Which perform best?"), _("It takes figures of each account; followers alone do not tell it.")),
        (_("Which skills are lacking?"), _("Nobody has asked people here.")),
        (_("Who was trained?"), _("No training is recorded with the accounts.")),
    ):
        yield Question(asked, why)


def _security(audit: AccountAudit, open_ones: Counter[str]) -> Question:
    accounts = registered_in(audit)
    unsafe = open_ones[FindingKind.UNSAFE]
    apps = ThirdPartyApp.objects.filter(account__in=accounts).count()
    return Question(
        _("How safe are they? Are passwords weak or shared?"),
        _(
            "Open findings of the security records. Whether a password is weak or shared, Parvis does not know: that "
            "it lies in a vault is an item of each record."
        ),
        unsafe,
        (
            (FindingKind.UNSAFE.label, unsafe, _kind(audit, FindingKind.UNSAFE)),
            (_("security records"), len(accounts), reverse("accounts_registry:security_list")),
            (_("apps of others"), apps, reverse("accounts_registry:account_list")),
        ),
    )


def told_change(total: Bar) -> str:
    """The sentence above the picture."""
    return ngettext(
        "One account was listed; %(after)d is listed now.",
        "%(before)d accounts were listed; %(after)d are listed now.",
        total.before,
    ) % {"before": total.before, "after": total.after}
