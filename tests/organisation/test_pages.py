"""People, roles and the trail as pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation.actions import change_language
from organisation.models import AuditEvent, Grant, Person
from organisation.queries import audit as audit_queries
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.thorough import thorough_pairs

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"organisation:{name}", args=args)


@pytest.fixture
def administrator(client: Client) -> Person:
    person = person_with("administrator", UnitFactory.create(slug="fin"), name="Ada Min")
    client.force_login(person)
    return person


@pytest.mark.longer
def test_invite_give_take_suspend_reinstate(client: Client, administrator: Person) -> None:
    unit = administrator.unit
    facts = {"name": "An Peeters", "email": "An@fin.example", "unit": unit.pk, "language": "nl"}
    assert "/me/welcome/?key=" in client.post(url("person_invite"), facts).content.decode()
    person = Person.objects.get(email="an@fin.example")
    assert not person.has_usable_password()
    assert client.post(url("grant_give", person.pk), {"role": "newcomer", "unit": unit.pk}).status_code == 302
    grant = Grant.objects.get(person=person)
    page = client.get(url("person_detail", person.pk)).content.decode()
    assert "Newcomer" in page
    assert "given by Ada Min" in page
    assert client.post(url("grant_revoke", grant.pk)).status_code == 302
    assert client.post(url("person_suspend", person.pk), {"reason": "Left"}).status_code == 302
    assert client.post(url("person_reinstate", person.pk), {"reason": "Came back"}).status_code == 302
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "person.invited",
        "person.link_made",
        "grant.given",
        "grant.revoked",
        "person.suspended",
        "person.reinstated",
    ]


@pytest.mark.longer
def test_bad_input_stands_at_its_field_and_keeps_what_was_typed(client: Client, administrator: Person) -> None:
    PersonFactory.create(email="an@fin.example")
    unit = administrator.unit
    facts = {"name": "An the Second", "email": "AN@fin.example", "unit": unit.pk, "language": "nl"}
    answer = client.post(url("person_invite"), facts)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "already here" in page
    assert "An the Second" in page
    person = PersonFactory.create(unit=unit)
    past = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(url("grant_give", person.pk), {"role": "newcomer", "unit": unit.pk, "until": past})
    assert answer.status_code == 422
    assert "This moment has passed" in answer.content.decode()
    answer = client.post(url("person_suspend", person.pk), {"reason": " "})
    assert answer.status_code == 422
    assert Person.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize(
    "email", ["an@" + "a" * 60 + ".b" * 100 + ".example", "an@" + ("\u0130" * 20 + ".") * 8 + "example"]
)
def test_an_address_that_no_column_holds_is_refused_at_its_field(
    client: Client, administrator: Person, email: str
) -> None:
    facts = {"name": "An Peeters", "email": email, "unit": administrator.unit_id, "language": "nl"}
    answer = client.post(url("person_invite"), facts)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])


@pytest.mark.longer
def test_out_of_sight_404_in_sight_403(client: Client, administrator: Person) -> None:
    stranger = PersonFactory.create()
    assert client.get(url("person_detail", stranger.pk)).status_code == 404
    assert client.post(url("person_suspend", stranger.pk), {"reason": "x"}).status_code == 404
    auditor = person_with("auditor", administrator.unit)
    client.force_login(auditor)
    assert client.get(url("person_detail", administrator.pk)).status_code == 200
    assert client.post(url("person_suspend", administrator.pk), {"reason": "x"}).status_code == 403
    assert client.post(url("grant_revoke", administrator.grants.get().pk)).status_code == 403
    assert client.get(url("person_invite")).status_code == 403
    client.force_login(person_with("newcomer", administrator.unit))
    assert client.get(url("audit")).status_code == 403


def test_a_suspended_person_is_out_with_the_next_click(client: Client, administrator: Person) -> None:
    other = person_with("auditor", administrator.unit)
    client.force_login(other)
    assert client.get(url("audit")).status_code == 200
    Person.objects.filter(pk=other.pk).update(is_active=False)
    assert client.get(url("audit")).status_code == 302


@pytest.mark.longer
def test_filters_of_people(client: Client, administrator: Person) -> None:
    person_with("newcomer", administrator.unit, name="Nele New")
    PersonFactory.create(unit=administrator.unit, name="Olga Old")
    for query, found, missing in [
        ({"named": "nele"}, "Nele New", "Olga Old"),
        ({"role": "newcomer"}, "Nele New", "Olga Old"),
        ({"unit": "fin", "named": "olga"}, "Olga Old", "Nele New"),
        ({"named": "old olga"}, "Olga Old", "Nele New"),
        ({"named": "ÓLGA"}, "Olga Old", "Nele New"),
    ]:
        page = client.get(url("person_list"), query).content.decode()
        assert found in page
        assert missing not in page


def test_the_trail_pages_without_shifting(
    client: Client, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_queries, "LATEST_FIRST", replace(audit_queries.LATEST_FIRST, size=3))
    for turn in range(8):
        change_language(person=administrator, language=["nl", "en"][turn % 2])
    eight = list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True))

    def shown(cursor: str = "") -> tuple[list[int], str, str]:
        """Of the eight, counted from 1: the database's own numbers have gaps. And the cursors of the pages beside."""
        page = audit_queries.trail(administrator, cursor=cursor)
        return [eight.index(event.sequence) + 1 for event in page.rows], page.previous, page.next

    first, newer, older = shown()
    assert (first, newer) == ([8, 7, 6], "")
    change_language(person=administrator, language="nl")
    second, newer, oldest = shown(older)
    assert second == [5, 4, 3]
    last, _newer, no_more = shown(oldest)
    assert (last, no_more) == ([2, 1], "")
    eight.append(AuditEvent.objects.latest("sequence").sequence)
    assert shown(newer)[0] == [8, 7, 6]
    assert shown("next:x")[0] == shown("next:2026-01-01T00:00:00+00:00:5")[0] == shown()[0] == [9, 8, 7]


