"""The bell, the list, and the way from a notice to the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.models import Addressee, Letter, Notice
from organisation.models import AuditEvent
from tests.factories.notices import Trial
from tests.factories.organisation import person_with
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]


@pytest.mark.longer
def test_a_notice_leads_to_the_act_and_no_longer_counts(house: House, trial: Begin, client: Client) -> None:
    trial().standing.update({1: "a", 2: "b"})
    look()
    client.force_login(house.approver)
    page = client.get(reverse("notices:list")).content.decode()
    assert "Trial a" in page
    assert '<span\n      class="count">2<' in page
    notice = Notice.objects.get(key="a")
    answer = client.get(reverse("notices:open", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/organisation/people/")
    assert '<span\n      class="count">1<' in client.get(reverse("notices:list")).content.decode()
    unseen = client.get(reverse("notices:list"), {"show": "unseen"}).content.decode()
    assert "Trial b" in unseen
    assert "Trial a" not in unseen


def test_anybody_elses_notice_is_out_of_sight(house: House, trial: Begin, client: Client) -> None:
    trial().standing[1] = "a"
    look()
    client.force_login(house.author)
    assert client.get(reverse("notices:open", args=[Notice.objects.get().pk])).status_code == 404
    assert Addressee.objects.get().seen_at is None
    assert "Trial a" not in client.get(reverse("notices:list"), {"show": "all"}).content.decode()


def test_all_are_seen_at_once_and_only_ones_own(house: House, trial: Begin, client: Client) -> None:
    trial(people=[house.approver, house.author]).standing[1] = "a"
    look()
    client.force_login(house.approver)
    client.post(reverse("notices:seen"))
    assert [one.person for one in Addressee.objects.filter(seen_at=None)] == [house.author]


@pytest.mark.longer
def test_settled_ones_are_shown_to_who_asks(house: House, trial: Begin, client: Client) -> None:
    made = trial()
    made.standing[1] = "a"
    look()
    made.standing.clear()
    look()
    client.force_login(house.approver)
    assert "Trial a" not in client.get(reverse("notices:list")).content.decode()
    assert "Settled" in client.get(reverse("notices:list"), {"show": "all"}).content.decode()


@pytest.mark.parametrize("many", [1, 5])
def test_the_list_asks_the_same_for_one_and_for_five(
    house: House, trial: Begin, client: Client, many: int, django_assert_num_queries: Any
) -> None:
    trial().standing.update({n: f"key{n}" for n in range(many)})
    look()
    client.force_login(house.approver)
    with django_assert_num_queries(11):
        client.get(reverse("notices:list"))


def test_failed_mail_is_shown_and_tried_again(house: House, client: Client) -> None:
    administrator = person_with("administrator", house.unit)
    letter = Letter.objects.create(
        person=house.approver, failures=10, failure="SMTPResponseException 550", given_up_at=timezone.now()
    )
    Letter.objects.create(person=house.stranger, failures=10)
    client.force_login(administrator)
    page = client.get(reverse("notices:letters")).content.decode()
    assert ("Bram" in page, "SMTPResponseException 550" in page, "Given up" in page) == (True, True, True)
    assert "Stranger" not in page
    client.post(reverse("notices:letter_again", args=[letter.pk]))
    letter.refresh_from_db()
    assert (letter.failures, letter.given_up_at) == (0, None)
    assert AuditEvent.objects.get().verb == "letter.tried_again"
