"""S4: what a report of an error shows, Django's own page for looking for faults with its variables included."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import RequestFactory
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter
from pytest_django import Settings

from accounts_registry.actions import connect_account, disconnect_account, renew_due, revoke_pending
from accounts_registry.models import Access, Account
from delivery.actions import Line, send_next
from monitoring.actions import pull_next
from monitoring.models import Stream
from networks.catalogue import NETWORKS
from networks.egress import client as egress_client
from tests.accounts_registry.conftest import House
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import FakeOrigin, instead, queued, thaw
from tests.factories.prices import give_budget
from tests.leaks import leaks
from tests.networks.subjects import SUBJECTS

__all__ = ["simulator", "simulator_server", "walk"]

pytestmark = pytest.mark.django_db
CANARY = "canary-5e1f-do-not-leak"
NOWHERE = "127.0.0.1:9"
NAMES = ("access_token", "refresh_token", "client_id", "client_secret", "user_token", "proof")
DRAFTS = {subject.network: subject.draft for subject in SUBJECTS}
KEYS = sorted(DRAFTS)
Work = Callable[[], Any]


class Torn(BaseException):
    """What no library and no connector catches: every frame between a worker's task and the wire is in its report."""


@pytest.fixture
def torn(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    """Every call to a network breaks where the request is about to leave, with all that it carries."""

    def tear(target: Any, call: Any, limits: Any) -> Any:
        carried = [call.url, *call.headers, call.content]
        raise Torn(len(carried))

    monkeypatch.setattr(egress_client, "exchange", tear)
    settings.EGRESS_ALLOW = frozenset({NOWHERE})
    settings.MEDIA_ROOT = "/"
    settings.DELIVERY_THREADS = 1
    thaw()
    undo = instead(FakeOrigin())
    yield
    undo()


def account_of(key: str, house: House) -> Account:
    typed = {field.name: CANARY for field in NETWORKS[key].fields}
    facts = {"unit": house.unit, "network": key, "handle": "finances", "base_url": f"http://{NOWHERE}"}
    account = ConnectedAccountFactory.create(**facts, credentials={**dict.fromkeys(NAMES, CANARY), **typed})
    give_budget(account, 100)
    return account


def sending(account: Account, house: House, folder: Path) -> Work:
    queued(account, DRAFTS[account.network](folder))
    return lambda: send_next(Line())


def reading(account: Account, house: House, folder: Path) -> Work:
    Stream.objects.create(kind="inbox", account=account)
    return pull_next


def renewing(account: Account, house: House, folder: Path) -> Work:
    past = Now() - timedelta(minutes=1)
    Access.objects.create(account=account, purpose="all", expires_at=past, renew_at=past)

    def renew() -> None:
        renew_due(seconds=5)
        if Access.objects.get().renew_at is None:
            pytest.skip("this network renews nothing, and is not asked")

    return renew


def ending(account: Account, house: House, folder: Path) -> Work:
    disconnect_account(account=account, by=house.manager, reason="Moving on")
    return lambda: revoke_pending(seconds=5)


def typing(account: Account, house: House, folder: Path) -> Work:
    fields = {field.name: CANARY for field in NETWORKS[account.network].fields}
    return lambda: connect_account(account=account, by=house.manager, fields=fields)


def reports_of(work: Work, settings: Settings) -> tuple[dict[str, str], str]:
    """What is told of how `work` breaks off; and what Django would tell of it, were it not asked to be discreet."""
    with pytest.raises(Torn) as caught:
        work()
    settings.DEBUG = True
    request = RequestFactory().post(f"/?code={CANARY}", {"access_token": CANARY}, headers={"x-proof": CANARY})
    request.META["DATABASE_URL"] = f"postgres://parvis:{CANARY}@db/parvis"  # as a development server does
    told = {"traceback": "".join(traceback.format_exception(caught.value)), "error": repr(caught.value)}
    for name, about in (("of a page", request), ("of a worker", None)):
        reporter = ExceptionReporter(about, caught.type, caught.value, caught.tb)
        told[f"page {name}"], told[f"text {name}"] = reporter.get_traceback_html(), reporter.get_traceback_text()
    assert all("tear" in told[page] for page in ("page of a page", "page of a worker"))
    request.exception_reporter_filter = SafeExceptionReporterFilter()
    return told, ExceptionReporter(request, caught.type, caught.value, caught.tb).get_traceback_html()


@pytest.mark.slow
@pytest.mark.parametrize("deed", [sending, reading, renewing, ending, typing])
@pytest.mark.parametrize("key", KEYS)
def test_no_report_shows_what_was_in_hand(
    key: str, deed: Any, house: House, torn: None, settings: Settings, tmp_path: Path
) -> None:
    if deed in {renewing, ending} and not NETWORKS[key].consent:
        pytest.skip("nothing to renew or to end at this network")
    if deed is typing and not NETWORKS[key].fields:
        pytest.skip("nothing to type in for this network")
    settings.NETWORK_APPS = {key: {"client_id": "known", "client_secret": CANARY, "webhook_secret": CANARY}}
    settings.CELERY_BROKER_URL = f"redis://:{CANARY}@broker/0"
    told, indiscreet = reports_of(deed(account_of(key, house), house, tmp_path), settings)
    assert leaks(told, [CANARY]) == []
    assert leaks({"a page without discretion": indiscreet}, [CANARY])


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key in KEYS if NETWORKS[key].consent])
def test_no_report_shows_what_a_consent_brings_back(
    walk: Walk, key: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = walk.account(key)
    back = walk.agree(walk.begin(account))

    def tear(target: Any, call: Any, limits: Any) -> Any:
        raise Torn

    monkeypatch.setattr(egress_client, "exchange", tear)
    told, indiscreet = reports_of(lambda: walk.back(back), settings)
    assert leaks(told, [back["code"], back["state"], CANARY]) == []
    assert leaks({"a page without discretion": indiscreet}, [back["code"]])
