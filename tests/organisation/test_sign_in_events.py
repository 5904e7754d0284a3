"""Sign-ins, passwords and second factors are events; strangers cannot flood the trail with them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from organisation.actions import sign_ins, tell_failed_sign_ins
from organisation.models import AuditEvent, FailedSignIn, Person
from tests.factories.organisation import PASSWORD, PersonFactory
from tests.factories.sessions import code_of_the_app, factor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(email="an@fin.example", name="An Peeters")


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))


def a_minute_passes() -> None:
    for row in FailedSignIn.objects.all():
        FailedSignIn.objects.filter(pk=row.pk).update(minute=row.minute - timedelta(minutes=1))


def test_signing_in_and_out(client: Client, person: Person) -> None:
    assert sign_in(client, "an@fin.example", PASSWORD).status_code == 302
    client.post(reverse("account_logout"))
    assert verbs() == ["person.signed_in", "person.signed_out"]
    event = AuditEvent.objects.latest("sequence")
    assert (event.actor_id, event.object_id, event.unit_id) == (person.pk, str(person.pk), person.unit_id)
    assert "An Peeters signed out" in event.told


def test_a_changed_password(client: Client, person: Person) -> None:
    sign_in(client, "an@fin.example", PASSWORD)
    new = "another long password"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), given)
    person.refresh_from_db()
    assert person.check_password(new)
    assert verbs() == ["person.signed_in", "person.password_changed"]


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_a_second_factor_with_its_codes_is_one_event(client: Client, person: Person) -> None:
    sign_in(client, "an@fin.example", PASSWORD)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    seed = client.get(reverse("mfa_activate_totp")).context["form"].secret
    now = format_hotp_value(hotp_value(seed, int(time.time()) // 30))
    done = client.post(reverse("mfa_activate_totp"), {"code": now})
    assert done.headers.get("Location") == reverse("mfa_view_recovery_codes"), done.content.decode()[-3000:]
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    assert verbs()[1:] == ["person.factor_added", "person.codes_renewed", "person.factor_removed"]
    assert AuditEvent.objects.get(verb="person.factor_added").details == {"kind": "totp"}


@pytest.mark.parametrize(
    ("signal", "verb", "kind"),
    [
        (account.password_set, "person.password_changed", ""),
        (account.password_reset, "person.password_reset", ""),
        (factors.authenticator_added, "person.factor_added", "webauthn"),
        (factors.authenticator_removed, "person.factor_removed", "webauthn"),
        (factors.authenticator_reset, "person.codes_renewed", "recovery_codes"),
    ],
)
def test_what_the_library_tells_is_an_event(signal: Any, verb: str, kind: str, person: Person) -> None:
    told = {"authenticator": Authenticator(user=person, type=kind)} if kind else {}
    request = RequestFactory().get("/")
    request.session = SessionStore()
    signal.send(sender=Authenticator, request=request, user=person, **told)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id, event.details) == (verb, person.pk, {"kind": kind} if kind else {})


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_a_spent_code_and_a_wrong_one_are_events(client: Client, person: Person) -> None:
    factor_of(person)
    client.force_login(person)
    client.post(reverse("mfa_reauthenticate"), {"code": code_of_the_app()})
    client.post(reverse("mfa_generate_recovery_codes"))
    spare = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    before = len(verbs())
    lost = Client()
    sign_in(lost, person.email, PASSWORD)
    lost.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert lost.post(reverse("mfa_authenticate"), {"code": spare}).status_code == 302
    assert sorted(verbs()[before:]) == ["person.code_used", "person.signed_in"]
    a_minute_passes()
    tell_failed_sign_ins()
    failed = AuditEvent.objects.get(verb="person.sign_in_failed")
    assert (failed.details["step"], failed.details["count"], failed.object_id) == ("code", 1, str(person.pk))
    assert spare not in str(list(AuditEvent.objects.values()))


@pytest.mark.longer
def test_a_key_that_is_renamed_or_removed_is_an_event(client: Client, person: Person) -> None:
    factor_of(person)
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key 1", "credential": {}})
    client.force_login(person)
    client.post(reverse("mfa_reauthenticate"), {"code": code_of_the_app()})
    before = len(verbs())
    for name in ("Key 1", "At home"):
        assert client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": name}).status_code == 302
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 302
    events = AuditEvent.objects.order_by("sequence")[before:]
    assert [(one.verb, one.actor_id, one.details) for one in events] == [
        ("person.key_renamed", person.pk, {"was": "Key 1", "key": "At home"}),
        ("person.factor_removed", person.pk, {"kind": "webauthn", "key": "At home"}),
    ]


def test_failures_are_one_event_a_minute_and_person(client: Client, person: Person) -> None:
    for _turn in range(3):
        sign_in(client, "An@fin.example", "a wrong password")
    tell_failed_sign_ins()
    assert verbs() == []  # the minute goes on
    a_minute_passes()
    tell_failed_sign_ins()
    tell_failed_sign_ins()
    event = AuditEvent.objects.get()
    assert (event.verb, event.object_id, event.actor_id) == ("person.sign_in_failed", str(person.pk), None)
    assert event.details["count"] == 3
    assert "wrong password" not in str(event.details)
    assert not FailedSignIn.objects.exists()


def test_what_a_stranger_types_is_not_kept(client: Client) -> None:
    """People type their password where the address belongs."""
    sign_in(client, "hunter2@nowhere.example", "x")
    a_minute_passes()
    tell_failed_sign_ins()
    event = AuditEvent.objects.get()
    assert (event.object_id, event.unit_id) == ("", None)
    assert event.details["address"] == sign_ins.keyed("HUNTER2@nowhere.example ")
    assert "hunter2" not in str(AuditEvent.objects.values())


@pytest.mark.longer
def test_a_flood_of_addresses_stays_small(person: Person) -> None:
    for number in range(80):
        sign_ins.count_failed_sign_in(address=f"{number}@nowhere.example", step="password")
    sign_ins.count_failed_sign_in(address=person.email, step="password")
    assert (
        FailedSignIn.objects.count() == sign_ins.UNKNOWN_A_MINUTE + 2
    )  # the rest together, and the person still alone
    a_minute_passes()
    tell_failed_sign_ins()
    counted = [event.details["count"] for event in AuditEvent.objects.all()]
    assert sum(counted) == 81
    assert max(counted) == 80 - sign_ins.UNKNOWN_A_MINUTE
    assert timezone.now() - AuditEvent.objects.latest("sequence").occurred_at < timedelta(minutes=1)
