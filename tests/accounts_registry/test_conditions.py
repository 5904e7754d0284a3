"""Approved with conditions, held when one is overdue; and the one appeal against a refusal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry import actions
from accounts_registry.enums import DossierState
from accounts_registry.models import Account, Condition, Decision, JustificationDossier
from accounts_registry.queries import waiting_for
from accounts_registry.queries.notices import KINDS
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory, AdviceFactory, ConditionFactory, DossierFactory
from tests.factories.organisation import GrantFactory, PersonFactory, person_with

pytestmark = pytest.mark.django_db
S = DossierState


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def voted(house: House, choice: str = "for", **facts: Any) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "owner": house.author, **facts}
    dossier = DossierFactory.create(state=S.IN_REVIEW, round=facts.pop("round", 1), **facts)
    for member in house.members[:2]:
        actions.cast_vote(dossier=dossier, by=member, choice=choice, reason="So")
    return dossier


def asked(house: House, **other: Any) -> list[Any]:
    return [{"text": "A second factor", "owner": house.author, "due_on": in_days(30), **other}]


def standing(house: House, due_in: int) -> tuple[Condition, Account]:
    """An account approved with one condition, which is due in so many days."""
    dossier = DossierFactory.create(
        unit=house.unit, requested_by=house.author, owner=house.author, state=S.APPROVED_WITH_CONDITIONS, round=1
    )
    account = AccountFactory.create(dossier=dossier, unit=house.unit)
    return ConditionFactory.create(dossier=dossier, due_on=in_days(due_in)), account


# ---- Put ------------------------------------------------------------------------------------------------------------
def test_an_approval_with_conditions_opens_the_account_and_keeps_them(house: House) -> None:
    dossier = voted(house)
    decision = actions.decide(dossier=dossier, by=house.chair, reasons="Useful", conditions=asked(house))
    assert dossier.state == S.APPROVED_WITH_CONDITIONS
    assert Account.objects.get(dossier=dossier).state == "active"
    assert [(one.text, one.owner, one.state) for one in decision.conditions.all()] == [
        ("A second factor", house.author, "open")
    ]
    told = AuditEvent.objects.get(verb="dossier.approve_with_conditions").details
    assert (told["conditions"], told["reason"]) == (["A second factor"], "Useful")


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"text": "  "}, "Say what the condition is"),
        ({"due_on": timezone.localdate()}, "a day that is still to come"),
        ({"due_on": date.max}, "between the years"),
        ({"owner": "somebody"}, "could not report the condition as met"),
    ],
    ids=["no words", "no time", "no end", "nobody who could"],
)
def test_what_is_no_condition_stops_the_decision(house: House, other: dict[str, Any], sentence: str) -> None:
    dossier = voted(house)
    if "owner" in other:
        other = {"owner": PersonFactory.create(unit=house.unit)}
    with pytest.raises(Refused, match=sentence):
        actions.decide(dossier=dossier, by=house.chair, reasons="Useful", conditions=asked(house, **other))
    dossier.refresh_from_db()
    assert (dossier.state, Decision.objects.count(), Account.objects.count()) == (S.IN_REVIEW, 0, 0)


def test_a_refusal_has_no_conditions(house: House) -> None:
    with pytest.raises(Refused, match="A refusal has no conditions"):
        actions.decide(dossier=voted(house, "against"), by=house.chair, reasons="No", conditions=asked(house))


# ---- Met ------------------------------------------------------------------------------------------------------------
def test_who_reports_a_condition_does_not_confirm_it(house: House) -> None:
    condition, _account = standing(house, 30)
    with pytest.raises(PermissionDenied):
        actions.report_condition(condition=condition, by=house.members[0], evidence="Done")
    with pytest.raises(Refused, match="Say how"):
        actions.report_condition(condition=condition, by=house.author, evidence=" ")
    with pytest.raises(Conflict):
        actions.confirm_condition(condition=condition, by=house.chair)
    actions.report_condition(condition=condition, by=house.author, evidence="Switched on for all three")
    with pytest.raises(PermissionDenied):
        actions.confirm_condition(condition=condition, by=house.author)
    actions.send_condition_back(condition=condition, by=house.chair, reason="For two of three")
    assert condition.state == "open"
    actions.report_condition(condition=condition, by=house.author, evidence="For the third too")
    actions.confirm_condition(condition=condition, by=house.chair)
    dossier = JustificationDossier.objects.get()
    assert (condition.state, dossier.state) == ("met", S.APPROVED)


def test_a_chair_who_reported_it_leaves_it_to_another(house: House) -> None:
    """A right to write in the unit, beside the chair's seat: one person is two pairs of eyes nowhere."""
    both = person_with("committee_chair", house.root)
    GrantFactory.create(person=both, role="account_manager", unit=house.root)
    condition, _account = standing(house, 30)
    actions.report_condition(condition=condition, by=both, evidence="Done")
    with pytest.raises(Refused, match="somebody else confirms"):
        actions.confirm_condition(condition=condition, by=both)


