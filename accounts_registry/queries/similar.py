"""Accounts that come near to what a dossier asks for: shown to whoever writes it, and to the committee."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.accounts import visible_accounts
from accounts_registry.queries.duplicates import ALIKE
from networks.folding import folded
from organisation.models import Person

LOOKED_AT, SHOWN = 2000, 6
SHORTEST_NAME = 4  # signs; what is shorter stands in too many names

SAME_NAME = _("bears the same name on this network")
NEAR_NAME = _("bears nearly the same name")
SAME_WORK = _("does the same work: your unit, this network and language, the same public")
SAME_PUBLIC = _("speaks to the same public on this network, in the same language")
SAME_UNIT = _("is your unit's own on this network, in the same language")


@dataclass(frozen=True)
class Sketch:
    """As much of a dossier as is known while somebody writes it."""

    unit: int | None = None
    platform: str = ""
    account_kind: str = ""
    proposed_handle: str = ""
    languages: frozenset[str] = field(default_factory=frozenset)
    audiences: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Similar:
    account: Account
    reasons: list[str | Promise]


def sketch_of(dossier: JustificationDossier) -> Sketch:
    return Sketch(
        dossier.unit_id,
        dossier.platform,
        dossier.account_kind,
        dossier.proposed_handle,
        frozenset(dossier.languages),
        frozenset(dossier.audiences),
    )


def similar_to(person: Person, dossier: JustificationDossier) -> list[Similar]:
    """Without the pair that it names, and the account that came of it."""
    found = similar(person, sketch_of(dossier))
    return [one for one in found if one.account.pk != dossier.pair_of_id and one.account.dossier_id != dossier.pk]


def similar(person: Person, sketch: Sketch) -> list[Similar]:
    """Of the accounts that `person` sees those that come near, the nearest first. One query."""
    near = Q(network=sketch.platform)
    if name := _bare(sketch.proposed_handle):
        near |= Q(handle__istartswith=name[:SHORTEST_NAME])
    accounts = visible_accounts(person).exclude(state=AccountState.ARCHIVED).filter(near).order_by("handle", "pk")
    found = [Similar(one, list(_reasons(sketch, one))) for one in accounts[:LOOKED_AT]]
    return sorted((one for one in found if one.reasons), key=lambda one: -len(one.reasons))[:SHOWN]


def _reasons(sketch: Sketch, account: Account) -> Iterator[str | Promise]:
    here = account.network == sketch.platform
    own, theirs = _bare(sketch.proposed_handle), _bare(account.handle)
    if own and own == theirs and here:
        yield SAME_NAME
    elif len(own) >= SHORTEST_NAME and len(theirs) >= SHORTEST_NAME and (own in theirs or theirs in own):
        yield NEAR_NAME
    if not here or not sketch.languages & set(account.languages):
        return
    both, either = sketch.audiences & set(account.audiences), sketch.audiences | set(account.audiences)
    alike = bool(sketch.audiences) and len(both) >= ALIKE * len(either)
    if alike and sketch.unit == account.unit_id and sketch.account_kind == account.kind:
        yield SAME_WORK
    elif alike:
        yield SAME_PUBLIC
    elif sketch.unit == account.unit_id:
        yield SAME_UNIT


def _bare(handle: str) -> str:
    """A name without the signs between its parts, and without its server."""
    return folded(handle.strip().lstrip("@").partition("@")[0]).replace(" ", "")
