"""Minutes: what they say, who writes and who approves them, and that they stay."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts_registry import actions
from accounts_registry.actions import approve_minutes, cast_vote, decide, export_minutes, write_minutes
from accounts_registry.enums import DossierState, FileKind
from accounts_registry.models import CommitteeSession, JustificationDossier, Minutes
from accounts_registry.queries.minutes_document import content_of, document_of, hash_of
from organisation.lifecycle import Conflict, Outdated, Refused
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AdviceFactory, DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda, soon, there
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db


def waiting(house: House) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "state": DossierState.IN_REVIEW, "round": 1}
    return DossierFactory.create(**facts)


@pytest.fixture
def held(house: House) -> CommitteeSession:
    """A session that approved one dossier with a condition, put one off, and talked of something else."""
    colleague = person_with("committee_member", house.root, works_in=house.unit, name="Of the askers")
    session = CommitteeSessionFactory.create(unit=house.root, planned_by=house.chair)
    later = CommitteeSessionFactory.create(
        unit=house.root, planned_by=house.chair, starts_at=soon(days=7), place="Room 13"
    )
    first, second = waiting(house), waiting(house)
    AdviceFactory.create(dossier=first)
    for one in (first, second, "Any other business"):
        on_the_agenda(session, one)
    there(session, house.members[0], colleague)
    there(session, house.members[1], presence="remote")
    there(session, house.members[2], presence="excused")
    actions.open_session(session=session, by=house.chair)
    for member, choice in ((house.chair, "for"), (house.members[0], "for"), (house.members[1], "against")):
        cast_vote(dossier=first, by=member, choice=choice, reason=f"Reason of {member.name}")
    asked = {"text": "A second factor", "owner": house.author, "due_on": timezone.localdate().replace(year=2090)}
    decide(dossier=first, by=house.chair, reasons="There is a need", conditions=[asked])  # type: ignore[list-item]
    actions.defer_dossier(dossier=second, by=house.chair, reason="Figures are missing", to=later)
    actions.discuss_item(item=session.items.get(title="Any other business"), by=house.chair, note="We meet online")
    return actions.close_session(session=session, by=house.chair)


def written(session: CommitteeSession, house: House, remarks: str = "It began late") -> Minutes:
    return write_minutes(session=session, by=house.chair, remarks=remarks)


def text_of(minutes: Minutes, language: str = "en") -> str:
    return json.dumps(document_of(minutes, language).as_data(), ensure_ascii=False)


def test_the_minutes_tell_what_happened(house: House, held: CommitteeSession) -> None:
    told = text_of(written(held, house))
    for word in (
        "Room 12",
        "Member 1",
        "Remotely",
        "Excused",
        "4 of the 5 members were there",
        "It began late",
        "2 for, 1 against, 0 abstaining",
        "2 of 4 voting members needed, 3 there",
        "There is a need",
        "Reason of Member 1",
        "Stood aside, being of Service tax or having a stake in it: Of the askers.",
        "A second factor",
        "2090",
        "Put off to the session of",
        "Figures are missing",
        "Two factors, a vault, nobody shares a password",
        "We meet online",
        "Next session",
        "Room 13",
        "Draft:",
    ):
        assert word in told, word


def test_where_votes_are_not_named_the_figures_stand_alone(house: House, held: CommitteeSession) -> None:
    CommitteeSession.objects.filter(pk=held.pk).update(names_votes=False)
    told = text_of(written(CommitteeSession.objects.get(pk=held.pk), house))
    assert "2 for, 1 against, 0 abstaining" in told
    assert "Of the askers" in told
    assert "Reason of Member 1" not in told


def test_who_voted_stays_as_it_was_though_members_and_dossiers_move_on(house: House, held: CommitteeSession) -> None:
    minutes = written(held, house)
    before = content_of(minutes)
    house.members[0].grants.all().delete()
    person_with("committee_member", house.root, name="Came later")
    for one in JustificationDossier.objects.filter(state="approved_with_conditions"):
        JustificationDossier.objects.filter(pk=one.pk).update(round=2, quorum=None, state="submitted")
    assert content_of(Minutes.objects.get(pk=minutes.pk)) == before


def approved(minutes: Minutes, house: House) -> Minutes:
    return approve_minutes(minutes=minutes, by=house.members[0], content_hash=hash_of(content_of(minutes)))


def test_another_member_approves_what_they_read(house: House, held: CommitteeSession) -> None:
    minutes = written(held, house)
    read = hash_of(content_of(minutes))
    with pytest.raises(Refused, match="another member approves"):
        approve_minutes(minutes=minutes, by=house.chair, content_hash=read)
    with pytest.raises(PermissionDenied):
        approve_minutes(minutes=minutes, by=house.manager, content_hash=read)
    write_minutes(session=held, by=house.chair, remarks="It began in time", edition=1)
    with pytest.raises(Outdated):
        approve_minutes(minutes=minutes, by=house.members[0], content_hash=read)
    done = approved(Minutes.objects.get(pk=minutes.pk), house)
    assert (done.state, done.approved_by) == ("approved", house.members[0])
    assert done.content_hash == hash_of(done.content or {})
    assert set(done.content or {}) == {"fr", "nl"}


def test_approved_minutes_are_never_changed(house: House, held: CommitteeSession) -> None:
    minutes = approved(written(held, house), house)
    with pytest.raises(Conflict):
        write_minutes(session=held, by=house.chair, remarks="Other words", edition=1)
    for statement in ("UPDATE accounts_registry_minutes SET remarks = ''", "DELETE FROM accounts_registry_minutes"):
        with pytest.raises(IntegrityError, match="not changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    told = text_of(minutes, "fr")
    house.unit.names = {"fr": "Autre nom"}
    house.unit.save()
    assert text_of(Minutes.objects.get(pk=minutes.pk), "fr") == told
    assert minutes.content_hash in told
    assert "It began late" in told


def test_minutes_are_of_a_closed_session_and_in_one_hand_at_a_time(house: House, held: CommitteeSession) -> None:
    with pytest.raises(Refused, match="once the session is closed"):
        written(CommitteeSessionFactory.create(unit=house.root), house)
    with pytest.raises(PermissionDenied):
        write_minutes(session=held, by=house.members[0], remarks="")
    written(held, house)
    with pytest.raises(Outdated):
        written(held, house, "The same again")


@pytest.mark.longer
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_they_leave_as_pdf_and_odt_in_each_language(house: House, held: CommitteeSession, language: str) -> None:
    minutes = approved(written(held, house), house)
    pdf = export_minutes(minutes=minutes, by=house.members[1], kind=FileKind.PDF, language=language)
    assert pdf.startswith(b"%PDF-1.7")
    odt = export_minutes(minutes=minutes, by=house.members[1], kind=FileKind.ODT, language=language)
    content = ZipFile(BytesIO(odt)).read("content.xml").decode()
    assert minutes.content_hash in content
    assert "There is a need" in content
