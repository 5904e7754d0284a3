"""What a network tells in short is looked at next, and what that look told is not lost as it is told in short again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts_registry.models import Account
from monitoring.actions.checking import check_mentions
from monitoring.actions.receiving import receive
from monitoring.models import Mention
from networks.linkedin.reading import read_notification
from networks.types import Attachment, Poll
from tests.factories.monitoring import incoming
from tests.monitoring.network import FakeNetwork

WHOLE = incoming(
    1, attachments=(Attachment("picture", "https://media.example/1.jpg"),), poll=Poll(("Oui", "Non"), (1, 2), None)
)
IN_SHORT = replace(WHOLE, attachments=(), poll=None, in_short=True)


def test_linkedin_tells_comments_in_short() -> None:
    comment = {"entity": "urn:li:comment:(urn:li:activity:5,9)", "owner": "urn:li:person:7", "text": "Quand ?"}
    told = {
        "action": "COMMENT",
        "organizationalEntity": "urn:li:organization:1",
        "sourcePost": "urn:li:share:5",
        "lastModifiedAt": 1_790_000_000_000,
        "decoratedGeneratedActivity": {"comment": comment},
    }
    assert read_notification(told, "https://www.linkedin.com").in_short


@pytest.mark.django_db
def test_what_hangs_at_it_comes_with_the_next_look(account: Account) -> None:
    receive(account=account, items=[IN_SHORT, incoming(2)])
    check_mentions(account=account, connector=FakeNetwork(messages=[WHOLE, incoming(2)]))
    shown = [
        (one.item.remote_id, len(one.attachments), len(one.choices)) for one in Mention.objects.order_by("sent_at")
    ]
    assert shown == [(WHOLE.ref.id, 1, 2), (incoming(2).ref.id, 0, 0)]
    receive(account=account, items=[IN_SHORT])
    assert len(Mention.objects.order_by("sent_at")[0].attachments) == 1
