"""What of the ground floor, and of telling itself, somebody has to know: the rooms below cannot say it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.enums import Urgency
from notices.kinds import About, Kind, registered
from notices.models import Addressee, Letter, Notice, WebhookTarget
from notices.queries.people import holders
from notices.queries.targets import failing_targets
from organisation.enums import Permission
from organisation.models import Grant, Unit
from organisation.queries.confirming import can_confirm
from organisation.queries.sealed import seals
from organisation.sentences import Sentence

ADMINISTRATORS = frozenset({Permission.PERSON_MANAGE})


# ---- A grant waits for a second person ------------------------------------------------------------------------------
def _proposals() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in Grant.objects.proposed().order_by("pk").values_list("pk", flat=True))


def _about_proposal(pk: int) -> About | None:
    grant = Grant.objects.proposed().filter(pk=pk).select_related("unit", "person__unit", "given_by").first()
    if grant is None:
        return None
    return About(
        key=str(grant.pk),
        words=Sentence(_("A role for %(person)s waits for a second person."), person=grant.person.name),
        url=reverse("organisation:person_detail", args=[grant.person_id]),
        unit=grant.unit,
        sees=Permission.PERSON_VIEW,
        people=[one for one in holders(Permission.PERSON_MANAGE, grant.unit) if can_confirm(one, grant)],
        due_at=grant.lapses_at,
    )


# ---- The audit trail is not sealed, or not kept elsewhere -----------------------------------------------------------
def _trail() -> Iterator[tuple[str, int]]:
    found = seals()
    if found.is_late or found.behind:
        yield "trail", 0


def _about_trail(_subject: int) -> About | None:
    if not list(_trail()):
        return None
    return About(
        key="trail",
        words=Sentence(_("The audit trail is not sealed, or its checkpoints are not kept elsewhere.")),
        url=reverse("organisation:audit"),
        unit=None,
        sees=Permission.AUDIT_VIEW,
        people=holders(Permission.PERSON_MANAGE, None),
    )


# ---- Mail does not leave --------------------------------------------------------------------------------------------
FAILING_AFTER = 3  # tries: some seven minutes
TOLD_FOR = timedelta(days=14)


def failing_letters() -> QuerySet[Letter]:
    """Lately given up, or refused several times and tried on."""
    failing = Q(given_up_at__isnull=False) | Q(failures__gte=FAILING_AFTER)
    return Letter.objects.filter(
        failing, sent_at__isnull=True, dropped_at__isnull=True, created_at__gt=Now() - TOLD_FOR
    )


def _roots() -> Iterator[tuple[str, int]]:
    """One for each organisation, however many letters: the mail that tells of it is no reason for another one."""
    paths = {path[: Unit.steplen] for path in failing_letters().values_list("person__unit__path", flat=True)}
    yield from ((path, pk) for pk, path in Unit.objects.filter(path__in=paths).values_list("pk", "path"))


def _about_root(pk: int) -> About | None:
    root = Unit.objects.filter(pk=pk).first()
    if root is None or not failing_letters().filter(person__unit__path__startswith=root.path).exists():
        return None
    return About(
        key=root.path,
        words=Sentence(_("Mail to people of %(unit)s cannot be sent."), unit=root.name),
        url=reverse("notices:letters"),
        unit=root,
        sees=Permission.PERSON_VIEW,
        people=holders(Permission.PERSON_MANAGE, root),
    )


# ---- A webhook is not taken -----------------------------------------------------------------------------------------
def _targets() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in failing_targets().order_by("pk").values_list("pk", flat=True))


def _about_target(pk: int) -> About | None:
    target: WebhookTarget | None = failing_targets().filter(pk=pk).select_related("unit").first()
    if target is None:
        return None
    return About(
        key=str(target.pk),
        words=Sentence(
            _("The webhook %(address)s of %(unit)s takes no calls."), address=str(target), unit=target.unit.name
        ),
        url=reverse("notices:targets"),
        unit=target.unit,
        sees=Permission.AUDIT_VIEW,
        people=holders(Permission.UNIT_MANAGE, target.unit),
    )


# ---- What stands reaches nobody -------------------------------------------------------------------------------------
UNREACHED = "nobody_to_tell"


def _unreached() -> QuerySet[Notice]:
    """Standing notices about a unit that nobody was told, since nobody there holds what it takes."""
    owed = [kind.key for kind in registered() if not kind.is_personal and kind.key != UNREACHED]
    told = Addressee.objects.filter(notice=OuterRef("pk"))
    return Notice.objects.filter(~Exists(told), kind__in=owed, settled_at__isnull=True, unit__isnull=False)


def _units_unreached() -> Iterator[tuple[str, int]]:
    found = _unreached().order_by("unit__path").values_list("unit__path", "unit_id").distinct()
    return ((path, pk) for path, pk in found)


def _about_unreached(pk: int) -> About | None:
    unit = Unit.objects.filter(pk=pk).first()
    if unit is None or not _unreached().filter(unit=unit).exists():
        return None
    return About(
        key=unit.path,
        words=Sentence(
            _("Something waits in %(unit)s, and nobody holds the role to be told of it: give it to somebody."),
            unit=unit.name,
        ),
        url=reverse("organisation:person_list"),
        unit=unit,
        sees=Permission.PERSON_VIEW,
        people=holders(Permission.PERSON_MANAGE, unit),
    )


KINDS = (
    Kind(
        "grant_waiting",
        _("A role waits for a second person"),
        Urgency.TO_KNOW,
        _proposals,
        _about_proposal,
        ADMINISTRATORS,
    ),
    Kind("trail_not_kept", _("The audit trail is not kept"), Urgency.SOON, _trail, _about_trail, ADMINISTRATORS),
    Kind("letters_failing", _("Mail cannot be sent"), Urgency.SOON, _roots, _about_root, ADMINISTRATORS),
    Kind("webhook_failing", _("A webhook takes no calls"), Urgency.SOON, _targets, _about_target, ADMINISTRATORS),
    Kind(
        UNREACHED,
        _("Something waits, and nobody holds the role to know of it"),
        Urgency.SOON,
        _units_unreached,
        _about_unreached,
        ADMINISTRATORS,
    ),
)
