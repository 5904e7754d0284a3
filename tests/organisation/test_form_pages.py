"""What is typed is kept before it is saved, and comes back; a page that is sent twice does its work once."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation import limits
from organisation.actions import form_pages
from organisation.cache import shared
from organisation.long_forms import LONG_FORMS
from organisation.models import AuditEvent, FormPage, Person
from publishing.models import Post
from publishing.queries import valid_approval
from tests.factories.accounts_registry import (
    ConnectedAccountFactory,
    ConsultationFactory,
    DossierFactory,
    SightingFactory,
)
from tests.factories.committee import CommitteeSessionFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.crisis import PlaybookFactory
from tests.factories.monitoring import WatchFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import approved, draft
from tests.factories.sessions import session_of
from tests.factories.training import PolicyFactory, TrainingFactory

pytestmark = pytest.mark.django_db

MARK = "0f7d3b1c-5a0e-4a57-9a53-3f6f1d3c9f11"  # the same in each process that collects
UNSAVED = "/me/unsaved/"


@pytest.fixture
def an() -> Person:
    return somebody()


def somebody(name: str = "An Peeters", **facts: Any) -> Person:
    """Who may do all that a long form asks for."""
    person = person_with("communication_cell", facts.pop("unit", None) or UnitFactory.create(), name=name, **facts)
    others = (
        "conversation_manager",
        "crisis_cell",
        "spokesperson",
        "administrator",
        "account_manager",
        "ict_security",
        "committee_chair",
        "community_manager",
    )
    for role in others:
        GrantFactory.create(person=person, role=role)
    return person


def as_(person: Person) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(person)
    return client


def keep(person: Person, place: str, mark: UUID | None = None, /, **texts: Any) -> tuple[int, UUID]:
    mark = mark or uuid4()
    pairs = [[name, one] for name, text in texts.items() for one in (text if isinstance(text, list) else [text])]
    told = {"place": place, "mark": str(mark), "person": str(person.pk), "texts": pairs}
    return as_(person).put(UNSAVED, json.dumps(told), content_type="application/json").status_code, mark


def read(person: Person, address: str) -> str:
    answer = as_(person).get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


# ---- Kept -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def places(an: Person) -> dict[str, tuple[str, str]]:
    """Every form that is declared → its address about a thing that is there, and the field that is typed into."""
    account = ConnectedAccountFactory.create(unit=an.unit)
    dossier = DossierFactory.create(unit=an.unit)
    before = DossierFactory.create(unit=an.unit, state="in_review", round=1)
    talk = MentionFactory.create(conversation=ConversationFactory.create(account=account)).conversation
    playbook, watch = PlaybookFactory.create(unit=an.unit), WatchFactory.create(account=account)
    post, sighting = draft(an, account), SightingFactory.create(unit=an.unit)
    heard = ConsultationFactory.create(dossier=before, unit=an.unit)
    held = CommitteeSessionFactory.create(unit=an.unit, state="closed")
    policy, training = PolicyFactory.create(unit=an.unit), TrainingFactory.create(unit=an.unit)
    asked = PolicyFactory.create(unit=UnitFactory.create(parent=an.unit), state="in_consultation")
    return {
        f"house_policy.{policy.pk}": (reverse("organisation:policy_edit", args=[policy.pk]), "text_fr"),
        f"house_policy_answer.{asked.pk}": (asked.get_absolute_url(), "text"),
        f"training.{training.pk}": (reverse("organisation:training_edit", args=[training.pk]), "texts_fr"),
        "delegation.new": (reverse("organisation:delegation_new"), "text"),
        f"post.{post.pk}": (f"/posts/{post.pk}/edit/", "core_text"),
        f"dossier-account.{dossier.pk}": (
            reverse("accounts_registry:dossier_edit", args=[dossier.pk, "account"]),
            "proposed_handle",
        ),
        f"dossier-reasons.{dossier.pk}": (
            reverse("accounts_registry:dossier_edit", args=[dossier.pk, "reasons"]),
            "objective",
        ),
        f"dossier-people.{dossier.pk}": (
            reverse("accounts_registry:dossier_edit", args=[dossier.pk, "people"]),
            "review_on",
        ),
        f"dossier-running.{dossier.pk}": (
            reverse("accounts_registry:dossier_edit", args=[dossier.pk, "running"]),
            "duty_hours",
        ),
        f"dossier-safety.{dossier.pk}": (
            reverse("accounts_registry:dossier_edit", args=[dossier.pk, "safety"]),
            "risks",
        ),
        f"dossier-advice.{before.pk}": (reverse("accounts_registry:dossier_advise", args=[before.pk]), "reasons"),
        f"dossier-opinion.{heard.pk}": (reverse("accounts_registry:consultation_answer", args=[heard.pk]), "reasons"),
        f"dossier-comment.{dossier.pk}": (reverse("accounts_registry:dossier_detail", args=[dossier.pk]), "text"),
        f"minutes.{held.pk}": (reverse("accounts_registry:session_minutes", args=[held.pk]), "remarks"),
        f"answer.{talk.pk}": (reverse("conversations:conversation", args=[talk.pk]), "text"),
        f"playbook.{playbook.pk}": (reverse("crisis:playbook_edit", args=[playbook.pk]), "during"),
        f"declaration.{playbook.pk}": (reverse("crisis:declare", args=[playbook.pk]), "reason"),
        f"watch.{watch.pk}": (reverse("monitoring:watch_edit", args=[watch.pk]), "purpose"),
        f"account-facts.{account.pk}": (reverse("accounts_registry:account_edit", args=[account.pk]), "purpose"),
        f"account-handover.{account.pk}": (reverse("accounts_registry:account_hand_over", args=[account.pk]), "reason"),
        f"account-renewal.{account.pk}": (reverse("accounts_registry:account_renew", args=[account.pk]), "evaluation"),
        f"account-request.{account.pk}": (
            reverse("accounts_registry:account_request", args=[account.pk, "close"]),
            "request_reason",
        ),
        f"account-closing.{account.pk}": (
            reverse("accounts_registry:account_begin_closing", args=[account.pk]),
            "archive",
        ),
        f"sighting-facts.{sighting.pk}": (reverse("accounts_registry:sighting_edit", args=[sighting.pk]), "note"),
        "sighting.new": (reverse("accounts_registry:sighting_new"), "note"),
        "nil-return.new": (reverse("accounts_registry:nil_return_new"), "how"),
        "post.new": ("/posts/new/", "title"),
        "playbook.new": (reverse("crisis:playbook_new"), "summary"),
        "watch.new": (reverse("monitoring:watch_new"), "purpose"),
        "source.new": (reverse("monitoring:source_new"), "purpose"),
        "dossier-account.new": (reverse("accounts_registry:dossier_new"), "proposed_handle"),
    }


@pytest.mark.slow
def test_every_long_form_offers_back_what_was_typed_and_fills_it_in(an: Person, places: Any) -> None:
    assert {place.partition(".")[0] for place in places} == set(LONG_FORMS)
    for place, (address, field) in places.items():
        typed = "2031-05-06" if field == "review_on" else "Typed before the session ended"
        assert "What you typed is kept" in read(an, address), "a form without a mark keeps nothing"
        assert "You typed something here" not in read(an, address)
        status, mark = keep(an, place, **{field: typed})
        assert status == 200, place
        offered = read(an, address)
        assert "You typed something here" in offered, place
        assert f"?unsaved={mark}" in offered
        again = read(an, f"{address}?unsaved={mark}")
        assert "stands in the fields again" in again, place
        assert re.search(rf'name="{field}"[^>]*value="{typed}"|name="{field}"[^>]*>\s*{typed}', again), place
        assert f'value="{mark}"' in again, "it goes on as the same page"


@pytest.mark.longer
def test_nobody_else_sees_it_and_it_is_gone_with_its_person(an: Person) -> None:
    bram, post = somebody("Bram Claes", unit=an.unit), draft(an, ConnectedAccountFactory.create(unit=an.unit))
    _status, mark = keep(an, f"post.{post.pk}", core_text="A sentence of An's own")
    address = f"/posts/{post.pk}/edit/"
    assert "A sentence of An" in read(an, address)
    assert "A sentence of An" not in read(bram, address)
    assert "A sentence of An" not in read(bram, f"{address}?unsaved={mark}")
    as_(bram).post("/me/unsaved/discard/", {"mark": mark, "next": address})
    assert FormPage.objects.get().texts == {"core_text": ["A sentence of An's own"]}


@pytest.mark.longer
def test_it_is_no_edit_and_costs_no_approval(an: Person) -> None:
    bram = somebody("Bram Claes", unit=an.unit)
    post = approved(an, bram, ConnectedAccountFactory.create(unit=an.unit))
    events = AuditEvent.objects.count()
    assert keep(an, f"post.{post.pk}", core_text="Another text")[0] == 200
    now = Post.objects.get(pk=post.pk)
    assert (now.version, now.state, now.core_text) == (post.version, "approved", post.core_text)
    assert valid_approval(now)
    assert AuditEvent.objects.count() == events


@pytest.mark.longer
def test_the_page_says_where_the_thing_was_changed_meanwhile_and_both_texts_stand_there(an: Person) -> None:
    bram, account = somebody("Bram Claes", unit=an.unit), ConnectedAccountFactory.create(unit=an.unit)
    post = draft(an, account, core_text="As it was")
    _status, mark = keep(an, f"post.{post.pk}", core_text="As An wrote it", version=str(post.version))
    assert "Somebody changed this since" not in read(an, f"/posts/{post.pk}/edit/")
    sent = {"title": post.title, "language": "fr", "core_text": "As Bram wrote it", "version": post.version}
    as_(bram).post(f"/posts/{post.pk}/edit/", {**sent, "accounts": [account.pk]})
    offered = read(an, f"/posts/{post.pk}/edit/")
    assert "Somebody changed this since" in offered
    assert re.search("As Bram wrote it.*As An wrote it", offered)
    taken = read(an, f"/posts/{post.pk}/edit/?unsaved={mark}")
    assert "Somebody changed this since" in taken
    mine = {**sent, "core_text": "As An wrote it", "accounts": [account.pk], "page_mark": mark}
    assert as_(an).post(f"/posts/{post.pk}/edit/", mine).status_code == 409
    assert FormPage.objects.get(mark=mark).texts, "what is not saved is not forgotten"


@pytest.mark.longer
def test_what_stands_there_anyway_is_not_offered(an: Person) -> None:
    post = draft(an, ConnectedAccountFactory.create(unit=an.unit), core_text="One\ntwo")
    keep(an, f"post.{post.pk}", title=post.title, core_text="One\r\ntwo", language="fr")
    assert "You typed something here" not in read(an, f"/posts/{post.pk}/edit/")


def test_what_is_discarded_is_gone(an: Person) -> None:
    _status, mark = keep(an, "post.new", title="Not this one")
    answer = as_(an).post("/me/unsaved/discard/", {"mark": mark, "next": "/posts/new/"})
    assert (answer.status_code, answer["location"]) == (302, "/posts/new/")
    assert not FormPage.objects.exists()
    assert as_(an).post("/me/unsaved/discard/", {"mark": mark, "next": "https://evil.example/"})["location"] == "/"


@pytest.mark.parametrize(("odd", "place"), [("-1", "-1"), ("a\0b", "a%00b"), ("today", "today"), ("[]", "[]")])
def test_an_address_that_is_none_is_not_taken_for_the_name_of_a_page(an: Person, odd: str, place: str) -> None:
    assert as_(an).post("/me/unsaved/discard/", {"mark": "", "next": odd})["location"] == place


def test_what_is_typed_on_goes_on_in_the_same_row_and_says_when(an: Person) -> None:
    _status, mark = keep(an, "post.new", title="A")
    told = {"place": "post.new", "mark": str(mark), "person": str(an.pk), "texts": [["title", "AB"]]}
    answer = as_(an).put(UNSAVED, json.dumps(told), content_type="application/json")
    row = FormPage.objects.get()
    assert row.texts == {"title": ["AB"]}
    when = timezone.localtime(row.kept_at, an.unit.zone).strftime("%H:%M")
    assert answer.json() == {"told": f"Kept for you at {when}. It is not saved yet."}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, "{"),
        (400, "[" * 100_000),
        (400, json.dumps({"place": "post.new", "mark": "no", "texts": []})),
        (400, json.dumps({"place": "nothing.new", "mark": MARK, "texts": []})),
        (400, json.dumps({"place": "post.x", "mark": MARK, "texts": []})),
        (400, json.dumps({"place": "post.new", "mark": MARK, "texts": [["title", 1]]})),
        (400, json.dumps({"place": "post.new", "mark": MARK, "texts": [["t" * 101, ""]]})),
        (400, json.dumps({"place": "post.new", "mark": MARK, "texts": [[str(n), ""] for n in range(401)]})),
        (413, json.dumps({"place": "post.new", "mark": MARK, "texts": [["title", "x" * 300_000]]})),
        (200, json.dumps({"place": "post.new", "mark": MARK, "texts": [["title", "\x00\ud800"]]})),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(an: Person, status: int, body: str) -> None:
    body = body.replace('"mark"', f'"person": "{an.pk}", "mark"')
    assert as_(an).put(UNSAVED, body, content_type="application/json").status_code == status
    assert FormPage.objects.count() == (1 if status == 200 else 0)


def test_what_one_person_typed_is_not_kept_for_another_who_signed_in_meanwhile(an: Person) -> None:
    told = {"place": "post.new", "mark": str(uuid4()), "person": str(an.pk), "texts": [["title", "An's"]]}
    bram = as_(somebody("Bram Claes", unit=an.unit))
    assert bram.put(UNSAVED, json.dumps(told), content_type="application/json").status_code == 403
    assert not FormPage.objects.exists()


def test_no_secret_is_kept(an: Person) -> None:
    keep(an, "post.new", title="A title", password="hunter2", csrfmiddlewaretoken="x")
    assert FormPage.objects.get().texts == {"title": ["A title"]}


@pytest.mark.longer
def test_it_is_bounded_in_number_in_pace_and_in_time(an: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_pages, "MOST_PAGES", 3)
    marks = [keep(an, "post.new", title=str(n))[1] for n in range(5)]
    assert set(FormPage.objects.values_list("mark", flat=True)) == set(marks[2:])
    FormPage.objects.filter(mark=marks[2]).update(kept_at=timezone.now() - timedelta(days=14, minutes=1))
    FormPage.objects.filter(mark=marks[3]).update(kept_at=timezone.now() - timedelta(days=13))
    FormPage.objects.filter(mark=marks[4]).update(is_sent=True, kept_at=timezone.now() - timedelta(days=2, minutes=1))
    assert form_pages.forget_form_pages() == 2
    assert FormPage.objects.get().mark == marks[3]
    monkeypatch.setattr(limits, "KEEPING", limits.Limit("keeping", 5, 60))
    assert keep(an, "post.new", title="one too many")[0] == 429
    shared().clear()
