"""A call of the API with an `Idempotency-Key` does its work once, and gets the first answer again."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test import Client

from governance.api import _router
from organisation.actions import begin_call, forget_form_pages
from organisation.actions.form_pages import ANSWERS_KEPT_FOR
from organisation.answers import Unreadable, reveal, seal
from organisation.keyed import Keyed
from organisation.models import AuditEvent, FormPage, Grant, Person, Unit
from publishing import actions
from publishing.models import Post, Upload
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import picture

pytestmark = pytest.mark.django_db
POSTS = "/api/v1/posts/"
DRAFT = {"title": "Tax return", "language": "fr", "core_text": "Votre déclaration est prête."}


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(slug="finance")


@pytest.fixture
def an(unit: Unit) -> Person:
    return person_with("communication_cell", unit, name="An")


def call(person: Person, path: str = POSTS, key: str = "k-1", **facts: Any) -> Any:
    client = Client()
    client.force_login(person)
    body = facts.pop("body", {"unit": person.unit.slug, **DRAFT, **facts})
    return client.post(path, body, content_type="application/json", headers={"Idempotency-Key": key})


@pytest.mark.longer
def test_the_same_call_gets_the_first_answer_and_nothing_is_done_again(an: Person) -> None:
    first = call(an)
    events = AuditEvent.objects.count()
    second = call(an)
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert (Post.objects.count(), AuditEvent.objects.count()) == (1, events)
    assert call(an, key='"k-1"').json() == first.json()  # as the draft writes it


@pytest.mark.longer
def test_another_body_is_another_call_and_so_are_another_key_person_and_address(an: Person) -> None:
    first = call(an).json()["id"]
    refused = call(an, title="Another")
    assert (refused.status_code, refused.json()["code"]) == (422, "key_used")
    assert call(an, key="k-2").json()["id"] != first
    assert call(person_with("communication_cell", an.unit)).json()["id"] != first
    assert (
        call(an, f"{POSTS}{first}/submit/", body={}).status_code == 400
    )  # nothing to send yet: the same key, another place
    assert Post.objects.count() == 3


def test_what_is_refused_leaves_the_key_unused(an: Person) -> None:
    assert call(an, title="").status_code == 400
    assert (FormPage.objects.count(), call(an).status_code) == (0, 201)


def test_what_breaks_leaves_the_key_unused(an: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(**facts: Any) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr("publishing.actions.create_post", breaks)
        with pytest.raises(RuntimeError):
            call(an)
    assert (Post.objects.count(), call(an).status_code) == (0, 201)


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(an: Person, key: str) -> None:
    refused = call(an, key=key.encode().decode("latin-1"))
    assert (refused.status_code, refused.json()["code"], Post.objects.count()) == (400, "key_invalid", 0)


@pytest.mark.longer
def test_who_may_no_longer_is_told_so_and_not_what_was_answered(an: Person) -> None:
    """Another right still shows the post: then it is 403; with none it is out of sight."""
    made = call(an).json()["id"]
    again = f"{POSTS}{made}/withdraw/"
    assert call(an, again, body={"reason": "Over"}).status_code == 200
    reader = Grant.objects.get(person=an)
    Grant.objects.filter(pk=reader.pk).update(role="auditor")
    assert [call(an).status_code, call(an, again, body={"reason": "Over"}).status_code] == [403, 403]
    Grant.objects.filter(pk=reader.pk).update(revoked_at=Now())
    assert [call(an).status_code, call(an, again, body={"reason": "Over"}).status_code] == [403, 404]


@pytest.mark.longer
def test_what_is_gone_is_not_answered_for(an: Person) -> None:
    made = call(an).json()["id"]
    again = f"{POSTS}{made}/withdraw/"
    assert call(an, again, body={"reason": "Over"}).status_code == 200
    Post.objects.filter(pk=made).delete()
    assert call(an, again, body={"reason": "Over"}).status_code == 404


@pytest.mark.longer
def test_a_file_counts_by_its_bytes_and_is_looked_at_once(an: Person, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    post, client = call(an).json()["id"], Client()
    client.force_login(an)

    def send(bytes_: bytes) -> Any:
        body = {"version": 1, "image": SimpleUploadedFile("a.png", bytes_), "alt": "Un guichet"}
        return client.post(f"{POSTS}{post}/images/", body, headers={"Idempotency-Key": "k"})

    first, second, other = send(picture()), send(picture()), send(picture(size=(50, 50)))
    assert [first.status_code, second.status_code, other.status_code] == [202, 202, 422]
    assert (second.json(), second["Location"]) == (first.json(), first["Location"])
    assert Upload.objects.count() == 1


@pytest.mark.longer
def test_an_answer_is_kept_for_a_day(an: Person) -> None:
    call(an)
    kept = FormPage.objects.all()
    kept.update(kept_at=Now() - ANSWERS_KEPT_FOR * 0.9)
    assert (forget_form_pages(), call(an).status_code, Post.objects.count()) == (0, 201, 1)
    kept.update(kept_at=Now() - ANSWERS_KEPT_FOR)
    assert (call(an).status_code, Post.objects.count()) == (201, 2)  # whether or not it was purged in time
    kept.update(kept_at=Now() - ANSWERS_KEPT_FOR)
    assert (forget_form_pages(), kept.count()) == (1, 0)


def test_what_is_kept_opens_for_the_words_of_the_call_alone(an: Person) -> None:
    call(an)
    [row] = FormPage.objects.values()
    assert "Tax return" not in str(row)
    assert "k-1" not in str(row)
    sealed = seal("Bonjour", "k-1")
    assert reveal(sealed, "k-1") == "Bonjour"
    for wrong in (sealed, sealed.replace(".", "x."), "nothing"):
        with pytest.raises(Unreadable):
            reveal(wrong, "k-2")


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_told_so(an: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, answers = threading.Event(), threading.Event(), []
    real = actions.create_post

    def slowly(**facts: Any) -> Post:
        begun.set()
        may_end.wait(30)
        return real(**facts)

    def first() -> None:
        answers.append(call(an).status_code)
        connection.close()

    monkeypatch.setattr("publishing.actions.create_post", slowly)
    at_work = threading.Thread(target=first)
    at_work.start()
    begun.wait(30)
    meanwhile = call(an)
    may_end.set()
    at_work.join(30)
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "key_in_use")
    assert (answers, call(an).status_code, Post.objects.count()) == ([201], 201, 1)


def test_two_people_with_one_key_do_not_wait_for_each_other(an: Person, unit: Unit) -> None:
    mark, other = uuid4(), person_with("communication_cell", unit)
    with transaction.atomic():
        assert begin_call(person=an, mark=mark)
        assert begin_call(person=other, mark=mark)


@pytest.mark.longer
def test_every_post_of_the_api_takes_a_key_and_says_so(an: Person) -> None:
    without = []
    for _prefix, views, _name in _router().registry:
        makes = hasattr(views, "create") or any("post" in one.mapping for one in views.get_extra_actions())
        if makes and not issubclass(views, Keyed):
            without.append(views.__name__)
    assert without == []
    client = Client()
    client.force_login(an)
    told = client.get("/api/v1/schema/?format=json").json()["paths"]
    acts = [act for path in told.values() for verb, act in path.items() if verb == "post"]
    assert len(acts) > 10
    assert all("Idempotency-Key" in [one["name"] for one in act["parameters"]] for act in acts)
