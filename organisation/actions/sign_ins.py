"""What the audit trail says of sign-ins. Of those that failed: never what was typed, and never more than a stranger may
cost; each person's, or each unknown address's, of one minute are one event.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.audit import action
from organisation.models import FailedSignIn, Person

SIGNED_IN = audit.tell("person.signed_in", _("%(actor)s signed in"))
SIGNED_OUT = audit.tell("person.signed_out", _("%(actor)s signed out"))
PASSWORD_CHANGED = audit.tell("person.password_changed", _("%(actor)s changed their password"))
PASSWORD_RESET = audit.tell("person.password_reset", _("%(actor)s chose a new password with a link from their mail"))
FACTOR_ADDED = audit.tell("person.factor_added", _("%(actor)s added a second factor"))
FACTOR_REMOVED = audit.tell("person.factor_removed", _("%(actor)s removed their second factor"))
KEY_RENAMED = audit.tell("person.key_renamed", _("%(actor)s gave one of their security keys another name"))
CODES_RENEWED = audit.tell("person.codes_renewed", _("%(actor)s made new codes for a lost phone"))
CODE_USED = audit.tell("person.code_used", _("%(actor)s used up one of their codes for a lost phone"))
FAILED = audit.tell("person.sign_in_failed", _("%(actor)s noted failed attempts to sign in"))

UNKNOWN_A_MINUTE = 50  # addresses that nobody has; more are counted together
_COUNT = """
INSERT INTO organisation_failedsignin (minute, who, step, person_id, count)
VALUES (date_trunc('minute', now()), %s, %s, %s, 1)
ON CONFLICT (minute, who, step) DO UPDATE SET count = organisation_failedsignin.count + 1
"""


@action
def note_sign_in_act(*, verb: str, person: Person, **details: str) -> None:
    """One of the acts above, by the person on themselves."""
    audit.record(verb=verb, thing=person, by=person, **details)


def count_failed_sign_in(*, address: str, step: str) -> None:
    """`step` is "password" or "code". No event yet: a stranger chooses how often this is called."""
    person = Person.objects.filter(email__iexact=address).first()
    who = str(person.pk) if person else keyed(address)
    if person is None:
        unknown = FailedSignIn.objects.filter(minute__gte=_this_minute(), person_id=None)
        if not unknown.filter(who=who).exists() and unknown.count() >= UNKNOWN_A_MINUTE:
            who = ""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [who, step, person.pk if person else None])


def _this_minute() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('minute', now())")
        found: datetime = cursor.fetchone()[0]
    return found


def keyed(address: str) -> str:
    """Tells the same address again, and to nobody which it is: people type passwords where the address belongs."""
    return salted_hmac("organisation.sign_ins", address.strip().lower(), algorithm="sha256").hexdigest()[:32]


@action
def tell_failed_sign_ins() -> int:
    """Writes the event of each minute that is over; how many."""
    over = FailedSignIn.objects.select_for_update(skip_locked=True).filter(minute__lt=_this_minute())
    rows = list(over.order_by("minute", "pk")[:500])
    people = Person.objects.select_related("unit").in_bulk([row.person_id for row in rows if row.person_id])
    for row in rows:
        facts = {"count": row.count, "step": row.step, "minute": row.minute.isoformat()}
        if row.person_id is None:
            facts["address"] = row.who or "several"
        audit.record(verb=FAILED, thing=people.get(row.person_id or 0, Person()), by=None, **facts)
    FailedSignIn.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
