"""Who reaches how far, and who counts as whom: what four eyes and the measure of authority rest on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from organisation.enums import Permission
from organisation.models import ApiKey, Delegation, Grant, Person, Recovery, SignInLink, Unit
from organisation.models.held import held_by
from organisation.queries.units import reach, within
from organisation.roles import holding, needs_confirmation

# For this long a right counts as lent by who gave it: it does not confirm what its giver proposes.
RECENT = timedelta(days=30)


def reaches_beyond(person: Person, other: Person) -> bool:
    """True when `other` holds a grant, their own or lent, in a unit that `person` does not administer. Being suspended
    changes nothing."""
    mine = reach(person, Permission.PERSON_MANAGE)
    held = [path for _who, role, path, _other in held_by([other.pk]) if role]
    return any(not any(path.startswith(own) for own in mine) for path in held)


def holders_beyond(person: Person) -> set[int]:
    """Keys of all others who reach beyond `person`, as `reaches_beyond` says: by grants of their own, and by those in
    whose place they stand."""
    inside, lent_inside = Q(pk__in=[]), Q(pk__in=[])
    for own in reach(person, Permission.PERSON_MANAGE):
        inside |= Q(unit__path__startswith=own)
        lent_inside |= Q(grant__unit__path__startswith=own)
    held = Grant.objects.in_force().exclude(inside).values_list("person", flat=True)
    lent = Delegation.objects.in_force().exclude(lent_inside).values_list("delegate", flat=True)
    return {*held, *lent} - {person.pk}


def hand_of(person: Person) -> int:
    """Whom `person` counts as wherever two people are asked for: until a second person has confirmed who was
    invited, they count as their inviter."""
    invited_by, vouched_at, pk = person.invited_by_id, person.vouched_at, person.pk
    while invited_by is not None and vouched_at is None:
        pk = invited_by
        invited_by, vouched_at = Person.objects.values_list("invited_by_id", "vouched_at").get(pk=pk)
    return pk


def same_hand(person: Person, other: Person | None) -> bool:
    """True when the two are one, or count as one: so do who delegated a right of theirs and their stand-in, for as long
    as that holds."""
    if other is None or person.pk == other.pk:
        return other is not None
    behind, behind_other = hands_behind(person), hands_behind(other)
    return bool(behind & behind_other) or bool(stand_ins_of(person, behind) & {other.pk, *behind_other})


def stand_ins_of(person: Person, behind: set[int]) -> set[int]:
    """Whose stand-in `person`, or one of those `behind` them, is just now, and who is theirs."""
    found = set(person.stand_ins())
    for one in Person.objects.filter(pk__in=behind - {person.pk}) if behind != {person.pk} else ():
        found |= one.stand_ins()
    return found


def hands_behind(person: Person) -> set[int]:
    """Whose hand may have moved `person`'s: their own; of a service account, that of who answers for it and of each who
    ever had a key of it in hand."""
    if not person.is_machine:
        return {hand_of(person)}
    keepers = ApiKey.objects.filter(person=person).values("made_by")
    return {hand_of(one) for one in Person.objects.filter(Q(pk=person.responsible_id) | Q(pk__in=keepers))}


def has_a_right_of_their_own(person: Person, unit: Unit, others: Iterable[Person]) -> bool:
    """True when `person` administers `unit` by a grant that none of `others` gave or confirmed lately.

    What the set-up gave, or somebody at the server's console confirmed, is nobody's gift.
    """
    hands = {hand_of(other) for other in others}
    held = Grant.objects.in_force().filter(person=person, role__in=holding(Permission.PERSON_MANAGE))
    lent = held.filter(confirmed_at__gt=Now() - RECENT, given_by__isnull=False, confirmed_by__isnull=False)
    borrowed = {
        grant.pk
        for grant in lent.select_related("given_by", "confirmed_by")
        if hands & {hand_of(one) for one in (grant.given_by, grant.confirmed_by) if one is not None}
    }
    mine = held.exclude(pk__in=borrowed).values_list("unit__path", flat=True)
    return any(unit.path.startswith(path) for path in mine)


def root_administrators(root: Unit) -> QuerySet[Grant]:
    """Grants in force, of active people, that administer the whole organisation of `root` without an end."""
    grants = Grant.objects.in_force().filter(person__is_active=True, role__in=holding(Permission.PERSON_MANAGE))
    return grants.filter(unit=root, until__isnull=True)


def proposals_for(person: Person) -> QuerySet[Grant]:
    """Proposed grants in units that `person` administers, the oldest first."""
    here = within(person, Permission.PERSON_MANAGE)
    found = Grant.objects.proposed().filter(here).select_related("unit", "person__unit", "given_by")
    return found.order_by("given_at", "pk")


def recoveries_for(person: Person) -> QuerySet[Recovery]:
    """Proposed ways back in of people whom `person` administers, the oldest first."""
    here = within(person, Permission.PERSON_MANAGE, field="person__unit")
    found = Recovery.objects.proposed().filter(here).select_related("person__unit", "proposed_by")
    return found.order_by("proposed_at", "pk")


def unconfirmed_people(person: Person) -> QuerySet[Person]:
    """Active people with a role whom nobody but their inviter has looked at, in units that `person` administers."""
    here = within(person, Permission.PERSON_MANAGE)
    held = Grant.objects.in_force().values("person_id")
    new = Person.objects.filter(here, is_active=True, invited_by__isnull=False, vouched_at__isnull=True, pk__in=held)
    return new.select_related("unit", "invited_by").order_by("joined_at", "pk")


def weighs(person: Person) -> bool:
    """True where the person holds, by their own grant or a lent one, or is proposed for, a role that takes a second
    person's confirmation."""
    roles = [role for _who, role, _path, _other in held_by([person.pk])]
    roles += Grant.objects.proposed().filter(person=person).values_list("role", flat=True)
    return any(needs_confirmation(role, of_machine=person.is_machine) for role in roles)


