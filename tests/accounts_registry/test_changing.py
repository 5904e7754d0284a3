"""What the registry knows of an account is changed by whoever manages it, with the reason; a pair on both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from accounts_registry.actions import begin_closing, change_account, open_account
from accounts_registry.enums import AccountState, DossierState
from accounts_registry.models import Account
from notices.models import Addressee
from organisation.clock import database_today
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import EXIT, AccountFactory, DossierFactory
from tests.factories.closing import closed
from tests.factories.organisation import UnitFactory, person_with
from tests.locking import locks_taken
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db


def change(account: Account, house: House, **facts: Any) -> Account:
    told = {"edition": account.edition, "reason": "As it is by now", **facts}
    return change_account(account=account, by=told.pop("by", house.manager), **told)


@pytest.fixture
def account(house: House) -> Account:
    return AccountFactory.create(unit=house.unit)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purpose", "Explain customs"),
        ("audiences", ["press", "partners"]),
        ("languages", ["nl"]),
        ("kind", "group"),
        ("url", "https://mastodon.example/about"),
        ("maturity", "integrated"),
    ],
)
def test_each_fact_is_changed_with_its_history(account: Account, house: House, name: str, value: Any) -> None:
    was = getattr(account, name)
    change(account, house, **{name: value})
    account.refresh_from_db()
    assert (getattr(account, name), account.edition) == (value, 2)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_name) == ("account.changed", "Manager")
    assert event.details == {"reason": "As it is by now", "changes": {name: [was, value]}}


def test_the_story_tells_old_and_new(account: Account, house: House, client: Client) -> None:
    change(account, house, purpose="Explain customs")
    client.force_login(house.manager)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert "Manager changed the facts of this account" in page
    assert "<bdi>Tell people how taxes work</bdi> → <bdi>Explain customs</bdi>" in " ".join(page.split())


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"term": "trial"}, "ends_on"),
        ({"term": "trial", "ends_on": timedelta(days=0)}, "ends_on"),
        ({"term": "trial", "ends_on": timedelta(days=200)}, "ends_on"),
        ({"term": "campaign", "ends_on": timedelta(days=380)}, "ends_on"),
    ],
    ids=str,
)
def test_what_is_wrong_is_refused_at_its_field(
    account: Account, house: House, facts: dict[str, Any], field: str
) -> None:
    if "ends_on" in facts:
        facts = {**facts, "ends_on": account.today + facts["ends_on"]}
    with pytest.raises(Refused) as told:
        change(account, house, **facts)
    assert told.value.field == field
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "facts", [{"purpose": " "}, {"audiences": []}, {"languages": ["xx"]}, {"kind": "club"}], ids=str
)
def test_no_fact_is_left_empty_or_made_up(account: Account, house: House, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as told:
        change(account, house, **facts)
    assert set(told.value.message_dict) == set(facts)


def test_a_trial_is_looked_at_on_its_last_day(account: Account, house: House) -> None:
    last = account.today + timedelta(days=100)
    change(account, house, term="trial", ends_on=last)
    assert (account.review_on, account.ends_on) == (last, last)
    change(account, house, term="permanent")
    assert (account.term, account.ends_on, account.review_on) == ("permanent", None, last)


def test_what_is_over_is_prolonged_by_its_review_alone(account: Account, house: House) -> None:
    Account.objects.update(term="trial", ends_on=account.today - timedelta(days=1))
    for facts in ({"ends_on": account.today + timedelta(days=9)}, {"term": "permanent"}):
        with pytest.raises(Refused, match="is over"):
            change(account, house, **facts)
    change(account, house, purpose="As it was")


def test_older_facts_overwrite_nothing(account: Account, house: House) -> None:
    change(account, house, purpose="Theirs")
    with pytest.raises(Outdated):
        change(account, house, edition=1, purpose="Mine")
    account.refresh_from_db()
    assert account.purpose == "Theirs"


def test_the_form_shows_both_texts_and_keeps_what_was_typed(account: Account, house: House, client: Client) -> None:
    client.force_login(house.manager)
    where = reverse("accounts_registry:account_edit", args=[account.pk])
    change(account, house, purpose="Theirs, by now")
    sent = {
        "edition": 1, "purpose": "Mine, typed", "audiences": ["press"], "languages": ["fr"], "kind": "page",
        "maturity": "experimental", "term": "permanent", "reason": "Because",
    }  # fmt: skip
    refused = client.post(where, sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Theirs, by now" in page
    assert "Mine, typed" in page
    assert 'name="edition" value="2"' in page
    assert client.post(where, {**sent, "edition": 2}).status_code == 302
    account.refresh_from_db()
    assert (account.purpose, account.audiences) == ("Mine, typed", ["press"])


def test_saving_nothing_new_is_no_event(account: Account, house: House) -> None:
    account.audiences = ["press", "citizens"]
    account.save()
    change(account, house, purpose=account.purpose, audiences=["citizens", "press"])
    assert (account.edition, AuditEvent.objects.count()) == (1, 0)


def test_only_who_manages_it_changes_it(account: Account, house: House) -> None:
    for person in (house.author, house.chair, person_with("account_manager", UnitFactory.create(parent=house.root))):
        with pytest.raises(PermissionDenied):
            change(account, house, by=person, purpose="Mine")


def test_rights_are_asked_behind_the_lock(account: Account, house: House) -> None:
    house.manager.held_grants()
    house.manager.grants.all().delete()
    with pytest.raises(PermissionDenied):
        change(account, house, purpose="Mine")


def test_what_is_closed_is_not_changed(account: Account, house: House) -> None:
    Account.objects.update(state=AccountState.ARCHIVED)
    with pytest.raises(Conflict):
        change(account, house, purpose="Mine")


# ---- Pairs ----------------------------------------------------------------------------------------------------------
def pair_of(account: Account) -> int | None:
    return Account.objects.get(pk=account.pk).pair_id


def verbs(account: Account) -> list[str]:
    return list(
        AuditEvent.objects.filter(object_id=str(account.pk)).order_by("sequence").values_list("verb", flat=True)
    )


def test_a_pair_is_one_on_both_sides_and_left_on_both(account: Account, house: House) -> None:
    sister = AccountFactory.create(unit=house.unit, languages=["nl"])
    change(account, house, pair=sister)
    assert (pair_of(account), pair_of(sister)) == (sister.pk, account.pk)
    assert verbs(sister) == ["account.paired"]
    third = AccountFactory.create(unit=house.unit, languages=["de"])
    account.refresh_from_db()
    change(account, house, pair=third)
    assert (pair_of(account), pair_of(third), pair_of(sister)) == (third.pk, account.pk, None)
    account.refresh_from_db()
    change(account, house, pair=None)
    assert (pair_of(account), pair_of(third)) == (None, None)


def test_both_of_a_pair_are_locked_the_older_first(account: Account, house: House) -> None:
    sister = AccountFactory.create(unit=house.unit, languages=["nl"])
    with locks_taken() as taken:
        change(sister, house, pair=account)
    assert taken == ["accounts_registry_account"]


@pytest.mark.parametrize(
    "facts",
    [{"languages": ["fr"]}, {"network": "x", "languages": ["nl"]}, {"state": "archived", "languages": ["nl"]}],
    ids=str,
)
def test_what_is_no_pair(account: Account, house: House, facts: dict[str, Any]) -> None:
    other = AccountFactory.create(unit=house.unit, **facts)
    with pytest.raises(Refused):
        change(account, house, pair=other)
    assert pair_of(other) is None


def test_who_has_a_pair_is_taken_from_nobody(account: Account, house: House) -> None:
    sister = AccountFactory.create(unit=house.unit, languages=["nl"])
    change(account, house, pair=sister)
    third = AccountFactory.create(unit=house.unit, languages=["de"])
    sister.refresh_from_db()
    with pytest.raises(Refused, match="another language pair"):
        change(third, house, pair=sister)


def test_nobody_is_paired_with_what_reaches_beyond_them(account: Account, house: House) -> None:
    local = person_with("account_manager", house.unit)
    above = AccountFactory.create(unit=house.root, languages=["nl"])
    with pytest.raises(PermissionDenied):
        change(account, house, by=local, pair=above)
    assert pair_of(above) is None


def test_a_pair_goes_on_speaking_other_languages(account: Account, house: House) -> None:
    sister = AccountFactory.create(unit=house.unit, languages=["nl"])
    change(account, house, pair=sister)
    account.refresh_from_db()
    with pytest.raises(Refused, match="different languages"):
        change(account, house, languages=["fr", "nl"])


def test_a_pair_that_was_taken_meanwhile_leaves_a_new_account_alone(account: Account, house: House) -> None:
    sister = AccountFactory.create(unit=house.unit, languages=["nl"])
    change(account, house, pair=sister)
    facts = {"unit": house.unit, "languages": ["de"], "pair_of": sister, "state": DossierState.APPROVED, "round": 1}
    opened = open_account(dossier=DossierFactory.create(**facts))
    assert (pair_of(opened), pair_of(sister)) == (None, account.pk)


def told_alone() -> set[str]:
    look("account_alone")
    standing = Addressee.objects.filter(notice__kind="account_alone", notice__settled_at=None)
    return {one.person.name for one in standing.select_related("person")}


def test_whose_sister_is_closed_stands_alone_and_is_told(account: Account, house: House) -> None:
    sister = AccountFactory.create(unit=house.unit, languages=["nl"])
    change(account, house, pair=sister)
    account.refresh_from_db()
    assert told_alone() == set()
    closed(account, house.manager)
    assert pair_of(sister) is None
    assert verbs(sister)[-1] == "account.paired"
    assert told_alone() == {"Manager"}, "its holders hold no role here, so they see nothing of it"
    sister.refresh_from_db()
    change(sister, house, pair=AccountFactory.create(unit=house.unit, languages=["de"]))
    assert told_alone() == set()
    plan = account.exit_plan
    assert (plan.followers, plan.archive, plan.name, plan.made_by) == (*EXIT.values(), house.manager)


@pytest.mark.parametrize("missing", EXIT)
def test_nothing_is_closed_without_its_exit_plan(account: Account, house: House, missing: str) -> None:
    with pytest.raises(Refused) as told:
        begin_closing(account=account, by=house.manager, edition=1, reason="Merged", **{**EXIT, missing: " "})
    assert told.value.field == missing
    account.refresh_from_db()
    assert account.state == AccountState.ACTIVE


def test_today_is_the_units(account: Account) -> None:
    assert account.today == database_today(account.unit.zone)
