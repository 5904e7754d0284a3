"""The registry in the browser's stead: flows, bad input, who sees and who may."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import (
    accept_dossier,
    cast_vote,
    defer_dossier,
    return_dossier,
    submit_dossier,
    update_dossier,
)
from accounts_registry.enums import ConnectionState, DossierState
from accounts_registry.models import Account, JustificationDossier, Vote
from networks.errors import AuthExpired
from tests.accounts_registry.conftest import FakeNetwork, House
from tests.factories.accounts_registry import (
    AccountFactory,
    ConnectedAccountFactory,
    DossierFactory,
    typed_answers,
)
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"accounts_registry:{name}", args=args)


def as_(client: Client, person: object) -> Client:
    client.force_login(person)
    return client


@pytest.mark.longer
def test_from_the_first_question_to_a_connected_account(client: Client, house: House, network: FakeNetwork) -> None:
    unit, author = house.unit, house.author
    backup = person_with("newcomer", unit)
    as_(client, author)
    first = {
        "unit": unit.pk,
        "platform": "mastodon",
        "account_kind": "page",
        "proposed_handle": "@Fin",
        "languages": ["fr"],
        **typed_answers("account"),
    }
    answer = client.post(url("dossier_new"), first)
    dossier = JustificationDossier.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == url("dossier_edit", dossier.pk, "reasons")
    assert dossier.proposed_handle == "fin"
    why = {"objective": "Explain", "audiences": ["citizens"], "why_not_existing": "None does", "edition": 1}
    why |= typed_answers("reasons")
    assert client.post(url("dossier_edit", dossier.pk, "reasons"), why).status_code == 302
    who = {
        "owner": author.pk,
        "backup_holder": backup.pk,
        "review_on": (timezone.localdate() + timedelta(days=365)).isoformat(),
        "edition": 2,
    }
    assert client.post(url("dossier_edit", dossier.pk, "people"), who).status_code == 302
    for edition, step in ((3, "running"), (4, "safety")):
        sent = {**typed_answers(step), "edition": edition}
        assert client.post(url("dossier_edit", dossier.pk, step), sent).status_code == 302
    assert "Submit this dossier" in client.get(url("dossier_detail", dossier.pk)).content.decode()
    assert client.post(url("dossier_submit", dossier.pk)).status_code == 302

    as_(client, house.chair)
    assert client.post(url("dossier_accept", dossier.pk), {"content_hash": "1"}).status_code == 302
    as_(client, person_with("ict_security", house.root, works_in=house.members[0].unit))
    advice = {"opinion": "favourable", "reasons": "Two factors, a vault", "seen_round": "1"}
    assert client.post(url("dossier_advise", dossier.pk), advice).status_code == 302
    for member in [house.chair, house.members[0]]:
        as_(client, member)
        vote = {"choice": "for", "reason": "Useful"}
        assert client.post(url("dossier_vote", dossier.pk), vote).status_code == 422, "it does not say what it showed"
        vote["seen_round"] = "1"
        assert client.post(url("dossier_vote", dossier.pk), vote).status_code == 302
    as_(client, house.chair)
    page = client.get(url("dossier_detail", dossier.pk)).content.decode()
    assert "The votes carry an approval: 2 for, 0 against." in page
    said = {"reasons": "Fits the strategy", "seen_round": "1", "seen_outcome": "approve"}
    for unsaid in ("seen_round", "seen_outcome"):
        half = {name: one for name, one in said.items() if name != unsaid}
        assert client.post(url("dossier_decide", dossier.pk), half).status_code == 422
    assert client.post(url("dossier_decide", dossier.pk), said).status_code == 302
    account = Account.objects.get()
    assert (account.state, account.dossier_id, account.handle) == ("active", dossier.pk, "fin")

    as_(client, house.manager)
    answer = client.post(
        url("account_connect", account.pk), {"base_url": "https://mastodon.social", "access_token": "s3cret-token"}
    )
    assert answer.status_code == 302, answer.content.decode()
    account.refresh_from_db()
    assert account.publishable
    page = client.get(url("account_detail", account.pk)).content.decode()
    assert "Connected" in page
    assert "s3cret-token" not in page


def test_bad_input_keeps_what_was_typed(client: Client, house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author, objective="", audiences=[])
    as_(client, house.author)
    answer = client.post(
        url("dossier_edit", dossier.pk, "reasons"), {"objective": "A long typed purpose", "edition": 1}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A long typed purpose" in page
    assert "This field is required" in page


@pytest.mark.longer
def test_finish_later_keeps_a_draft_with_holes(client: Client, house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author, why_not_existing="")
    as_(client, house.author)
    answer = client.post(
        url("dossier_edit", dossier.pk, "reasons"), {"objective": "Only this", "edition": 1, "later": "1"}
    )
    dossier.refresh_from_db()
    assert answer.status_code == 302
    assert dossier.objective == "Only this"
    page = client.get(url("dossier_detail", dossier.pk)).content.decode()
    place = url("dossier_edit", dossier.pk, "reasons")
    for key, label in (("audiences_group", "Audiences"), ("why_not_existing", "Why an existing account does not")):
        assert f'<a href="{place}#id_{key}">{label}' in page
    answer = client.post(url("dossier_submit", dossier.pk))
    assert answer.status_code == 422
    assert "Still missing" in answer.content.decode()


def test_two_people_at_one_dossier_lose_nothing(client: Client, house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author, edition=4, objective="Theirs")
    as_(client, house.author)
    mine = {"objective": "Mine", "audiences": ["press"], "why_not_existing": "Because", "edition": 3}
    mine |= typed_answers("reasons")
    answer = client.post(url("dossier_edit", dossier.pk, "reasons"), mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Theirs" in page
    assert "Mine" in page
    assert 'name="edition" value="4"' in page


def test_a_draft_of_others_is_out_of_sight(client: Client, house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author)
    assert as_(client, house.members[0]).get(url("dossier_detail", dossier.pk)).status_code == 404
    dossier.state = DossierState.SUBMITTED
    dossier.save()
    assert client.get(url("dossier_detail", dossier.pk)).status_code == 200
    assert client.post(url("dossier_submit", dossier.pk)).status_code == 403


@pytest.mark.longer
def test_another_units_account_is_out_of_sight_and_a_readers_is_403(client: Client, house: House) -> None:
    account = AccountFactory.create(unit=house.unit)
    stranger = person_with("account_manager", UnitFactory.create())
    assert as_(client, stranger).get(url("account_detail", account.pk)).status_code == 404
    assert client.get(url("account_connect", account.pk)).status_code == 404
    reader = person_with("newcomer", house.unit)
    assert as_(client, reader).get(url("account_detail", account.pk)).status_code == 200
    assert client.get(url("account_connect", account.pk)).status_code == 403
    assert client.post(url("account_suspend", account.pk)).status_code == 403


def test_a_conflict_shows_what_happened_meanwhile(client: Client, house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author, state=DossierState.APPROVED, round=1)
    as_(client, house.chair)
    answer = client.post(url("dossier_decide", dossier.pk), {"reasons": "Twice"})
    assert answer.status_code == 409
    assert "Somebody was there before you" in answer.content.decode()


def test_refused_credentials_are_a_sentence_and_never_rendered_back(
    client: Client, house: House, network: FakeNetwork
) -> None:
    account = AccountFactory.create(unit=house.unit)
    network.identify_fails = AuthExpired("token is no good")
    as_(client, house.manager)
    answer = client.post(
        url("account_connect", account.pk), {"base_url": "https://mastodon.example", "access_token": "s3cret-token"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no longer accepts these credentials" in page
    assert "s3cret-token" not in page
    assert "token is no good" not in page


def test_suspend_asks_why(client: Client, house: House) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit)
    as_(client, house.manager)
    answer = client.post(url("account_suspend", account.pk), {"reason": ""})
    assert answer.status_code == 422
    assert "the reason stands in the story" in answer.content.decode()
    assert client.post(url("account_suspend", account.pk), {"reason": "Under audit"}).status_code == 302
    account.refresh_from_db()
    assert (account.state, account.connection_state) == ("suspended", ConnectionState.CONNECTED)


@pytest.mark.longer
def test_the_list_filters_and_reports_a_missing_pair(client: Client, house: House) -> None:
    french = AccountFactory.create(unit=house.unit, handle="fin.fr", languages=["fr"])
    both = AccountFactory.create(unit=house.unit, handle="fin.both", languages=["fr", "nl"], network="bluesky")
    as_(client, house.manager)
    page = client.get(url("account_list")).content.decode()
    assert "One account has no counterpart" in page
    assert french.label in page
    page = client.get(url("account_list"), {"network": "bluesky", "unit": "tax", "language": "nl"}).content.decode()
    assert both.handle in page
    assert french.handle not in page
    assert client.get(url("account_list"), {"network": "nonsense"}).status_code == 200


@pytest.mark.longer
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_a_fixed_number_of_times(
    client: Client, house: House, count: int, django_assert_num_queries: object
) -> None:
    AccountFactory.create_batch(count, unit=house.unit)
    DossierFactory.create_batch(count, unit=house.unit, state=DossierState.SUBMITTED, round=1)
    as_(client, house.manager)
    with django_assert_num_queries(12):
        client.get(url("account_list"))
    with django_assert_num_queries(9):
        client.get(url("dossier_list"))


@pytest.mark.longer
def test_the_unit_that_one_looks_at_narrows_the_lists(client: Client, house: House) -> None:
    here = AccountFactory.create(unit=house.unit, handle="here")
    there = AccountFactory.create(unit=UnitFactory.create(parent=house.root), handle="there")
    asked = DossierFactory.create(
        unit=there.unit, state=DossierState.SUBMITTED, round=1, proposed_handle="fin.elsewhere"
    )
    as_(client, house.manager)
    client.post("/me/unit/", {"unit": "tax"})
    page = client.get(url("account_list")).content.decode()
    assert here.handle in page
    assert there.label not in page
    assert asked.proposed_handle not in client.get(url("dossier_list")).content.decode()
    client.post("/me/unit/", {"unit": ""})
    assert asked.proposed_handle in client.get(url("dossier_list")).content.decode()


@pytest.mark.longer
def test_words_narrow_the_registry_whatever_their_accents(house: House) -> None:
    AccountFactory.create(unit=house.unit, handle="impots", purpose="Parler de l’école")
    AccountFactory.create(unit=house.unit, handle="douane")
    client = Client()
    client.force_login(house.manager)
    for words, handles in (
        ("ECOLE", ["impots"]),
        ("impôts", ["impots"]),
        ("école douane", []),
        ("doua", ["douane"]),
        ("dienst doua", ["douane"]),
    ):
        listed = client.get(url("account_list"), {"words": words}).context["accounts"]
        assert [account.handle for account, _standing in listed] == handles


def hidden(page: str, form: str) -> dict[str, str]:
    """What the page's form of that address carries unseen."""
    (shown,) = re.findall(rf'<form[^>]*action="{form}".*?</form>', page, re.DOTALL)
    found = re.findall(r'<input type="hidden" name="(seen_\w+)" value="(\w*)">', shown)
    return dict(found)


