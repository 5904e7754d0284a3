"""What is typed is kept before it is saved, and a page that is sent twice does its work once.

Neither is an act: nothing of anybody's changes but what they have before them, so no audit event tells it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from organisation.models import FormPage, Person
from organisation.queries.form_pages import sent_before

KEPT_FOR = timedelta(days=14)
SENT_KNOWN_FOR = timedelta(days=2)
ANSWERS_KEPT_FOR = timedelta(hours=24)  # of the API
MOST_PAGES = 40  # of one person, that are not saved

_KEEP = """
    INSERT INTO organisation_formpage (person_id, mark, place, texts, kept_at, is_sent, digest, leads_to)
    VALUES (%s, %s, %s, %s::jsonb, clock_timestamp(), false, '', '')
    ON CONFLICT (person_id, mark) DO UPDATE
        SET place = excluded.place, texts = excluded.texts, kept_at = excluded.kept_at
        WHERE NOT organisation_formpage.is_sent
    RETURNING kept_at"""
_SEND = """
    INSERT INTO organisation_formpage (person_id, mark, place, texts, kept_at, is_sent, digest, leads_to)
    VALUES (%s, %s, '', '{}', clock_timestamp(), true, %s, '')
    ON CONFLICT (person_id, mark) DO UPDATE
        SET texts = '{}', kept_at = excluded.kept_at, is_sent = true, digest = excluded.digest
        WHERE NOT organisation_formpage.is_sent
    RETURNING id"""


def keep_unsaved(*, person: Person, mark: UUID, place: str, texts: str) -> datetime | None:
    """Keeps `texts` (JSON, field → list of what was typed) of the page with `mark`; when it did so.

    None where the page was saved already: what is written on the way out of a page may come after the page itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [person.pk, mark, place, texts])
        kept = cursor.fetchone()
    if kept is None:
        return None
    unsaved = FormPage.objects.filter(person=person, is_sent=False).order_by("-kept_at", "-pk")
    FormPage.objects.filter(pk__in=list(unsaved.values_list("pk", flat=True)[MOST_PAGES:])).delete()
    kept_at: datetime = kept[0]
    return kept_at


def discard_unsaved(*, person: Person, mark: UUID) -> None:
    """Forgets what was typed on the page with `mark`."""
    FormPage.objects.filter(person=person, mark=mark, is_sent=False).delete()


def forget_unsaved(places: Collection[str]) -> None:
    """Forgets what anybody typed at these places: what it was about is gone, and it may name who is to be forgotten."""
    FormPage.objects.filter(place__in=places, is_sent=False).delete()


def send_page(*, person: Person, mark: UUID, digest: str) -> FormPage | None:
    """Says, inside a transaction, that the page with `mark` is being sent; None for whoever is the first to say so.

    Whoever says it meanwhile waits for the first one's transaction, and gets what came of it. `digest`: of its words.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEND, [person.pk, mark, digest])
        is_first = cursor.fetchone() is not None
    return None if is_first else sent_before(person, mark)


def wait_for_alike(*, person: Person, digest: str) -> None:
    """Until nobody else is sending what `digest` stands for: a second page with the same words knows what came of the
    first, also where that is not saved yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(int(digest, 16) ^ person.pk) % 2**63])


def page_led_to(*, person: Person, mark: UUID, leads_to: str) -> None:
    """What came of the page that was just sent."""
    FormPage.objects.filter(person=person, mark=mark).update(leads_to=leads_to[:500])


def forget_saved_words(*, person: Person, sent: Mapping[str, Sequence[str]]) -> None:
    """Forgets what is kept of other pages and says nothing that was not `sent` just now (field → texts): whoever goes
    back to a form, where the browser fills in what they typed, and leaves it again has nothing unsaved there."""
    said = {name: _lines(texts) for name, texts in sent.items()}
    kept = FormPage.objects.filter(person=person, is_sent=False).values_list("pk", "texts")
    same = [pk for pk, texts in kept if all(said.get(name) == _lines(told) for name, told in texts.items())]
    FormPage.objects.filter(pk__in=same, is_sent=False).delete()


def _lines(texts: Sequence[str]) -> list[str]:
    return [text.replace("\r\n", "\n") for text in texts]


def begin_call(*, person: Person, mark: UUID) -> bool:
    """Whether nobody else is at the call with `mark`: for the rest of the transaction it is ours alone. One that was
    answered too long ago counts as a new one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [(mark.int ^ person.pk) % 2**63])
        is_ours: bool = cursor.fetchone()[0]
    if is_ours:
        FormPage.objects.filter(_OVER, person=person, mark=mark).delete()
    return is_ours


def call_answered(*, person: Person, mark: UUID, answer: str, asked: Sequence[Sequence[str]]) -> None:
    """What a call of the API was answered, sealed, and which permissions it took."""
    FormPage.objects.filter(person=person, mark=mark).update(answer=answer, asked=list(asked))


_OVER = Q(is_sent=True, kept_at__lte=Now() - ANSWERS_KEPT_FOR) & ~Q(answer="")


def forget_form_pages() -> int:
    """Forgets what nobody saved in time, and pages and calls that were sent long ago; how many."""
    over = (
        _OVER | Q(is_sent=False, kept_at__lte=Now() - KEPT_FOR) | Q(is_sent=True, kept_at__lte=Now() - SENT_KNOWN_FOR)
    )
    return FormPage.objects.filter(over).delete()[0]
