"""What each governance model means, by hand: model × verb × place. Whoever acts holds their role in a service or in the
centre; the thing stands in that service, in the one beside it, in the centre, or in a unit below the service."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import accounts_registry.policy  # noqa: F401  its conditions are part of who decides
from organisation.actions import change_governance, confirm_grant, create_unit, give_grant, update_unit
from organisation.enums import GovernanceModel as Model
from organisation.enums import Permission as P
from organisation.governance import AWAITED, MODELS, SHARED, Accounts, Approval, Rights, Sight, roles_given
from organisation.lifecycle import Refused
from organisation.models import Grant, Person, Unit
from organisation.policy import allows
from organisation.queries import visible_events, visible_people
from organisation.queries.governing import effects_of, token_of
from organisation.queries.units import model_of
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db

PLACES = ("own", "sibling", "centre", "child")
# verb, from the service | from the centre
TABLE = {
    Model.CENTRALISED: """
        see posts: own child | own sibling centre child
        see people: own child | own sibling centre child
        read the trail: own child | own sibling centre child
        write a post: own child | own sibling centre child
        approve a post: own child | own sibling centre child
        decide on an account: - | own sibling centre child
        give a newcomer's role: - | own sibling centre child
        give an administrator's role: - | own sibling centre child
        take a role back: own child | own sibling centre child
    """,
    Model.HUB_AND_SPOKE: """
        see posts: own sibling centre child | own sibling centre child
        see people: own child | own sibling centre child
        read the trail: own child | own sibling centre child
        write a post: own child | own sibling centre child
        approve a post: own child | own sibling centre child
        decide on an account: - | own sibling centre child
        give a newcomer's role: own child | own sibling centre child
        give an administrator's role: - | own sibling centre child
        take a role back: own child | own sibling centre child
    """,
    Model.AUTONOMY: """
        see posts: own child | own sibling centre child
        see people: own child | own sibling centre child
        read the trail: own child | own sibling centre child
        write a post: own child | own sibling centre child
        approve a post: own child | own sibling centre child
        decide on an account: - | own sibling centre child
        give a newcomer's role: own child | own sibling centre child
        give an administrator's role: own child | own sibling centre child
        take a role back: own child | own sibling centre child
    """,
}


def permitted(permission: P) -> Callable[[Person, Unit], bool]:
    return lambda by, unit: allows(by, permission, unit)


def gives(role: str) -> Callable[[Person, Unit], bool]:
    def act(by: Person, unit: Unit) -> bool:
        try:
            give_grant(person=PersonFactory.create(unit=unit), role=role, unit=unit, by=by)
        except PermissionDenied:
            return False
        return True

    return act


# verb: the role of whoever tries it, and whether they may
VERBS: dict[str, tuple[str, Callable[[Person, Unit], bool]]] = {
    "see posts": ("communication_cell", permitted(P.POST_VIEW)),
    "see people": ("administrator", permitted(P.PERSON_VIEW)),
    "read the trail": ("administrator", permitted(P.AUDIT_VIEW)),
    "write a post": ("communication_cell", permitted(P.POST_WRITE)),
    "approve a post": ("communication_cell", permitted(P.POST_APPROVE)),
    "decide on an account": ("committee_chair", permitted(P.DOSSIER_DECIDE)),
    "give a newcomer's role": ("administrator", gives("newcomer")),
    "give an administrator's role": ("administrator", gives("administrator")),
    "take a role back": ("administrator", permitted(P.PERSON_MANAGE)),
}
EXPECTED = {
    (model, verb.strip()): tuple(set(told.split()) - {"-"} for told in places.split("|"))
    for model, text in TABLE.items()
    for verb, _colon, places in (line.partition(":") for line in text.strip().splitlines())
}


class Places:
    def __init__(self, model: Model) -> None:
        self.centre = UnitFactory.create(governance_model=model)
        self.own, self.sibling = UnitFactory.create(parent=self.centre), UnitFactory.create(parent=self.centre)
        self.child = UnitFactory.create(parent=self.own)


def test_every_model_and_every_verb_stands_in_the_table() -> None:
    assert set(EXPECTED) == {(model, verb) for model in Model for verb in VERBS}


@pytest.mark.longer
@pytest.mark.parametrize("model", Model)
def test_who_may_what_where(model: Model) -> None:
    found = {}
    for verb, (role, may) in VERBS.items():
        places = Places(model)
        people = person_with(role, places.own), person_with(role, places.centre)
        found[model, verb] = tuple({one for one in PLACES if may(by, getattr(places, one))} for by in people)
    assert found == {key: expected for key, expected in EXPECTED.items() if key[0] == model}


def test_the_models_are_what_was_decided() -> None:
    assert {model: (one.accounts, one.rights, one.approval, one.sight) for model, one in MODELS.items()} == {
        Model.CENTRALISED: (Accounts.COMMITTEE, Rights.CENTRE, Approval.CENTRE_BEFORE, Sight.NOBODY_ELSE),
        Model.HUB_AND_SPOKE: (
            Accounts.COMMITTEE_CONSULTS_SERVICES,
            Rights.SERVICE_BELOW_CEILING,
            Approval.PEER_COSIGNS,
            Sight.ALL_SERVICES,
        ),
        Model.AUTONOMY: (
            Accounts.COMMITTEE_MAY_DELEGATE,
            Rights.SERVICE,
            Approval.CENTRE_AFTERWARDS,
            Sight.NOBODY_ELSE,
        ),
    }
    assert {
        Accounts.COMMITTEE_MAY_DELEGATE,
        Approval.CENTRE_BEFORE,
        Approval.PEER_COSIGNS,
        Approval.CENTRE_AFTERWARDS,
    } == AWAITED


def test_what_lies_below_the_ceiling_and_what_is_shared() -> None:
    assert roles_given(Model.HUB_AND_SPOKE, by_the_centre=False) == {
        "newcomer",
        "communication_cell",
        "conversation_manager",
        "account_manager",
    }
    assert {permission.value for permission in SHARED} == {
        *("account.view", "dossier.view", "post.view", "mention.view", "watch.view", "crisis.view", "hold.view"),
    }


# ---- A unit is governed as the one above it, or by a model of its own ----------------------------------------------
def test_a_unit_is_governed_as_the_nearest_above_that_says() -> None:
    places = Places(Model.HUB_AND_SPOKE)
    Unit.objects.filter(pk=places.own.pk).update(governance_model=Model.AUTONOMY)
    below = UnitFactory.create(parent=places.child)
    units = (places.centre, places.sibling, places.own, places.child, below)
    assert [model_of(unit) for unit in units] == [Model.HUB_AND_SPOKE] * 2 + [Model.AUTONOMY] * 3


@pytest.mark.longer
def test_who_does_not_share_sees_no_sibling_and_is_not_seen() -> None:
    places = Places(Model.HUB_AND_SPOKE)
    alone = UnitFactory.create(parent=places.centre, governance_model=Model.AUTONOMY)
    within_it = UnitFactory.create(parent=alone)
    again = UnitFactory.create(parent=within_it, governance_model=Model.HUB_AND_SPOKE)
    other = UnitFactory.create(governance_model=Model.HUB_AND_SPOKE)
    everywhere = (places.centre, places.own, places.sibling, alone, within_it, again, other)
    sees = {
        name: [allows(person_with("newcomer", unit), P.POST_VIEW, one) for one in everywhere]
        for name, unit in (("own", places.own), ("alone", alone), ("again", again), ("centre", places.centre))
    }
    assert sees == {
        "own": [True, True, True, False, False, True, False],
        "alone": [False, False, False, True, True, True, False],
        "again": [True, True, True, False, False, True, False],
        "centre": [True, True, True, True, True, True, False],
    }


@pytest.mark.longer
def test_lists_show_what_may_be_seen_one_by_one() -> None:
    places = Places(Model.HUB_AND_SPOKE)
    auditor = person_with("auditor", places.own)
    theirs, ours = PersonFactory.create(unit=places.sibling), PersonFactory.create(unit=places.child)
    root = person_with("administrator", places.centre)
    for unit in (places.sibling, places.child):
        update_unit(unit=unit, by=root, languages=["fr"])
    assert ours in visible_people(auditor)
    assert theirs not in visible_people(auditor)
    assert {event.unit_id for event in visible_events(auditor)} == {places.child.pk}


def test_an_organisation_has_a_model_of_its_own() -> None:
    with pytest.raises(IntegrityError, match="organisation_has_a_governance_model"), transaction.atomic():
        UnitFactory.create(governance_model="")


@pytest.mark.longer
def test_a_unit_may_inherit_and_an_organisation_not() -> None:
    places = Places(Model.AUTONOMY)
    head = person_with("administrator", places.centre)
    Unit.objects.filter(pk=places.own.pk).update(governance_model=Model.CENTRALISED)
    own = Unit.objects.get(pk=places.own.pk)
    change_governance(unit=own, model="", reason="Ours", seen=token_of(effects_of(own, "")), by=head)
    with pytest.raises(Refused):
        change_governance(unit=places.centre, model="", reason="Ours", seen="", by=head)
    found = Unit.objects.filter(pk__in=[places.centre.pk, places.own.pk]).order_by("path")
    assert [unit.governance_model for unit in found] == [Model.AUTONOMY, ""]


@pytest.mark.slow
@pytest.mark.parametrize("model", Model)
@pytest.mark.parametrize("wanted", ["", *Model])
def test_nobody_below_the_centre_decides_by_which_model_they_are_governed(model: str, wanted: str) -> None:
    """Else who may give few roles, or none, would give them all after one form."""
    places = Places(model)
    local, head = person_with("administrator", places.own), person_with("administrator", places.centre)
    between = "centralised" if wanted != "centralised" else "hub_and_spoke"
    Unit.objects.filter(pk=places.own.pk).update(governance_model=between)
    with pytest.raises(PermissionDenied, match="the centre decides"):
        update_unit(unit=places.own, by=local, governance_model=wanted)
    if wanted:
        with pytest.raises(PermissionDenied, match="the centre decides"):
            create_unit(parent=places.own, by=local, slug="below", kind="department", governance_model=wanted)
    client = Client()
    client.force_login(local)
    page = f"/admin/organisation/unit/{places.own.pk}/change/"
    facts = {"name_fr": "Routes", "kind": "department", "governance_model": wanted, "time_zone": "Europe/Brussels"}
    facts |= {"languages": ["fr"], "working_calendar": "be-federal"}
    assert "the centre decides" in client.get(page).content.decode()
    assert client.post(page, facts).status_code == 302, "the rest is theirs"
    found = Unit.objects.get(pk=places.own.pk)
    assert (found.governance_model, found.names) == (between, {"fr": "Routes"})
    update_unit(unit=places.own, by=head, governance_model=wanted)
    assert Unit.objects.get(pk=places.own.pk).governance_model == wanted


# ---- Who gives rights ----------------------------------------------------------------------------------------------
def test_a_second_person_below_the_centre_does_not_confirm_what_the_centre_gives() -> None:
    places = Places(Model.HUB_AND_SPOKE)
    head, second = (person_with("administrator", places.centre) for _ in range(2))
    local = person_with("administrator", places.own)
    to = PersonFactory.create(unit=places.own)
    grant = give_grant(person=to, role="spokesperson", unit=places.own, by=head)
    with pytest.raises(PermissionDenied, match="given by the centre"):
        confirm_grant(grant=grant, by=local)
    confirm_grant(grant=grant, by=second)
    assert Grant.objects.in_force().filter(pk=grant.pk).exists()


def test_a_proposal_of_somebody_who_may_give_it_no_longer_is_not_confirmed() -> None:
    places = Places(Model.AUTONOMY)
    local, head = person_with("administrator", places.own), person_with("administrator", places.centre)
    grant = give_grant(person=PersonFactory.create(unit=places.own), role="spokesperson", unit=places.own, by=local)
    Unit.objects.filter(pk=places.centre.pk).update(governance_model=Model.CENTRALISED)
    with pytest.raises(Refused, match="may no longer do so"):
        confirm_grant(grant=grant, by=head)


def page_of(by: Person, other: Person) -> str:
    client = Client()
    client.force_login(by)
    return client.get(reverse("organisation:person_detail", args=[other.pk])).content.decode()


@pytest.mark.longer
def test_a_page_offers_only_roles_that_one_may_give() -> None:
    places = Places(Model.HUB_AND_SPOKE)
    local, other = person_with("administrator", places.own), PersonFactory.create(unit=places.own)
    page = page_of(local, other)
    assert 'value="newcomer"' in page
    assert 'value="spokesperson"' not in page
    Unit.objects.filter(pk=places.centre.pk).update(governance_model=Model.CENTRALISED)
    page = page_of(Person.objects.get(pk=local.pk), other)
    assert "Give this role" not in page
    assert "Roles are given by the centre here" in page
    client = Client()
    client.force_login(local)
    give = reverse("organisation:grant_give", args=[other.pk])
    assert client.post(give, {"role": "newcomer", "unit": places.own.pk}).status_code == 403
    assert not Grant.objects.filter(person=other).exists()


@pytest.mark.longer
def test_a_role_that_the_centre_gives_in_one_of_ones_units_is_refused_at_its_field() -> None:
    """Two units, two models: the list offers what one gives in either."""
    places = Places(Model.CENTRALISED)
    free = UnitFactory.create(parent=places.own, governance_model=Model.AUTONOMY)
    hub = UnitFactory.create(parent=places.own, governance_model=Model.HUB_AND_SPOKE)
    local, other = person_with("administrator", places.own), PersonFactory.create(unit=hub)
    client = Client()
    client.force_login(local)
    give = reverse("organisation:grant_give", args=[other.pk])
    refused = client.post(give, {"role": "auditor", "unit": hub.pk})
    assert refused.status_code == 422
    assert "This role is given by the centre here" in refused.content.decode()
    assert client.post(give, {"role": "auditor", "unit": free.pk}).status_code == 302
