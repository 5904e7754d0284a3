"""Two acts that wait for each other, in real transactions: one is done, the other is told and has changed nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings
from rest_framework.decorators import api_view
from rest_framework.response import Response

from delivery.actions import reconfirm_delivery
from delivery.models import Delivery
from organisation.actions import change_language
from organisation.audit import acting, action
from organisation.locks import was_overtaken
from organisation.models import AuditEvent, Person
from publishing.actions import unschedule_post
from publishing.actions.locking import lock
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import thaw
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.publishing import scheduled

pytestmark = pytest.mark.django_db(transaction=True)

met = threading.Barrier(2)


@action
def change_both(first: int, second: int) -> None:
    """Each takes what the other one holds."""
    change_language(person=Person.objects.get(pk=first), language="nl")
    met.wait(20)
    change_language(person=Person.objects.get(pk=second), language="nl")


@login_required
def page(request: HttpRequest, first: int, second: int) -> HttpResponse:
    change_both(first, second)
    return HttpResponse("done")


@api_view(["POST"])
def call(request: Any, first: int, second: int) -> Response:
    change_both(first, second)
    return Response({"detail": "done"})


urlpatterns = [
    path("cross/<int:first>/<int:second>/", page),
    path("api/v1/cross/<int:first>/<int:second>/", call),
    path("", include("governance.urls")),
]


def together(*works: Callable[[], Any]) -> list[Any]:
    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(30) for one in [pool.submit(run, work) for work in works]]


def somebody_waits() -> bool:
    """For a lock, in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None


@pytest.mark.longer
@pytest.mark.parametrize(("place", "said"), [("", "They were faster"), ("/api/v1", '"code":"overtaken"')])
def test_two_acts_in_each_others_way(settings: Settings, place: str, said: str) -> None:
    settings.ROOT_URLCONF = __name__
    unit = UnitFactory.create()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(PersonFactory.create(unit=unit))
    one, two = PersonFactory.create(unit=unit), PersonFactory.create(unit=unit)
    ways = [f"{place}/cross/{one.pk}/{two.pk}/", f"{place}/cross/{two.pk}/{one.pk}/"]
    answers = together(*(partial(client.post, way) for client, way in zip(clients, ways, strict=True)))
    done, overtaken = sorted(answers, key=lambda answer: answer.status_code)
    assert (done.status_code, overtaken.status_code) == (200, 409)
    assert said in overtaken.content.decode()
    assert AuditEvent.objects.filter(verb="person.language_changed").count() == 2


def test_a_new_time_for_a_message_beside_an_act_on_its_post() -> None:
    """The one holds the message and wants its post, the other the post and wants its message: the first gives way."""
    thaw()
    unit = UnitFactory.create()
    author, approver = (person_with("communication_cell", unit) for _each in range(2))
    post = scheduled(author, approver, ConnectedAccountFactory.create(unit=unit, languages=["fr"]))
    late = Delivery.objects.get()
    due_at = late.due_at
    Delivery.objects.update(state="expired")
    held, given_up = threading.Event(), threading.Event()

    def off_the_calendar() -> Any:
        with acting():
            lock(post)
            held.set()
            while not (given_up.is_set() or somebody_waits()):
                time.sleep(0.01)
            return unschedule_post(post=post, by=approver)

    def new_time() -> Any:
        held.wait(20)
        try:
            return reconfirm_delivery(delivery=late, by=approver, due_at=due_at)
        except Exception as error:
            return error
        finally:
            given_up.set()

    other, mine = together(off_the_calendar, new_time)
    assert (was_overtaken(mine), mine.__cause__.pgcode) == (True, "55P03"), "it did not wait to be ended"
    assert other.state == "approved"
    assert Delivery.objects.get().state == "cancelled"
