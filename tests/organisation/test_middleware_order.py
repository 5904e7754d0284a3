"""What stands before what: a forged form is refused before all else, and half a session gets no further."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from organisation.models import Person
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.sessions import session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Person:
    return person_with("administrator", UnitFactory.create())


def visitor(person: Person, *, factor: bool) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person, factor=factor)
    return client


def suspend(client: Client, other: Person, **more: str) -> tuple[int, str]:
    told = client.post(reverse("organisation:person_suspend", args=[other.pk]), {"reason": "forged", **more})
    other.refresh_from_db()
    return told.status_code, told.headers.get("Location", "")


@pytest.mark.parametrize("factor", [True, False], ids=["whole", "half"])
def test_a_form_from_elsewhere_is_refused_before_a_factor_is_asked_for(administrator: Person, factor: bool) -> None:
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator, factor=factor)
    assert suspend(client, other) == (403, "")
    assert suspend(client, other, csrfmiddlewaretoken="x" * 64) == (403, "")
    forged = client.post(reverse("post-list"), {"title": "Forged"}, content_type="application/json")
    assert forged.status_code == 403
    assert other.is_active


@pytest.mark.parametrize("factor", [True, False], ids=["whole", "half"])
def test_a_form_of_ours_acts_once_the_factor_is_there(administrator: Person, factor: bool) -> None:
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator, factor=factor)
    client.get("/organisation/people/" if factor else reverse("mfa_index"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    status, goes_to = suspend(client, other, csrfmiddlewaretoken=token)
    assert (status, other.is_active) == (302 if factor else 403, not factor)
    assert goes_to.startswith("/organisation/people/") is factor
