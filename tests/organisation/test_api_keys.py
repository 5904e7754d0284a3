"""What a program may with its key, and how long."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts_registry.queries import possible_holders
from approvals.queries import askable
from approvals.subjects import subject
from notices.actions.looking import compare
from notices.models import Notice
from notices.queries import holders
from notices.queries.keys import KINDS
from organisation import bearer, limits, policy
from organisation.actions import (
    add_service_account,
    give_grant,
    make_key,
    make_link,
    renew_key,
    revoke_key,
    suspend_person,
)
from organisation.actions.keys import digest_of
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import ApiKey, AuditEvent, Grant, Person, Unit
from organisation.queries.authority import same_hand
from organisation.roles import MACHINES_MAY, ROLES, needs_confirmation
from publishing.actions import Timing, approve_post, schedule_post
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.machines import bearing, key_for, machine_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.publishing import ZONE, hash_of, submitted, tomorrow

pytestmark = pytest.mark.django_db
ME, POSTS, ACCOUNTS = "/api/v1/me/", "/api/v1/posts/", "/api/v1/accounts/"


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def administrator(unit: Unit) -> Person:
    return person_with("administrator", unit, name="Ada Min")


@pytest.fixture
def machine(unit: Unit) -> Person:
    return machine_of(PersonFactory.create(unit=unit), "newcomer", name="Website")


def get(secret: str, url: str = ME) -> Any:
    return Client().get(url, **bearing(secret))


def soon() -> Any:
    return database_now() + timedelta(days=30)


# ---- Coming in ------------------------------------------------------------------------------------------------------
def test_a_key_lets_its_service_account_in_and_says_when(machine: Person) -> None:
    key, secret = key_for(machine)
    answer = get(secret)
    assert (answer.status_code, answer.json()["id"]) == (200, machine.pk)
    assert "no-store" in answer["Cache-Control"]
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    get(secret)
    key.refresh_from_db()
    assert key.last_used_at == first  # told no closer than an hour


@pytest.mark.parametrize("secret", ["", "parvis_nobody", "é", "parvis_x y"])
def test_what_is_no_key_lets_nobody_in(machine: Person, secret: str) -> None:
    answer = get(secret)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "over",
    [{"revoked_at": Now()}, {"expires_at": Now() - timedelta(seconds=1)}],
    ids=["revoked", "expired"],
)
def test_a_key_that_is_over_opens_nothing(machine: Person, over: dict[str, Any]) -> None:
    assert get(key_for(machine, **over)[1]).status_code == 401


def test_a_suspension_ends_its_keys_at_once(unit: Unit, administrator: Person, machine: Person) -> None:
    _key, secret = key_for(machine)
    assert get(secret).status_code == 200
    suspend_person(person=machine, by=administrator, reason="Lost")
    assert get(secret).status_code == 401


def test_so_does_that_of_whoever_answers_for_it(administrator: Person, machine: Person) -> None:
    assert machine.responsible is not None
    _key, secret = key_for(machine)
    suspend_person(person=machine.responsible, by=administrator, reason="Left")
    assert get(secret).status_code == 401


def test_who_tries_many_keys_is_slowed_and_a_right_one_still_comes_in(
    machine: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "KEYS", limits.Limit("keys", 2, 300, "Wait"))
    assert [get("parvis_guess").status_code for _ in range(3)] == [401, 401, 429]
    assert get(key_for(machine)[1]).status_code == 200


def test_a_key_opens_no_page(machine: Person) -> None:
    _key, secret = key_for(machine)
    assert Client().get("/organisation/audit/", **bearing(secret)).status_code == 302
    client = Client()
    client.force_login(machine)
    assert client.get("/").status_code == 302  # whatever a session were to say
    assert authenticate(username=machine.email, password="") is None


def test_it_takes_no_token_of_a_page(machine: Person) -> None:
    ConnectedAccountFactory.create(unit=machine.unit)
    client = Client(enforce_csrf_checks=True)
    said = {"unit": "fin", "title": "T", "language": "fr", "variants": []}
    answer = client.post(POSTS, said, content_type="application/json", **bearing(key_for(machine)[1]))
    assert answer.status_code != 403


def test_nothing_of_a_key_is_left_for_the_next_request(machine: Person) -> None:
    get(key_for(machine)[1])
    assert bearer.borne_by(machine.pk) is None


def test_a_key_is_kept_as_its_hash_alone(
    administrator: Person, machine: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key, secret = make_key(person=machine, name="Server", scopes=["post.view"], expires_at=soon(), by=administrator)
    get(secret)
    get(f"{secret}x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM organisation_apikey k")
        rows = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT details::text FROM organisation_auditevent")
        rows += " ".join(row[0] for row in cursor.fetchall())
    assert secret.startswith("parvis_")
    assert digest_of(secret) in rows
    assert secret not in rows
    assert secret.removeprefix("parvis_") not in rows + caplog.text
    assert key.ending == secret[-4:]


# ---- How far --------------------------------------------------------------------------------------------------------
def test_it_may_what_both_its_role_and_its_key_allow(machine: Person) -> None:
    ConnectedAccountFactory.create(unit=machine.unit)
    _key, narrow = key_for(machine, "account.view")
    _key, beyond = key_for(machine, "account.view", "dossier.view")
    assert len(get(narrow, ACCOUNTS).json()["results"]) == 1
    refused = get(narrow, POSTS)
    assert refused.status_code == 403
    assert "This key does not reach so far: See posts" in refused.json()["detail"]
    assert get(beyond, "/api/v1/dossiers/").status_code == 403  # no role of it says so


def test_what_a_key_does_not_see_is_not_there(machine: Person) -> None:
    account = ConnectedAccountFactory.create(unit=machine.unit)
    _key, posts = key_for(machine, "post.view")
    assert get(posts, f"{ACCOUNTS}{account.pk}/").status_code == 404
    assert get(key_for(machine, "account.view")[1], f"{ACCOUNTS}{account.pk}/").status_code == 200


def test_it_acts_no_further_either(machine: Person) -> None:
    _key, secret = key_for(machine, "post.view", "account.view")
    said = {"unit": "fin", "title": "T", "language": "fr", "variants": []}
    answer = Client().post(POSTS, said, content_type="application/json", **bearing(secret))
    assert answer.status_code == 403


@pytest.mark.parametrize("permission", sorted(frozenset(Permission) - MACHINES_MAY))
def test_no_program_gives_a_persons_yes(unit: Unit, machine: Person, permission: Permission) -> None:
    """Whatever role it were given, and whoever were to ask it."""
    for role in ROLES:
        Grant.objects.get_or_create(person=machine, role=role, unit=unit)
    machine.forget_grants()
    assert not policy.allows(machine, permission, unit)
    with pytest.raises(PermissionDenied, match="A service account does not do this"):
        policy.require(machine, permission, unit)


def test_what_programs_may_is_named_and_nothing_else() -> None:
    may = {
        *("dossier.write", "post.write", "post.schedule", "answer.write", "mention.assign", "watch.manage"),
        *("account.manage", "playbook.write", "hold.place"),
    }
    assert {one.value for one in MACHINES_MAY if not one.reads} == may


def test_nobody_lends_it_what_it_does_not_do(unit: Unit, machine: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_LENDERS", [lambda person, permission, thing: True])
    assert not policy.allows(machine, Permission.POST_APPROVE, unit)
    assert policy.allows(PersonFactory.create(unit=unit), Permission.HOLD_LIFT, unit)


PEOPLES = sorted(
    ROLES.keys() - {"newcomer", "communication_cell", "conversation_manager", "account_manager", "auditor"}
)


@pytest.mark.parametrize("role", [role for role in PEOPLES if needs_confirmation(role)])
def test_a_role_that_weighs_is_held_by_people_alone(
    unit: Unit, administrator: Person, machine: Person, role: str
) -> None:
    with pytest.raises(Refused, match="People alone hold this role"):
        give_grant(person=machine, role=role, unit=unit, by=administrator)


def test_it_schedules_what_people_approved_and_approves_nothing(
    unit: Unit, administrator: Person, machine: Person
) -> None:
    """The role is in force at once: of what weighs in it, a program may nothing. Nor is it anybody's approver."""
    grant = give_grant(person=machine, role="communication_cell", unit=unit, by=administrator)
    assert not grant.is_proposed
    machine = Person.objects.get(pk=machine.pk)
    author, approver = (person_with("communication_cell", unit) for _ in range(2))
    post = submitted(author, ConnectedAccountFactory.create(unit=unit))
    with pytest.raises(PermissionDenied, match="A service account does not do this"):
        approve_post(post=post, by=machine, content_hash=hash_of(post), planned_for=post.due_at)
    assert machine not in askable(unit, subject("post"), [author])
    assert approver in askable(unit, subject("post"), [author])
    approve_post(post=post, by=approver, content_hash=hash_of(post), planned_for=post.due_at)
    schedule_post(post=Post.objects.get(pk=post.pk), by=machine, timing=Timing(tomorrow(), ZONE))
    assert Post.objects.get(pk=post.pk).state == "scheduled"


