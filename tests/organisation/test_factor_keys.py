"""Second factors as the house keeps them: they open under a new master key, and one person alone loses theirs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import factor_secrets
from organisation.actions import factors, reset_second_factor
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person
from organisation.queries.authority import same_hand
from tests.accounts_registry.test_vault import BOTH, NEW
from tests.factories.organisation import PASSWORD, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import SEED, code_of_the_app, factor_of

pytestmark = pytest.mark.django_db
CODES = Authenticator.Type.RECOVERY_CODES


def spare_codes(person: Person, **data: Any) -> Authenticator:
    return Authenticator.objects.create(user=person, type=CODES, data=data)


def rotate() -> str:
    said = io.StringIO()
    call_command("rotate_vault_keys", stdout=said)
    return said.getvalue()


@pytest.mark.longer
def test_whoever_set_up_a_factor_before_signs_in_with_it_after(settings: Any) -> None:
    person = person_with("administrator", UnitFactory.create())
    factor_of(person)
    settings.VAULT_KEYS = BOTH
    assert "1 secrets of second factors are sealed anew" in rotate()
    settings.VAULT_KEYS = NEW
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of_the_app()})
    assert client.get("/").status_code == 200


def test_every_kind_of_secret_moves_once_and_what_is_no_secret_stays(settings: Any) -> None:
    first, second, third = PersonFactory.create(), PersonFactory.create(), PersonFactory.create()
    spare_codes(first, seed=factor_secrets.seal("seed of codes", first.pk), used_mask=5)
    spare_codes(second, migrated_codes=[factor_secrets.seal(one, second.pk) for one in ("one", "two")])
    key = Authenticator.objects.create(user=third, type=Authenticator.Type.WEBAUTHN, data={"credential": {"id": "x"}})
    settings.VAULT_KEYS = BOTH
    assert "2 secrets of second factors are sealed anew" in rotate()
    with CaptureQueriesContext(connection) as queries:
        assert "0 secrets of second factors are sealed anew" in rotate()
    assert not [one for one in queries.captured_queries if one["sql"].startswith('UPDATE "mfa_authenticator"')]
    assert factors._reseal(0) is False  # taken away since it was listed
    settings.VAULT_KEYS = NEW
    codes, migrated = Authenticator.objects.get(user=first), Authenticator.objects.get(user=second)
    assert (codes.data["used_mask"], factor_secrets.reveal(codes.data["seed"], first.pk)) == (5, "seed of codes")
    opened = [factor_secrets.reveal(one, second.pk) for one in migrated.data["migrated_codes"]]
    assert opened == ["one", "two"]
    key.refresh_from_db()
    assert key.data == {"credential": {"id": "x"}}


def test_what_does_not_open_is_named_and_the_others_move(settings: Any) -> None:
    lost, kept = PersonFactory.create(), PersonFactory.create()
    broken, whole = factor_of(lost), factor_of(kept)
    broken.data = {"secret": factor_secrets.seal(SEED, kept.pk)}  # another person's
    broken.save()
    settings.VAULT_KEYS = BOTH
    with pytest.raises(CommandError, match=rf"reset them on the pages of their people: second factor {broken.pk}$"):
        rotate()
    whole.refresh_from_db()
    assert factor_secrets.key_of(whole.data["secret"]) == "new"


def test_a_reset_takes_all_factors_of_one_person_and_nobody_elses() -> None:
    unit = UnitFactory.create()
    administrator, lost = person_with("administrator", unit), PersonFactory.create(unit=unit)
    kept = factor_of(administrator)
    factor_of(lost)
    spare_codes(lost, seed=factor_secrets.seal("seed", lost.pk))
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=lost, by=person_with("newcomer", unit), reason="Mine")
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=lost, by=person_with("administrator", UnitFactory.create()), reason="Far")
    assert Authenticator.objects.filter(user=lost).count() == 2
    reset_second_factor(person=lost, by=administrator, reason="Phone lost")
    assert list(Authenticator.objects.all()) == [kept]
    lost.refresh_from_db()
    assert (lost.session_epoch, administrator.session_epoch) == (1, 0)
    assert same_hand(lost, administrator)  # who held in their hands how this person signs in
    event = AuditEvent.objects.get(verb="person.factor_reset")
    assert (event.object_id, event.actor_id, event.details) == (
        str(lost.pk),
        administrator.pk,
        {"reason": "Phone lost"},
    )
    with pytest.raises(Refused, match="has no second factor"):
        reset_second_factor(person=lost, by=administrator, reason="Again")
