"""Who may do what where: each verb on a thing of one's own unit, of the unit above and of the one beside, by everybody.

The table is written by hand. People "at the root" hold their role over the whole organisation, the others in `here`,
a unit below it. `suspended` holds every role at the root; `elsewhere` every role in another organisation.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts_registry import actions as registry
from accounts_registry.actions.figures import note_figure
from accounts_registry.enums import AccountState, DossierState
from conversations import actions as inbox
from crisis import actions as crisis
from crisis.enums import Freeze, Level
from delivery import actions as delivery
from delivery.enums import DeliveryState, HoldScope
from monitoring import actions as watching
from organisation import actions as people
from organisation.lifecycle import Refused
from organisation.models import Person, Unit
from organisation.policy import SUSPENDED_ABOVE
from organisation.roles import ROLES
from publishing import actions as posts
from tests.architecture.reach import ACTORS, TABLE, WRITERS
from tests.factories.accounts_registry import EXIT, ConnectedAccountFactory, DossierFactory, ThirdPartyAppFactory
from tests.factories.closing import closing_account
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.crisis import CrisisFactory, PlaybookFactory
from tests.factories.delivery import ANSWER, POST, DeliveryFactory
from tests.factories.monitoring import SourceFactory, WatchFactory
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.publishing import hash_of, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# Short names of people: role, and whether they hold it at the root.
class World:
    def __init__(self) -> None:
        self.root: Unit = UnitFactory.create()
        self.here: Unit = UnitFactory.create(parent=self.root)
        self.beside: Unit = UnitFactory.create(parent=self.root)
        self.actors: dict[str, Person] = {
            name: person_with(role, self.root if high else self.here, name=name)
            for name, (role, high) in ACTORS.items()
        }
        self.actors["suspended"] = self._holding_everything(self.root, is_active=False)
        self.actors["elsewhere"] = self._holding_everything(UnitFactory.create())
        self.top = person_with("administrator", self.root)

    def _holding_everything(self, unit: Unit, **facts: Any) -> Person:
        person = PersonFactory.create(unit=unit, **facts)
        for role in ROLES:
            GrantFactory.create(person=person, role=role, unit=unit)
        return person

    def colleague(self, role: str, unit: Unit) -> Person:
        return person_with(role, unit)


Act = Callable[[Person], object]


def _conversation(world: World, unit: Unit, **facts: Any) -> Any:
    account = ConnectedAccountFactory.create(unit=unit)
    return MentionFactory.create(conversation=ConversationFactory.create(account=account, **facts)).conversation


def _assign(world: World, unit: Unit) -> Act:
    thing, to = _conversation(world, unit), world.colleague("conversation_manager", unit)
    return lambda by: inbox.assign_conversation(conversation=thing, to=to, by=by)


def _take_from(world: World, unit: Unit) -> Act:
    one, other = (world.colleague("conversation_manager", unit) for _ in range(2))
    thing = _conversation(world, unit, state="assigned", assigned_to=one)
    return lambda by: inbox.assign_conversation(conversation=thing, to=other, by=by)


def _on_conversation(verb: Any, facts: dict[str, Any] | None = None, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        thing = _conversation(world, unit, **(facts or {}))
        return lambda by: verb(conversation=thing, by=by, **told)

    return make


def _lawful(world: World, unit: Unit) -> dict[str, Any]:
    account = ConnectedAccountFactory.create(unit=unit)
    made = WatchFactory.create(account=account, unit=unit)
    told = ("name", "query", "purpose", "legal_basis", "law", "dpia_reference", "expires_on")
    return {name: getattr(made, name) for name in told} | {"owner": world.colleague("conversation_manager", unit)}


def _describe_watch(world: World, unit: Unit) -> Act:
    account, facts = ConnectedAccountFactory.create(unit=unit), _lawful(world, unit)
    return lambda by: watching.create_watch(account=account, by=by, **facts)


def _on_watch(verb: Any, state: str, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        account = ConnectedAccountFactory.create(unit=unit)
        owner = world.colleague("conversation_manager", unit)
        watch = WatchFactory.create(account=account, unit=unit, owner=owner, state=state)
        return lambda by: verb(watch=watch, by=by, **told)

    return make


def _on_source(verb: Any, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        source = SourceFactory.create(unit=unit, owner=world.colleague("conversation_manager", unit))
        return lambda by: verb(source=source, by=by, **told)

    return make


def _on_account(verb: Any, facts: dict[str, Any] | None = None, **told: Any) -> Callable[[World, Unit], Act]:
    """`facts`: `suspended` is "here" or "above", from where the account was suspended."""

    def make(world: World, unit: Unit) -> Act:
        standing = dict(facts or {})
        if (place := standing.pop("suspended", "")) != "":
            standing |= {"state": AccountState.SUSPENDED}
            standing["suspended_from"] = world.root if place == "above" else unit
        account = ConnectedAccountFactory.create(unit=unit, **standing)
        return lambda by: verb(account=account, by=by, **told)

    return make


def _strike(world: World, unit: Unit) -> Act:
    app = ThirdPartyAppFactory.create(account=ConnectedAccountFactory.create(unit=unit))
    return lambda by: registry.strike_third_party_app(app=app, by=by, reason="Gone")


def _on_dossier(verb: Any, state: str, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        dossier = DossierFactory.create(unit=unit, state=state, round=1)
        return lambda by: verb(dossier=dossier, by=by, **told)

    return make


def _declare(world: World, unit: Unit) -> Act:
    playbook = PlaybookFactory.create(unit=unit)
    facts: dict[str, Any] = {"title": "Fire", "reason": "It burns", "level": Level.FEDERAL, "severity": 2}
    return lambda by: crisis.declare_crisis(playbook=playbook, unit=unit, by=by, **facts)


def _change_playbook(world: World, unit: Unit) -> Act:
    facts: dict[str, Any] = {"title": "Flood", "summary": "", "steps": {"before": ["Look"]}}
    playbook = PlaybookFactory.create(unit=unit)
    return lambda by: crisis.update_playbook(playbook=playbook, by=by, **facts)


def _write_playbook(world: World, unit: Unit) -> Act:
    facts: dict[str, Any] = {"title": "Flood", "summary": "", "steps": {"before": ["Look"]}}
    return lambda by: crisis.create_playbook(unit=unit, by=by, **facts)


def _on_crisis(verb: Any, above: bool = False, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        thing = CrisisFactory.create(unit=unit, declared_from=world.root if above else unit)
        return lambda by: verb(crisis=thing, by=by, **told)

    return make


def _on_step(verb: Any, done: bool) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        step = CrisisFactory.create(unit=unit).steps.first()
        if done:
            step.done_by, step.done_at = world.top, timezone.now()
            step.save()
        return lambda by: verb(step=step, by=by)

    return make


def _thaw(above: bool) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        thing = CrisisFactory.create(unit=unit)
        placing = world.actors["chief-cell"] if above else world.colleague("crisis_cell", unit)
        crisis.freeze(crisis=thing, scope=Freeze.UNIT, reason="Fire", by=placing)
        return lambda by: crisis.thaw(crisis=thing, by=by, reason="Out")

    return make


def _freeze(scope: str) -> Callable[[World, Unit], Act]:
    return lambda world, unit: lambda by: delivery.place_hold(scope=scope, unit=unit, reason="Fire", by=by)


def _on_post(verb: Any, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        author = world.colleague("communication_cell", unit)
        post = submitted(author, ConnectedAccountFactory.create(unit=unit))
        facts = told or {"content_hash": hash_of(post)}
        return lambda by: verb(post=post, by=by, **facts)

    return make


def _give_up(kind: str) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        now = timezone.now() - timedelta(hours=1)
        facts = {"state": DeliveryState.UNKNOWN, "unknown_at": now, "first_attempt_at": now, "epoch": 1}
        thing = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=unit), origin_kind=kind, **facts)
        return lambda by: delivery.resolve_unknown(delivery=thing, by=by, verdict="give_up", reason="Not there")

    return make


def _on_somebody(verb: Any, **told: Any) -> Callable[[World, Unit], Act]:
    def make(world: World, unit: Unit) -> Act:
        other = world.colleague("newcomer", unit)
        return lambda by: verb(person=other, by=by, **told)

    return make


def _give(world: World, unit: Unit) -> Act:
    other = PersonFactory.create(unit=unit)
    return lambda by: people.give_grant(person=other, role="newcomer", unit=unit, by=by)


def _revoke(world: World, unit: Unit) -> Act:
    grant = world.colleague("newcomer", unit).grants.get()
    return lambda by: people.revoke_grant(grant=grant, by=by)


def _invite(world: World, unit: Unit) -> Act:
    return lambda by: people.invite_person(email="new@fin.example", name="New", unit=unit, language="fr", by=by)


def _hand_over(world: World, unit: Unit) -> Act:
    account = ConnectedAccountFactory.create(unit=unit)
    owner, backup = world.colleague("newcomer", unit), world.colleague("newcomer", unit)
    return lambda by: registry.hand_over_account(
        account=account, by=by, edition=1, owner=owner, backup_holder=backup, **CONFIRMED
    )


def _renew(world: World, unit: Unit) -> Act:
    account = ConnectedAccountFactory.create(unit=unit)
    facts = {"edition": 1, "evaluation": "Useful", "next_on": account.today + timedelta(days=90)}
    return lambda by: registry.renew_account(account=account, by=by, **facts)


def _closing(verb: Callable[..., object], *, ticked: bool = False, **facts: Any) -> Callable[[World, Unit], Act]:
    def of(world: World, unit: Unit) -> Act:
        account = closing_account(unit=unit, ticked=ticked)
        return lambda by: verb(account=account, by=by, edition=1, **facts)

    return of


CONFIRMED: dict[str, Any] = {"reason": "x"}
VERBS: dict[str, Callable[[World, Unit], Act]] = {
    "take a conversation": _on_conversation(inbox.take_conversation),
    "assign a conversation": _assign,
    "take a conversation from a colleague": _take_from,
    "categorise a conversation": _on_conversation(inbox.categorise_conversation, category="question"),
    "close a conversation": _on_conversation(inbox.close_conversation, **CONFIRMED),
    "reopen a conversation": _on_conversation(inbox.reopen_conversation, {"state": "closed"}),
    "describe a watch": _describe_watch,
    "change a watch": _on_watch(watching.update_watch, "draft", name="Another"),
    "end a watch": _on_watch(watching.end_watch, "active", **CONFIRMED),
    "pause a source": _on_source(watching.pause_source),
    "end a source": _on_source(watching.end_source, **CONFIRMED),
    "suspend an account": _on_account(registry.suspend_account, **CONFIRMED),
    "reactivate an account suspended here": _on_account(
        registry.reactivate_account, {"suspended": "here"}, **CONFIRMED
    ),
    "reactivate an account suspended above": _on_account(
        registry.reactivate_account, {"suspended": "above"}, **CONFIRMED
    ),
    "begin to close an account": _on_account(registry.begin_closing, edition=1, **CONFIRMED, **EXIT),
    "begin to close an account suspended above": _on_account(
        registry.begin_closing, {"suspended": "above"}, edition=1, **CONFIRMED, **EXIT
    ),
    "tick a step of an exit plan": _closing(registry.tick_exit_step, step="page"),
    "take a step of an exit plan back": _closing(registry.untick_exit_step, ticked=True, step="page"),
    "close an account": _closing(registry.close_account, ticked=True),
    "change an account": _on_account(registry.change_account, edition=1, purpose="Other", **CONFIRMED),
    "hand an account over": _hand_over,
    "renew an account": _renew,
    "disconnect an account": _on_account(registry.disconnect_account, **CONFIRMED),
    "note a figure": _on_account(note_figure, measure="followers", value=7, on=date(2026, 10, 1), source="Seen"),
    "list a third party": _on_account(registry.list_third_party_app, name="Planner", purpose="Plans"),
    "strike a third party": _strike,
    "set a budget": _on_account(registry.set_budget, {"network": "x"}, limit=10, kept_for_answers=0),
    "begin a dossier": lambda world, unit: lambda by: registry.create_dossier(unit=unit, platform="mastodon", by=by),
    "withdraw a dossier": _on_dossier(registry.withdraw_dossier, DossierState.SUBMITTED, **CONFIRMED),
    "accept a dossier": _on_dossier(registry.accept_dossier, DossierState.SUBMITTED),
    "return a dossier": _on_dossier(registry.return_dossier, DossierState.SUBMITTED, **CONFIRMED),
    "write a playbook": _write_playbook,
    "change a playbook": _change_playbook,
    "declare a crisis": _declare,
    "tick a step": _on_step(crisis.tick_step, done=False),
    "take a step back": _on_step(crisis.untick_step, done=True),
    "note in a crisis": _on_crisis(crisis.add_note, text="Rain"),
    "freeze in a crisis": _on_crisis(crisis.freeze, scope=Freeze.UNIT, **CONFIRMED),
    "freeze all in a crisis": _on_crisis(crisis.freeze, scope=Freeze.ORGANISATION, **CONFIRMED),
    "thaw a crisis's own freeze": _thaw(above=False),
    "thaw a freeze placed above": _thaw(above=True),
    "end a crisis": _on_crisis(crisis.end_crisis, **CONFIRMED),
    "end a crisis declared above": _on_crisis(crisis.end_crisis, above=True, **CONFIRMED),
    "freeze a unit": _freeze(HoldScope.UNIT),
    "freeze the organisation": _freeze(HoldScope.ORGANISATION),
    "approve a post": _on_post(posts.approve_post),
    "reject a post": _on_post(posts.reject_post, reason="No"),
    "give up an uncertain post": _give_up(POST),
    "give up an uncertain answer": _give_up(ANSWER),
    "invite somebody": _invite,
    "suspend somebody": _on_somebody(people.suspend_person, **CONFIRMED),
    "give somebody a role": _give,
    "take a role back": _revoke,
    "make somebody a link": _on_somebody(people.make_link, by_mail=False),
}


class _Undone(Exception):
    """Thrown to take back what was allowed."""


def may(act: Act, by: Person) -> bool:
    """Whether `by` is let through; nothing of it stays. All else than a refusal of right is a fault of the test."""
    allowed = False
    with suppress(PermissionDenied, _Undone), transaction.atomic():
        try:
            act(Person.objects.get(pk=by.pk))
        except Refused as refused:
            if refused.reasons != [str(SUSPENDED_ABOVE)]:
                raise
            raise _Undone from None
        allowed = True
        raise _Undone
    return allowed


def who_may(verb: str, world: World, place: str) -> set[str]:
    """Names of those who may, each tried on a thing as it stands."""
    unit: Unit = getattr(world, place)
    act, found = VERBS[verb](world, unit), set()
    for name, person in world.actors.items():
        if may(act, person):
            found.add(name)
            act = VERBS[verb](world, unit)
    return found


PLACES = ("here", "root", "beside")
EXPECTED = {
    verb: [set(names.replace("WRITERS", WRITERS).split()) for names in told.split("/")]
    for verb, _colon, told in (line.partition(":") for line in TABLE.strip().splitlines())
}


def test_every_verb_stands_in_the_table_once() -> None:
    assert list(EXPECTED) == list(VERBS)
    assert {len(named) for named in EXPECTED.values()} == {3}


@pytest.mark.parametrize("place", PLACES)
def test_who_may(place: str) -> None:
    world = World()
    expected = {verb: named[PLACES.index(place)] for verb, named in EXPECTED.items()}
    assert {verb: who_may(verb, world, place) for verb in VERBS} == expected
