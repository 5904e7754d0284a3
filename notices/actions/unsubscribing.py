"""One click in a letter switches off what it was about, without signing in, as mail programs offer it (RFC 8058)."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing

from notices.actions.choosing import choose
from notices.enums import Way
from notices.kinds import Kind, kind_of
from notices.models import NoticeChoices
from organisation.audit import action
from organisation.models import Person

SALT = "notices.unsubscribe"
LIVES = 90 * 24 * 3600  # seconds


def token_for(person: Person, kinds: Iterable[Kind]) -> str:
    """What a letter to `person` about `kinds` carries; empty where their role needs all of it."""
    keys = sorted({kind.key for kind in kinds if Way.OFF in kind.ways_for(person)})
    return signing.dumps([person.pk, keys], salt=SALT) if keys else ""


def read_token(token: str) -> tuple[Person, list[Kind]] | None:
    """Who is told what by the letter; None where it is none of ours, too old, or its reader is suspended. Nothing but
    switching these off can be done with it."""
    try:
        pk, keys = signing.loads(token, salt=SALT, max_age=LIVES)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=pk, is_active=True).select_related("unit").first()
    return (person, [kind for key in keys if (kind := kind_of(key))]) if person else None


@action
def switch_off(*, by: Person, kinds: Iterable[Kind]) -> list[Kind]:
    """Mail about `kinds`, but for what the person's role needs by now; those that are off."""
    # (Their hours as they stand behind the lock that `choose` takes: it writes them too.)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    off = [kind for kind in kinds if Way.OFF in kind.ways_for(by)]
    choices = NoticeChoices.objects.filter(person=by).first() or NoticeChoices(person=by)
    hours = {name: getattr(choices, name) for name in ("digest_at", "quiet_from", "quiet_until")}
    choose(by=by, ways={kind.key: Way.OFF.value for kind in off}, **hours)
    return off