@pytest.mark.longer
def test_a_vote_is_for_the_words_that_its_page_showed(client: Client, house: House) -> None:
    """A page that stayed open while the dossier was put off, returned, changed and submitted anew."""
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author, state=DossierState.IN_REVIEW, round=1)
    member, place = house.members[0], url("dossier_vote", dossier.pk)
    old = hidden(as_(client, member).get(url("dossier_detail", dossier.pk)).content.decode(), place)
    defer_dossier(dossier=dossier, by=house.chair, reason="Why two?")
    return_dossier(dossier=dossier, by=house.chair, reason="Say why two")
    dossier.refresh_from_db()
    update_dossier(dossier=dossier, by=house.author, edition=dossier.edition, objective="Something else")
    submit_dossier(dossier=dossier, by=house.author)
    accept_dossier(dossier=dossier, by=house.chair)
    typed = {"choice": "for", "reason": "It informs people"}
    answer = client.post(place, typed | old)
    page = answer.content.decode()
    assert (answer.status_code, Vote.objects.count()) == (422, 0)
    assert "Read it as it stands now" in page
    assert "It informs people" in page
    assert "Something else" in page
    assert client.post(place, typed | hidden(page, place)).status_code == 302
    assert Vote.objects.get().round == 2


@pytest.mark.longer
def test_the_reasons_stand_for_the_outcome_that_their_page_showed(client: Client, house: House) -> None:
    """A member changes their vote while the chair writes why it is approved."""
    dossier = DossierFactory.create(unit=house.unit, requested_by=house.author, state=DossierState.IN_REVIEW, round=1)
    for member in house.members[:2]:
        cast_vote(dossier=dossier, by=member, choice="for", reason="Good")
    place = url("dossier_decide", dossier.pk)
    old = hidden(as_(client, house.chair).get(url("dossier_detail", dossier.pk)).content.decode(), place)
    for member in house.members[:2]:
        cast_vote(dossier=dossier, by=member, choice="against", reason="On second thoughts")
    answer = client.post(place, {"reasons": "It fits the strategy"} | old)
    page = answer.content.decode()
    dossier.refresh_from_db()
    assert (answer.status_code, dossier.state) == (422, DossierState.IN_REVIEW)
    assert "The votes changed since you opened the page" in page
    assert "It fits the strategy" in page
    assert client.post(place, {"reasons": "There is one already"} | hidden(page, place)).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == DossierState.REFUSED
