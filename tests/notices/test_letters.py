"""What is due for a person goes into one letter, which leaves once, and only as far as it is still so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from smtplib import SMTPResponseException
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from notices.actions import choose, see_all, send_letters
from notices.actions.writing import write_letter
from notices.enums import Urgency
from notices.models import Addressee, Letter, Notice, NoticeChoices
from organisation import outward
from organisation.models import Grant, Person
from tests.factories.notices import Trial
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]


@pytest.fixture
def awake(house: House) -> NoticeChoices:
    """The approver has no quiet hours."""
    return NoticeChoices.objects.create(person=house.approver, quiet_from=None, quiet_until=None)


@pytest.fixture
def due(house: House, trial: Begin, awake: NoticeChoices) -> Trial:
    """One thing that stands and was told to the approver, to be mailed at once."""
    made = trial()
    made.standing[1] = "a"
    look()
    return made


def later() -> None:
    """As if all that was put off were due."""
    Letter.objects.update(next_at=timezone.now(), created_at=timezone.now() - timedelta(minutes=6))


@pytest.mark.longer
def test_a_letter_says_it_plain_and_with_a_look_and_leads_there(
    house: House, due: Trial, mailoutbox: list[Any], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://parvis.example"
    send_letters(seconds=5)
    (mail,) = mailoutbox
    ((page, kind),) = mail.alternatives
    assert (mail.to, mail.subject, kind) == ([house.approver.email], "Trial a", "text/html")
    link = f"https://parvis.example/notices/{Notice.objects.get().pk}/"
    for part in (mail.body, page):
        assert ("Trial a" in part, link in part) == (True, True)
        assert set(re.findall(r"https?://[^/\s\"<]+", part)) == {"https://parvis.example"}
    assert (Letter.objects.get().sent_at is not None, Letter.objects.get().begun_at) == (True, None)
    send_letters(seconds=5)
    look()
    send_letters(seconds=5)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [("fr", "2 avis de Parvis", "Vous choisissez"), ("nl", "2 meldingen van Parvis", "U kiest")],
)
def test_a_letter_speaks_the_readers_language(
    house: House, due: Trial, mailoutbox: list[Any], language: str, subject: str, said: str
) -> None:
    Person.objects.filter(pk=house.approver.pk).update(language=language)
    due.standing[2] = "b"
    look()
    send_letters(seconds=5)
    assert mailoutbox[0].subject == subject
    assert said in mailoutbox[0].body
    assert f'<html lang="{language}">' in mailoutbox[0].alternatives[0][0]


@pytest.mark.longer
def test_what_comes_within_five_minutes_goes_into_one_letter(due: Trial, mailoutbox: list[Any]) -> None:
    send_letters(seconds=5)
    for number in range(2, 40):
        due.standing[number] = f"key{number}"
        look()
        send_letters(seconds=5)
    assert len(mailoutbox) == 1
    later()
    send_letters(seconds=5)
    assert len(mailoutbox) == 2
    assert mailoutbox[1].body.count("- Trial key") == 30
    assert "And 8 more, in Parvis." in mailoutbox[1].body


def test_an_emergency_waits_for_nothing(house: House, trial: Begin, mailoutbox: list[Any]) -> None:
    NoticeChoices.objects.create(person=house.approver, quiet_from=time(0), quiet_until=time(23, 59, 59))
    quiet, loud = trial(), trial(key="loud", urgency=Urgency.EMERGENCY)
    Letter.objects.create(person=house.approver, sent_at=timezone.now())
    quiet.standing[1] = "quiet"
    loud.standing[1] = "loud"
    look()
    send_letters(seconds=5)
    assert [mail.subject for mail in mailoutbox] == ["Emergency: Trial loud"]


@pytest.mark.longer
def test_the_digest_comes_once_a_day(house: House, trial: Begin, mailoutbox: list[Any]) -> None:
    made = trial(urgency=Urgency.TO_KNOW)
    made.standing.update({1: "a", 2: "b"})
    look()
    send_letters(seconds=5)
    assert mailoutbox == []
    assert Addressee.objects.values("mail_at").distinct().count() == 1, "both wait for the same hour"
    Addressee.objects.update(mail_at=timezone.now())
    send_letters(seconds=5)
    made.standing[3] = "c"
    look()
    later()
    send_letters(seconds=5)
    assert [mail.subject for mail in mailoutbox] == ["2 notices from Parvis"]


@pytest.mark.longer
def test_what_is_settled_seen_or_out_of_sight_is_not_mailed(house: House, due: Trial, mailoutbox: list[Any]) -> None:
    """Told, and even written into a letter, before that."""

    def settled() -> None:
        due.standing.clear()

    def seen() -> None:
        see_all(by=house.approver)

    def moved() -> None:
        Grant.objects.filter(person=house.approver).update(revoked_at=timezone.now())

    def suspended() -> None:
        Person.objects.filter(pk=house.approver.pk).update(is_active=False)

    def not_theirs() -> None:
        due.people = [house.author]

    for number, change in enumerate((settled, seen, moved, suspended, not_theirs)):
        due.standing, due.people = {number: f"key{number}"}, [house.approver]
        Person.objects.update(is_active=True)
        Grant.objects.update(revoked_at=None)
        house.approver.forget_grants()
        look()
        Addressee.objects.update(letter=None, mail_at=timezone.now())
        Letter.objects.all().delete()
        assert Addressee.objects.filter(notice__settled_at=None, seen_at=None).count() == 1
        assert write_letter()
        change()
        send_letters(seconds=5)
        assert mailoutbox == [], change.__name__
        assert Letter.objects.get().dropped_at is not None, change.__name__


def test_a_copy_of_the_system_mails_nobody(due: Trial, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "may_act", lambda: False)
    send_letters(seconds=5)
    assert mailoutbox == []


@pytest.mark.longer
def test_a_failed_mail_is_tried_again_later_and_given_up_in_the_end(
    due: Trial, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> None:
        raise SMTPResponseException(451, b"for person9@example.test: busy")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", refuse)
        send_letters(seconds=5)
        letter = Letter.objects.get()
        assert (letter.failures, letter.failure, letter.begun_at) == (1, "SMTPResponseException 451", None)
        assert letter.next_at > timezone.now() + timedelta(seconds=55)
        for _time in range(12):
            later()
            send_letters(seconds=5)
    letter.refresh_from_db()
    assert (letter.failures, letter.given_up_at is not None) == (10, True)
    assert mailoutbox == []


def test_a_letter_that_cannot_be_written_to_its_address_is_given_up(house: House, due: Trial) -> None:
    """Its host is too long in punycode, which is known when the letter leaves."""
    Person.objects.filter(pk=house.approver.pk).update(email=f"an@{'ü' * 60}.example")
    send_letters(seconds=5)
    letter = Letter.objects.get()
    assert (letter.failures, letter.failure, letter.begun_at) == (1, "UnicodeError", None)


@pytest.mark.longer
def test_a_letter_that_cannot_be_written_is_given_up_in_the_end_and_shown(
    house: House, due: Trial, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object) -> None:
        raise LookupError

    monkeypatch.setattr(EmailMultiAlternatives, "send", broken)
    for _time in range(10):
        send_letters(seconds=5)
        later()
    letter = Letter.objects.get()
    assert (letter.failures, letter.failure, letter.given_up_at is not None) == (10, "unexpected: LookupError", True)
    assert letter.failure_told == "Parvis itself failed; its log says why. (unexpected: LookupError)"


@pytest.mark.longer
def test_a_late_letter_waits_for_the_end_of_quiet_hours(
    due: Trial, awake: NoticeChoices, mailoutbox: list[Any]
) -> None:
    """It was written before they began."""
    assert write_letter()
    NoticeChoices.objects.update(quiet_from=time(0), quiet_until=time(23, 59, 59))
    send_letters(seconds=5)
    assert mailoutbox == []
    letter = Letter.objects.get()
    assert (letter.dropped_at, letter.failures, letter.next_at > timezone.now()) == (None, 0, True)
    NoticeChoices.objects.update(quiet_from=None, quiet_until=None)
    later()
    send_letters(seconds=5)
    assert len(mailoutbox) == 1


def test_what_is_switched_off_does_not_leave_with_a_late_letter(
    due: Trial, awake: NoticeChoices, mailoutbox: list[Any]
) -> None:
    assert write_letter()
    NoticeChoices.objects.update(ways={"trial": "off"})
    send_letters(seconds=5)
    assert (mailoutbox, Letter.objects.get().dropped_at is not None) == ([], True)


@pytest.mark.longer
def test_a_failed_mail_leaves_when_the_server_is_back(
    due: Trial, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", away)
        send_letters(seconds=5)
    later()
    send_letters(seconds=5)
    assert len(mailoutbox) == 1
    assert "You may have had this letter before" not in mailoutbox[0].body


@pytest.mark.longer
def test_a_worker_that_dies_in_the_middle_has_it_sent_again_and_said_so(due: Trial, mailoutbox: list[Any]) -> None:
    """Between the server's yes and our note of it: told twice is better than never, and not in silence."""

    class Dies(BaseException):
        pass

    def send(self: EmailMultiAlternatives) -> None:
        mailoutbox.append(self)
        raise Dies

    with pytest.MonkeyPatch.context() as dying:
        dying.setattr(EmailMultiAlternatives, "send", send)
        with pytest.raises(Dies):
            send_letters(seconds=5)
    send_letters(seconds=5)
    assert len(mailoutbox) == 1, "the claim of the dead one still stands"
    Letter.objects.update(lease_until=timezone.now())
    send_letters(seconds=5)
    first, second = mailoutbox
    assert "You may have had this letter before" in second.body
    assert second.extra_headers["Message-ID"] == first.extra_headers["Message-ID"]


def test_no_mail_server_no_letters(house: House, trial: Begin, settings: Any) -> None:
    settings.NOTICES_BY_MAIL = False
    trial().standing[1] = "a"
    look()
    assert Addressee.objects.get().mail_at is None


@pytest.mark.longer
def test_what_waits_follows_a_new_choice(house: House, due: Trial, mailoutbox: list[Any]) -> None:
    hours: dict[str, Any] = {"digest_at": time(8), "quiet_from": None, "quiet_until": None}
    choose(by=house.approver, ways={"trial": "off"}, **hours)
    send_letters(seconds=5)
    assert mailoutbox == []
    choose(by=house.approver, ways={"trial": "at_once"}, **hours)
    send_letters(seconds=5)
    assert len(mailoutbox) == 1
