"""How suspicious an account is: a score of stated facts, each with its reason in words, none of them hidden.

It is worked out each time that it is shown, of what is known then; what nobody looked at weighs nothing, and is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState
from accounts_registry.models import Account, Sighting
from networks.lookalikes import Likeness, bare, likeness, skeleton
from organisation.models import Unit
from organisation.sentences import Sentence

ABUSIVE = 5  # from which score on an account is one for the abuse register
YOUNG = timedelta(days=90)
SHORTEST_NAME = 6  # signs of a unit's name from which on it is found within another
WEIGHTS = {"handle": 3, "name": 2, "no_link": 2, "young": 1, "asks": 4}
Text = str | Promise | Sentence


@dataclass(frozen=True)
class Reason:
    """One fact that weighs, in words."""

    key: str
    words: Text

    @property
    def weight(self) -> int:
        return WEIGHTS[self.key]


@dataclass(frozen=True)
class Suspicion:
    """`unknown` is what nobody looked at yet, in words."""

    reasons: list[Reason] = field(default_factory=list)
    unknown: list[Text] = field(default_factory=list)

    @property
    def score(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def is_abusive(self) -> bool:
        return self.score >= ABUSIVE


@dataclass(frozen=True)
class OurNames:
    """What imitators imitate: names of standing accounts, and names of units."""

    handles: frozenset[str]
    units: frozenset[str]

    @staticmethod
    def of(unit: Unit) -> OurNames:
        """Those of the whole organisation to which `unit` belongs."""
        below = unit.path[: Unit.steplen]
        standing = Account.objects.exclude(state=AccountState.ARCHIVED).filter(unit__path__startswith=below)
        names = Unit.objects.filter(path__startswith=below).values_list("names", flat=True)
        return OurNames(
            frozenset(standing.values_list("handle", flat=True)),
            frozenset(name for told in names for name in told.values()),
        )


def suspicion(sighting: Sighting, ours: OurNames) -> Suspicion:
    """The score of `sighting`, beside `ours`."""
    reasons = [*_of_the_handle(sighting, ours), *_of_the_name(sighting, ours), *_of_what_it_does(sighting)]
    return Suspicion(reasons, _unknown(sighting, reasons))


def _of_the_handle(sighting: Sighting, ours: OurNames) -> Iterable[Reason]:
    found = likeness(sighting.handle, ours.handles) or likeness(sighting.handle, ours.units)
    if found is not None:
        yield Reason("handle", _likeness_told(found))


def _likeness_told(found: Likeness) -> Sentence:
    if found.by_signs:
        return Sentence(_("Its name looks like “%(name)s”, written with other signs."), name=found.name)
    if not found.distance:
        return Sentence(_("Its name is “%(name)s”."), name=found.name)
    if found.distance == 1:
        return Sentence(_("Its name is one sign away from “%(name)s”."), name=found.name)
    return Sentence(_("Its name is two signs away from “%(name)s”."), name=found.name)


def _of_the_name(sighting: Sighting, ours: OurNames) -> Iterable[Reason]:
    shown = skeleton(sighting.shown_name)
    names = (one for one in sorted(ours.units) if len(bare(one)) >= SHORTEST_NAME)
    borne = next((one for one in names if skeleton(one) in shown), "")
    if borne:
        yield Reason("name", Sentence(_("It shows the name “%(name)s”."), name=borne))
    elif sighting.uses_our_name:
        yield Reason("name", _("It bears the name or the logo of the organisation."))


def _of_what_it_does(sighting: Sighting) -> Iterable[Reason]:
    if sighting.links_to_us is False:
        yield Reason("no_link", _("It does not link to the official site."))
    seen_on = sighting.reported_at.date()
    if sighting.created_on is not None and seen_on - sighting.created_on < YOUNG:
        yield Reason("young", _("It was younger than 90 days when it was reported."))
    if sighting.asks:
        yield Reason("asks", _("It asks people for money or for data."))


def _unknown(sighting: Sighting, reasons: Iterable[Reason]) -> list[Text]:
    told = {reason.key for reason in reasons}
    open_questions = {
        "handle": (not sighting.handle, _("its name on the network")),
        "name": (sighting.uses_our_name is None, _("whether it bears the organisation's name or logo")),
        "no_link": (sighting.links_to_us is None, _("whether it links to the official site")),
        "young": (sighting.created_on is None, _("since when it has existed")),
        "asks": (sighting.asks is None, _("whether it asks for money or data")),
    }
    return [words for key, (is_open, words) in open_questions.items() if is_open and key not in told]
