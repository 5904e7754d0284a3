"""Nobody alone takes in hand how somebody signs in whose role weighs: one proposes, a second person does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation.actions import (
    confirm_recovery,
    make_link,
    propose_recovery,
    refuse_recovery,
    reset_second_factor,
    suspend_person,
)
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Grant, Person, Recovery, SignInLink, Unit
from organisation.models.recovery import RecoveryKind
from organisation.queries import waiting_for
from organisation.queries.authority import same_hand
from tests.factories.organisation import PASSWORD, GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import factor_of, session_of
from tests.thorough import thorough_pairs

pytestmark = pytest.mark.django_db
FACTOR, LINK = RecoveryKind.FACTOR, RecoveryKind.LINK
TWO = "a second administrator has to confirm"


class Service:
    def __init__(self) -> None:
        self.unit: Unit = UnitFactory.create()
        self.first = person_with("administrator", self.unit, name="First")
        self.second = person_with("administrator", self.unit, name="Second")
        self.other = person_with("spokesperson", self.unit, name="Other")
        factor_of(self.other)


@pytest.fixture
def service(db: None) -> Service:
    return Service()


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def proposed(service: Service, kind: str) -> Recovery:
    return propose_recovery(person=service.other, kind=kind, reason="Phone lost", by=service.first)


ALONE: dict[str, Callable[[Person, Person], object]] = {
    "factor": lambda person, by: reset_second_factor(person=person, by=by, reason="Lost"),
    "link": lambda person, by: make_link(person=person, by=by, by_mail=False),
}
LIGHT = ["newcomer", "conversation_manager", "account_manager", "auditor"]
WEIGHTY = [
    "communication_cell",
    "committee_member",
    "committee_chair",
    "spokesperson",
    "crisis_cell",
    "administrator",
]


@pytest.mark.parametrize(("act", "role"), thorough_pairs(ALONE, [*LIGHT, *WEIGHTY]))
def test_whose_role_weighs_is_taken_in_hand_by_nobody_alone(service: Service, act: str, role: str) -> None:
    person = person_with(role, service.unit)
    factor_of(person)
    if role in LIGHT:
        assert ALONE[act](person, service.first)
        return
    with pytest.raises(Refused, match=TWO):
        ALONE[act](person, service.first)
    assert Authenticator.objects.filter(user=person).exists()
    assert again(person).check_password(PASSWORD)
    assert not SignInLink.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("act", ALONE)
def test_a_role_that_is_proposed_weighs_already(service: Service, act: str) -> None:
    """Else one would propose it, take the person in hand, and have a second person confirm what is one's own."""
    person = PersonFactory.create(unit=service.unit)
    factor_of(person)
    GrantFactory.create(person=person, role="administrator", given_by=service.first, confirmed_at=None)
    with pytest.raises(Refused, match=TWO):
        ALONE[act](person, service.first)
    Grant.objects.filter(person=person).update(revoked_at=timezone.now())
    assert ALONE[act](person, service.first)


@pytest.mark.longer
def test_a_reset_is_done_by_a_second_person(service: Service) -> None:
    theirs = Client()
    theirs.cookies["sessionid"] = session_of(service.other)
    recovery = proposed(service, FACTOR)
    assert Authenticator.objects.filter(user=service.other).exists()
    assert theirs.get("/").status_code == 200
    assert [str(one.act) for one in waiting_for(service.second)] == ["Confirm the way back in"]
    assert waiting_for(service.first) == []
    puppet = person_with("administrator", service.unit, invited_by=service.first)
    lent = PersonFactory.create(unit=service.unit)
    given = {"given_by": service.first, "confirmed_by": service.second, "confirmed_at": timezone.now()}
    GrantFactory.create(person=lent, role="administrator", **given)
    below = person_with("administrator", UnitFactory.create(parent=service.unit))
    auditor = person_with("auditor", service.unit)
    for nobody in (service.first, service.other, puppet, lent, below, auditor):
        with pytest.raises(PermissionDenied):
            confirm_recovery(recovery=recovery, by=nobody)
    assert confirm_recovery(recovery=recovery, by=service.second) == ""
    assert not Authenticator.objects.filter(user=service.other).exists()
    assert theirs.get("/").status_code == 302
    assert not any(same_hand(again(service.other), one) for one in (service.first, service.second))
    with pytest.raises(Conflict):
        confirm_recovery(recovery=recovery, by=service.second)
    told = AuditEvent.objects.exclude(verb__startswith="person.signed").order_by("sequence")
    assert list(told.values_list("verb", "actor_name")) == [
        ("recovery.proposed", "First"),
        ("person.factor_reset", "Second"),
    ]
    assert told[1].details["proposed_by"] == service.first.pk


