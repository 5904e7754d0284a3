"""The frame's doors and its rail: what each person is offered, and that no door leads to another house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from governance.context import Frame
from organisation.models import AuditEvent, Person, Unit
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


def frame_of(person: Person, path: str = "/") -> Frame:
    request = RequestFactory().get(path)
    request.user = person
    request.session = {}
    return Frame(request)


def offered(person: Person) -> list[str]:
    frame = frame_of(person)
    return [str(entry.label) for entry in (*frame.work, *frame.administration)]


def test_rail_offers_what_the_person_may_use(unit: Unit) -> None:
    assert offered(PersonFactory.create(unit=unit)) == ["Today", "House policy"]
    all_may = {"Today", "Calendar", "Posts", "Inbox", "Registry", "Crisis", "House policy"}
    assert set(offered(person_with("newcomer", unit))) <= all_may
    assert "Technical" in offered(person_with("administrator", unit))
    assert "Inbox" not in offered(person_with("administrator", unit))
    assert "Technical" not in offered(person_with("auditor", unit))


def test_rail_marks_the_nearest_place(unit: Unit) -> None:
    frame = frame_of(person_with("communication_cell", unit), reverse("accounts_registry:dossier_list"))
    current = [entry for entry in frame.work if entry.current]
    assert [str(entry.label) for entry in current] == ["Registry"]
    assert [str(entry.label) for entry in current[0].below if entry.current] == ["Dossiers"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/organisation/units/7/working-time/", "Working time"),
        ("/organisation/closures/7/", "Working time"),
        ("/organisation/working-time/", "Working time"),
        ("/organisation/grants/7/revoke/", "People"),
        ("/organisation/recoveries/7/refuse/", "People"),
        ("/search/", None),
    ],
)
def test_rail_marks_the_place_of_pages_whose_addresses_begin_elsewhere(
    unit: Unit, path: str, place: str | None
) -> None:
    frame = frame_of(person_with("administrator", unit), path)
    marked = [str(entry.label) for entry in (*frame.work, *frame.administration) if entry.current]
    assert marked == ([place] if place else [])


def test_theme_goes_into_a_cookie(client: Client) -> None:
    answer = client.post(reverse("choose_theme"), {"theme": "dark", "next": "/me/login/"})
    assert answer.url == "/me/login/"
    assert client.cookies["theme"].value == "dark"
    assert 'data-bs-theme="dark"' in client.get("/me/login/").content.decode()


@pytest.mark.parametrize("theme", ["", "red", '"><script>'])
def test_an_unknown_theme_is_ignored(client: Client, theme: str) -> None:
    client.post(reverse("choose_theme"), {"theme": theme})
    assert "theme" not in client.cookies


@pytest.mark.parametrize("door", ["choose_theme", "choose_language"])
@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_doors_lead_nowhere_else(client: Client, door: str, away: str) -> None:
    answer = client.post(reverse(door), {"theme": "dark", "language": "nl", "next": away})
    assert answer.status_code == 302
    assert "evil" not in answer.url
    assert "javascript" not in answer.url


@pytest.mark.parametrize("door", ["choose_theme", "choose_language", "choose_unit"])
def test_doors_open_by_post_only(client: Client, unit: Unit, door: str) -> None:
    client.force_login(PersonFactory.create(unit=unit))
    assert client.get(reverse(door)).status_code == 405


def test_language_is_written_once_on_record(client: Client, unit: Unit) -> None:
    person = PersonFactory.create(unit=unit)
    client.force_login(person)
    for _again in range(2):
        client.post(reverse("choose_language"), {"language": "nl"})
    person.refresh_from_db()
    assert person.language == "nl"
    assert AuditEvent.objects.filter(verb="person.language_changed").count() == 1


def test_unit_is_chosen_among_those_in_sight(client: Client, unit: Unit) -> None:
    elsewhere = UnitFactory.create()
    client.force_login(PersonFactory.create(unit=unit))
    client.post(reverse("choose_unit"), {"unit": unit.slug})
    assert client.session["unit"] == unit.pk
    client.post(reverse("choose_unit"), {"unit": elsewhere.slug})
    assert client.session["unit"] is None


def test_unit_asks_for_sign_in(client: Client) -> None:
    assert client.post(reverse("choose_unit"), {"unit": "x"}).url.startswith("/me/login/")


@pytest.mark.parametrize("debug", [True, False])
def test_policy_has_no_unsafe_word(client: Client, settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    policy = client.get("/me/login/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


class Sample(forms.Form):
    text = forms.CharField(label="Text", help_text="Help", widget=forms.Textarea(attrs={"class": "own", "rows": 2}))
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_form_ties_errors_to_fields() -> None:
    shown = str(Sample({}))
    assert 'class="form-control own"' in shown
    assert 'aria-describedby="id_text_helptext id_text_error"' in shown
    assert 'aria-required="true"' in shown
    assert " required" not in shown.replace("is required", "")
    assert 'href="#id_text"' in shown
    assert 'href="#id_kind_group"' in shown
    assert shown.count('name="hidden"') == 1
