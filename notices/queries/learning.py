"""What somebody is to read, answer or learn before it is late: reminders of house policies and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries.people import holders
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.house_policy import PolicyState
from organisation.models import Certificate, Person, PolicyVersion
from organisation.queries.house_policy import asked_people, binding, has_attested, without_yes
from organisation.queries.training import ending_certificates
from organisation.sentences import Sentence

REMINDED = timedelta(days=7)  # before the days of grace end


# ---- A policy that is not attested ----------------------------------------------------------------------------------
def _unattested() -> Iterator[tuple[str, int]]:
    """People whose days of grace end within a week, or are over."""
    for version in PolicyVersion.objects.filter(state=PolicyState.PUBLISHED).select_related("unit").order_by("pk"):
        if _is_near(version):
            late = asked_people(version).exclude(has_attested(version)).order_by("pk")
            yield from ((f"{version.pk}:{pk}", pk) for pk in late.values_list("pk", flat=True))


def _is_near(version: PolicyVersion) -> bool:
    return version.grace_ends is not None and version.grace_ends <= database_now() + REMINDED


def _about_unattested(pk: int) -> About | None:
    person = Person.objects.filter(pk=pk, is_active=True, responsible__isnull=True).select_related("unit").first()
    version = binding(person) if person else None
    if person is None or version is None or getattr(version, "attested_at", None) is not None or not _is_near(version):
        return None
    return About(
        key=f"{version.pk}:{person.pk}",
        words=Sentence(_("Attest the house policy of %(unit)s: the days of grace end."), unit=version.unit.name),
        url=reverse("organisation:policy_detail", args=[version.pk]),
        unit=person.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=[person],
        due_at=version.grace_ends,
    )


# ---- Units that are asked about a policy ----------------------------------------------------------------------------
def _asked() -> Iterator[tuple[str, int]]:
    found = PolicyVersion.objects.filter(state=PolicyState.IN_CONSULTATION).select_related("unit").order_by("pk")
    for version in found:
        if without_yes(version):
            yield _asked_key(version), version.pk


def _asked_key(version: PolicyVersion) -> str:
    """Told again once the text is another one."""
    return f"{version.pk}:{version.content_hash[:12]}"


def _about_asked(pk: int) -> About | None:
    found = PolicyVersion.objects.filter(pk=pk, state=PolicyState.IN_CONSULTATION)
    version = found.select_related("unit").first()
    units = without_yes(version) if version else []
    if version is None or not units:
        return None
    editors = set(version.editors.values_list("pk", flat=True))
    asked = {one.pk: one for unit in units for one in holders(Permission.POLICY_APPROVE, unit)}
    return About(
        key=_asked_key(version),
        words=Sentence(_("A house policy of %(unit)s waits for the yes of your unit."), unit=version.unit.name),
        url=reverse("organisation:policy_detail", args=[version.pk]),
        unit=version.unit,
        sees=Permission.POLICY_APPROVE,
        people=[one for one in asked.values() if one.pk not in editors],
        reaches_down=True,
    )


# ---- A certificate ends ---------------------------------------------------------------------------------------------
def _ending() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in ending_certificates().order_by("pk").values_list("pk", flat=True))


def _about_ending(pk: int) -> About | None:
    found = ending_certificates().filter(pk=pk).select_related("module__unit", "person__unit")
    certificate: Certificate | None = found.first()
    if certificate is None:
        return None
    return About(
        key=str(certificate.pk),
        words=Sentence(_("Your certificate of “%(training)s” ends soon."), training=certificate.module.name),
        url=reverse("organisation:training_detail", args=[certificate.module_id]),
        unit=certificate.person.unit,
        sees=Permission.ACCOUNT_VIEW,
        people=[certificate.person],
        due_at=certificate.expires_at,
    )


PERSONAL, NOBODY = True, frozenset[Permission]()
ANSWERS = frozenset({Permission.POLICY_APPROVE})
SOON, LATER = Urgency.SOON, Urgency.TO_KNOW
KINDS = (
    Kind(
        "policy_unattested",
        _("A house policy is to be attested"),
        SOON,
        _unattested,
        _about_unattested,
        is_personal=True,
    ),
    Kind("policy_asked", _("My unit is asked about a house policy"), SOON, _asked, _about_asked, ANSWERS),
    Kind("certificate_ending", _("My certificate ends soon"), LATER, _ending, _about_ending, NOBODY, PERSONAL),
)
