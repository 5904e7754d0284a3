"""Two accounts of one person are one person, wherever two people are asked for.

Freezes, plans and playbooks take one person, and answers go out in their writer's own name: they are not here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts_registry.actions import accept_dossier, cast_vote, decide, give_advice
from accounts_registry.enums import DossierState
from accounts_registry.models import CommitteeSeat, JustificationDossier
from organisation.actions import confirm_grant, confirm_person, confirm_recovery, give_grant
from organisation.lifecycle import Refused
from organisation.models import Person, Unit
from publishing.actions import approve_post
from publishing.models import Post
from publishing.queries.approvers import approvers_of
from tests.factories.accounts_registry import AdviceFactory, ConnectedAccountFactory, DossierFactory
from tests.factories.organisation import GrantFactory, PersonFactory, RecoveryFactory, UnitFactory, person_with
from tests.factories.publishing import hash_of, submitted

pytestmark = pytest.mark.django_db

# By the second person; False or a refusal where they are none.
Act = Callable[[Person], object]


class Scene:
    """`first` has done their part, `second` is to do the other one, in `root`; dossiers are of a unit below it."""

    def __init__(self) -> None:
        self.root: Unit = UnitFactory.create()
        self.first, self.second = PersonFactory.create(unit=self.root), PersonFactory.create(unit=self.root)

    def both(self, role: str) -> None:
        for person in (self.first, self.second):
            GrantFactory.create(person=person, role=role, unit=self.root)

    def dossier(self, state: str, **facts: object) -> JustificationDossier:
        return DossierFactory.create(unit=UnitFactory.create(parent=self.root), state=state, round=1, **facts)


def _post(scene: Scene, *, edited: bool) -> Act:
    scene.both("communication_cell")
    account = ConnectedAccountFactory.create(unit=scene.root)
    author = person_with("communication_cell", scene.root) if edited else scene.first
    post = submitted(author, account)
    if edited:
        post.editors.add(scene.first)
    return lambda by: approve_post(post=post, by=by, content_hash=hash_of(post), planned_for=post.due_at)


def _offered(scene: Scene) -> Act:
    scene.both("communication_cell")
    post = submitted(scene.first, ConnectedAccountFactory.create(unit=scene.root))
    return lambda by: by in approvers_of(Post.objects.get(pk=post.pk))


def _check(scene: Scene) -> Act:
    scene.both("committee_chair")
    dossier = scene.dossier(DossierState.SUBMITTED, requested_by=scene.first)
    return lambda by: accept_dossier(dossier=dossier, by=by)


def _seat(scene: Scene, *, as_what: str) -> Act:
    """Whether the second one's seat counts in the round that begins."""
    scene.both("committee_member")
    chair = person_with("committee_chair", scene.root)
    dossier = scene.dossier(DossierState.SUBMITTED, **{as_what: scene.first})

    def sits(by: Person) -> bool:
        accept_dossier(dossier=dossier, by=chair)
        return CommitteeSeat.objects.filter(dossier=dossier, member=by, stands_aside=False).exists()

    return sits


def _vote(scene: Scene) -> Act:
    """The first one has voted."""
    scene.both("committee_member")
    dossier = _before(scene)
    cast_vote(dossier=dossier, by=scene.first, choice="for", reason="Good")
    return lambda by: cast_vote(dossier=dossier, by=by, choice="for", reason="Good")


def _vote_on_ones_own(scene: Scene) -> Act:
    """The first one has written since the seats were fixed."""
    scene.both("committee_member")
    dossier = _before(scene)
    dossier.editors.add(scene.first)
    return lambda by: cast_vote(dossier=dossier, by=by, choice="for", reason="Good")


def _before(scene: Scene) -> JustificationDossier:
    dossier = scene.dossier(DossierState.SUBMITTED)
    accept_dossier(dossier=dossier, by=person_with("committee_chair", scene.root))
    AdviceFactory.create(dossier=dossier)
    return JustificationDossier.objects.get(pk=dossier.pk)


def _advise(scene: Scene, *, as_what: str) -> Act:
    scene.both("ict_security")
    dossier = scene.dossier(DossierState.IN_REVIEW, **{as_what: scene.first})
    return lambda by: give_advice(dossier=dossier, by=by, opinion="favourable", reasons="Sound")


