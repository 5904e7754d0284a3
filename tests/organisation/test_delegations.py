"""Whoever is away lends a role: never more than they hold, not on, and nothing remains when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.queries import holders
from organisation import policy
from organisation.actions import delegate_right, end_work, revoke_delegation, revoke_grant, suspend_person
from organisation.enums import GovernanceModel, Permission
from organisation.governance import SHARED
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Delegation, Grant, Person, Unit
from organisation.queries.authority import reaches_beyond, same_hand
from organisation.queries.delegations import is_lent
from organisation.rights import rights_in
from organisation.roles import ROLES
from publishing.actions import approve_post
from publishing.queries.approvers import approvers_of
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import GrantFactory, PersonFactory, ReviewLineFactory, UnitFactory, person_with
from tests.factories.publishing import hash_of, submitted

P = Permission
pytestmark = pytest.mark.django_db


def soon(days: int = 7) -> datetime:
    return timezone.now() + timedelta(days=days)


def lend(lender: Person, to: Person, grant: Grant | None = None, **facts: Any) -> Delegation:
    told: dict[str, Any] = {"begins": None, "ends": soon(), "reason": "On leave", "text": "Everything but the budget"}
    return delegate_right(grant=grant or lender.grants.get(), delegate=to, by=lender, **(told | facts))


def anew(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def may(person: Person, units: list[Unit]) -> set[tuple[str, int]]:
    somebody = anew(person)
    return {(p.value, unit.pk) for unit in units for p in P if policy.allows(somebody, p, unit)}


def page_of(person: Person, address: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(address)


def over(delegation: Delegation) -> None:
    past = timezone.now() - timedelta(days=9)
    Delegation.objects.filter(pk=delegation.pk).update(begins=past, ends=past + timedelta(days=1))


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def cell(root: Unit) -> tuple[Person, Person]:
    return person_with("communication_cell", root, name="Ann"), person_with("newcomer", root, name="Ben")


PLACES = st.lists(st.tuples(st.sampled_from(sorted(ROLES)), st.integers(0, 3)), min_size=1, max_size=3, unique=True)


@pytest.mark.longer
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    model=st.sampled_from(GovernanceModel.values),
    lender=PLACES,
    stand_in=PLACES,
    chosen=st.integers(0, 2),
    ends_by=st.sampled_from(["time", "revoked", "grant", "suspended"]),
)
def test_nobody_gains_what_the_lender_does_not_hold_and_nothing_remains(
    model: str, lender: list[tuple[str, int]], stand_in: list[tuple[str, int]], chosen: int, ends_by: str
) -> None:
    root = UnitFactory.create(governance_model=model)
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    units = [root, left, right, UnitFactory.create(parent=left)]
    ann, ben = PersonFactory.create(unit=left), PersonFactory.create(unit=left)
    for person, held in ((ann, lender), (ben, stand_in)):
        for role, at in held:
            GrantFactory.create(person=person, role=role, unit=units[at])
    grant = list(ann.grants.order_by("pk"))[chosen % len(lender)]
    before, hers = may(ben, units), may(ann, units)
    if not is_lent(grant.role):
        with pytest.raises(Refused):
            lend(ann, ben, grant)
        return
    lent = lend(ann, ben, grant)
    gained = may(ben, units) - before
    assert gained <= hers
    by_tree = {unit.pk for unit in units if unit.path.startswith(grant.unit.path)}
    assert {unit for what, unit in gained if P(what) not in SHARED} <= by_tree
    assert {what for what, _unit in gained} <= {p.value for p in ROLES[grant.role].permissions}
    if ends_by == "time":
        over(lent)
    elif ends_by == "revoked":
        revoke_delegation(delegation=lent, by=ann, reason="Back")
    elif ends_by == "grant":
        Grant.objects.filter(pk=grant.pk).update(revoked_at=timezone.now())
    else:
        Person.objects.filter(pk=ann.pk).update(is_active=False)
    assert may(ben, units) == before


def test_it_begins_and_ends_by_itself(cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    lent = lend(ann, ben, begins=soon(1), ends=soon(2))
    assert not policy.allows(anew(ben), P.POST_APPROVE, ann.unit)
    Delegation.objects.filter(pk=lent.pk).update(begins=timezone.now() - timedelta(hours=1))
    assert policy.allows(anew(ben), P.POST_APPROVE, ann.unit)
    over(lent)
    assert not policy.allows(anew(ben), P.POST_APPROVE, ann.unit)


def test_what_is_lent_is_not_lent_on_and_nobody_lends_what_is_not_theirs(cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    lend(ann, ben)
    third = PersonFactory.create(unit=ann.unit)
    with pytest.raises(PermissionDenied):
        lend(ben, third, ann.grants.get())
    with pytest.raises(PermissionDenied):
        lend(third, ben, ann.grants.get())


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"text": ""}, "text"),
        ({"ends": soon(-1)}, "ends"),
        ({"ends": soon(186)}, "ends"),
    ],
)
def test_it_is_in_writing_and_has_an_end(cell: tuple[Person, Person], facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        lend(*cell, **facts)
    assert refused.value.field == field
    assert not Delegation.objects.exists()


def test_to_a_colleague_where_the_role_holds_and_to_one_at_a_time(root: Unit, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    elsewhere = PersonFactory.create()
    gone = PersonFactory.create(unit=root, is_active=False)
    for stranger in (elsewhere, gone, ann):
        with pytest.raises(Refused, match="colleague"):
            lend(ann, stranger)
    lend(ann, ben)
    other = GrantFactory.create(person=ann, role="conversation_manager", unit=root)
    with pytest.raises(Refused, match="one colleague at a time"):
        lend(ann, PersonFactory.create(unit=root), other)
    with pytest.raises(Refused, match="lent already"):
        lend(ann, ben, ann.grants.get(role="communication_cell"))
    lend(ann, ben, other)
    lend(ann, PersonFactory.create(unit=root), other, begins=soon(8), ends=soon(9))


def test_who_gives_roles_lends_nothing(root: Unit) -> None:
    with pytest.raises(Refused, match="another administrator"):
        lend(person_with("administrator", root), PersonFactory.create(unit=root))


def test_both_are_one_hand_and_only_while_it_lasts(root: Unit, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    post = submitted(ann, ConnectedAccountFactory.create(unit=root))
    cara = person_with("communication_cell", root)
    third = PersonFactory.create(unit=root, invited_by=ann)  # counts as Ann
    lent = lend(ann, ben)
    for one, other in ((ann, ben), (ben, ann), (ben, third), (third, ben)):
        assert same_hand(anew(one), anew(other))
    assert not same_hand(anew(cara), anew(ben))
    assert list(approvers_of(post)) == [cara]
    with pytest.raises(PermissionDenied):
        approve_post(post=post, by=anew(ben), content_hash=hash_of(post), planned_for=post.due_at)
    hers = submitted(cara, ConnectedAccountFactory.create(unit=root))
    assert ben in approvers_of(hers)
    approve_post(post=hers, by=anew(ben), content_hash=hash_of(hers), planned_for=hers.due_at)
    over(lent)
    assert not same_hand(anew(ann), anew(ben))


def test_who_ends_it_and_who_does_not(root: Unit, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    below = UnitFactory.create(parent=root)
    for by in (ann, ben, person_with("administrator", root)):
        assert revoke_delegation(delegation=lend(ann, ben), by=by, reason="Back").revoked_at is not None
    lent = lend(ann, ben)
    for by in (person_with("administrator", below), person_with("auditor", root)):
        with pytest.raises(PermissionDenied):
            revoke_delegation(delegation=lent, by=by, reason="Why not")
    with pytest.raises(Refused):
        revoke_delegation(delegation=lent, by=ann, reason=" ")
    over(lent)
    with pytest.raises(Conflict):
        revoke_delegation(delegation=lent, by=ann, reason="Back")


def test_whoever_stands_in_higher_up_reaches_as_far_meanwhile(root: Unit) -> None:
    below = UnitFactory.create(parent=root)
    boss = person_with("spokesperson", root)
    ben, local = person_with("newcomer", below), person_with("administrator", below)
    assert not reaches_beyond(local, ben)
    lend(boss, ben)
    assert reaches_beyond(local, ben)
    with pytest.raises(PermissionDenied):
        suspend_person(person=ben, by=local, reason="In the way")


def test_one_reads_by_whom_one_may(root: Unit, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    lent = lend(ann, ben)
    told = next(one for one in rights_in(anew(ben), root).rights if one.permission == P.POST_APPROVE)
    assert (told.allowed, [(one.lent, one.grant.person) for one in told.grounds]) == (True, [(lent, ann)])
    page = page_of(ben, reverse("organisation:my_rights")).content.decode()
    assert "lent by Ann, for whom this person stands in" in page


def test_an_access_review_shows_it_and_ends_it_with_the_role(root: Unit, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    boss = person_with("administrator", root)
    lend(ann, ben)
    line = ReviewLineFactory.create(review__unit=root, grant=ann.grants.get())
    page = page_of(boss, line.review.get_absolute_url()).content.decode()
    assert "lent to Ben until" in " ".join(page.split())
    revoke_grant(grant=ann.grants.get(), by=boss)
    assert not policy.allows(anew(ben), P.POST_APPROVE, root)


def test_it_ends_with_whoever_leaves_and_each_step_is_on_record(root: Unit, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    boss = person_with("administrator", root)
    lend(ann, ben)
    end_work(person=ben, by=boss, reason="Leaves", successors={})
    verbs = AuditEvent.objects.filter(verb__startswith="delegation.").order_by("sequence")
    assert [(one.verb, one.actor_id, one.unit_id) for one in verbs] == [
        ("delegation.given", ann.pk, root.pk),
        ("delegation.revoked", boss.pk, root.pk),
    ]
    assert not Delegation.objects.in_force().exists()


def test_from_the_page_to_the_end(client: Client, cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    client.force_login(ann)
    new = reverse("organisation:delegation_new")
    typed = {"grant": ann.grants.get().pk, "delegate": ben.pk, "ends": f"{soon():%Y-%m-%dT%H:%M}"}
    answer = client.post(new, {**typed, "reason": "On leave"})
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)
    assert "in writing" in answer.content.decode()
    answer = client.post(new, {**typed, "reason": "On leave", "text": "All of it"}, follow=True)
    assert "Ben stands in for you" in answer.content.decode()
    lent = Delegation.objects.get()
    client.force_login(PersonFactory.create(unit=ann.unit))
    assert client.post(reverse("organisation:delegation_end", args=[lent.pk]), {"reason": "x"}).status_code == 404
    client.force_login(ben)
    assert client.post(reverse("organisation:delegation_end", args=[lent.pk]), {}).status_code == 422
    client.post(reverse("organisation:delegation_end", args=[lent.pk]), {"reason": "Back early"})
    assert not Delegation.objects.in_force().exists()


def test_whoever_stands_in_is_told_what_the_holders_are(cell: tuple[Person, Person]) -> None:
    ann, ben = cell
    assert holders(P.POST_APPROVE, ann.unit) == [ann]
    lent = lend(ann, ben)
    assert holders(P.POST_APPROVE, ann.unit) == [ann, ben]
    over(lent)
    assert holders(P.POST_APPROVE, ann.unit) == [ann]
