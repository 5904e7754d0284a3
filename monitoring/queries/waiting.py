"""What of listening waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_registry.queries import stopped_sentence
from monitoring.queries.streams import stopped_readings, visible_streams
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.queries.waiting import Waiting


def waiting_for(person: Person) -> list[Waiting]:
    """Streams that fail, and those that money stopped."""
    return [*_failing_streams(person), *_stopped_readings(person)]


def _failing_streams(person: Person) -> Iterator[Waiting]:
    """For who assigns: new messages may be missing from the inbox."""
    failing = visible_streams(person).filter(
        within(person, Permission.MENTION_ASSIGN, field="account__unit"), failing_since__lt=Now()
    )
    count = failing.count()
    if count:
        yield Waiting(
            title=ngettext("%(count)s stream is not being read", "%(count)s streams are not being read", count)
            % {"count": count},
            detail=_("New messages may be missing from the inbox."),
            url=reverse("monitoring:stream_list"),
            act=_("See why"),
            weight=1,
        )


def _stopped_readings(person: Person) -> Iterator[Waiting]:
    """For who assigns: nothing new comes in where the money for reading is used up."""
    for so_far in stopped_readings(person, Permission.MENTION_ASSIGN):
        yield Waiting(
            title=_("No new messages of %(account)s come in") % {"account": so_far.account.label},
            detail=stopped_sentence(so_far),
            url=reverse("accounts_registry:account_detail", args=[so_far.account.pk]) + "#budget",
            act=_("See what it costs"),
            weight=1,
        )
