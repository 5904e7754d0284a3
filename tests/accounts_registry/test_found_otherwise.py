"""What an audit finds beside what lists tell, and what it says where nothing is known: neither a yes nor a no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import examine_audit
from accounts_registry.enums.security import SecurityItem, SecurityLevel
from accounts_registry.models import (
    Account,
    AccountAudit,
    AccountFigure,
    Finding,
    ListedAccount,
    SecurityRecord,
    Sighting,
)
from accounts_registry.queries import effectiveness
from accounts_registry.queries.audit_questions import questions
from accounts_registry.queries.effectiveness import Figure, Judged, Lack, band_of, judged, months_before
from accounts_registry.queries.findings import found_in
from accounts_registry.queries.found_otherwise import not_computed
from conversations.queries.effectiveness import response_rate
from delivery.queries.rhythm import cadence
from tests.factories.accounts_registry import AbuseCaseFactory, AccountFactory, SightingFactory
from tests.factories.audits import AuditFactory, ImportFactory, taken_over
from tests.factories.conversations import ConversationFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.organisation import UnitFactory
from tests.factories.security import SecurityExceptionFactory, stands, whole

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def audit() -> AccountAudit:
    return AuditFactory.create(unit=UnitFactory.create(names={"fr": "SPF Finances"}))


def found(audit: AccountAudit, kind: str) -> dict[str, str]:
    """Evidence by account."""
    return {one.subject.label: " ".join(map(str, one.evidence)) for one in found_in(audit).values() if one.kind == kind}


# ---- Unsafe ---------------------------------------------------------------------------------------------------------
def test_what_is_not_met_and_not_borne_is_unsafe(audit: AccountAudit) -> None:
    safe, partly, lacking, borne = (whole(AccountFactory.create(unit=audit.unit)) for _ in range(4))
    stands(partly, SecurityItem.DRILLS, SecurityLevel.PARTLY)
    stands(lacking, SecurityItem.VAULT, SecurityLevel.NOT_MET)
    SecurityExceptionFactory.create(account=lacking)
    stands(borne, SecurityItem.VAULT, SecurityLevel.NOT_MET)
    SecurityExceptionFactory.create(account=borne, state="accepted")
    assert found(audit, "unsafe") == {
        lacking.label: "Not met: Passwords lie in a vault, or people come in by single sign-on."
    }
    assert safe.label not in found(audit, "unsafe")


def test_a_record_that_nobody_attested_is_unsafe(audit: AccountAudit) -> None:
    account = whole(AccountFactory.create(unit=audit.unit))
    Account.objects.update(created_at=timezone.now() - timedelta(days=93))
    assert found(audit, "unsafe") == {account.label: "Nobody has attested its security for a quarter."}
    SecurityRecord.objects.update(attested_at=timezone.now())
    assert found(audit, "unsafe") == {}


# ---- Suspicious -----------------------------------------------------------------------------------------------------
def seen(audit: AccountAudit, **facts: Any) -> Sighting:
    return SightingFactory.create(
        unit=audit.unit, **{"kind": "impersonation", "links_to_us": False, "asks": True, **facts}
    )


def test_a_sighting_whose_score_says_so_is_suspicious_with_its_reasons(audit: AccountAudit) -> None:
    sighting = seen(audit)
    seen(audit, asks=False)
    assert found(audit, "suspicious") == {
        sighting.label: "Score 6. It does not link to the official site. It asks people for money or for data."
    }
    examine_audit(audit=audit, by=audit.begun_by)
    finding = Finding.objects.get()
    assert (finding.sighting, finding.subject) == (sighting, sighting.label)
    Sighting.objects.filter(pk=sighting.pk).update(state="closed")
    examine_audit(audit=audit, by=audit.begun_by)
    finding.refresh_from_db()
    assert finding.state == "lapsed"


def test_what_was_settled_or_forgotten_is_suspicious_no_more(audit: AccountAudit) -> None:
    seen(audit, state="merged")
    seen(audit, key="", purged_at=timezone.now())
    for state in ("taken_down", "dismissed"):
        AbuseCaseFactory.create(sighting=seen(audit, state="registered"), state=state)
    assert found(audit, "suspicious") == {}
    AbuseCaseFactory.create(sighting=seen(audit, state="registered"))
    assert len(found(audit, "suspicious")) == 1


def test_a_finding_is_of_one_thing(audit: AccountAudit) -> None:
    facts = {"audit": audit, "kind": "suspicious", "mark": "x", "due_on": audit.due_on}
    account, sighting = AccountFactory.create(), seen(audit)
    for subjects in ({}, {"account": account, "sighting": sighting}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.create(**facts, **subjects)


# ---- Ineffective ----------------------------------------------------------------------------------------------------
def test_the_last_three_whole_months_as_the_unit_lives_them() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    told = [(since.isoformat(), until.isoformat()) for since, until in months_before(date(2026, 2, 10), brussels)]
    assert told == [
        ("2025-11-01T00:00:00+01:00", "2025-12-01T00:00:00+01:00"),
        ("2025-12-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"),
        ("2026-01-01T00:00:00+01:00", "2026-02-01T00:00:00+01:00"),
    ]
    assert [band_of(followers) for followers in (0, 999, 1_000, 99_999, 100_000)] == [0, 0, 1, 2, 3]


Series = Sequence[float | None]


class Scene:
    """Peers on one network, of one size, with the figures that a test gives them."""

    def __init__(self, audit: AccountAudit, monkeypatch: pytest.MonkeyPatch) -> None:
        self.audit, self.told = audit, {figure: dict[int, Series]() for figure in (Figure.CADENCE, Figure.RESPONSE)}
        self.given = ImportFactory.create(audit=audit)
        readers = {figure: self._reader(told) for figure, told in self.told.items()}
        monkeypatch.setattr(effectiveness, "_READERS", readers)

    def _reader(self, told: dict[int, Series]) -> effectiveness.Reader:
        def read(accounts: Sequence[Account], months: Sequence[effectiveness.Month]) -> Mapping[int, Series]:
            return told

        return read

    def account(
        self, cadence: Series = (), response: Series = (), followers: int | None = 500, **facts: Any
    ) -> Account:
        account = AccountFactory.create(unit=facts.pop("unit", self.audit.unit), **facts)
        Account.objects.filter(pk=account.pk).update(created_at=LONG_AGO)
        if followers is not None:
            told = {"audit": self.audit, "series": "s", "network": account.network, "keys": [account.handle]}
            ListedAccount.objects.create(**told, told_by=self.given, account=account, followers=followers)
        self.told[Figure.CADENCE][account.pk], self.told[Figure.RESPONSE][account.pk] = cadence, response
        return account

    def peers(self, number: int = 4) -> None:
        for _one in range(number):
            self.account((1.0, 1.0, 1.0), (0.9, 0.9, 0.9))

    def of(self, account: Account) -> Judged:
        return next(one for one in judged(self.audit.unit, DAY) if one.account == account)


@pytest.fixture
def scene(audit: AccountAudit, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(audit, monkeypatch)


@pytest.mark.parametrize(
    ("cadence_told", "response_told", "is_ineffective"),
    [
        ((0.1, 0.1, 0.1), (0.2, 0.2, 0.2), True),
        ((0.1, 0.1, 0.1), (0.9, 0.9, 0.9), False),
        ((0.1, 0.1, 1.0), (0.2, 0.2, 0.2), False),
        ((1.0, 1.0, 1.0), (0.9, 0.9, 0.9), False),
    ],
)
def test_two_figures_below_the_first_quarter_in_every_month(
    scene: Scene, cadence_told: Series, response_told: Series, is_ineffective: bool
) -> None:
    scene.peers(7)
    weak = scene.account(cadence_told, response_told)
    assert scene.of(weak).lack is None
    assert scene.of(weak).is_ineffective is is_ineffective
    assert set(found(scene.audit, "ineffective")) == ({weak.label} if is_ineffective else set())


def test_it_is_told_with_both_values_of_each_month(scene: Scene) -> None:
    scene.peers(7)
    weak = scene.account((0.1, 0.2, 0.3), (0.25, 0.5, 0.5))
    assert found(scene.audit, "ineffective")[weak.label] == (
        "messages against the rhythm that was agreed: 0.10 · 0.20 · 0.30, and the first quarter of its peers "
        "1.00 · 1.00 · 1.00. share of what citizens asked that was answered: 0.25 · 0.50 · 0.50, and the first quarter "
        "of its peers 0.90 · 0.90 · 0.90."
    )


def test_peers_are_of_the_same_network_and_size_in_the_whole_organisation(scene: Scene) -> None:
    root = UnitFactory.create()
    scene.audit.unit = UnitFactory.create(parent=root)
    scene.audit.save()
    weak = scene.account((0.1, 0.1, 0.1), (0.2, 0.2, 0.2))
    for _one in range(4):
        scene.account((1.0, 1.0, 1.0), (0.9, 0.9, 0.9), network="x", base_url="https://x.com")
        scene.account((1.0, 1.0, 1.0), (0.9, 0.9, 0.9), followers=5_000)
    assert scene.of(weak).lack == Lack.PEERS
    sister = UnitFactory.create(parent=root)
    for _one in range(4):
        scene.account((1.0, 1.0, 1.0), (0.9, 0.9, 0.9), unit=sister)
    assert scene.of(weak).is_ineffective
    assert sister not in {one.account.unit for one in judged(scene.audit.unit, DAY)}


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        ({"followers": None, "cadence": (0.1,) * 3, "response": (0.1,) * 3}, Lack.SIZE),
        ({"cadence": (0.1, None, 0.1), "response": (0.1,) * 3}, Lack.FIGURES),
        ({"cadence": (0.1,) * 3}, Lack.FIGURES),
    ],
    ids=["size", "a month", "a figure"],
)
def test_what_is_not_known_is_no_finding_and_no_all_clear(scene: Scene, facts: dict[str, Any], lack: Lack) -> None:
    scene.peers()
    weak = scene.account(**facts)
    assert scene.of(weak).lack == lack
    assert not scene.of(weak).is_ineffective
    assert f"Not computable for 1 account: {lack.label}." in [one.words for one in not_computed(scene.audit)]


def test_followers_that_somebody_noted_count_before_those_of_a_list(scene: Scene) -> None:
    scene.peers()
    weak = scene.account((0.1,) * 3, (0.1,) * 3, followers=None)
    noted = {"account": weak, "measure": "followers", "source": "The network", "noted_by": weak.owner}
    AccountFigure.objects.create(**noted, value=50_000, on=date(2026, 1, 1))
    assert scene.of(weak).lack == Lack.PEERS
    AccountFigure.objects.create(**noted, value=700, on=date(2026, 11, 1))
    assert scene.of(weak).is_ineffective


def test_a_young_account_is_not_judged(scene: Scene) -> None:
    scene.peers()
    young = scene.account((0.1,) * 3, (0.1,) * 3)
    Account.objects.filter(pk=young.pk).update(created_at=datetime(2026, 9, 2, tzinfo=UTC))
    assert scene.of(young).lack == Lack.YOUNG


def test_nobody_keeps_reactions_and_that_is_said(audit: AccountAudit) -> None:
    AccountFactory.create(unit=audit.unit)
    said = [one.words for one in not_computed(audit)]
    assert said[0] == "Not known here: engagement rate. Two other figures have to be below for a finding."
    asked = {str(one.asked): one for one in questions(audit)}
    assert asked["Which are ineffective: delete, or train?"].number is None


def test_of_listed_accounts_it_is_said_what_no_list_tells(audit: AccountAudit, client: Client) -> None:
    taken_over(audit, "Network;URL;Last post\nX;x.com/fin;2026-01-02\nX;x.com/other;\n")
    client.force_login(audit.begun_by)
    page = client.get(reverse("accounts_registry:finding_list", args=[audit.pk])).content.decode()
    assert "Not computable for 2 listed accounts: no list tells their publics." in page
    assert "Not computable for 1 listed account: no list tells the day of its last post." in page


# ---- The figures of the rooms above ---------------------------------------------------------------------------------
MONTH = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 29, tzinfo=UTC))  # four weeks


def test_messages_are_counted_against_the_rhythm_of_the_dossier() -> None:
    account = AccountFactory.create()
    account.dossier.answers["posts_per_week"] = 2
    silent = AccountFactory.create(dossier__answers={})
    for day, facts in ((1, {}), (28, {}), (29, {}), (5, {"is_reply": True}), (6, {"state": "cancelled"})):
        out = {"published_at": datetime(2026, 10, day, tzinfo=UTC), "remote_id": f"m{day}", "state": "published"}
        DeliveryFactory.create(account=account, **{**out, **facts})
    assert cadence([account, silent], [MONTH]) == {account.pk: [0.25], silent.pk: [None]}


def test_what_was_owed_an_answer_and_has_none_stays_in_the_count() -> None:
    account, quiet = AccountFactory.create(), AccountFactory.create()
    late = datetime(2026, 10, 9, tzinfo=UTC)
    for facts in (
        {"state": "answered", "answered_at": late, "deadline": late},
        {"state": "closed", "deadline": late},
        {"deadline": late},
        {"deadline": late, "received_at": MONTH[1]},
        {"deadline": None},
    ):
        ConversationFactory.create(account=account, **{"received_at": MONTH[0], **facts})
    assert response_rate([account, quiet], [MONTH]) == {account.pk: [1 / 3], quiet.pk: [None]}
