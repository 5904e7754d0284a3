from __future__ import annotations

from collections.abc import Callable
from datetime import date

from accounts_registry import actions
from accounts_registry.actions import begin_search, end_search
from accounts_registry.actions.imitations import report_found
from accounts_registry.models import AbuseCase, ImitationSearch, Sighting
from tests.architecture.trail.world import AN, BRAM, NOBODY, World, leaves
from tests.factories.accounts_registry import AbuseCaseFactory, ConnectedAccountFactory, SightingFactory

ACCOUNT = "https://x.com/taxcorner"


def seen(world: World, state: str = "detected") -> Sighting:
    return SightingFactory.create(unit=world.unit, reported_by=world.an, state=state)


def case(world: World) -> AbuseCase:
    return AbuseCaseFactory.create(sighting__unit=world.unit, sighting__reported_by=world.an)


def moved(before: str, after: str, **said: object) -> dict[str, object]:
    return {"from": before, "to": after, **said}


@leaves(("sighting.reported", AN, {"kind": "wild", "found": "hand"}))
def reported(world: World) -> Callable[[], object]:
    return lambda: actions.report_sighting(unit=world.unit, account=ACCOUNT, kind="wild", by=world.an)


@leaves(
    ("sighting.reported", AN, {"kind": "impersonation", "found": "report"}),
    ("sighting.enlist", NOBODY, moved("detected", "registered", score=6)),
    ("abuse_case.opened", NOBODY, {"sighting": ...}),
)
def reported_and_enlisted(world: World) -> Callable[[], object]:
    facts = {"asks": True, "uses_our_name": True, "kind": "impersonation", "found": "report"}
    return lambda: actions.report_sighting(unit=world.unit, account=ACCOUNT, by=world.an, **facts)


@leaves(("sighting.changed", BRAM, {"facts": ["asks", "note"]}))
def changed(world: World) -> Callable[[], object]:
    sighting = seen(world)
    return lambda: actions.update_sighting(sighting=sighting, by=world.bram, edition=1, asks=False, note="Mr Peeters")


@leaves(("sighting.contact", AN, moved("detected", "contacted", reason="Called")))
def contacted(world: World) -> Callable[[], object]:
    sighting = seen(world)
    return lambda: actions.contact_sighting(sighting=sighting, by=world.an, reason="Called")


@leaves(("sighting.explain", AN, moved("contacted", "explained")))
def explained(world: World) -> Callable[[], object]:
    sighting = seen(world, "contacted")
    return lambda: actions.explain_sighting(sighting=sighting, by=world.an, reason="Mr Peeters wanted it")


@leaves(("dossier.begun", AN, {}), ("sighting.regularise", AN, moved("explained", "regularised")))
def regularised(world: World) -> Callable[[], object]:
    sighting = seen(world, "explained")
    return lambda: actions.regularise_sighting(sighting=sighting, by=world.an)


@leaves(("sighting.merge", AN, moved("explained", "merged", reason="Moved")))
def merged(world: World) -> Callable[[], object]:
    sighting = seen(world, "explained")
    return lambda: actions.merge_sighting(sighting=sighting, by=world.an, into=world.account, reason="Moved")


@leaves(("sighting.close", AN, moved("detected", "closed", reason="Gone")))
def closed(world: World) -> Callable[[], object]:
    sighting = seen(world)
    return lambda: actions.close_sighting(sighting=sighting, by=world.an, reason="Gone")


@leaves(("sighting.reopen", AN, moved("closed", "detected", reason="Back")))
def taken_up(world: World) -> Callable[[], object]:
    sighting = seen(world, "closed")
    return lambda: actions.reopen_sighting(sighting=sighting, by=world.an, reason="Back")


@leaves(
    ("sighting.register", AN, moved("detected", "registered", reason="Not ours")),
    ("abuse_case.opened", AN, {"sighting": ...}),
)
def registered(world: World) -> Callable[[], object]:
    sighting = seen(world)
    return lambda: actions.register_sighting(sighting=sighting, by=world.an, reason="Not ours")


@leaves(("sighting.purged", NOBODY, {}))
def purged(world: World) -> Callable[[], object]:
    SightingFactory.create(unit=world.unit, kept_until=date(2026, 1, 1))
    return actions.purge_sightings


@leaves(("abuse_case.confirm", BRAM, moved("reported", "confirmed")))
def confirmed(world: World) -> Callable[[], object]:
    made = case(world)
    return lambda: actions.confirm_abuse(case=made, by=world.bram)


@leaves(("abuse_case.notify", AN, moved("confirmed", "notified", reference="T1")))
def told_the_network(world: World) -> Callable[[], object]:
    made = actions.confirm_abuse(case=case(world), by=world.bram)
    return lambda: actions.notify_network(case=made, by=world.an, reference="T1")


@leaves(("abuse_case.take_down", AN, moved("confirmed", "taken_down", reason="Gone")))
def gone(world: World) -> Callable[[], object]:
    made = actions.confirm_abuse(case=case(world), by=world.bram)
    return lambda: actions.take_down(case=made, by=world.an, reason="Gone")


@leaves(("abuse_case.dismiss", AN, moved("reported", "dismissed", reason="A fan")))
def dismissed(world: World) -> Callable[[], object]:
    made = case(world)
    return lambda: actions.dismiss_abuse(case=made, by=world.an, reason="A fan")


@leaves(("abuse_case.reopen", BRAM, moved("dismissed", "reported", reason="No fan")))
def open_again(world: World) -> Callable[[], object]:
    made = actions.dismiss_abuse(case=case(world), by=world.an, reason="A fan")
    return lambda: actions.reopen_abuse(case=made, by=world.bram, reason="No fan")


@leaves(("nil_return.declared", AN, {"reason": "Looked", "since": "2026-07-01", "until": "2026-09-30"}))
def none(world: World) -> Callable[[], object]:
    days = {"since": date(2026, 7, 1), "until": date(2026, 9, 30)}
    return lambda: actions.declare_none(unit=world.unit, how="Looked", by=world.an, **days)


@leaves(("imitation_search.begun", AN, {"account": ...}))
def search_begun(world: World) -> Callable[[], object]:
    account = ConnectedAccountFactory.create(unit=world.unit)
    return lambda: begin_search(account=account, by=world.an)


@leaves(("imitation_search.ended", AN, {"account": ...}))
def search_ended(world: World) -> Callable[[], object]:
    account = ConnectedAccountFactory.create(unit=world.unit)
    search = ImitationSearch.objects.create(account=account, begun_by=world.bram)
    return lambda: end_search(search=search, by=world.an)


@leaves(("sighting.found", NOBODY, {"kind": "impersonation", "found": "search"}))
def sighting_found(world: World) -> Callable[[], object]:
    search = ImitationSearch.objects.create(account=ConnectedAccountFactory.create(unit=world.unit), begun_by=world.an)
    facts = {"network": "mastodon", "server": "m.example", "handle": "quelqu", "key": "mastodon|m.example|@quelqu"}
    made = Sighting(unit=world.unit, kind="impersonation", **facts)
    return lambda: report_found(search=search, sighting=made)
