"""What is to be mailed, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from notices.enums import Urgency, Way
from notices.kinds import Kind, registered
from notices.models import Addressee, Letter, NoticeChoices
from notices.queries.people import who_may_know
from notices.schedule import end_of_quiet, mail_at
from organisation.clock import database_now
from organisation.models import Person

# What comes within so short a time goes into one letter, but for emergencies.
APART = timedelta(minutes=5)


def choices_of(people: Iterable[Person]) -> dict[int, NoticeChoices]:
    """What each of them chose, by their ids; as usual where they chose nothing."""
    found = {person.pk: NoticeChoices(person=person) for person in people}
    return found | {one.person_id: one for one in NoticeChoices.objects.filter(person__in=list(found))}


def when_to_mail(kind: Kind, person: Person, choices: NoticeChoices, now: datetime) -> datetime | None:
    """When a notice of this kind, told `now`, may be mailed to the person; None where it is not. Their unit is read."""
    if not settings.NOTICES_BY_MAIL:
        return None
    way = kind.way_for(person, choices.ways.get(kind.key, ""))
    return mail_at(now, way=way, urgency=kind.urgency, hours=choices, zone=person.unit.zone)


def to_mail() -> QuerySet[Addressee]:
    """What is due for a letter: it stands, and was neither looked at nor mailed."""
    due = Addressee.objects.filter(mail_at__lte=Now(), letter__isnull=True, seen_at__isnull=True)
    return due.filter(notice__settled_at__isnull=True)


def to_write_to() -> QuerySet[Person]:
    """Active people with something due, who got no letter a moment ago or have an emergency."""
    due = to_mail().filter(person=OuterRef("pk"))
    emergencies = [kind.key for kind in registered() if kind.urgency == Urgency.EMERGENCY]
    just_now = Letter.objects.filter(person=OuterRef("pk"), created_at__gt=Now() - APART)
    urgent = Exists(due.filter(notice__kind__in=emergencies))
    return Person.objects.filter(Exists(due), Q(~Exists(just_now)) | Q(urgent), is_active=True).order_by("pk")


def still_to_say(letter: Letter) -> list[Addressee]:
    """Of what went into the letter, what is still so as it leaves: it stands, was not looked at, and the person is
    active, among those who have to know it and may, and has not switched its mail off since."""
    theirs = letter.addressees.filter(seen_at__isnull=True, notice__settled_at__isnull=True, person__is_active=True)
    rows = theirs.select_related("notice__unit", "person__unit").order_by("notice__happened_at", "pk")
    choices = choices_of([letter.person])[letter.person_id]
    return [one for one in rows if _is_so(one) and _way(one, choices) != Way.OFF]


def quiet_until(said: Sequence[Addressee]) -> datetime | None:
    """When the quiet hours of whoever is told this end, where it is quiet by now: a letter may be late. None where it
    may leave: an emergency breaks them, and the hour of a digest was chosen."""
    choices = choices_of([said[0].person])[said[0].person_id]
    kinds = [one.notice.as_kind for one in said]
    if any(kind is not None and kind.urgency == Urgency.EMERGENCY for kind in kinds):
        return None
    if any(_way(one, choices) == Way.DIGEST for one in said):
        return None
    return end_of_quiet(database_now(), choices, said[0].person.unit.zone)


def _way(told: Addressee, choices: NoticeChoices) -> Way:
    kind = told.notice.as_kind
    return kind.way_for(told.person, choices.ways.get(kind.key, "")) if kind else Way.OFF


def _is_so(told: Addressee) -> bool:
    kind = told.notice.as_kind
    about = kind.about(told.notice.subject_id) if kind else None
    return about is not None and about.key == told.notice.key and told.person in who_may_know(about)