def test_the_dossier_waits_for_the_last_condition(house: House) -> None:
    first, _account = standing(house, 30)
    dossier = JustificationDossier.objects.get()
    second = ConditionFactory.create(dossier=dossier, text="Train the backup holder")
    for one, state in ((first, S.APPROVED_WITH_CONDITIONS), (second, S.APPROVED)):
        actions.report_condition(condition=one, by=house.author, evidence="Done")
        actions.confirm_condition(condition=one, by=house.chair)
        dossier.refresh_from_db()
        assert dossier.state == state
    assert AuditEvent.objects.filter(verb="dossier.fulfil").count() == 1


def test_the_database_holds_who_reported_it(house: House) -> None:
    condition, _account = standing(house, 30)
    with pytest.raises(IntegrityError), transaction.atomic():
        Condition.objects.filter(pk=condition.pk).update(state="met")


# ---- Overdue --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("due_in", "state"), [(-1, "suspended"), (0, "active"), (5, "active")])
def test_an_account_is_held_the_day_after(house: House, due_in: int, state: str) -> None:
    _condition, account = standing(house, due_in)
    assert actions.hold_overdue() == (state == "suspended")
    account.refresh_from_db()
    assert (account.state, account.publishable) == (state, False)
    assert actions.hold_overdue() == 0
    if state == "suspended":
        event = AuditEvent.objects.get()
        assert (event.verb, event.actor_id) == ("account.hold", None)
    else:
        assert not AuditEvent.objects.exists()


def test_it_comes_back_when_the_condition_is_reported_and_not_before(house: House) -> None:
    condition, account = standing(house, -3)
    actions.hold_overdue()
    with pytest.raises(Refused, match="A condition of the committee is overdue: A second factor"):
        actions.reactivate_account(account=account, by=house.manager, reason="We need it")
    actions.report_condition(condition=condition, by=house.author, evidence="Done")
    assert actions.reactivate_account(account=account, by=house.manager, reason="Done").state == "active"
    assert actions.hold_overdue() == 0
    actions.send_condition_back(condition=condition, by=house.chair, reason="It is not")
    assert actions.hold_overdue() == 1


def test_nothing_is_held_without_reason(house: House) -> None:
    _condition, account = standing(house, 3)
    with pytest.raises(Refused, match="No condition of the committee is overdue"):
        actions.hold_account(account=account)
    other = AccountFactory.create(unit=house.unit)
    ConditionFactory.create(due_on=in_days(-9))
    actions.hold_overdue()
    other.refresh_from_db()
    assert other.state == "active"


def test_whoever_answers_for_it_is_told_and_then_the_chair(house: House) -> None:
    condition, _account = standing(house, 3)
    assert [one.act for one in waiting_for(house.author)] == ["Report the condition as met"]
    (kind,) = [kind for kind in KINDS if kind.key == "condition_due"]
    assert list(kind.standing()) == [(f"{condition.pk}:near", condition.pk)]
    told = kind.about(condition.pk)
    assert told is not None
    assert condition.owner in told.people
    Condition.objects.update(due_on=in_days(-3))
    assert [key for key, _pk in kind.standing()] == [f"{condition.pk}:late"]
    actions.report_condition(condition=condition, by=house.author, evidence="Done")
    assert list(kind.standing()) == []
    assert kind.about(condition.pk) is None
    assert [one.act for one in waiting_for(house.chair)] == ["Confirm the condition"]
    assert waiting_for(house.author) == []


# ---- Appeal ---------------------------------------------------------------------------------------------------------
def refused(house: House) -> JustificationDossier:
    dossier = voted(house, "against")
    actions.decide(dossier=dossier, by=house.chair, reasons="There is one already")
    return dossier


