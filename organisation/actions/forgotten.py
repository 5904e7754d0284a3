"""A link for a forgotten password. Who asks for one is answered at once, and the same whoever they are; a worker looks
whether anybody has the address, and writes to them.

Not an act: nobody knows who asked, and nothing changes until somebody uses the link (`person.password_reset`).
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.http import int_to_base36

from organisation import due, mails
from organisation.clock import database_now
from organisation.models import ForgottenPassword, Person
from organisation.reset_tokens import ResetTokens

LONGEST = 320  # longer than anybody's may be here; some signs become two where they are written small
AT_ONCE = 1_000
KEPT_FOR = timedelta(hours=1)  # where the mail server is away


def ask_for_password(*, email: str) -> None:
    """Has a worker send a link to whoever has this address, if anybody does."""
    asked = ForgottenPassword(email=email.lower()[:LONGEST], asked_at=Now(), next_at=Now())
    ForgottenPassword.objects.bulk_create(
        [asked], update_conflicts=True, unique_fields=["email"], update_fields=["asked_at", "next_at"]
    )


def send_passwords(*, seconds: float) -> int:
    """Answers what was asked for; how many. Many workers may run it.

    A restored system does too: somebody asked on its own page, and may have to come in to say that it is the right one.
    """
    return due.work(_let_strangers_go, lambda: ASKED.turn(_answer), seconds=seconds)


@transaction.atomic
def _let_strangers_go() -> bool:
    """Forgets, many at once, what was asked for addresses that nobody here has: however many strangers ask for, nobody
    of ours waits behind them. What is left is bounded by who is here. False where there was none."""
    known = Person.objects.filter(is_active=True, responsible__isnull=True).alias(small=Lower("email"))
    ours = [known.filter(**{name: OuterRef("email")}) for name in ("email", "small")]  # a superset of `_whose`
    waiting = _due().filter(due.UNCLAIMED, ~Exists(ours[0]), ~Exists(ours[1]))
    strangers = waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:AT_ONCE]
    return bool(ForgottenPassword.objects.filter(pk__in=list(strangers)).delete()[0])


def _due() -> QuerySet[ForgottenPassword]:
    return ForgottenPassword.objects.filter(next_at__lte=Now()).order_by("next_at", "pk")


ASKED = due.Queue(
    _due,
    lease=timedelta(minutes=2),  # longer than a mail server may take (EMAIL_TIMEOUT)
    backoff=due.Backoff(timedelta(minutes=1), timedelta(minutes=15)),
    next_at="next_at",
)


def _answer(asked: ForgottenPassword) -> None:
    is_late = asked.asked_at <= database_now() - KEPT_FOR
    person = None if is_late else _whose(asked.email)
    if person is not None and not mails.send("password", to=person, address=_link(person)):
        ASKED.put_off(asked, asked.failures, failures=asked.failures + 1)
        return
    with transaction.atomic():
        ASKED.hold(asked).delete()


def _whose(email: str) -> Person | None:
    """Who has this address. The database takes a dotless ı for an i where it writes both large, and would write to
    somebody for each spelling of theirs, each with a counter of its own."""
    alike = Person.objects.filter(email__iexact=email, is_active=True, responsible__isnull=True)
    return next((person for person in alike if person.email.lower() == email), None)


def _link(person: Person) -> str:
    told = {"uidb36": int_to_base36(person.pk), "key": ResetTokens().make_token(person)}
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('account_reset_password_from_key', kwargs=told)}"