def test_what_it_writes_its_people_do_not_approve(unit: Unit, machine: Person) -> None:
    """Neither who answers for it nor who had a key of it in hand."""
    keeper, other = (person_with("communication_cell", unit) for _ in range(2))
    assert machine.responsible is not None
    GrantFactory.create(person=machine.responsible, role="communication_cell", unit=unit)
    key_for(machine, made_by=keeper)
    post = submitted(machine, ConnectedAccountFactory.create(unit=unit))
    for person in (machine.responsible, keeper):
        with pytest.raises((PermissionDenied, Refused)):
            approve_post(post=post, by=person, content_hash=hash_of(post), planned_for=post.due_at)
    approve_post(post=post, by=other, content_hash=hash_of(post), planned_for=post.due_at)
    assert Post.objects.get(pk=post.pk).state == "approved"


def test_two_programs_of_one_person_are_one_hand(unit: Unit) -> None:
    person = PersonFactory.create(unit=unit)
    assert same_hand(machine_of(person), machine_of(person))
    assert not same_hand(machine_of(person), machine_of(PersonFactory.create(unit=unit)))


def test_it_is_nobodys_holder_and_is_told_nothing(unit: Unit) -> None:
    cell = person_with("communication_cell", unit)
    machine = machine_of(cell, "conversation_manager")
    assert machine not in possible_holders(cell)
    assert machine not in holders(Permission.ANSWER_WRITE, unit)


