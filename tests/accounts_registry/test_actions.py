"""Every verb of the registry leaves one event a state change, and none when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts_registry import actions
from accounts_registry.enums import DossierState
from accounts_registry.models import Account, ThirdPartyApp
from accounts_registry.queries import visible_dossiers
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import (
    EXIT,
    AccountFactory,
    ConnectedAccountFactory,
    DossierFactory,
    ThirdPartyAppFactory,
    in_a_year,
)
from tests.factories.closing import closing_account
from tests.factories.organisation import PersonFactory, person_with

pytestmark = pytest.mark.django_db
S = DossierState


def dossier(house: House, state: str, **facts: Any) -> Any:
    return DossierFactory.create(unit=house.unit, requested_by=house.author, state=state, round=1, **facts)


ACTS: dict[str, Callable[[House], Any]] = {
    "dossier.begun": lambda h: actions.create_dossier(unit=h.unit, platform="bluesky", by=h.author),
    "dossier.changed": lambda h: actions.update_dossier(
        dossier=dossier(h, S.DRAFT), by=h.author, edition=1, objective="New"
    ),
    "dossier.submit": lambda h: actions.submit_dossier(dossier=dossier(h, S.DRAFT), by=h.author),
    "dossier.accept": lambda h: actions.accept_dossier(dossier=dossier(h, S.SUBMITTED), by=h.chair),
    "dossier.return": lambda h: actions.return_dossier(dossier=dossier(h, S.SUBMITTED), by=h.chair, reason="r"),
    "dossier.defer": lambda h: actions.defer_dossier(dossier=dossier(h, S.IN_REVIEW), by=h.chair, reason="r"),
    "dossier.resume": lambda h: actions.resume_dossier(dossier=dossier(h, S.DEFERRED), by=h.chair),
    "dossier.withdraw": lambda h: actions.withdraw_dossier(dossier=dossier(h, S.DRAFT), by=h.author, reason="r"),
    "dossier.voted": lambda h: actions.cast_vote(dossier=dossier(h, S.IN_REVIEW), by=h.chair, choice="for", reason="r"),
    "account.suspend": lambda h: actions.suspend_account(
        account=AccountFactory.create(unit=h.unit), by=h.manager, reason="r"
    ),
    "account.reactivate": lambda h: actions.reactivate_account(
        account=AccountFactory.create(unit=h.unit, state="suspended"), by=h.manager, reason="r"
    ),
    "account.begin_closing": lambda h: actions.begin_closing(
        account=ConnectedAccountFactory.create(unit=h.unit), by=h.manager, edition=1, reason="r", **EXIT
    ),
    "account.close": lambda h: actions.close_account(
        account=closing_account(unit=h.unit, ticked=True), by=h.manager, edition=1
    ),
    "account.changed": lambda h: actions.change_account(
        account=AccountFactory.create(unit=h.unit), by=h.manager, edition=1, reason="r", purpose="New"
    ),
    "account.handed_over": lambda h: actions.hand_over_account(
        account=AccountFactory.create(unit=h.unit),
        by=h.manager,
        edition=1,
        reason="r",
        owner=h.author,
        backup_holder=h.manager,
    ),
    "account.renewed": lambda h: actions.renew_account(
        account=AccountFactory.create(unit=h.unit), by=h.manager, edition=1, evaluation="r", next_on=in_a_year()
    ),
    "account.confirmed": lambda h: actions.confirm_account(
        account=AccountFactory.create(unit=h.unit, owner=h.author), by=h.author
    ),
    "account.disconnected": lambda h: actions.disconnect_account(
        account=ConnectedAccountFactory.create(unit=h.unit), by=h.manager, reason="r"
    ),
    "account.connection_broken": lambda h: actions.mark_connection_broken(
        account=ConnectedAccountFactory.create(unit=h.unit), code="auth_expired"
    ),
}


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_leaves_exactly_one_event(house: House, verb: str) -> None:
    ACTS[verb](house)
    event = AuditEvent.objects.get()
    assert event.verb == verb
    assert event.unit_id == house.unit.pk
    assert "%(" not in event.told


def test_saving_nothing_new_is_no_event(house: House) -> None:
    draft = dossier(house, S.DRAFT)
    actions.update_dossier(dossier=draft, by=house.author, edition=1, objective=draft.objective)
    assert draft.edition == 1
    assert not AuditEvent.objects.exists()


def test_no_account_without_an_approved_dossier(house: House) -> None:
    with pytest.raises(Refused, match="No approved dossier"):
        actions.open_account(dossier=dossier(house, S.IN_REVIEW))
    assert not Account.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_database_refuses_a_hollow_dossier_before_the_committee(house: House) -> None:
    for hole in ({"objective": ""}, {"languages": []}, {"owner": None}, {"review_on": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            dossier(house, S.SUBMITTED, **hole)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"objective": "", "audiences": []}, "Still missing: purpose, audiences"),
        ({"review_on": "2020-01-01"}, "review date lies in the past"),
    ],
)
def test_what_a_submission_must_hold(house: House, facts: dict[str, Any], sentence: str) -> None:
    draft = dossier(house, S.DRAFT, **facts)
    draft.refresh_from_db()
    with pytest.raises(Refused, match=sentence):
        actions.submit_dossier(dossier=draft, by=house.author)


def test_a_name_already_in_the_registry_is_not_asked_for_again(house: House) -> None:
    AccountFactory.create(unit=house.unit, handle="fin", network="mastodon")
    with pytest.raises(Refused, match="already holds @fin · Mastodon"):
        actions.submit_dossier(dossier=dossier(house, S.DRAFT, proposed_handle="FIN"), by=house.author)


def test_a_dossier_that_changes_its_network_leaves_its_pair(house: House) -> None:
    """The pair was looked at for the first network; it counts for the second one too."""
    pair = AccountFactory.create(unit=house.unit, network="mastodon", languages=["nl"])
    draft = dossier(house, S.DRAFT, platform="mastodon", languages=["fr"], pair_of=pair)
    with pytest.raises(Refused, match="same network"):
        actions.update_dossier(dossier=draft, by=house.author, edition=draft.edition, platform="bluesky")


def test_a_pair_speaks_another_language(house: House) -> None:
    pair = AccountFactory.create(unit=house.unit, languages=["fr"])
    with pytest.raises(Refused, match="different languages"):
        actions.submit_dossier(dossier=dossier(house, S.DRAFT, languages=["fr"], pair_of=pair), by=house.author)


def test_holders_come_from_the_units_one_writes_for(house: House) -> None:
    for name in ("owner", "backup_holder"):
        with pytest.raises(Refused) as refused:
            actions.create_dossier(
                unit=house.unit, platform="bluesky", by=house.author, **{name: PersonFactory.create()}
            )
        assert refused.value.field == name


def test_a_dossier_cannot_be_moved_to_a_unit_of_others(house: House) -> None:
    draft = dossier(house, S.DRAFT)
    with pytest.raises(PermissionDenied):
        actions.update_dossier(dossier=draft, by=house.author, edition=1, unit=house.root)


def test_who_sees_a_dossier(house: House) -> None:
    draft, submitted = dossier(house, S.DRAFT), dossier(house, S.SUBMITTED)
    colleague = person_with("communication_cell", house.unit)
    newcomer = person_with("newcomer", house.unit)
    assert set(visible_dossiers(house.author)) == {draft, submitted}
    assert set(visible_dossiers(colleague)) == {draft, submitted}
    assert set(visible_dossiers(house.members[0])) == {submitted}
    assert set(visible_dossiers(newcomer)) == set()


@pytest.mark.longer
def test_an_account_suspended_from_above_is_not_reactivated_from_below(house: House, client: Client) -> None:
    """A suspension is a freeze of one account: whoever is frozen does not lift it."""
    account = AccountFactory.create(unit=house.unit)
    local = person_with("account_manager", house.unit)
    actions.suspend_account(account=account, by=house.manager, reason="It spoke out of turn")
    client.force_login(local)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert reverse("accounts_registry:account_reactivate", args=[account.pk]) not in page
    with pytest.raises(Refused, match="further up than your role reaches"):
        actions.reactivate_account(account=account, by=local, reason="Ours")
    actions.reactivate_account(account=account, by=house.manager, reason="Settled")
    actions.suspend_account(account=account, by=local, reason="Holidays")
    actions.reactivate_account(account=account, by=local, reason="Back")
    assert Account.objects.get(pk=account.pk).state == "active"


@pytest.mark.parametrize(
    "act", [actions.see_third_party_app, partial(actions.strike_third_party_app, reason="r")], ids=["seen", "struck"]
)
def test_an_app_that_somebody_struck_meanwhile_is_struck_once(house: House, act: Callable[..., Any]) -> None:
    """Both had the page open; the second one is told what happened, and the trail tells it once."""
    app = ThirdPartyAppFactory.create(account=AccountFactory.create(unit=house.unit))
    read = ThirdPartyApp.objects.get(pk=app.pk)
    actions.strike_third_party_app(app=app, by=house.manager, reason="r")
    with pytest.raises(Conflict) as met:
        act(app=read, by=house.manager)
    assert met.value.thing == read.account
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["account.app_struck"]
