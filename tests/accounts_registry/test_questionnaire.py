"""The whole questionnaire: what an answer may be, what is missing, what each submission said, who is asked for what."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts_registry import actions
from accounts_registry.enums import AccountState, DossierState
from accounts_registry.models import Account, DossierVersion, JustificationDossier
from accounts_registry.queries.dossiers import missing
from accounts_registry.queries.evidence import evidence
from accounts_registry.questionnaire import QUESTIONS, WRITTEN, clean, unanswered, valid_answers
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import (
    AccountFactory,
    AdviceFactory,
    DossierFactory,
    typed_answers,
    whole_answers,
)
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db

# Of the field's own list, what the dossier asks under another name, or has in several questions.
ASKED_OTHERWISE = {
    "unit": "unit",
    "platform": "platform",
    "admins": "backup_holder",
}


def draft(house: House, **answers: Any) -> JustificationDossier:
    return DossierFactory.create(unit=house.unit, requested_by=house.author, answers=whole_answers(**answers))


def lacking(dossier: JustificationDossier) -> list[str]:
    return [question.key for question in missing(dossier)]


def page_of(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    return re.sub(r"\s+", " ", client.get(address).content.decode())


# ---- Completeness ---------------------------------------------------------------------------------------------------
FIELDS_LIST = """request_type unit platform account_kind proposed_handle bio_short official_url languages language_setup
objective strategic_goal comm_plan audiences audience_evidence user_need_measured existing_accounts why_not_existing
duration content_types posts_per_week owner admins hours_per_week in_job_description training_done moderation_mode
response_commitment duty_hours kpis security gdpr crisis_role exit_plan ten_questions"""


def test_every_question_of_the_field_is_asked() -> None:
    asked = {question.key for question in QUESTIONS}
    fields = {field.name for field in JustificationDossier._meta.get_fields()}
    for key in FIELDS_LIST.split():
        assert key in asked or ASKED_OTHERWISE.get(key) in fields, key


def test_a_whole_dossier_misses_nothing_and_one_answer_less_misses_that_one(house: House) -> None:
    whole = draft(house)
    assert lacking(whole) == []
    needed = set(whole_answers())
    for key in needed:
        whole.answers = {name: value for name, value in whole_answers().items() if name != key}
        assert lacking(whole) == [key], key


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"service_reach": "horizontal"}, ["audience_beyond"]),
        ({"user_need_measured": "yes"}, ["user_need"]),
        ({"duration": "campaign_until"}, ["ends_on"]),
        ({"duration": "trial_until"}, ["ends_on"]),
        ({"ten_questions": ["what", "to_whom"]}, ["ten_questions"]),
    ],
    ids=str,
)
def test_one_answer_makes_another_one_needed(house: House, answers: dict[str, Any], asked: list[str]) -> None:
    dossier = draft(house, **answers)
    assert lacking(dossier) == asked
    with pytest.raises(Refused, match="Still missing"):
        actions.submit_dossier(dossier=dossier, by=house.author)


def test_an_account_without_a_dossier_is_asked_where_it_is_and_why(house: House) -> None:
    dossier = draft(house)
    dossier.request_type = "regularise_unregistered"
    assert lacking(dossier) == ["existing_url", "why_created"]


@pytest.mark.parametrize(
    ("duration", "days", "sentence"),
    [
        ("trial_until", 30, "three to six months"),
        ("trial_until", 300, "three to six months"),
        ("trial_until", 120, ""),
        ("campaign_until", -1, "The last day lies in the past"),
        ("campaign_until", 10, ""),
    ],
)
def test_a_trial_lasts_three_to_six_months(house: House, duration: str, days: int, sentence: str) -> None:
    ends_on = (timezone.localdate() + timedelta(days=days)).isoformat()
    dossier = draft(house, duration=duration, ends_on=ends_on)
    if not sentence:
        assert actions.submit_dossier(dossier=dossier, by=house.author).state == DossierState.SUBMITTED
        return
    with pytest.raises(Refused, match=sentence):
        actions.submit_dossier(dossier=dossier, by=house.author)


def test_what_is_opened_for_a_campaign_is_looked_at_on_its_last_day(house: House) -> None:
    last = timezone.localdate() + timedelta(days=40)
    dossier = draft(house, duration="campaign_until", ends_on=last.isoformat())
    dossier.state = DossierState.APPROVED
    dossier.save()
    opened = actions.open_account(dossier=dossier)
    assert (opened.review_on, opened.ends_on, opened.term) == (last, last, "campaign")
    for_good = draft(house, ends_on=last.isoformat())
    for_good.state = DossierState.APPROVED
    for_good.save()
    assert actions.open_account(dossier=for_good).review_on == for_good.review_on


def test_a_dossier_from_before_goes_its_way_and_is_asked_when_it_comes_back(house: House) -> None:
    """Submitted without the further answers: checked, voted on and approved; returned, it is asked for them."""
    facts = {"unit": house.unit, "requested_by": house.author, "answers": {}, "round": 1}
    old = DossierFactory.create(**facts, state=DossierState.SUBMITTED)
    actions.accept_dossier(dossier=old, by=house.chair)
    AdviceFactory.create(dossier=old)
    for member in house.members[:2]:
        actions.cast_vote(dossier=old, by=member, choice="for", reason="Good")
    actions.decide(dossier=old, by=house.chair, reasons="Good")
    assert Account.objects.get(dossier=old).state == AccountState.ACTIVE
    page = page_of(house.chair, reverse("accounts_registry:dossier_detail", args=[old.pk]))
    assert "submitted before all of these questions were asked" in page
    back = DossierFactory.create(**facts, state=DossierState.RETURNED)
    with pytest.raises(Refused, match="evidence that this audience is on this network"):
        actions.submit_dossier(dossier=back, by=house.author)


# ---- Answers --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("bio_short", "x" * 156),
        ("bio_short", "one\ntwo"),
        ("official_url", "javascript:alert(1)"),
        ("language_setup", "klingon"),
        ("content_types", ["information", "gossip"]),
        ("content_types", "information"),
        ("posts_per_week", 0),
        ("posts_per_week", "7"),
        ("posts_per_week", True),
        ("posts_per_week", float("nan")),
        ("ends_on", "tomorrow"),
        ("existing_accounts", ["1"]),
        ("kpis", [{"name": "Reach", "formula": "", "target": "10"}]),
        ("kpis", [{"name": "Reach"}]),
        ("exit_plan", 3),
        ("exit_plan", "nul\0"),
        ("shoe_size", "44"),
    ],
)
def test_what_is_no_answer_is_refused_at_its_question(house: House, key: str, wrong: Any) -> None:
    dossier = draft(house)
    with pytest.raises(Refused) as refused:
        actions.update_dossier(dossier=dossier, by=house.author, edition=1, answers={key: wrong})
    assert refused.value.field == (key if key in WRITTEN else "answers")
    dossier.refresh_from_db()
    assert (dossier.answers, dossier.edition) == (whole_answers(), 1)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.longer
@given(st.sampled_from(sorted(WRITTEN)), anything)
def test_an_answer_is_kept_as_one_or_refused_in_words(key: str, value: Any) -> None:
    """Whatever a program sends: never another error, and what is kept is kept as it is, and is JSON."""
    try:
        kept = clean(key, value)
    except ValidationError:
        return
    if kept is not None:
        assert clean(key, kept) == kept
        assert json.loads(json.dumps(kept, allow_nan=False)) == kept
        valid_answers({key: kept})


@pytest.mark.longer
@given(st.sets(st.sampled_from(sorted(whole_answers()))))
def test_what_is_missing_is_what_was_left_out(left_out: set[str]) -> None:
    """In whatever order and number; a question that only another answer makes is asked by that answer alone."""
    answers = {key: value for key, value in whole_answers().items() if key not in left_out}
    lacks = {question.key for question in unanswered(answers)} & set(WRITTEN)
    assert lacks == left_out


def test_an_account_out_of_sight_is_not_named(house: House) -> None:
    seen, unseen = AccountFactory.create(unit=house.unit), AccountFactory.create(unit=UnitFactory.create())
    dossier = draft(house)
    kept = actions.update_dossier(dossier=dossier, by=house.author, edition=1, existing_accounts=[seen.pk])
    assert kept.answers["existing_accounts"] == [seen.pk]
    with pytest.raises(Refused, match="accounts that you see"):
        actions.update_dossier(dossier=dossier, by=house.author, edition=2, existing_accounts=[unseen.pk])


def test_a_changed_answer_makes_an_editor_and_is_told_in_the_story(house: House) -> None:
    """Who wrote a word of it does not decide: no difference whether a field or a further answer."""
    dossier = draft(house)
    chair = person_with("committee_chair", house.root, works_in=house.root)
    dossier.editors.add(chair)
    colleague = person_with("communication_cell", house.unit)
    actions.update_dossier(dossier=dossier, by=colleague, edition=1, risks="Storms")
    assert colleague in dossier.editors.all()
    told = AuditEvent.objects.get(verb="dossier.changed").details["changes"]
    assert told == {"risks": ["Hostile comments: the spokesperson decides", "Storms"]}


# ---- Versions -------------------------------------------------------------------------------------------------------
@pytest.fixture
def twice(house: House) -> JustificationDossier:
    """Submitted, returned, changed, submitted again."""
    dossier = actions.submit_dossier(dossier=draft(house), by=house.author)
    actions.return_dossier(dossier=dossier, by=house.chair, reason="Whom do you speak to?")
    dossier.refresh_from_db()
    answers = {"service_reach": "horizontal", "audience_beyond": "HR officers of towns", "audiences": ["partners"]}
    actions.update_dossier(dossier=dossier, by=house.author, edition=dossier.edition, **answers)
    return actions.submit_dossier(dossier=dossier, by=house.author)


def test_each_submission_is_kept_as_it_was(house: House, twice: JustificationDossier) -> None:
    first, second = DossierVersion.objects.filter(dossier=twice)
    assert (first.round, second.round, second.submitted_by) == (1, 2, house.author)
    assert (first.answers["audiences"], second.answers["audiences"]) == (["citizens"], ["partners"])
    assert "audience_beyond" not in {key for key, value in first.answers.items() if value}


def test_the_committee_reads_what_changed_between_two_submissions(house: House, twice: JustificationDossier) -> None:
    place = reverse("accounts_registry:dossier_changes", args=[twice.pk, 2])
    assert f'href="{place}"' in page_of(house.chair, reverse("accounts_registry:dossier_detail", args=[twice.pk]))
    page = page_of(house.chair, place).partition("<main")[2]
    told = re.findall(r'<h2 id="change-\d+">(.*?)</h2>', page)
    assert told == ["Audiences", "For whom your service works", "Who outside the administration reads it"]
    assert "HR officers of towns" in page
    assert "Partners" in page
    client = Client()
    client.force_login(house.chair)
    for nothing in (1, 3):
        other = reverse("accounts_registry:dossier_changes", args=[twice.pk, nothing])
        assert client.get(other).status_code == 404
    client.force_login(person_with("auditor", UnitFactory.create()))
    assert client.get(place).status_code == 404


# ---- The page -------------------------------------------------------------------------------------------------------
def test_the_committee_sees_evidence_and_not_two_sentences(house: House) -> None:
    near = AccountFactory.create(unit=house.unit, handle="taxnews")
    dossier = draft(house, existing_accounts=[near.pk], security=["two_factor"])
    dossier.state, dossier.round = DossierState.SUBMITTED, 1
    dossier.save()
    page = page_of(house.members[0], reverse("accounts_registry:dossier_detail", args=[dossier.pk]))
    for section in ("The account", "Why and for whom", "Who answers for it", "How it is run", "Risk, success and end"):
        assert f">{section}</h2>" in page
    for words in (
        "4,000 questions a month name this network",
        near.label,
        "Hostile comments: the spokesperson decides",
        "answers in a day / questions",
        "Closed by its owner",
        "Not ticked: Sign-in through single sign-on or the vault",
    ):
        assert words in page


def test_each_answer_is_shown_once_and_in_words(house: House) -> None:
    shown = [answer for section in evidence(draft(house)) for answer in section.answers]
    assert len({answer.question.key for answer in shown}) == len(shown)
    texts = {answer.question.key: answer.as_text for answer in shown}
    assert texts["moderation_mode"] == "Active: comments are read every working day"
    assert texts["languages"] == "Français"
    assert texts["owner"] != ""
    assert "ends_on" not in texts


# ---- The form -------------------------------------------------------------------------------------------------------
def test_a_horizontal_service_is_asked_for_its_audience_expressly(client: Client, house: House) -> None:
    dossier = draft(house)
    client.force_login(house.author)
    place = reverse("accounts_registry:dossier_edit", args=[dossier.pk, "reasons"])
    fields = {"objective": "Explain", "audiences": ["partners"], "why_not_existing": "None does", "edition": "1"}
    sent = {**fields, **typed_answers("reasons"), "service_reach": "horizontal"}
    refused = client.post(place, sent)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"audience_beyond": ["This answer is needed here."]}
    assert client.post(place, {**sent, "audience_beyond": "HR officers of towns"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.answers["audience_beyond"] == "HR officers of towns"


def test_indicators_are_typed_one_a_line(client: Client, house: House) -> None:
    dossier = draft(house)
    client.force_login(house.author)
    place = reverse("accounts_registry:dossier_edit", args=[dossier.pk, "safety"])
    sent = {**typed_answers("safety"), "edition": 1}
    assert client.post(place, {**sent, "kpis": "Reach"}).status_code == 422
    assert (
        client.post(place, {**sent, "kpis": "Reach | seen a month | 9,000\n\nOn time | in a day | 95 %"}).status_code
        == 302
    )
    dossier.refresh_from_db()
    assert [row["target"] for row in dossier.answers["kpis"]] == ["9,000", "95 %"]
    page = page_of(house.author, place)
    assert "Reach | seen a month | 9,000" in page