def test_no_password_and_no_link_is_ever_its(administrator: Person, machine: Person) -> None:
    with pytest.raises(Refused, match="signs in on no page"):
        make_link(person=machine, by=administrator, by_mail=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=machine.pk).update(password="argon2$x")


# ---- Making, renewing, revoking -------------------------------------------------------------------------------------
def test_added_keyed_renewed_and_revoked(unit: Unit, administrator: Person) -> None:
    an = PersonFactory.create(unit=unit)
    machine = add_service_account(name="Website", unit=unit, responsible=an, by=administrator)
    scopes = ["post.write", "post.view"]
    key, _secret = make_key(person=machine, name="Server", scopes=scopes, expires_at=soon(), by=administrator)
    new, secret = renew_key(key=key, by=administrator)
    key.refresh_from_db()
    assert key.expires_at < database_now() + timedelta(days=7)
    assert (new.scopes, new.name) == (["post.view", "post.write"], "Server")
    assert new.expires_at > database_now() + timedelta(days=29)
    assert get(secret).status_code == 200
    revoke_key(key=new, by=administrator)
    assert get(secret).status_code == 401
    with pytest.raises(Conflict):
        revoke_key(key=new, by=administrator)
    told = AuditEvent.objects.order_by("sequence").values_list("verb", flat=True)
    assert list(told) == ["service_account.added", "key.made", "key.renewed", "key.revoked"]


