"""Under hub and spoke the services concerned are heard on a new account, before anything is decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import accept_dossier, cast_vote, consult_services, decide, give_opinion
from accounts_registry.enums import DossierState
from accounts_registry.models import Account, Consultation, JustificationDossier
from accounts_registry.queries import waiting_for
from organisation.clock import database_today
from organisation.enums import GovernanceModel
from organisation.lifecycle import Outdated, Refused
from organisation.models import Person, Unit
from organisation.rights import rights_in
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory, AdviceFactory, DossierFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(house: House) -> House:
    Unit.objects.filter(pk=house.root.pk).update(governance_model=GovernanceModel.HUB_AND_SPOKE)
    return house


@pytest.fixture
def spoke(hub: House) -> Unit:
    """With an account on the network that is asked for, in one of its languages."""
    unit = UnitFactory.create(slug="customs", parent=hub.root)
    AccountFactory.create(unit=unit, network="mastodon", languages=["fr"])
    return unit


def submitted(house: House, **facts: object) -> JustificationDossier:
    told = {"platform": "mastodon", "languages": ["fr", "nl"], "requested_by": house.author, "owner": house.author}
    return DossierFactory.create(unit=house.unit, state=DossierState.SUBMITTED, round=1, **{**told, **facts})


def before_the_committee(house: House, **facts: object) -> JustificationDossier:
    """Advised on, and voted for."""
    made = submitted(house, **facts)
    accept_dossier(dossier=made, by=house.chair)
    AdviceFactory.create(dossier=made)
    for member in house.members[:2]:
        cast_vote(dossier=made, by=member, choice="for", reason="Useful")
    made.refresh_from_db()
    return made


def test_who_has_an_account_there_in_one_of_its_languages_is_asked(hub: House, spoke: Unit) -> None:
    other = UnitFactory.create(parent=hub.root)
    AccountFactory.create(unit=other, network="mastodon", languages=["de"])
    AccountFactory.create(unit=UnitFactory.create(parent=hub.root), network="bluesky", languages=["fr"])
    AccountFactory.create(unit=UnitFactory.create(parent=hub.root), network="mastodon", state="archived")
    apart = UnitFactory.create(parent=hub.root, governance_model=GovernanceModel.AUTONOMY)
    AccountFactory.create(unit=apart, network="mastodon", languages=["fr"])
    AccountFactory.create(unit=hub.unit, network="mastodon", languages=["fr"])
    dossier = before_the_committee(hub)
    assert [one.unit for one in Consultation.objects.filter(dossier=dossier)] == [spoke]


@pytest.mark.parametrize("model", [GovernanceModel.CENTRALISED, GovernanceModel.AUTONOMY])
def test_by_the_other_models_nobody_is_asked(house: House, model: str) -> None:
    Unit.objects.filter(pk=house.root.pk).update(governance_model=model)
    AccountFactory.create(unit=UnitFactory.create(parent=house.root), network="mastodon", languages=["fr"])
    decide(dossier=before_the_committee(house), by=house.chair, reasons="Useful")
    assert not Consultation.objects.exists()


def test_nothing_is_decided_until_each_answered(hub: House, spoke: Unit) -> None:
    dossier = before_the_committee(hub)
    before = Account.objects.count()
    with pytest.raises(Refused, match="These services are heard until"):
        decide(dossier=dossier, by=hub.chair, reasons="Useful")
    assert Account.objects.count() == before
    cell = person_with("communication_cell", spoke)
    asked = Consultation.objects.get()
    give_opinion(consultation=asked, by=cell, view="objects", reasons="We speak to them already")
    decide(dossier=dossier, by=hub.chair, reasons="Useful all the same")  # its word binds nobody
    assert Account.objects.count() == before + 1


def test_or_until_its_day_has_passed(hub: House, spoke: Unit) -> None:
    dossier = before_the_committee(hub)
    Consultation.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    decide(dossier=dossier, by=hub.chair, reasons="Useful")


def test_who_speaks_for_a_service_and_once(hub: House, spoke: Unit) -> None:
    dossier = before_the_committee(hub)
    asked, cell = Consultation.objects.get(), person_with("communication_cell", spoke)
    told = {"view": "with_remarks", "reasons": "Agree on the hours"}
    for stranger in (hub.author, person_with("newcomer", spoke), hub.chair):
        with pytest.raises(PermissionDenied):
            give_opinion(consultation=asked, by=stranger, **told)
    dossier.editors.add(cell)
    with pytest.raises(Refused, match="You wrote this dossier"):
        give_opinion(consultation=asked, by=cell, **told)
    dossier.editors.clear()
    with pytest.raises(Outdated):
        give_opinion(consultation=asked, by=cell, seen_round=7, **told)
    for wrong in ({"reasons": " "}, {"view": "perhaps"}):
        with pytest.raises(Refused):
            give_opinion(consultation=asked, by=cell, **{**told, **wrong})
    give_opinion(consultation=asked, by=cell, **told)
    with pytest.raises(Refused, match="already"):
        give_opinion(consultation=asked, by=cell, **told)


def test_further_services_are_asked_by_who_checks(hub: House, spoke: Unit) -> None:
    dossier = before_the_committee(hub)
    other, day = UnitFactory.create(parent=hub.root), database_today() + timedelta(days=5)
    apart = UnitFactory.create(parent=hub.root, governance_model=GovernanceModel.AUTONOMY)
    with pytest.raises(PermissionDenied):
        consult_services(dossier=dossier, by=hub.members[0], units=[other], last_day=day)
    for units, last in (([], day), ([spoke], day), ([apart], day), ([hub.unit], day), ([other], day - timedelta(5))):
        with pytest.raises(Refused):
            consult_services(dossier=dossier, by=hub.chair, units=units, last_day=last)
    consult_services(dossier=dossier, by=hub.chair, units=[other], last_day=day)
    assert set(Consultation.objects.values_list("unit", flat=True)) == {spoke.pk, other.pk}


def test_it_waits_for_who_may_answer_and_the_committee_reads_it(client: Client, hub: House, spoke: Unit) -> None:
    dossier = before_the_committee(hub)
    cell: Person = person_with("communication_cell", spoke, name="Cara")
    address = reverse("accounts_registry:consultation_answer", args=[Consultation.objects.get().pk])
    assert address in [one.url for one in waiting_for(cell)]
    assert address not in [one.url for one in waiting_for(hub.author)]
    client.force_login(cell)
    assert client.get(address).status_code == 200
    typed = {"seen_round": 1, "view": "objects", "reasons": "We speak to them already"}
    assert client.post(address, {**typed, "view": ""}).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert client.get(address).status_code == 403
    assert address not in [one.url for one in waiting_for(cell)]
    client.force_login(hub.chair)
    page = client.get(reverse("accounts_registry:dossier_detail", args=[dossier.pk])).content.decode()
    assert "We speak to them already" in page
    assert reverse("accounts_registry:dossier_consult", args=[dossier.pk]) in page


def test_the_page_of_rights_says_who_decides(hub: House) -> None:
    assert "services concerned were heard" in " ".join(map(str, rights_in(hub.author, hub.unit).sentences))