@pytest.mark.longer
def test_there_is_one_appeal_and_a_second_decision(house: House) -> None:
    dossier = refused(house)
    with pytest.raises(Refused, match="should decide otherwise"):
        actions.appeal_dossier(dossier=dossier, by=house.author, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.appeal_dossier(dossier=dossier, by=house.members[0], reason="They err")
    actions.appeal_dossier(dossier=dossier, by=house.author, reason="The other one speaks Dutch")
    assert (dossier.state, dossier.round, dossier.quorum) == (S.SUBMITTED, 2, None)
    actions.accept_dossier(dossier=dossier, by=house.chair)
    AdviceFactory.create(dossier=dossier)
    for member in house.members[:2]:
        actions.cast_vote(dossier=dossier, by=member, choice="against", reason="Still")
    actions.decide(dossier=dossier, by=house.chair, reasons="It speaks French too")
    assert [one.reasons for one in dossier.decisions.order_by("round")] == [
        "There is one already",
        "It speaks French too",
    ]
    with pytest.raises(Refused, match="there is one"):
        actions.appeal_dossier(dossier=dossier, by=house.author, reason="And yet")


def test_what_was_approved_is_not_appealed(house: House) -> None:
    dossier = voted(house)
    actions.decide(dossier=dossier, by=house.chair, reasons="Useful")
    with pytest.raises(Conflict):
        actions.appeal_dossier(dossier=dossier, by=house.author, reason="More")


@pytest.mark.longer
# ---- Pages and API --------------------------------------------------------------------------------------------------
def test_the_chair_puts_conditions_on_the_page_and_the_author_reports_there(client: Client, house: House) -> None:
    dossier = voted(house)
    client.force_login(house.chair)
    page = reverse("accounts_registry:dossier_detail", args=[dossier.pk])
    assert "Approve with conditions" in client.get(page).content.decode()
    place = reverse("accounts_registry:dossier_decide", args=[dossier.pk])
    sent: dict[str, Any] = {"reasons": "Useful", "seen_round": "1", "seen_outcome": "approve"}
    sent["condition_1"] = "A second factor"
    half = client.post(place, sent)
    assert half.status_code == 422
    assert {"condition_1_owner", "condition_1_due"} == set(half.context["decision_form"].errors)
    sent |= {"condition_1_owner": house.author.pk, "condition_1_due": in_days(20).isoformat()}
    assert client.post(place, sent).status_code == 302
    condition = Condition.objects.get()
    client.force_login(house.author)
    assert "Report this condition as met" in client.get(page).content.decode()
    report = reverse("accounts_registry:condition_report", args=[condition.pk])
    assert client.post(report, {"reason": ""}).status_code == 422
    assert client.post(report, {"reason": "Switched on"}).status_code == 302
    confirm = reverse("accounts_registry:condition_confirm", args=[condition.pk])
    assert client.post(confirm).status_code == 403
    client.force_login(house.chair)
    assert "Switched on" in client.get(page).content.decode()
    condition.refresh_from_db()
    Condition.objects.filter(pk=condition.pk).update(evidence="Switched off again")
    read = {"content_hash": condition.mark}
    assert client.post(confirm, read).status_code == 422, "it was reported in other words meanwhile"
    back = reverse("accounts_registry:condition_send_back", args=[condition.pk])
    assert client.post(back, {"reason": "Why?", **read}).status_code == 422
    assert client.post(confirm).status_code == 422, "it does not say what it read"
    Condition.objects.filter(pk=condition.pk).update(evidence="Switched on")
    assert client.post(confirm, read).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == S.APPROVED
    client.force_login(person_with("communication_cell", PersonFactory.create().unit))
    assert client.post(report, {"reason": "x"}).status_code == 404


def test_a_refused_dossier_offers_the_appeal_and_shows_both_decisions(client: Client, house: House) -> None:
    dossier = refused(house)
    page = reverse("accounts_registry:dossier_detail", args=[dossier.pk])
    client.force_login(house.author)
    assert "Appeal against the refusal" in client.get(page).content.decode()
    place = reverse("accounts_registry:dossier_appeal", args=[dossier.pk])
    assert client.post(place, {"reason": "The other one speaks Dutch"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "The other one speaks Dutch" in shown
    assert "There is one already" in shown
    assert "Appeal against the refusal" not in shown


@pytest.mark.longer
def test_the_api_decides_with_conditions_and_appeals(client: Client, house: House) -> None:
    dossier = voted(house)
    client.force_login(house.chair)
    place = f"/api/v1/dossiers/{dossier.pk}/decide/"
    told = {"reasons": "Useful", "round": 1, "outcome": "approve"}
    condition = {"text": "A second factor", "owner": house.author.pk, "due_on": in_days(9).isoformat()}
    stranger = {**condition, "owner": PersonFactory.create().pk}
    refused_ = client.post(place, {**told, "conditions": [stranger]}, content_type="application/json")
    assert refused_.status_code == 400, refused_.json()
    decided = client.post(place, {**told, "conditions": [condition]}, content_type="application/json")
    assert decided.status_code == 200, decided.json()
    assert [one["state"] for one in decided.json()["conditions"]] == ["open"]
    again = refused(house)
    client.force_login(house.author)
    appeal = f"/api/v1/dossiers/{again.pk}/appeal/"
    assert client.post(appeal, {"reason": ""}, content_type="application/json").status_code == 400
    assert client.post(appeal, {"reason": "Look"}, content_type="application/json").json()["state"] == "submitted"