@pytest.mark.parametrize("scopes", [[], ["post.approve"], ["nothing"]])
def test_a_key_reaches_no_further_than_programs_do(administrator: Person, machine: Person, scopes: list[str]) -> None:
    with pytest.raises(Refused, match="at most"):
        make_key(person=machine, name="S", scopes=scopes, expires_at=soon(), by=administrator)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_key_ends_within_a_year(administrator: Person, machine: Person, days: int) -> None:
    until = database_now() + timedelta(days=days)
    with pytest.raises(Refused, match="within a year"):
        make_key(person=machine, name="S", scopes=["post.view"], expires_at=until, by=administrator)


def test_people_have_no_keys(administrator: Person, unit: Unit) -> None:
    with pytest.raises(Refused, match="a person signs in"):
        make_key(
            person=PersonFactory.create(unit=unit), name="S", scopes=["post.view"], expires_at=soon(), by=administrator
        )


def test_a_program_answers_for_no_program(unit: Unit, administrator: Person, machine: Person) -> None:
    with pytest.raises(Refused, match="somebody who works here"):
        add_service_account(name="W", unit=unit, responsible=machine, by=administrator)


def test_the_trail_names_the_key_of_each_act(unit: Unit) -> None:
    machine = machine_of(PersonFactory.create(unit=unit), "newcomer")
    key, secret = key_for(machine)
    said = {"unit": "fin", "title": "T", "language": "fr", "variants": []}
    answer = Client().post(POSTS, said, content_type="application/json", **bearing(secret))
    assert answer.status_code == 201, answer.content
    event = AuditEvent.objects.get(verb="post.started")
    assert (event.actor_id, event.details["key"]) == (machine.pk, key.pk)


def test_administrators_are_told_a_fortnight_before_a_key_ends(administrator: Person, machine: Person) -> None:
    key_for(machine)
    compare(KINDS[0])
    assert not Notice.objects.exists()
    ending, _secret = key_for(machine, expires_at=Now() + timedelta(days=13))
    compare(KINDS[0])
    notice = Notice.objects.get()
    assert notice.subject_id == ending.pk
    assert [one.person for one in notice.addressees.all()] == [administrator]
    ApiKey.objects.update(revoked_at=Now())
    compare(KINDS[0])
    assert not Notice.objects.filter(settled_at__isnull=True).exists()


# ---- On pages -------------------------------------------------------------------------------------------------------
def test_from_the_list_to_a_key_that_is_shown_once(client: Client, unit: Unit, administrator: Person) -> None:
    an = PersonFactory.create(unit=unit)
    client.force_login(administrator)
    facts = {"name": "Website", "unit": unit.pk, "responsible": an.pk}
    made = client.post(reverse("organisation:service_account_new"), facts)
    machine = Person.objects.get(responsible=an)
    assert made.status_code == 302, made.content
    said = {"name": "Server", "lasts": "90", "scopes": ["post.view"]}
    shown = client.post(reverse("organisation:key_new", args=[machine.pk]), said)
    key = ApiKey.objects.get()
    secret = re.findall(r"parvis_[\w-]{43}", shown.content.decode())[0]
    assert digest_of(secret) == key.digest
    assert "no-store" in shown["Cache-Control"]
    page = client.get(made["Location"]).content.decode()
    assert secret not in page
    assert f"Server (…{key.ending})" in page
    assert "Make a link" not in page
    listed = client.get(reverse("organisation:service_account_list")).content.decode()
    assert "Website" in listed
    assert "Website" not in client.get(reverse("organisation:person_list")).content.decode()
