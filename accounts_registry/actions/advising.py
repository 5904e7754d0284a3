"""The advice of ICT/security: on exactly what the committee has before it, once, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.dossiers import require_seen
from accounts_registry.enums.advice import Opinion
from accounts_registry.models import Advice, JustificationDossier
from accounts_registry.queries.advice import ADVISED_IN, advice_on
from organisation import audit, locks, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

ADVISED = audit.tell("dossier.advised", _("%(actor)s gave the advice of ICT and security on this dossier"))
MOST_POINTS = 20


@action
def give_advice(
    *,
    dossier: JustificationDossier,
    by: Person,
    opinion: str,
    reasons: str,
    points: Iterable[str] = (),
    seen_round: int | None = None,
) -> Advice:
    """`by`'s advice on the dossier as it was submitted in this round; `points` are what is to be settled, one each.

    Outdated where they read it in another round than `seen_round`; Refused at the field that is wrong, and where
    somebody has advised already: what came to light since is a comment, or another submission's advice.
    """
    locked = locks.take(JustificationDossier.objects.select_related("unit"), dossier.pk)
    policy.require(by, Permission.DOSSIER_ADVISE, locked)
    if locked.state not in ADVISED_IN:
        raise Conflict(locked, "advise")
    require_seen(locked, seen_round)
    if given := advice_on(locked):
        raise Refused(_("%(name)s has given the advice already.") % {"name": given.given_by.name})
    if opinion not in Opinion.values:
        raise Refused(_("Choose one of the answers that are offered."), field="opinion")
    if not reasons.strip():
        raise Refused(_("Say why you advise so."), field="reasons")
    advice = Advice.objects.create(
        dossier=locked,
        round=locked.round,
        opinion=opinion,
        reasons=reasons.strip(),
        points=_points(opinion, points),
        given_by=by,
    )
    audit.record(verb=ADVISED, thing=locked, by=by, opinion=opinion, reason=advice.reasons, points=advice.points)
    advice.refresh_from_db()
    return advice


def _points(opinion: str, points: Iterable[str]) -> list[str]:
    told = [" ".join(one.split()) for one in points if one.strip()]
    if len(told) > MOST_POINTS or any(len(one) > 500 for one in told):
        raise Refused(_("At most %(n)d points, each in at most 500 signs.") % {"n": MOST_POINTS}, field="points")
    if opinion == Opinion.WITH_POINTS and not told:
        raise Refused(_("Name what is to be settled, one point a line."), field="points")
    if opinion == Opinion.FAVOURABLE and told:
        raise Refused(_("With points to settle the advice is “favourable with points”."), field="points")
    return told