@pytest.mark.longer
def test_filters_of_the_trail(client: Client, administrator: Person) -> None:
    change_language(person=administrator, language="nl")
    change_language(person=administrator, language="en")
    administrator.refresh_from_db()
    page = client.get(url("audit"), {"who": "ada", "what": "person.language_changed"}).content.decode()
    assert page.count("Ada Min changed their language</th>") == 2
    assert "Ada Min changed their language</th>" in client.get(url("audit"), {"who": "MIN adá"}).content.decode()
    assert "Nothing matches" in client.get(url("audit"), {"who": "nele"}).content.decode()
    today = timezone.localdate().isoformat()
    assert "Nothing matches" in client.get(url("audit"), {"until": "2020-01-01"}).content.decode()
    assert "Nothing matches" not in client.get(url("audit"), {"since": today, "until": today}).content.decode()
    thing = f"organisation.person:{administrator.pk}"
    assert "Ada Min changed" in client.get(url("audit"), {"thing": thing}).content.decode()
    for nonsense in ({"page": "x"}, {"since": "yesterday"}, {"what": "no.verb"}, {"page": "next::" + "9" * 30}):
        assert client.get(url("audit"), nonsense).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_a_fixed_number_of_times(
    client: Client, administrator: Person, count: int, django_assert_num_queries: object
) -> None:
    for _ in range(count):
        person_with("newcomer", administrator.unit)
        change_language(person=administrator, language="en")
    with django_assert_num_queries(10):
        client.get(url("person_list"))
    with django_assert_num_queries(18):  # seven say how far the trail is sealed and kept, two name what it tells of
        client.get(url("audit"))


def test_a_private_page_is_kept_by_no_cache_on_the_way(client: Client, administrator: Person) -> None:
    told = client.get(url("person_list")).headers["Cache-Control"]
    assert {"private", "no-cache"} <= {part.strip() for part in told.split(",")}


@pytest.mark.parametrize(
    ("name", "there"),
    thorough_pairs(
        ["account_login", "account_logout", "account_reauthenticate"], ["http://[", "https://\u2100.com/", "//[::1"]
    ),
)
def test_an_address_that_is_none_leads_nowhere_after_a_sign_in(
    client: Client, administrator: Person, name: str, there: str
) -> None:
    if name == "account_login":
        client.logout()
    assert client.get(reverse(name), {"next": there}).status_code in {200, 302}
    assert client.post(reverse(name), {"next": there}).status_code in {200, 302}


@pytest.mark.longer
@pytest.mark.parametrize("until", ["9999-12-31T23:59-14:00", "9999-12-31T23:59"])
def test_a_role_ends_at_a_time_that_every_page_can_show(client: Client, administrator: Person, until: str) -> None:
    person = PersonFactory.create(unit=administrator.unit)
    facts = {"role": "newcomer", "unit": administrator.unit.pk, "until": until}
    assert client.post(url("grant_give", person.pk), facts).status_code == 422
    told = {**facts, "person": person.pk, "unit": administrator.unit.slug}
    assert client.post(reverse("grant-list"), told, content_type="application/json").status_code == 400
    assert not person.grants.exists()