def people_holding(grants: QuerySet[Grant]) -> Q:
    """A condition on people: they hold one of these `grants` in force, or it is lent to them just now."""
    lent = Delegation.objects.in_force().filter(grant__in=grants)
    return Q(pk__in=grants.values("person_id")) | Q(pk__in=lent.values("delegate_id"))


def against_confirming(person: Person, grant: Grant) -> str | None:
    """Why `person`, who administers the grant's unit, is no second person for it; None where they are."""
    return _against_the_second(person, grant.given_by, grant.person, grant.unit)


def against_recovering(person: Person, recovery: Recovery) -> str | None:
    """Likewise for a proposed way back in of somebody whom `person` administers."""
    return _against_the_second(person, recovery.proposed_by, recovery.person, recovery.unit)


def _against_the_second(person: Person, proposer: Person | None, other: Person, unit: Unit) -> str | None:
    if person.pk == other.pk:
        return _("Nobody confirms what is for themselves.")
    if same_hand(person, proposer):
        return _("You proposed this, or count as who proposed it: a second person has to confirm it.")
    if same_hand(person, other):
        return _("Nobody but you has confirmed this person yet: somebody else has to confirm this.")
    if not has_a_right_of_their_own(person, unit, [other, *([proposer] if proposer else [])]):
        return _("Your own role was given lately by who proposed this: somebody else has to confirm it.")
    return None


def has_unused_link(person: Person) -> bool:
    """True while a one-time link of the person lies unused: whoever has it in hand enters as them."""
    return SignInLink.objects.alive().filter(person=person).exists()


def is_lent_by_the_inviter(person: Person, other: Person, unit: Unit) -> bool:
    """True where nobody but their inviter has looked at `other`, and `person` administers `unit` by that one's gift."""
    inviter = other.invited_by if other.vouched_at is None else None
    return inviter is not None and not has_a_right_of_their_own(person, unit, [inviter])


def against_vouching(person: Person, other: Person) -> str | None:
    """Why `person`, who administers `other`, cannot say as a second person who `other` is; None where they can."""
    inviter = other.invited_by
    if inviter is None or other.vouched_at is not None:
        return _("This person is confirmed already.")
    if same_hand(person, other):
        return _("You added this person, or count as who did: a second person has to confirm who they are.")
    if is_lent_by_the_inviter(person, other, other.unit):
        return _("Your own role was given lately by who added this person: somebody else has to confirm them.")
    return None
