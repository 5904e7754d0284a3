"""One click in a letter switches its mail off, and nothing else, and not what the role needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notices.actions import send_letters
from notices.actions.unsubscribing import switch_off, token_for
from notices.models import NoticeChoices
from organisation.enums import Permission
from organisation.models import AuditEvent, Person
from tests.factories.notices import Trial
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]
APPROVERS = frozenset({Permission.POST_APPROVE})


def mailed(house: House, mailoutbox: list[Any]) -> Any:
    NoticeChoices.objects.create(person=house.approver, quiet_from=None, quiet_until=None)
    look()
    send_letters(seconds=5)
    return mailoutbox[0]


def link_of(mail: Any) -> str:
    return urlsplit(mail.extra_headers["List-Unsubscribe"].strip("<>")).path


def test_a_mail_program_switches_it_off_without_a_session(house: House, trial: Begin, mailoutbox: list[Any]) -> None:
    trial().standing[1] = "a"
    trial(key="needed", needed_by=APPROVERS).standing[1] = "b"
    mail = mailed(house, mailoutbox)
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = Client(enforce_csrf_checks=True)
    assert client.get(link_of(mail)).status_code == 200
    assert NoticeChoices.objects.get().ways == {}, "to look changes nothing"
    answer = client.post(link_of(mail), "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
    assert answer.status_code == 200
    choices = NoticeChoices.objects.get()
    assert (choices.ways, choices.quiet_from) == ({"trial": "off"}, None)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_name) == ("notices.chosen", "Bram")
    assert "sessionid" not in client.cookies


def test_what_the_role_needs_has_no_such_link(house: House, trial: Begin, mailoutbox: list[Any]) -> None:
    trial(needed_by=APPROVERS).standing[1] = "a"
    assert "List-Unsubscribe" not in mailed(house, mailoutbox).extra_headers


def test_what_the_role_needs_by_now_stays_on(house: House, trial: Begin) -> None:
    """The link was written for somebody who could switch it off, and holds more by now."""
    kind = trial(needed_by=APPROVERS).kind()
    token = token_for(house.newcomer, [kind])
    house.newcomer.grants.update(role="communication_cell")
    Client().post(f"/me/notices/off/{token}/")
    assert NoticeChoices.objects.filter(person=house.newcomer, ways={"trial": "off"}).count() == 0


def test_a_link_that_is_not_ours_does_nothing(house: House, trial: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = trial().kind()
    token = token_for(house.approver, [kind])
    assert Client().post(f"/me/notices/off/{token[:-1]}x/").status_code == 404
    monkeypatch.setattr("notices.actions.unsubscribing.LIVES", -1)
    assert Client().post(f"/me/notices/off/{token}/").status_code == 404
    monkeypatch.undo()
    Person.objects.filter(pk=house.approver.pk).update(is_active=False)
    assert Client().post(f"/me/notices/off/{token}/").status_code == 404
    assert not NoticeChoices.objects.exists()


def test_hours_that_were_just_chosen_elsewhere_stay(house: House, trial: Begin) -> None:
    """The click writes the hours along: it reads them behind the lock under which they are chosen."""
    kind = trial().kind()
    with CaptureQueriesContext(connection) as asked:
        switch_off(by=house.approver, kinds=[kind])
    told = [one["sql"] for one in asked.captured_queries]
    locked = next(at for at, sql in enumerate(told) if "FOR NO KEY UPDATE" in sql)
    read = next(at for at, sql in enumerate(told) if 'FROM "notices_noticechoices"' in sql)
    assert locked < read
