"""A role prolonged, and the next step of who was new: by whom, with whom, and what becomes of the old one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation import policy
from organisation.actions import advance_grant, confirm_grant, give_grant, prolong_grant, refuse_grant, revoke_grant
from organisation.enums import GovernanceModel, Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, Person, Unit
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def ada(root: Unit) -> Person:
    return person_with("administrator", root, name="Ada")


@pytest.fixture
def bo(root: Unit) -> Person:
    return person_with("administrator", root, name="Bo")


def ending(unit: Unit, role: str = "newcomer") -> Grant:
    return GrantFactory.create(person=PersonFactory.create(unit=unit), unit=unit, role=role, until=timezone.now() + DAY)


def roles_of(person: Person) -> list[str]:
    return [role for role, _path in Person.objects.get(pk=person.pk).held_grants()]


def test_a_light_role_is_prolonged_at_once_and_the_old_grant_stays_as_it_was_held(root: Unit, ada: Person) -> None:
    old = ending(root)
    was, later = old.until, timezone.now() + 90 * DAY
    new = prolong_grant(grant=old, until=later, reason="Stays longer", by=ada)
    old.refresh_from_db()
    assert (new.is_proposed, new.until, new.replaces, new.given_by) == (False, later, old, ada)
    assert (old.until, old.revoked_at is not None) == (was, True)
    assert roles_of(old.person) == ["newcomer"]
    forever = prolong_grant(grant=new, until=None, reason="Stays", by=ada)
    assert forever.until is None


def test_a_weighty_role_is_prolonged_by_two_and_holds_meanwhile(root: Unit, ada: Person, bo: Person) -> None:
    old = ending(root, "spokesperson")
    new = prolong_grant(grant=old, until=timezone.now() + 90 * DAY, reason="Stays longer", by=ada)
    assert new.is_proposed
    assert Grant.objects.in_force().filter(pk=old.pk).exists()
    with pytest.raises(PermissionDenied):
        confirm_grant(grant=new, by=ada)
    confirm_grant(grant=new, by=bo)
    held = list(Grant.objects.in_force().filter(person=old.person))
    assert held == [new]


def test_who_is_new_becomes_experienced_by_two_and_is_new_no_more(root: Unit, ada: Person, bo: Person) -> None:
    old = GrantFactory.create(person=PersonFactory.create(unit=root), role="newcomer")
    new = advance_grant(grant=old, reason="Six months, no correction", by=ada)
    assert (new.role, new.is_proposed, roles_of(old.person)) == ("communication_cell", True, ["newcomer"])
    assert not policy.allows(Person.objects.get(pk=old.person_id), Permission.POST_APPROVE, root)
    confirm_grant(grant=new, by=bo)
    assert roles_of(old.person) == ["communication_cell"]


def test_what_is_refused_leaves_all_as_it_was(root: Unit, ada: Person) -> None:
    old = GrantFactory.create(person=PersonFactory.create(unit=root), role="newcomer")
    refuse_grant(grant=advance_grant(grant=old, reason="Ready", by=ada), by=ada)
    assert roles_of(old.person) == ["newcomer"]


def test_what_was_taken_back_meanwhile_does_not_come_back_by_a_confirmation(
    root: Unit, ada: Person, bo: Person
) -> None:
    old = ending(root, "spokesperson")
    new = prolong_grant(grant=old, until=None, reason="Stays", by=ada)
    revoke_grant(grant=old, by=bo)
    with pytest.raises(Refused, match="was taken back"):
        confirm_grant(grant=new, by=bo)
    assert roles_of(old.person) == []


def test_what_makes_no_sense_is_refused(root: Unit, ada: Person) -> None:
    endless = GrantFactory.create(person=PersonFactory.create(unit=root), role="newcomer")
    with pytest.raises(Refused, match="has no end"):
        prolong_grant(grant=endless, until=timezone.now() + DAY, reason="x", by=ada)
    old = ending(root)
    for until in (old.until, timezone.now()):
        with pytest.raises(Refused, match="after the present end"):
            prolong_grant(grant=old, until=until, reason="x", by=ada)
    for act in (
        lambda: prolong_grant(grant=old, until=None, reason=" ", by=ada),
        lambda: advance_grant(grant=old, reason="", by=ada),
    ):
        with pytest.raises(Refused, match="Say why"):
            act()
    with pytest.raises(Refused, match="no next step"):
        advance_grant(grant=ending(root, "auditor"), reason="x", by=ada)
    advance_grant(grant=endless, reason="x", by=ada)
    with pytest.raises(Refused, match="proposed for it"):
        advance_grant(grant=endless, reason="x", by=ada)
    revoke_grant(grant=old, by=ada)
    with pytest.raises(Conflict):
        prolong_grant(grant=old, until=None, reason="x", by=ada)


def test_a_proposal_of_long_ago_or_of_somebody_else_stands_in_nobodys_way(root: Unit, ada: Person) -> None:
    old = GrantFactory.create(person=PersonFactory.create(unit=root), role="newcomer")
    long_ago = timezone.now() - 15 * DAY
    facts = {"role": "communication_cell", "unit": root, "confirmed_at": None}
    over = GrantFactory.create(person=old.person, given_at=long_ago, **facts)
    GrantFactory.create(person=PersonFactory.create(unit=root), **facts)
    assert advance_grant(grant=old, reason="Ready", by=ada).is_proposed
    over.refresh_from_db()
    assert over.revoked_at is not None


def test_who_prolongs_has_looked_at_who_was_added_by_another(root: Unit, ada: Person, bo: Person) -> None:
    old, weighty = ending(root), ending(root, "spokesperson")
    Person.objects.filter(pk__in=[old.person_id, weighty.person_id]).update(invited_by=bo)
    prolong_grant(grant=old, until=None, reason="Stays", by=ada)
    prolong_grant(grant=weighty, until=None, reason="Stays", by=ada)
    assert Person.objects.get(pk=old.person_id).vouched_at is not None
    assert Person.objects.get(pk=weighty.person_id).vouched_at is None


def test_only_who_gives_such_a_role_there_to_others_whom_they_cover(root: Unit, ada: Person) -> None:
    root.governance_model = GovernanceModel.CENTRALISED
    root.save(update_fields=["governance_model"])
    below = UnitFactory.create(parent=root)
    local = person_with("administrator", below)
    old = ending(below)
    own = GrantFactory.create(person=ada, role="newcomer", until=timezone.now() + DAY)
    beyond = ending(below)
    GrantFactory.create(person=beyond.person, role="newcomer", unit=root)
    for grant, by in ((old, local), (old, old.person), (beyond, local)):
        with pytest.raises(PermissionDenied):
            prolong_grant(grant=grant, until=None, reason="x", by=by)
        with pytest.raises(PermissionDenied):
            advance_grant(grant=grant, reason="x", by=by)
    with pytest.raises(Refused, match="to themselves"):
        prolong_grant(grant=own, until=None, reason="x", by=ada)
    Unit.objects.filter(pk=below.pk).update(governance_model=GovernanceModel.AUTONOMY)
    with pytest.raises(PermissionDenied):
        prolong_grant(grant=beyond, until=None, reason="x", by=local)
    assert prolong_grant(grant=old, until=None, reason="x", by=local).until is None


def test_one_holds_a_role_once_and_is_proposed_for_it_once(root: Unit, ada: Person) -> None:
    person = PersonFactory.create(unit=root)
    for standing in ({}, {"confirmed_at": None}):
        GrantFactory.create(person=person, role="newcomer", **standing)
        with pytest.raises(IntegrityError), transaction.atomic():
            GrantFactory.create(person=person, role="newcomer", **standing)
    with pytest.raises(Refused):
        give_grant(person=person, role="newcomer", unit=root, by=ada)


def test_it_happens_behind_the_lock_of_authority(root: Unit, ada: Person) -> None:
    old = ending(root)
    with locks_taken() as taken:
        prolong_grant(grant=old, until=None, reason="Stays", by=ada)
    assert taken == ["organisation_unit", "organisation_grant"]


def test_the_page_prolongs_and_proposes_the_next_step(client: Client, root: Unit, ada: Person) -> None:
    old = ending(root)
    client.force_login(ada)
    person = reverse("organisation:person_detail", args=[old.person_id])
    assert "Experienced now" in client.get(person).content.decode()
    prolong = reverse("organisation:grant_prolong", args=[old.pk])
    assert client.post(prolong, {"reason": ""}).status_code == 422
    later = f"{timezone.localtime() + 90 * DAY:%Y-%m-%dT%H:%M}"
    assert client.post(prolong, {"reason": "Stays", "until": later}).status_code == 302
    new = Grant.objects.get(replaces=old)
    assert client.post(reverse("organisation:grant_advance", args=[new.pk]), {"reason": "Ready"}).status_code == 302
    assert Grant.objects.proposed().get(person=old.person).role == "communication_cell"


def test_the_api_does_the_same(client: Client, root: Unit, ada: Person) -> None:
    old = ending(root)
    client.force_login(ada)
    facts = {"until": None, "reason": "Stays"}
    made = client.post(reverse("grant-prolong", args=[old.pk]), facts, content_type="application/json")
    assert (made.status_code, made.json()["replaces"], made.json()["until"]) == (200, old.pk, None)
    facts = {"reason": "Ready"}
    next_ = client.post(reverse("grant-advance", args=[made.json()["id"]]), facts, content_type="application/json")
    assert (next_.status_code, next_.json()["role"], next_.json()["confirmed_at"]) == (200, "communication_cell", None)
