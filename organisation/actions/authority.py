"""What every act on people and grants begins with: one lock, and rights as they stand behind it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisation import policy
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Grant, Person, Unit
from organisation.queries.authority import (
    has_unused_link,
    is_lent_by_the_inviter,
    root_administrators,
    same_hand,
    weighs,
)
from organisation.roles import holding


def lock_authority() -> None:
    """From here to the end of the transaction nobody else suspends anybody, gives or takes a grant.

    Such acts are rare; behind the lock each sees what the one before it did.
    """
    roots = Unit.objects.filter(depth=1).order_by("pk").select_for_update(no_key=True)
    list(roots.values_list("pk", flat=True))


def actor(by: Person) -> Person:
    """`by` as they stand now: somebody may have suspended them, or taken a grant, since they were read."""
    return Person.objects.get(pk=by.pk)


def managing(person: Person, by: Person) -> tuple[Person, Person]:
    """What every act of `by` on a person begins with: both as they stand behind the lock, the person's row held.

    PermissionDenied where `by` does not manage them.
    """
    lock_authority()
    by = actor(by)
    locked = Person.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=person.pk)
    policy.require(by, Permission.PERSON_MANAGE, locked)
    return locked, by


def count_as(person: Person, by: Person) -> None:
    """`by` held in their hands how `person` signs in: until a second person has confirmed them, they count as `by`.

    Behind `lock_authority`. Who counts as the same already stays as they are, so nobody ever counts as themselves in a
    circle. Refused where the right of `by` is the gift of who added `person`: through them one would become two.
    """
    if not same_hand(by, person):
        if is_lent_by_the_inviter(by, person, person.unit):
            raise Refused(
                _("Your own role was given lately by who added this person: somebody else has to confirm them.")
            )
        Person.objects.filter(pk=person.pk).update(invited_by=by, vouched_at=None)


def require_light(person: Person) -> None:
    """Refused where the role of `person` weighs: nobody alone takes in hand how they sign in."""
    if weighs(person):
        raise Refused(_("This person's role weighs: a second administrator has to confirm this."))


def require_entered(person: Person) -> None:
    """Refused while a one-time link of `person` lies unused. Whoever has it would enter as them afterwards, with the
    weight of the role, and count as somebody else: two hands would be one."""
    if has_unused_link(person):
        raise Refused(
            _(
                "A one-time link of this person lies unused, and whoever has it could enter as them. Confirm once they "
                "have come in."
            )
        )


def require_human(person: Person) -> None:
    """Refused for a service account, which has no way in by pages."""
    if person.is_machine:
        raise Refused(_("A service account signs in on no page: make it a key."))


def keep_a_root_administrator(lost: QuerySet[Grant]) -> None:
    """Refused where without the grants `lost` an organisation would have no administrator left, for good or at all."""
    managing = lost.filter(role__in=holding(Permission.PERSON_MANAGE), unit__depth=1, person__is_active=True)
    for grant in managing.select_related("unit"):
        kept = root_administrators(grant.unit).exclude(pk__in=lost.values("pk"))
        others = Grant.objects.in_force().filter(
            person__is_active=True, unit=grant.unit, role__in=holding(Permission.PERSON_MANAGE)
        )
        may_go = grant.until is not None and others.exclude(pk__in=lost.values("pk")).exists()
        if not kept.exists() and not may_go:
            raise Refused(
                _("%(unit)s would be left without an administrator. Give that role, without an end, to somebody first.")
                % {"unit": grant.unit.name}
            )
