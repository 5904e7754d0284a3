"""The register that citizens read, at 10,000 accounts: what stands in memory, and what nobody asked before."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable

from django.test import Client, override_settings

from accounts_registry.enums import AccountState, DossierState
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.official import Facts, read_register
from benchmarks.figures import Figure, Section, beside
from benchmarks.service import Service
from tests.factories.organisation import UnitFactory

LIST = "/public/fr/accounts/"
UNITS, SECONDS = 100, 3.0


def measure(*, small: bool) -> Section:
    service = Service(accounts=1)
    figures, have = [], 1
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with override_settings(PUBLIC_REGISTER_SECONDS=3600):
        for many in (100, 1_000) if small else (1_000, 10_000):
            fill(service, many - have, first=have)
            have = many
            figures += _figures(many)
    told = (
        f"Accounts of {UNITS} services, on one core: two web processes do twice as much on two. The limit is the "
        "smallest answer that passes the same way, a page that is not there. A page that nobody asked before is found "
        "and written; a question that nobody asked before is answered."
    )
    return Section("Public register", told, figures)


def fill(service: Service, many: int, *, first: int) -> None:
    """So many accounts more, in bulk: names of two words, spread over the services."""
    units = [UnitFactory.create(parent=service.unit) for _ in range(UNITS if first == 1 else 0)] or [service.unit]
    one = service.accounts[0]
    holders = {"owner": one.owner, "backup_holder": one.backup_holder, "review_on": one.review_on}
    facts = {"languages": ["fr"], "audiences": ["citizens"], **holders}
    dossiers = JustificationDossier.objects.bulk_create(
        JustificationDossier(
            unit=units[number % len(units)],
            platform="mastodon",
            account_kind="page",
            proposed_handle=f"service{number}.culture",
            objective="Tell",
            why_not_existing="None",
            requested_by=one.owner,
            state=DossierState.APPROVED,
            **facts,
        )
        for number in range(first, first + many)
    )
    Account.objects.bulk_create(
        Account(
            unit=dossier.unit,
            dossier=dossier,
            network="mastodon",
            base_url="https://mastodon.example",
            handle=dossier.proposed_handle,
            remote_id=str(dossier.pk),
            kind="page",
            purpose="Tell",
            state=AccountState.ACTIVE,
            **facts,
        )
        for dossier in dossiers
    )


def _figures(many: int) -> list[Figure]:
    register = read_register()
    browser, numbers = Client(), itertools.count()
    with override_settings(PUBLIC_REGISTER_SECONDS=0):
        browser.get(LIST)  # reads it anew
    asked_again, made = beside(Facts.read, read_register, rounds=3)
    known = a_second(lambda: browser.get(LIST))
    etag = browser.get(LIST)["ETag"]
    same = a_second(lambda: browser.get(LIST, headers={"If-None-Match": etag}))
    fresh = a_second(lambda: browser.get(f"{LIST}?words=service&page={next(numbers) % 9 + 1}&n={next(numbers)}"))
    asked = a_second(lambda: browser.get(f"{LIST}check/?account=service{next(numbers)}.culture@mastodon.example"))
    program = a_second(lambda: browser.get(f"/public/accounts/check.json?account=@service{next(numbers)}.culture"))
    least = a_second(lambda: browser.get("/public/nothing/"))
    told = f"{len(register.rows):,} accounts"
    return [
        Figure(f"{told}: a page from memory, a second", known, "", least, "≥ 500 on two cores"),
        Figure(f"{told}: nothing new since, a second", same, "", least, "≥ 500 on two cores"),
        Figure(f"{told}: a page that nobody asked before, a second", fresh, "", least, "≥ 100 on two cores"),
        Figure(f"{told}: a question that nobody asked before, a second", asked, "", least, "≥ 100 on two cores"),
        Figure(f"{told}: the same by a program, a second", program, "", least, "≥ 100 on two cores"),
        Figure(f"{told}: seen that nothing changed, all 30 seconds", asked_again, "ms"),
        Figure(f"{told}: read and made anew after a change", made, "ms"),
    ]


def a_second(work: Callable[[], object]) -> float:
    """How many of it one core does in a second of its own time."""
    work()
    began, done = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        work()
        done += 1
    return done / (time.process_time() - began)
