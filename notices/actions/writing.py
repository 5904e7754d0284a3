"""All that is due for a person goes into one letter, and the letter out once."""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from notices.actions.unsubscribing import token_for
from notices.due import LETTERS
from notices.enums import Urgency
from notices.models import Addressee, Letter
from notices.queries.letters import quiet_until, still_to_say, to_mail, to_write_to
from organisation import due, mails, outward

log = logging.getLogger(__name__)

MOST_FAILURES = 10  # over some seventeen hours
SHOWN = 30  # notices in a letter; the rest stand in the product
# After these the mail server certainly has not taken it; after anything else it may have.
CERTAIN = (SMTPResponseException, SMTPRecipientsRefused, ConnectionRefusedError, gaierror, ValueError)


def send_letters(*, seconds: float) -> int:
    """Writes what is due and sends it; how many turns found something."""
    return due.work(write_letter, send_letter, seconds=seconds)


def write_letter() -> bool:
    """One letter with all that is due for one person; False where nothing is."""
    with transaction.atomic():
        person = to_write_to().select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        if person is None:
            return False
        keys = list(to_mail().filter(person=person).values_list("pk", flat=True))
        if keys:  # none where another worker wrote to them between the question and the lock
            letter = Letter.objects.create(person=person)
            Addressee.objects.filter(pk__in=keys, letter__isnull=True).update(letter=letter)
    return True


def send_letter() -> bool:
    """Sends one that is due; False where none is, or where this system must not act outward."""
    if not outward.may_act():
        return False
    letter = LETTERS.claim()
    if letter is None:
        return False
    with due.returnable(lambda: LETTERS.hand_back(letter)) as claim:
        try:
            _send(letter, claim)
        except due.Lost:
            log.warning("letter %s: another worker has taken over", letter.pk)
        except Exception as failed:
            log.exception("letter %s failed unexpectedly", letter.pk)
            _failed(letter, failed)
    return True


def _send(letter: Letter, claim: due.Claim) -> None:
    said = still_to_say(letter)
    if not said:
        LETTERS.release(letter, dropped_at=Now())
        return
    if (until := quiet_until(said)) is not None:
        LETTERS.release(letter, next_at=until)
        return
    message = _message(letter, said)
    if not claim.begin():
        return
    with transaction.atomic():
        LETTERS.hold(letter)
        LETTERS.go_on(letter, begun_at=Now())
    try:
        message.send()
    except mails.FAILURES as failed:
        _failed(letter, failed)
    else:
        LETTERS.release(letter, sent_at=Now(), begun_at=None, failure="")


def _failed(letter: Letter, failed: Exception) -> None:
    code = f" {failed.smtp_code}" if isinstance(failed, SMTPResponseException) else ""
    failures = letter.failures + 1
    unexpected = "" if isinstance(failed, mails.FAILURES) else "unexpected: "
    facts: dict[str, Any] = {"failures": failures, "failure": f"{unexpected}{type(failed).__name__}{code}"}
    if isinstance(failed, CERTAIN):
        facts["begun_at"] = None
    log.warning("letter %s: %s", letter.pk, facts["failure"])
    if failures >= MOST_FAILURES:
        LETTERS.release(letter, given_up_at=Now(), **facts)
    else:
        LETTERS.put_off(letter, letter.failures, **facts)


def _message(letter: Letter, said: list[Addressee]) -> EmailMultiAlternatives:
    person, home = said[0].person, settings.PUBLIC_URL.rstrip("/")
    is_urgent = any(one.notice.as_kind.urgency == Urgency.EMERGENCY for one in said if one.notice.as_kind)
    alone = said[0].notice.get_absolute_url() if len(said) == 1 else reverse("notices:list")
    # The same each time: who gets it twice has a program that can tell.
    headers = {"Message-ID": f"<letter-{letter.pk}@{urlsplit(home).hostname or 'parvis'}>"}
    if token := token_for(person, [one.notice.as_kind for one in said if one.notice.as_kind]):
        off = f"{home}{reverse('notices:off', args=[token])}"
        headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    facts: dict[str, Any] = {
        "said": said[:SHOWN],
        "more": max(len(said) - SHOWN, 0),
        "first": said[0].notice,
        "number": len(said),
    }
    facts |= {"is_urgent": is_urgent, "is_again": letter.begun_at is not None}
    facts |= {"home": home, "choices": f"{home}{reverse('notices:choices')}"}
    with timezone.override(person.unit.zone):
        return mails.written("notices", to=person, address=f"{home}{alone}", headers=headers, **facts)
