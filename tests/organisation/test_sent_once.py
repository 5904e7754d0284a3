"""A page that is sent twice does its work once; the same words from another page make a second thing on purpose."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import JustificationDossier
from conversations.models import Answer
from crisis.models import Crisis, LogEntry, Playbook
from delivery.models import Hold
from monitoring.models import Watch
from organisation.models import FormPage, Person
from organisation.views.once import _digest
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory, asked_now
from tests.factories.crisis import CrisisFactory, PlaybookFactory
from tests.organisation.test_form_pages import as_, keep, read, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def an() -> Person:
    return somebody()


@pytest.fixture
def makers(an: Person) -> dict[Any, tuple[str, dict[str, Any]]]:
    """What is made → the address of the form that makes it, and what is sent there."""
    account = ConnectedAccountFactory.create(unit=an.unit)
    talk = MentionFactory.create(conversation=ConversationFactory.create(account=account)).conversation
    playbook, crisis = PlaybookFactory.create(unit=an.unit), CrisisFactory.create(playbook__unit=an.unit)
    unit = an.unit_id
    lawful = {"purpose": "To answer", "legal_basis": "public_task", "law": "L", "dpia_reference": "D", "owner": an.pk}
    last = (timezone.localdate() + timedelta(days=30)).isoformat()
    declared = {"unit": unit, "title": "Fire", "reason": "It burns", "level": "local", "severity": "2"}
    asked = {"unit": unit, "platform": "mastodon", "account_kind": "profile", "proposed_handle": "x", "languages": "fr"}
    return {
        Post: ("/posts/new/", {"unit": unit, "title": "Twice", "language": "fr"}),
        JustificationDossier: (reverse("accounts_registry:dossier_new"), {**asked, "later": "1"}),
        Playbook: (reverse("crisis:playbook_new"), {"unit": unit, "title": "P", "summary": "S", "during": "Act"}),
        Crisis: (reverse("crisis:declare", args=[playbook.pk]), {**declared, "freeze_scope": "none"}),
        LogEntry: (reverse("crisis:note", args=[crisis.pk]), {"text": "The minister was told"}),
        Watch: (
            reverse("monitoring:watch_new"),
            {"account": account.pk, "name": "W", "query": "tax", "expires_on": last, **lawful},
        ),
        Answer: (
            reverse("conversations:answer", args=[talk.pk]),
            {"text": "Bonjour, avant le 30 juin.", "seen": "0", "audience": "public", "question": asked_now(talk)},
        ),
        Hold: (reverse("delivery:hold_new"), {"scope": "unit", "unit": unit, "reason": "A storm"}),
    }


@pytest.mark.longer
def test_each_form_that_makes_something_makes_it_once_and_leads_to_the_first(an: Person, makers: Any) -> None:
    for made, (address, sent) in makers.items():
        before, client = made.objects.count(), as_(an)
        first = client.post(address, {**sent, "page_mark": (mark := uuid4())})
        assert first.status_code == 302, (made, first.content.decode()[:3000])
        second = client.post(address, {**sent, "page_mark": mark})
        assert (second.status_code, second["location"]) == (302, first["location"]), made
        assert made.objects.count() == before + 1, made
        assert "It was saved once" in client.get(second["location"], follow=True).content.decode(), made


@pytest.mark.longer
def test_each_form_that_makes_something_carries_the_mark_of_its_page(an: Person, makers: Any) -> None:
    for made, (address, _sent) in makers.items():
        opened = address.replace("answer/", "").replace("note/", "")
        assert re.search(r'name="page_mark" value="[0-9a-f-]{36}"', read(an, opened)), made


@pytest.mark.longer
def test_the_same_words_from_a_new_page_lead_to_the_first_and_a_second_one_is_made_on_purpose(
    an: Person, makers: Any
) -> None:
    """Saved, back to the form, saved again."""
    for made, (address, sent) in makers.items():
        before, client = made.objects.count(), as_(an)
        first = client.post(address, {**sent, "page_mark": uuid4()})
        again = client.post(address, {**sent, "page_mark": (mark := uuid4())})
        page = again.content.decode()
        assert (again.status_code, made.objects.count()) == (409, before + 1), made
        assert "You saved this already" in page
        assert f'href="{first["location"]}"' in page, made
        assert client.post(address, {**sent, "page_mark": mark})["location"] == first["location"]
        assert made.objects.count() == before + 1, made
        if made in (Crisis, Answer):  # there is one of each at a time, whoever means it; the next test means one
            continue
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
        fields.pop("csrfmiddlewaretoken", None)
        assert {name: fields[name] for name in sent} == {name: str(text) for name, text in sent.items()}
        for _click in range(2):
            assert client.post(address, {**fields, "saved_again": "1"}).status_code == 302, made
        assert made.objects.count() == before + 2, made


@pytest.mark.longer
def test_who_answers_in_the_same_words_is_asked_though_the_page_knows_the_first_by_now(an: Person) -> None:
    account = ConnectedAccountFactory.create(unit=an.unit)
    talk = MentionFactory.create(conversation=ConversationFactory.create(account=account)).conversation
    client, address = as_(an), reverse("conversations:answer", args=[talk.pk])
    sent = {"text": "Merci, c'est noté.", "audience": "public", "question": asked_now(talk)}
    assert client.post(address, {**sent, "seen": "0", "page_mark": uuid4()}).status_code == 302
    seen = Answer.objects.get().pk
    assert client.post(address, {**sent, "seen": seen, "page_mark": uuid4()}).status_code == 409
    assert Answer.objects.count() == 1
    meant = {**sent, "seen": seen, "page_mark": uuid4(), "saved_again": "1"}
    assert (client.post(address, meant).status_code, Answer.objects.count()) == (302, 2)


def test_whichever_button_saved_a_dossier_it_is_the_same_one(an: Person, makers: Any) -> None:
    address, sent = makers[JustificationDossier]
    asked = {name: text for name, text in sent.items() if name != "later"}
    before = JustificationDossier.objects.count()
    assert as_(an).post(address, {**asked, "later": "1", "page_mark": uuid4()}).status_code == 302
    assert as_(an).post(address, {**asked, "page_mark": uuid4()}).status_code == 409
    assert JustificationDossier.objects.count() == before + 1


@pytest.mark.longer
def test_other_words_somebody_else_and_the_next_day_are_not_asked(an: Person) -> None:
    bram = somebody("Bram Claes", unit=an.unit)
    sent = {"unit": an.unit_id, "title": "Twice", "language": "fr"}

    def post(person: Person = an, **other: Any) -> int:
        return as_(person).post("/posts/new/", {**sent, **other, "page_mark": uuid4()}).status_code

    assert [post(), post(core_text="More"), post(bram), post(title="")] == [302, 302, 302, 422]
    assert post() == 409
    FormPage.objects.update(kept_at=timezone.now() - timedelta(minutes=9, seconds=50))
    assert post() == 409
    FormPage.objects.update(kept_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert (post(), Post.objects.count()) == (302, 4)


@pytest.mark.longer
def test_what_is_saved_already_is_not_offered_back(an: Person) -> None:
    sent = {"unit": an.unit_id, "title": "Twice", "language": "fr"}
    as_(an).post("/posts/new/", {**sent, "page_mark": uuid4()})
    _status, mark = keep(an, "post.new", title="Twice")  # a moment after the way back
    assert as_(an).post("/posts/new/", {**sent, "page_mark": mark}).status_code == 409
    assert "You typed something here" not in read(an, "/posts/new/")


def test_what_the_browser_filled_in_again_on_the_way_back_is_nothing_unsaved_once_it_is_sent(an: Person) -> None:
    """Of whatever page it was kept; other words stay, and so does what somebody else typed."""
    bram = somebody("Bram Claes", unit=an.unit)
    words = "One line\r\nand another"
    _status, same = keep(an, "post.new", title="Twice", core_text=words.replace("\r", ""))
    _status, other = keep(an, "post.new", title="Twice", core_text="Other words")
    _status, theirs = keep(bram, "post.new", title="Twice")
    sent = {"unit": an.unit_id, "title": "Twice", "language": "fr", "core_text": words}
    assert as_(an).post("/posts/new/", {**sent, "page_mark": uuid4()}).status_code == 302
    assert set(FormPage.objects.filter(is_sent=False).values_list("mark", flat=True)) == {other, theirs}
    _status, again = keep(an, "post.new", title="Twice", core_text=words)
    assert as_(an).post("/posts/new/", {**sent, "page_mark": uuid4()}).status_code == 409
    assert not FormPage.objects.filter(mark__in=[same, again]).exists()


def test_two_files_of_one_name_and_size_are_two() -> None:
    def digest(content: bytes) -> str:
        files = [SimpleUploadedFile("a.jpg", b"12"), SimpleUploadedFile("a.jpg", content)]
        return _digest(RequestFactory().post("/x/", {"new_image": files}))

    assert digest(b"34") == digest(b"34") != digest(b"56")
    assert digest(b"12") != _digest(RequestFactory().post("/x/", {"new_image": SimpleUploadedFile("a.jpg", b"12")}))


def test_what_is_refused_is_not_sent_and_may_be_sent_again(an: Person) -> None:
    client, mark = as_(an), uuid4()
    keep(an, "post.new", mark, title="Kept")
    refused = client.post("/posts/new/", {"unit": an.unit_id, "title": "", "language": "fr", "page_mark": mark})
    assert refused.status_code == 422
    assert str(mark) in refused.content.decode()
    assert FormPage.objects.get(mark=mark).texts == {"title": ["Kept"]}
    sent = {"unit": an.unit_id, "title": "Now", "language": "fr", "page_mark": mark}
    assert client.post("/posts/new/", sent).status_code == 302
    row = FormPage.objects.get(mark=mark)
    assert (row.is_sent, row.texts) == (True, {})


def test_other_words_on_a_page_that_made_something_are_handed_back(an: Person) -> None:
    client, sent = as_(an), {"unit": an.unit_id, "title": "One title", "language": "fr", "page_mark": uuid4()}
    client.post("/posts/new/", sent)
    again = client.post("/posts/new/", {**sent, "title": "Another title"})
    assert again.status_code == 422
    assert "Another title" in again.content.decode()
    assert Post.objects.get().title == "One title"


@pytest.mark.longer
def test_what_comes_after_the_page_was_saved_is_not_kept(an: Person) -> None:
    mark = uuid4()
    as_(an).post("/posts/new/", {"unit": an.unit_id, "title": "Saved", "language": "fr", "page_mark": mark})
    assert keep(an, "post.new", mark, title="On the way out")[0] == 410
    assert "You typed something here" not in read(an, "/posts/new/")


def test_the_mark_of_one_person_says_nothing_about_another(an: Person) -> None:
    bram, mark = somebody("Bram Claes", unit=an.unit), uuid4()
    for person in (an, bram):
        sent = {"unit": an.unit_id, "title": person.name, "language": "fr", "page_mark": mark}
        assert as_(person).post("/posts/new/", sent).status_code == 302
    assert Post.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one() -> None:
    an = somebody()
    sent = {"unit": an.unit_id, "title": "At once", "language": "fr", "page_mark": uuid4()}
    clients, gate, found = [as_(an) for _ in range(4)], threading.Barrier(4), list[str]()

    def run(client: Client) -> None:
        gate.wait()
        try:
            found.append(client.post("/posts/new/", sent)["location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert (Post.objects.count(), len(found), len(set(found))) == (1, 4, 1)


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_two_pages_with_the_same_words_at_the_same_moment_make_one() -> None:
    """Saved, back before the answer came, saved again."""
    an = somebody()
    clients, gate, found = [as_(an) for _ in range(4)], threading.Barrier(4), list[int]()

    def run(client: Client) -> None:
        gate.wait()
        try:
            sent = {"unit": an.unit_id, "title": "At once", "language": "fr", "page_mark": uuid4()}
            found.append(client.post("/posts/new/", sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert (Post.objects.count(), sorted(found)) == (1, [302, 409, 409, 409])
