"""Pages of house policies, trainings and gates: one who writes, one who reads, one who teaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.house_policy import Point, PolicyState
from organisation.models import (
    Certificate,
    Person,
    PolicyAttestation,
    PolicyVersion,
    PublishingGate,
    TrainingModule,
    TrainingSeat,
    TrainingSession,
    Unit,
)
from organisation.queries.house_policy import visible_policies
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import session_of
from tests.factories.training import (
    QUESTIONS,
    TEXTS,
    PolicyFactory,
    SessionFactory,
    TrainingFactory,
    attested,
    certified,
    in_force,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def manager(root: Unit) -> Person:
    return person_with("community_manager", root, name="Mia")


@pytest.fixture
def reader(root: Unit) -> Person:
    return PersonFactory.create(unit=root, name="Rik")


def as_(person: Person) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(person)
    return client


def get(person: Person, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = as_(person).get(reverse(f"organisation:{name}", args=args), query)
    assert answer.status_code == status
    return str(answer.content.decode())


def post(person: Person, name: str, *args: Any, status: int = 302, **sent: Any) -> str:
    answer = as_(person).post(reverse(f"organisation:{name}", args=args), sent)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return str(answer.content.decode())


def typed(version: PolicyVersion, **facts: Any) -> dict[str, Any]:
    told = {"edition": version.edition, "grace_days": 14, "text_fr": "Un", "text_nl": "Een"}
    for point in Point:
        told |= {f"tick_{point}": "on", f"remark_{point}": "Seen to"}
    return {**told, **facts}


# ---- House policies --------------------------------------------------------------------------------------------------
def test_from_a_draft_to_an_attestation(root: Unit, manager: Person, reader: Person) -> None:
    post(manager, "policy_new", unit=root.pk)
    version = PolicyVersion.objects.get()
    assert "Text in this language" in get(manager, "policy_edit", version.pk)
    post(manager, "policy_edit", version.pk, **typed(version))
    post(manager, "policy_consult", version.pk)
    version.refresh_from_db()
    page = get(manager, "policy_detail", version.pk)
    assert "has not said yes to this text" in page
    cell = person_with("communication_cell", root)
    told = {"seen": version.content_hash, "kind": "yes", "unit": root.pk, "text": ""}
    post(cell, "policy_answer", version.pk, **told)
    assert "Nothing stops" in get(manager, "policy_detail", version.pk)
    post(manager, "policy_publish", version.pk, seen=version.content_hash)
    assert "I have read this house policy" in get(reader, "policy_detail", version.pk)
    post(reader, "policy_attest", version.pk, seen=version.content_hash)
    assert PolicyAttestation.objects.get().person == reader
    assert "You attested it" in get(reader, "policy_detail", version.pk)
    assert "and attested it" in get(reader, "policy_list")


def test_what_is_refused_stays_in_the_form(root: Unit, manager: Person) -> None:
    version = PolicyFactory.create(unit=root, started_by=manager)
    page = post(
        manager, "policy_edit", version.pk, status=422, **typed(version, remark_purpose="", text_fr="Mon texte")
    )
    assert "Say with a remark" in page
    assert "Mon texte" in page
    page = post(manager, "policy_edit", version.pk, status=422, **typed(version, tick_purpose=""))
    assert "Tick this point too" in page


def test_who_wrote_meanwhile_is_shown_and_the_own_text_is_kept(root: Unit, manager: Person) -> None:
    version = PolicyFactory.create(unit=root, started_by=manager, texts={"fr": "Autre", "nl": "Ander"})
    PolicyVersion.objects.filter(pk=version.pk).update(edition=2)
    page = post(manager, "policy_edit", version.pk, status=422, **typed(version, text_fr="Le mien"))
    assert "Autre" in page
    assert "Le mien" in page
    assert 'name="edition" value="2"' in page


def test_a_change_says_what_was_before(root: Unit, reader: Person) -> None:
    PolicyFactory.create(unit=root, state=PolicyState.SUPERSEDED, texts={**TEXTS, "fr": "Avant"})
    version = in_force(root, texts={**TEXTS, "fr": "Après"})
    page = get(reader, "policy_changes", version.pk)
    assert "Avant" in page
    assert "Après" in page
    assert TEXTS["nl"] not in page
    get(reader, "policy_changes", PolicyFactory.create(unit=root, state="superseded", number=0).pk, status=404)


def test_who_manages_sees_who_attested(root: Unit, manager: Person, reader: Person) -> None:
    version = in_force(root)
    attested(version, reader)
    page = get(manager, "policy_attestations", version.pk, unit=root.pk)
    assert "Rik" in page
    assert "Not attested" in page
    get(reader, "policy_attestations", version.pk, status=403)


def test_a_withdrawn_one_says_why(root: Unit, manager: Person) -> None:
    version = in_force(root)
    assert "Say why" in post(manager, "policy_withdraw", version.pk, status=422, reason="")
    post(manager, "policy_withdraw", version.pk, reason="Out of date")
    version.refresh_from_db()
    assert version.state == PolicyState.WITHDRAWN


def test_everybody_whom_it_binds_sees_it_and_a_draft_only_who_writes_or_approves(root: Unit, manager: Person) -> None:
    below, cell = UnitFactory.create(parent=root), person_with("communication_cell", root)
    draft, version = PolicyFactory.create(unit=below, started_by=manager), in_force(root)
    assert set(visible_policies(PersonFactory.create(unit=below))) == {version}
    assert set(visible_policies(manager)) == set(visible_policies(cell)) == {version, draft}
    assert set(visible_policies(PersonFactory.create())) == set()
    beside = PersonFactory.create(unit=UnitFactory.create(parent=root))
    GrantFactory.create(person=beside, role="newcomer", unit=UnitFactory.create())
    assert set(visible_policies(beside)) == {version}


def test_what_was_in_force_stays_readable(root: Unit, reader: Person) -> None:
    old = PolicyFactory.create(unit=root, state=PolicyState.SUPERSEDED, published_at=timezone.now())
    assert old in visible_policies(reader)


# ---- Training --------------------------------------------------------------------------------------------------------
FORM = {
    "pillar": "front_line",
    "pass_percent": 100,
    "valid_months": 12,
    "names_fr": "Les bases",
    "names_nl": "De basis",
    "texts_fr": "Lisez",
    "texts_nl": "Lees",
    "questions_fr": QUESTIONS,
    "questions_nl": QUESTIONS,
}


def test_from_a_training_to_a_certificate(root: Unit, manager: Person, reader: Person) -> None:
    address = reverse("organisation:training_new") + f"?unit={root.pk}&kind=on_demand"
    assert "Questions in this language" in as_(manager).get(address).content.decode()
    assert as_(manager).post(address, {**FORM, "questions_nl": "Wrong"}).status_code == 422
    assert as_(manager).post(address, FORM).status_code == 302
    module = TrainingModule.objects.get()
    assert "One" in get(reader, "training_detail", module.pk)
    page = post(reader, "training_take", module.pk, status=422, edition=1, answer_0="0", answer_1="0")
    assert "50 % of your answers are right" in page
    assert 'id="answer_0_0" name="answer_0" value="0" checked' in page
    post(reader, "training_take", module.pk, edition=1, answer_0="0", answer_1="1")
    certificate = Certificate.objects.get()
    assert certificate.number in get(reader, "my_certificates")
    post(manager, "training_edit", module.pk, **{**FORM, "edition": 1, "valid_months": ""})
    module.refresh_from_db()
    assert module.valid_months is None
    assert "Somebody changed this training" in post(
        manager, "training_edit", module.pk, status=422, **{**FORM, "edition": 1}
    )


def test_an_expired_certificate_is_told_as_such(root: Unit, reader: Person) -> None:
    module = TrainingFactory.create(unit=root)
    certified(module, reader, expired=True)
    assert "Expired" in get(reader, "training_list")
    assert "Your certificate has expired" in get(reader, "training_detail", module.pk)
    assert "You are asked to take the training" in get(reader, "my_certificates")


def test_a_session_from_its_plan_to_who_came(root: Unit, manager: Person, reader: Person) -> None:
    module = TrainingFactory.create(unit=root, kind="session")
    at = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    told = {"starts_at": at, "place": "Room 1", "places": 1, "trainer": manager.pk}
    post(manager, "session_new", module.pk, **told)
    session = TrainingSession.objects.get()
    post(reader, "session_join", session.pk)
    assert "No place is left" in post(manager, "session_join", session.pk, status=422)
    assert 'name="came"' not in get(reader, "session_detail", session.pk)
    assert "Rik" in get(manager, "session_detail", session.pk)
    TrainingSession.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    post(manager, "session_record", session.pk, came=TrainingSeat.objects.get().pk)
    assert Certificate.objects.get().person == reader


def test_a_session_is_left_and_called_off(root: Unit, manager: Person, reader: Person) -> None:
    session = SessionFactory.create(module__unit=root)
    post(reader, "session_join", session.pk)
    post(reader, "session_leave", session.pk)
    assert not TrainingSeat.objects.exists()
    post(manager, "session_call_off", session.pk, reason="Ill")
    assert "Called off" in get(reader, "session_detail", session.pk)


def test_the_figure_leads_to_the_people(root: Unit, manager: Person, reader: Person) -> None:
    module = TrainingFactory.create(unit=root)
    certified(module, reader)
    page = get(manager, "training_completion", module.pk, unit=root.pk)
    assert "Rik" in page
    assert "Valid certificate" in page
    get(reader, "training_completion", module.pk, status=403)


def test_a_training_is_no_longer_given(root: Unit, manager: Person, reader: Person) -> None:
    module = TrainingFactory.create(unit=root)
    assert "Say why" in post(manager, "training_end", module.pk, status=422, reason="")
    post(manager, "training_end", module.pk, reason="Old")
    assert "Send my answers" not in get(reader, "training_detail", module.pk)
    assert module.name not in get(reader, "training_list")


# ---- Gates -----------------------------------------------------------------------------------------------------------
def test_whom_a_gate_would_stop_is_seen_before_it_is_set(root: Unit) -> None:
    ada = person_with("administrator", root)
    person_with("communication_cell", root, name="Cora")
    in_force(root, days_ago=31)
    assert "Cora" not in get(ada, "unit_gates", root.pk)
    page = get(ada, "unit_gates", root.pk, policy_level="require", training_level="", module="")
    assert "Cora" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    told = {"policy_level": "require", "training_level": "", "module": "", "seen": seen}
    assert "Say why" in post(ada, "unit_gates", root.pk, status=422, reason="", **told)
    post(ada, "unit_gates", root.pk, reason="Decided", **told)
    assert PublishingGate.objects.get().policy == "require"
    page = post(ada, "unit_gates", root.pk, status=422, reason="Decided", **{**told, "policy_level": "warn"})
    assert "look at it again" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_take_the_same_queries_for_one_and_for_three(root: Unit, manager: Person, number: int) -> None:
    for place in range(number):
        TrainingFactory.create(unit=root)
        in_force(UnitFactory.create(parent=root, slug=f"u{place}"))
        PersonFactory.create(unit=Unit.objects.get(slug=f"u{place}"))
    client, first, version = as_(manager), TrainingModule.objects.first(), in_force(root)
    assert first is not None
    addresses = {
        "policy_list": [],
        "training_list": [],
        "policy_attestations": [version.pk],
        "training_completion": [first.pk],
    }
    asked = {}
    for name, args in addresses.items():
        client.get(reverse(f"organisation:{name}", args=args))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"organisation:{name}", args=args))
        asked[name] = len(queries)
    assert asked == {"policy_list": 12, "training_list": 14, "policy_attestations": 15, "training_completion": 13}


# ---- Programs and the API --------------------------------------------------------------------------------------------
def test_the_api_reads_a_policy_and_attests_it_by_the_same_act(root: Unit, manager: Person, reader: Person) -> None:
    version = in_force(root)
    client, address = as_(reader), f"/api/v1/house-policies/{version.pk}/"
    told = client.get(address).json()
    assert (told["texts"], told["unit"], told["state"]) == (TEXTS, "fin", "published")
    stale = client.post(f"{address}attest/", {"seen": "0" * 64}, content_type="application/json")
    assert stale.status_code in (409, 422)
    assert not PolicyAttestation.objects.exists()
    done = client.post(f"{address}attest/", {"seen": told["content_hash"]}, content_type="application/json")
    assert done.status_code == 200
    assert PolicyAttestation.objects.get().person == reader
    (row,) = as_(manager).get(f"{address}attestations/").json()
    assert row == {"unit": "fin", "asked": 3, "done": 1}


def test_the_api_lists_ones_own_certificates(root: Unit, manager: Person, reader: Person) -> None:
    module = TrainingFactory.create(unit=root)
    mine = certified(module, reader)
    certified(module, manager)
    (told,) = as_(reader).get("/api/v1/me/certificates/").json()["results"]
    assert (told["number"], told["expires_at"]) == (mine.number, None)
