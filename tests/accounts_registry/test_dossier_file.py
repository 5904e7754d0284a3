"""A dossier leaves as a file: whoever reads it, in a language of its unit, with what was asked, voted and decided."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry import actions
from accounts_registry.enums import DossierState
from accounts_registry.models import JustificationDossier
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import ConditionFactory, DossierFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(house: House) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "owner": house.author}
    dossier = DossierFactory.create(state=DossierState.IN_REVIEW, round=1, objective="Explain <tax> & more", **facts)
    for member in house.members[:2]:
        actions.cast_vote(dossier=dossier, by=member, choice="for", reason="The audience is there")
    actions.decide(dossier=dossier, by=house.chair, reasons="It serves the plan")
    ConditionFactory.create(dossier=dossier, text="A second factor", owner=house.author)
    return dossier


def sent(reader: Person, dossier: JustificationDossier, **said: str) -> Any:
    client = Client()
    client.force_login(reader)
    return client.post(reverse("accounts_registry:dossier_file", args=[dossier.pk]), said)


def words_of(odt: bytes) -> str:
    content = zipfile.ZipFile(io.BytesIO(odt)).read("content.xml")
    return " ".join(
        "".join(one.itertext()) for one in ElementTree.fromstring(content).iter() if one.tag[-2:] in ("}p", "}h")
    )


def test_it_says_what_was_asked_voted_and_decided_in_the_language_that_is_chosen(
    house: House, decided: JustificationDossier
) -> None:
    answer = sent(house.chair, decided, kind="odt", language="nl")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="dossier-{decided.pk}.odt"'
    assert answer.headers["Content-Type"] == "application/vnd.oasis.opendocument.text"
    told = words_of(answer.content)
    for said in ("Explain <tax> & more", "The audience is there", "It serves the plan", "A second factor"):
        assert said in told
    assert ("Stemmen van de stuurgroep" in told, "Votes of the committee" in told) == (True, False)
    assert house.members[0].name in told


def test_as_pdf_it_can_be_read_aloud(house: House, decided: JustificationDossier) -> None:
    answer = sent(house.chair, decided, kind="pdf", language="fr")
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"/Lang(fr)" in answer.content
    assert AuditEvent.objects.filter(verb="dossier.exported").count() == 1


@pytest.mark.parametrize("said", [{"kind": "exe"}, {"language": "xx"}, {"language": ""}, {"kind": ""}])
def test_another_file_or_language_there_is_not(
    house: House, decided: JustificationDossier, said: dict[str, str]
) -> None:
    assert sent(house.chair, decided, **{"kind": "odt", "language": "fr", **said}).status_code == 400
    assert not AuditEvent.objects.filter(verb="dossier.exported").exists()


def test_who_does_not_see_the_dossier_gets_no_file(house: House, decided: JustificationDossier) -> None:
    stranger = person_with("communication_cell", UnitFactory.create())
    assert sent(stranger, decided, kind="odt", language="fr").status_code == 404
