"""Two workers at once: one notice, one letter, one mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from notices.actions import look_around, send_letters
from notices.models import Addressee, Letter, Notice, NoticeChoices
from tests.delivery.test_racing import together
from tests.factories.notices import Trial
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_tell_and_mail_once(house: House, trial: Callable[..., Trial], mailoutbox: list[Any]) -> None:
    for person in (house.approver, house.author):
        NoticeChoices.objects.create(person=person, quiet_from=None, quiet_until=None)
    trial(people=[house.approver, house.author]).standing.update({number: f"key{number}" for number in range(10)})
    together(*[lambda: look_around(seconds=10)] * 3)
    assert (Notice.objects.count(), Addressee.objects.count()) == (10, 20)
    together(*[lambda: send_letters(seconds=10)] * 3)
    assert Letter.objects.filter(sent_at__isnull=False).count() == Letter.objects.count() == 2
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([house.approver.email, house.author.email])
