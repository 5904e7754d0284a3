"""Somebody leaves: in one act all that they hold ends, and what they have in hand goes to others, by name."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation import audit, policy
from organisation.actions.authority import keep_a_root_administrator, managing
from organisation.actions.delegating import end_delegations
from organisation.actions.grants import REFUSED, REVOKED
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import ApiKey, Grant, Person, ProviderIdentity, Recovery, SignInLink
from organisation.open_work import HandOver, Thing, WorkKind
from organisation.queries.keys import keys_in_hand
from organisation.queries.leaving import everything_in_hand, name_of
from organisation.queries.units import comes_from

LEFT = audit.tell("person.left", gettext_lazy("%(actor)s ended this person's work here"))


@action
def end_work(*, person: Person, by: Person, reason: str, successors: Mapping[str, int | None]) -> Person:
    """From the next request on the person is out for good: suspended, every session, link, factor, password and role
    of theirs over, and every key whose secret they have seen. `successors` names who takes over each thing in hand
    (`queries.leaving.name_of`), None where nobody is to: said, never by omission.

    Refused at the thing's name where it is missing there, or where who is named cannot take it over.
    """
    locked, by = managing(person, by)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    keep_a_root_administrator(locked.grants.in_force())
    left = _hand_over_all(locked, by, reason, successors)
    end_delegations(locked, by, reason)
    roles = _end_grants(locked, by, reason)
    SignInLink.objects.filter(person=locked, ended_at__isnull=True).update(ended_at=Now())
    Recovery.objects.filter(person=locked, confirmed_at__isnull=True, ended_at__isnull=True).update(ended_at=Now())
    Authenticator.objects.filter(user=locked).delete()
    ProviderIdentity.objects.filter(person=locked).delete()
    keys = sorted(keys_in_hand(locked).values_list("pk", flat=True))
    ApiKey.objects.filter(pk__in=keys).update(revoked_at=Now())
    told = {"keys": keys} if keys else {}
    if locked.is_active:
        locked.suspended_from = comes_from(by, Permission.PERSON_MANAGE, locked.unit)
    locked.is_active = False
    locked.session_epoch += 1
    locked.set_unusable_password()
    locked.save(update_fields=["is_active", "session_epoch", "suspended_from", "password"])
    audit.record(verb=LEFT, thing=locked, by=by, reason=reason, roles=roles, left=left, **told)
    return locked


def _hand_over_all(person: Person, by: Person, reason: str, successors: Mapping[str, int | None]) -> list[str]:
    """The names of those that nobody takes over."""
    left = []
    for kind, thing in everything_in_hand(person):
        name = name_of(kind, thing)
        if name not in successors:
            raise Refused(_("Say who takes this over."), field=name)
        if (chosen := successors[name]) is None:
            left.append(name)
            continue
        kind.hand_over(thing.key, HandOver(person, _taker(kind, thing, person, chosen), by, reason))
    return left


def _taker(kind: WorkKind, thing: Thing, leaver: Person, chosen: int) -> Person:
    to = Person.objects.filter(pk=chosen, is_active=True, responsible__isnull=True).select_related("unit").first()
    if to is None or to.pk in {leaver.pk, *thing.barred} or not policy.allows(to, kind.takes, thing):
        raise Refused(_("This person cannot take it over: choose somebody else."), field=name_of(kind, thing))
    return to


def _end_grants(person: Person, by: Person, reason: str) -> list[str]:
    """The roles that they held."""
    rows = Grant.objects.filter(person=person, revoked_at__isnull=True).select_for_update(of=("self",))
    grants = list(rows.select_related("unit", "person").order_by("pk"))
    Grant.objects.filter(pk__in=[one.pk for one in grants]).update(revoked_at=Now())
    for grant in grants:
        verb = REFUSED if grant.is_proposed else REVOKED
        audit.record(verb=verb, thing=grant, by=by, role=grant.role, person=person.pk, reason=reason)
    person.forget_grants()
    return [grant.role for grant in grants if not grant.is_proposed]