def _decide(scene: Scene) -> Act:
    scene.both("committee_chair")
    members = [person_with("committee_member", scene.root) for _ in range(4)]
    dossier = _before(scene)
    for member in members:
        cast_vote(dossier=dossier, by=member, choice="for", reason="Good")
    dossier.editors.add(scene.first)
    return lambda by: decide(dossier=dossier, by=by, reasons="Good")


def _grant(scene: Scene, *, holder: bool) -> Act:
    """The first one proposed it, or would hold it."""
    scene.both("administrator")
    proposer = person_with("administrator", scene.root) if holder else scene.first
    person = scene.first if holder else PersonFactory.create(unit=scene.root)
    grant = GrantFactory.create(person=person, role="spokesperson", given_by=proposer, confirmed_at=None)
    return lambda by: confirm_grant(grant=grant, by=by)


def _person(scene: Scene) -> Act:
    scene.both("administrator")
    new = PersonFactory.create(unit=scene.root, invited_by=scene.first)
    return lambda by: confirm_person(person=new, by=by)


def _person_by_a_role(scene: Scene) -> Act:
    scene.both("administrator")
    new = PersonFactory.create(unit=scene.root, invited_by=scene.first)

    def stands(by: Person) -> bool:
        give_grant(person=Person.objects.get(pk=new.pk), role="newcomer", unit=scene.root, by=by)
        return Person.objects.get(pk=new.pk).vouched_at is not None

    return stands


def _recovery(scene: Scene, *, own: bool) -> Act:
    """The first one proposed it, or it is for them."""
    scene.both("administrator")
    proposer = person_with("administrator", scene.root) if own else scene.first
    person = scene.first if own else person_with("spokesperson", scene.root)
    recovery = RecoveryFactory.create(person=person, proposed_by=proposer)
    return lambda by: confirm_recovery(recovery=recovery, by=by)


PLACES: dict[str, Callable[[Scene], Act]] = {
    "approve what one wrote": partial(_post, edited=False),
    "approve what one edited": partial(_post, edited=True),
    "be offered as approver": _offered,
    "check one's own dossier": _check,
    "sit on one's own dossier": partial(_seat, as_what="requested_by"),
    "sit where one would own the account": partial(_seat, as_what="owner"),
    "sit where one would stand in for its owner": partial(_seat, as_what="backup_holder"),
    "vote on what one wrote": _vote_on_ones_own,
    "vote twice": _vote,
    "decide on what one wrote": _decide,
    "advise on what one wrote": partial(_advise, as_what="requested_by"),
    "advise on what one would hold": partial(_advise, as_what="backup_holder"),
    "confirm the role that one proposed": partial(_grant, holder=False),
    "confirm the role that one gets": partial(_grant, holder=True),
    "confirm whom one added": _person,
    "confirm whom one added by a role": _person_by_a_role,
    "confirm the way in that one proposed": partial(_recovery, own=False),
    "confirm the way in that one gets": partial(_recovery, own=True),
}


class _Undone(Exception):
    """Thrown to take back what was done."""


def done(act: Act, by: Person) -> bool:
    """Whether the second person's act was taken; nothing of it stays."""
    taken = False
    with suppress(PermissionDenied, Refused, _Undone), transaction.atomic():
        taken = act(Person.objects.get(pk=by.pk)) is not False
        raise _Undone
    return taken


def added(who: Person, by: Person) -> None:
    Person.objects.filter(pk=who.pk).update(invited_by=by, vouched_at=None)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_two_accounts_of_one_person_are_one(place: str) -> None:
    scene = Scene()
    act, third = PLACES[place](scene), PersonFactory.create(unit=scene.root)
    assert done(act, scene.second), "else the refusals below would prove nothing"
    added(scene.second, by=scene.first)
    assert not done(act, scene.second)
    added(scene.second, by=third)
    assert done(act, scene.second)
    added(scene.first, by=third)
    assert not done(act, scene.second)
    Person.objects.filter(pk=scene.second.pk).update(vouched_at=timezone.now())
    assert done(act, scene.second)