@pytest.mark.longer
def test_a_link_is_shown_to_the_second_person_alone_and_the_person_counts_as_them(
    service: Service, client: Client
) -> None:
    client.force_login(service.first)
    page = client.post(reverse("organisation:person_link", args=[service.other.pk]), follow=True).content.decode()
    assert "It is proposed" in page
    assert "key=" not in page
    assert not SignInLink.objects.exists()
    assert again(service.other).check_password(PASSWORD)
    recovery = Recovery.objects.get()
    confirm = reverse("organisation:recovery_confirm", args=[recovery.pk])
    assert confirm not in page
    assert client.post(confirm).status_code == 403
    again_page = client.post(reverse("organisation:person_link", args=[service.other.pk]), follow=True)
    assert "waits for a second person" in again_page.content.decode()
    client.force_login(service.second)
    assert confirm in client.get(reverse("organisation:person_detail", args=[service.other.pk])).content.decode()
    shown = client.post(confirm)
    assert "welcome/?key=" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert same_hand(again(service.other), service.second)
    assert not same_hand(again(service.other), service.first)
    assert client.post(confirm).status_code == 404
    elsewhere = person_with("administrator", UnitFactory.create())
    client.force_login(elsewhere)
    assert client.post(confirm).status_code == 404


@pytest.mark.longer
def test_the_page_proposes_a_reset_and_refuses_it(service: Service, client: Client) -> None:
    client.force_login(service.first)
    url = reverse("organisation:person_factor", args=[service.other.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Phone lost"}).status_code == 302
    assert Authenticator.objects.filter(user=service.other).exists()
    refuse = reverse("organisation:recovery_refuse", args=[Recovery.objects.get().pk])
    client.force_login(person_with("auditor", service.unit))
    assert client.post(refuse).status_code == 403
    client.force_login(service.second)
    assert client.post(refuse).status_code == 302
    assert not Recovery.objects.proposed().exists()
    assert client.post(refuse).status_code == 404


@pytest.mark.longer
def test_a_mail_goes_to_the_person_and_takes_one_and_where_it_does_not_leave_nobody_sees_the_link(
    service: Service, client: Client, settings: Any, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_WORKS = True
    client.force_login(service.first)
    url = reverse("organisation:person_link", args=[service.other.pk])
    client.post(url)
    assert [mail.to for mail in mailoutbox] == [[service.other.email]]
    assert not Recovery.objects.exists()
    assert not same_hand(again(service.other), service.first)

    def away(*_told: Any, **_facts: Any) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr(EmailMultiAlternatives, "send", away)
    page = client.post(url, follow=True).content.decode()
    assert "could not be sent" in page
    assert "key=" not in page
    assert Recovery.objects.proposed().get().kind == LINK


@pytest.mark.longer
def test_with_one_administrator_the_console_is_the_second_person(
    service: Service, client: Client, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://parvis.example/"
    Grant.objects.filter(person=service.second).update(revoked_at=timezone.now())
    recovery = proposed(service, LINK)
    client.force_login(service.first)
    page = client.get(reverse("organisation:person_detail", args=[service.other.pk])).content.decode()
    assert "No administrator can be that second person" in page
    said = StringIO()
    call_command("confirm", stdout=said)
    assert f"--recovery {recovery.pk}: {service.other.email}, link, by First" in said.getvalue()
    call_command("confirm", recovery=recovery.pk, reason="Seen in person", stdout=said)
    assert "https://parvis.example/me/welcome/?key=" in said.getvalue()
    event = AuditEvent.objects.get(verb="person.link_made")
    assert (event.actor_id, event.details["reason"]) == (None, "Seen in person")


@pytest.mark.longer
def test_a_proposal_lapses_ends_with_a_suspension_and_needs_its_proposer(service: Service) -> None:
    recovery = proposed(service, FACTOR)
    with pytest.raises(Refused, match="proposed already"):
        proposed(service, FACTOR)
    Recovery.objects.update(proposed_at=timezone.now() - timedelta(days=14, seconds=1))
    assert waiting_for(service.second) == []
    with pytest.raises(Conflict):
        confirm_recovery(recovery=recovery, by=service.second)
    recovery = proposed(service, FACTOR)
    third = person_with("administrator", service.unit)
    suspend_person(person=service.first, by=third, reason="Taken over")
    with pytest.raises(Refused, match="may no longer"):
        confirm_recovery(recovery=recovery, by=service.second)
    refuse_recovery(recovery=recovery, by=service.second)
    recovery = propose_recovery(person=service.other, kind=FACTOR, reason="Lost", by=third)
    suspend_person(person=service.other, by=third, reason="Left")
    with pytest.raises(Refused, match="suspended"):
        confirm_recovery(recovery=recovery, by=service.second)


def test_nobody_proposes_for_who_reaches_beyond_them_or_for_themselves(service: Service) -> None:
    below = UnitFactory.create(parent=service.unit)
    local = person_with("administrator", below)
    other = person_with("spokesperson", service.unit, works_in=below)
    for person, by in ((other, local), (service.first, service.first)):
        with pytest.raises(PermissionDenied):
            propose_recovery(person=person, kind=LINK, reason="x", by=by)
