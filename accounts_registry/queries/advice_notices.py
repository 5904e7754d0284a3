"""That a dossier waits for the advice of ICT/security, for whoever may give it; told again when it waits for long."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import JustificationDossier
from accounts_registry.queries.advice import REMINDED_AFTER, advisers_for, unadvised
from notices.enums import Urgency
from notices.kinds import About, Kind
from organisation.enums import Permission
from organisation.sentences import Sentence

ASKED = _("%(unit)s asks for the advice of ICT/security: %(dossier)s. Without it the committee cannot decide.")
AGAIN = _("The committee still waits for the advice of ICT/security on %(dossier)s.")


def _waits_long(pk: int) -> bool:
    return unadvised().filter(pk=pk, advice_asked_at__lte=Now() - REMINDED_AFTER).exists()


def _key(pk: int, submission: int, *, again: bool) -> str:
    return f"{pk}:{submission}:{'again' if again else 'asked'}"


def _standing() -> Iterator[tuple[str, int]]:
    long = set(unadvised().filter(advice_asked_at__lte=Now() - REMINDED_AFTER).values_list("pk", flat=True))
    for pk, submission in unadvised().order_by("pk").values_list("pk", "round"):
        yield _key(pk, submission, again=pk in long), pk


def _about(pk: int) -> About | None:
    dossier: JustificationDossier | None = unadvised().filter(pk=pk).first()
    if dossier is None:
        return None
    again = _waits_long(pk)
    words = AGAIN if again else ASKED
    return About(
        key=_key(pk, dossier.round, again=again),
        words=Sentence(words, unit=dossier.unit.name, dossier=dossier.title),
        url=reverse("accounts_registry:dossier_advise", args=[pk]),
        unit=dossier.unit,
        sees=Permission.DOSSIER_ADVISE,
        people=advisers_for(dossier),
    )


ADVICE_KINDS = (
    Kind(
        "advice_asked",
        _("A dossier waits for my advice"),
        Urgency.SOON,
        _standing,
        _about,
        frozenset({Permission.DOSSIER_ADVISE}),
    ),
)
