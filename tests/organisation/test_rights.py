"""What somebody may do here, and why: the page and the policy never disagree, and what it offers would be enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisation import policy
from organisation.enums import GovernanceModel, Permission
from organisation.models import Grant, Person, Unit
from organisation.rights import Right, rights_in
from organisation.roles import ROLES
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import factor_of

P = Permission
pytestmark = pytest.mark.django_db


def right(person: Person, unit: Unit, permission: Permission) -> Right:
    return next(one for one in rights_in(Person.objects.get(pk=person.pk), unit).rights if one.permission == permission)


MODEL = st.sampled_from(["", *GovernanceModel.values])


@pytest.mark.longer
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    models=st.tuples(st.sampled_from(GovernanceModel.values), MODEL, MODEL, MODEL),
    held=st.lists(st.tuples(st.sampled_from(sorted(ROLES)), st.integers(0, 3)), max_size=4, unique=True),
    active=st.sampled_from([True, True, True, False]),
    place=st.integers(0, 3),
)
def test_the_page_never_disagrees_with_the_policy(
    models: tuple[str, ...], held: list[tuple[str, int]], active: bool, place: int
) -> None:
    root = UnitFactory.create(governance_model=models[0])
    left = UnitFactory.create(parent=root, governance_model=models[1])
    right_ = UnitFactory.create(parent=root, governance_model=models[2])
    below = UnitFactory.create(parent=left, governance_model=models[3])
    units = [root, left, right_, below]
    person = PersonFactory.create(unit=units[place], is_active=active)
    for role, at in held:
        GrantFactory.create(person=person, role=role, unit=units[at])
    person_with("administrator", root)
    for unit in units:
        for one in rights_in(Person.objects.get(pk=person.pk), unit).rights:
            anew = Person.objects.get(pk=person.pk)
            assert one.allowed == policy.allows(anew, one.permission, unit)
            why = bool(one.grounds) and policy.against(anew, one.permission, unit) is None
            assert one.allowed == why, (one, unit)
            assert not (one.allowed and one.offers)
            for offer in one.offers[:1]:
                lent = GrantFactory.create(person=person, role=offer.role, unit=offer.unit)
                assert policy.allows(Person.objects.get(pk=person.pk), one.permission, unit), offer
                lent.delete()


def test_who_gave_it_and_until_when_is_told() -> None:
    root = UnitFactory.create()
    giver, person = person_with("administrator", root, name="Ada"), PersonFactory.create(unit=root)
    ends = timezone.now() + timedelta(days=3)
    grant = GrantFactory.create(person=person, role="newcomer", unit=root, given_by=giver, until=ends)
    told = right(person, root, P.POST_WRITE)
    assert (told.allowed, [one.grant for one in told.grounds], told.grounds[0].grant.given_by) == (True, [grant], giver)


def test_what_services_share_is_told_as_shared() -> None:
    root = UnitFactory.create(governance_model=GovernanceModel.HUB_AND_SPOKE)
    here, there = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    person = person_with("newcomer", here)
    told = right(person, there, P.POST_VIEW)
    assert (told.allowed, [one.shared for one in told.grounds]) == (True, [True])
    assert [one.shared for one in right(person, here, P.POST_VIEW).grounds] == [False]
    assert right(person, there, P.POST_WRITE).grounds == ()


def test_what_is_missing_is_a_role_and_who_gives_it_by_the_model() -> None:
    root = UnitFactory.create(governance_model=GovernanceModel.CENTRALISED)
    here = UnitFactory.create(parent=root)
    centre, service = person_with("administrator", root), person_with("administrator", here)
    person = PersonFactory.create(unit=here)
    offers = {offer.role: offer.givers for offer in right(person, here, P.POST_SCHEDULE).offers}
    assert offers == {"communication_cell": (centre,), "spokesperson": (centre,)}
    Unit.objects.filter(pk=here.pk).update(governance_model=GovernanceModel.AUTONOMY)
    offers = {offer.role: offer.givers for offer in right(person, here, P.POST_SCHEDULE).offers}
    assert offers["communication_cell"] == (centre, service)
    # Nobody gives to themselves, nor to who reaches beyond them.
    GrantFactory.create(person=person, role="newcomer", unit=root)
    assert right(person, here, P.POST_SCHEDULE).offers[0].givers == (centre,)
    assert right(service, here, P.POST_SCHEDULE).offers[0].givers == (centre,)


def test_a_vote_is_given_at_the_top_alone() -> None:
    root = UnitFactory.create()
    here = UnitFactory.create(parent=root)
    person_with("administrator", root)
    person = person_with("committee_member", here)
    told = right(person, here, P.DOSSIER_VOTE)
    assert (told.allowed, len(told.grounds)) == (False, 1)
    assert "top of the organisation" in str(told.against)
    assert {offer.unit for offer in told.offers} == {root}


def test_what_waits_and_what_is_over_is_told() -> None:
    root = UnitFactory.create()
    person = PersonFactory.create(unit=root)
    waiting = GrantFactory.create(person=person, role="spokesperson", unit=root, confirmed_at=None)
    over = GrantFactory.create(
        person=person, role="communication_cell", unit=root, until=timezone.now() - timedelta(days=1)
    )
    told = right(person, root, P.POST_SCHEDULE)
    assert (told.allowed, told.waiting, told.over) == (False, (waiting,), (over,))
    Grant.objects.filter(pk=over.pk).update(revoked_at=timezone.now())
    assert right(person, root, P.POST_SCHEDULE).over == ()


def my_page(client: Client, **asked: Any) -> str:
    answer = client.get(reverse("organisation:my_rights"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_is_about_the_unit_that_is_asked_for_and_in_sight(client: Client) -> None:
    root = UnitFactory.create(slug="top", names={"en": "Top"})
    UnitFactory.create(parent=root, slug="below", names={"en": "Below"})
    UnitFactory.create(slug="strange", names={"en": "Strange"})
    client.force_login(person_with("newcomer", root))
    n = len(ROLES["newcomer"].permissions)
    assert f"In Top: {n} of" in my_page(client)
    assert f"In Below: {n} of" in my_page(client, unit="below")
    assert f"In Top: {n} of" in my_page(client, unit="strange")


def test_a_missing_second_factor_is_told(client: Client) -> None:
    administrator = person_with("administrator", UnitFactory.create())
    other = person_with("spokesperson", administrator.unit)
    client.force_login(administrator)
    address = reverse("organisation:person_rights", args=[other.pk])
    assert "second factor is missing" in client.get(address).content.decode()
    factor_of(other)
    assert "second factor is missing" not in client.get(address).content.decode()


def test_the_api_says_the_same(client: Client) -> None:
    unit = UnitFactory.create(slug="top")
    UnitFactory.create(slug="strange")
    person = person_with("newcomer", unit)
    client.force_login(person)
    told = client.get(reverse("me-rights"), {"unit": "top"}).json()
    assert {one["permission"] for one in told["rights"] if one["allowed"]} == ROLES["newcomer"].permissions
    assert client.get(reverse("me-rights"), {"unit": "strange"}).status_code == 404
