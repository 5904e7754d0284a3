"""House policies: which binds whom, what stands before one is in force, and who attests exactly what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from organisation.actions import (
    answer_policy,
    attest_policy,
    consult_policy,
    publish_policy,
    start_policy,
    withdraw_policy,
    write_policy,
)
from organisation.house_policy import AnswerKind, PolicyState
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent, Person, PolicyAttestation, PolicyVersion, Unit
from organisation.queries import waiting_for
from organisation.queries.house_policy import (
    attestations,
    binding,
    nearest_of,
    policy_of,
    standing,
    without_yes,
)
from tests.factories.machines import machine_of
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.training import ALL_POINTS, TEXTS, PolicyFactory, attested, in_force
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def below(root: Unit) -> Unit:
    return UnitFactory.create(parent=root, slug="cell")


@pytest.fixture
def chair(root: Unit) -> Person:
    return person_with("committee_chair", root, name="Chair")


@pytest.fixture
def cell(root: Unit) -> Person:
    """Says yes for the whole organisation."""
    return person_with("communication_cell", root, name="Cell")


def write(version: PolicyVersion, by: Person, **facts: Any) -> PolicyVersion:
    version.refresh_from_db()
    told = {"texts": TEXTS, "checklist": ALL_POINTS, "grace_days": 30, "edition": version.edition}
    return write_policy(version=version, by=by, **{**told, **facts})


def asked_about(unit: Unit, by: Person, **facts: Any) -> PolicyVersion:
    """A version with all its points, about which units are asked."""
    version = write(start_policy(unit=unit, by=by), by, **facts)
    return consult_policy(version=version, by=by)


def say(version: PolicyVersion, unit: Unit, by: Person, kind: str = AnswerKind.YES, text: str = "") -> Any:
    version.refresh_from_db()
    return answer_policy(version=version, unit=unit, kind=kind, text=text, seen=version.content_hash, by=by)


def publish(version: PolicyVersion, by: Person) -> PolicyVersion:
    version.refresh_from_db()
    return publish_policy(version=version, seen=version.content_hash, by=by)


def attest(version: PolicyVersion, by: Person) -> PolicyAttestation:
    return attest_policy(version=version, seen=version.content_hash, by=by)


# ---- Written ---------------------------------------------------------------------------------------------------------
def test_a_version_begins_with_the_text_in_force_and_one_is_in_the_making_at_a_time(root: Unit, chair: Person) -> None:
    in_force(root, texts={"fr": "Ancien", "nl": "Oud"}, grace_days=10)
    version = start_policy(unit=root, by=chair)
    assert (version.number, version.texts, version.grace_days) == (2, {"fr": "Ancien", "nl": "Oud"}, 10)
    with pytest.raises(Refused, match="in the making") as refused:
        start_policy(unit=root, by=chair)
    assert refused.value.field == "unit"
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyFactory.create(unit=root)
    event = AuditEvent.objects.get(verb="house_policy.started")
    assert (event.actor_name, event.unit_id, event.details["number"]) == ("Chair", root.pk, 2)


def test_only_who_writes_policies_there_begins_and_writes_one(root: Unit, below: Unit, cell: Person) -> None:
    for person in (cell, person_with("committee_chair", below)):
        with pytest.raises(PermissionDenied):
            start_policy(unit=root, by=person)
        with pytest.raises(PermissionDenied):
            write(PolicyFactory.create(unit=UnitFactory.create()), person)


def test_who_wrote_over_somebody_elses_text_is_told(root: Unit, chair: Person) -> None:
    version = start_policy(unit=root, by=chair)
    write(version, chair, texts={"fr": "Premier"})
    with pytest.raises(Outdated, match="meanwhile"):
        write_policy(version=version, texts=TEXTS, checklist={}, grace_days=30, edition=1, by=chair)
    version.refresh_from_db()
    assert version.texts == {"fr": "Premier"}


@pytest.mark.parametrize(
    "facts",
    [
        {"texts": {"xx": "?"}},
        {"texts": {"fr": "x" * 60_001}},
        {"checklist": {"luck": "Good"}},
        {"checklist": {"purpose": " "}},
        {"grace_days": 367},
        {"grace_days": -1},
    ],
)
def test_nonsense_is_refused(root: Unit, chair: Person, facts: dict[str, Any]) -> None:
    version = start_policy(unit=root, by=chair)
    with pytest.raises(Refused):
        write(version, chair, **facts)


def test_saving_the_same_again_writes_nothing(root: Unit, chair: Person) -> None:
    version = write(start_policy(unit=root, by=chair), chair)
    edition = version.edition
    assert write(version, chair).edition == edition
    assert AuditEvent.objects.filter(verb="house_policy.written").count() == 1


# ---- Units are asked -------------------------------------------------------------------------------------------------
def test_units_are_asked_once_each_language_has_its_text(root: Unit, chair: Person) -> None:
    version = write(start_policy(unit=root, by=chair), chair, texts={"fr": "Un"})
    with pytest.raises(Refused, match="Nederlands"):
        consult_policy(version=version, by=chair)
    write(version, chair)
    assert consult_policy(version=version, by=chair).state == PolicyState.IN_CONSULTATION


def test_every_unit_that_is_bound_says_yes_before_a_version_is_in_force(
    root: Unit, below: Unit, chair: Person, cell: Person
) -> None:
    version = asked_about(root, chair)
    with pytest.raises(Refused) as refused:
        publish(version, chair)
    assert root.name in str(refused.value)
    assert below.name in str(refused.value)
    say(version, root, cell)
    with pytest.raises(Refused, match=below.name):
        publish(version, chair)
    say(version, below, person_with("communication_cell", below))
    assert publish(version, chair).in_force
    assert AuditEvent.objects.filter(verb="house_policy.agreed").count() == 2


def test_a_unit_with_a_policy_of_its_own_is_not_asked(root: Unit, below: Unit, chair: Person, cell: Person) -> None:
    in_force(below)
    version = asked_about(root, chair)
    assert [row.unit for row in standing(version)] == [root]
    with pytest.raises(Refused, match="does not bind"):
        say(version, below, cell)


def test_a_change_of_mind_counts_and_a_change_is_asked_for_with_its_reason(
    root: Unit, chair: Person, cell: Person
) -> None:
    version = asked_about(root, chair)
    say(version, root, cell)
    with pytest.raises(Refused) as refused:
        say(version, root, cell, AnswerKind.CHANGE)
    assert refused.value.field == "text"
    say(version, root, cell, AnswerKind.CHANGE, "Shorter")
    assert without_yes(version) == [root]
    assert AuditEvent.objects.get(verb="house_policy.change_asked").details["unit"] == root.pk


def test_an_edit_after_a_yes_asks_again(root: Unit, chair: Person, cell: Person) -> None:
    version = asked_about(root, chair)
    say(version, root, cell)
    assert without_yes(version) == []
    write(version, chair, texts={**TEXTS, "fr": "Autrement"})
    version.refresh_from_db()
    assert without_yes(version) == [root]
    with pytest.raises(Refused, match=root.name):
        publish(version, chair)


def test_another_grace_is_another_thing_to_approve_and_a_remark_is_not(root: Unit, chair: Person, cell: Person) -> None:
    version = asked_about(root, chair)
    say(version, root, cell)
    write(version, chair, checklist={**ALL_POINTS, "purpose": "Said more clearly"})
    version.refresh_from_db()
    assert without_yes(version) == []
    write(version, chair, grace_days=5)
    version.refresh_from_db()
    assert without_yes(version) == [root]


def test_a_yes_to_a_text_that_was_not_read_is_none(root: Unit, chair: Person, cell: Person) -> None:
    version = asked_about(root, chair)
    with pytest.raises(Outdated):
        answer_policy(version=version, unit=root, kind=AnswerKind.YES, seen="0" * 64, by=cell)


def test_who_wrote_the_text_does_not_say_yes_to_it_nor_who_counts_as_them(root: Unit, chair: Person) -> None:
    version = asked_about(root, chair)
    new = person_with("communication_cell", root, invited_by=chair)
    for person in (chair, new):
        with pytest.raises(Refused, match="somebody else answers"):
            say(version, root, person)


def test_who_approves_for_no_unit_may_comment_and_no_more(root: Unit, below: Unit, chair: Person) -> None:
    version = asked_about(root, chair)
    reader = PersonFactory.create(unit=below)
    say(version, below, reader, AnswerKind.COMMENT, "Too long")
    with pytest.raises(PermissionDenied):
        say(version, below, reader)
    with pytest.raises(PermissionDenied):
        say(version, below, PersonFactory.create(), AnswerKind.COMMENT, "From elsewhere")
    assert len(without_yes(version)) == 2
    assert AuditEvent.objects.get(verb="house_policy.commented").details["hash"] == version.content_hash


# ---- In force --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("left_out", ["purpose", "examples", "curriculum"])
def test_each_point_is_ticked_with_a_remark_before(root: Unit, chair: Person, cell: Person, left_out: str) -> None:
    ticked = {point: remark for point, remark in ALL_POINTS.items() if point != left_out}
    version = asked_about(root, chair, checklist=ticked)
    say(version, root, cell)
    with pytest.raises(Refused, match="not ticked"):
        publish(version, chair)
    write(version, chair)
    assert publish(version, chair).in_force


def test_it_takes_the_place_of_the_one_before(root: Unit, chair: Person, cell: Person) -> None:
    old = in_force(root)
    version = asked_about(root, chair, texts={**TEXTS, "fr": "Nouveau"})
    assert policy_of(root) == old
    say(version, root, cell)
    publish(version, chair)
    old.refresh_from_db()
    assert (old.state, policy_of(root)) == (PolicyState.SUPERSEDED, version)
    assert AuditEvent.objects.filter(verb__in=["house_policy.supersede", "house_policy.publish"]).count() == 2


def test_what_is_refused_leaves_the_one_before_in_force(root: Unit, chair: Person) -> None:
    old = in_force(root)
    version = asked_about(root, chair, texts={**TEXTS, "fr": "Nouveau"})
    with pytest.raises(Refused):
        publish(version, chair)
    old.refresh_from_db()
    assert old.in_force


def test_the_text_that_is_put_in_force_is_the_one_that_was_looked_at(root: Unit, chair: Person, cell: Person) -> None:
    version = asked_about(root, chair)
    say(version, root, cell)
    with pytest.raises(Outdated):
        publish_policy(version=version, seen="0" * 64, by=chair)


def test_a_draft_is_not_put_in_force_around_the_units(root: Unit, chair: Person) -> None:
    version = write(start_policy(unit=root, by=chair), chair)
    with pytest.raises(Conflict):
        publish(version, chair)


def test_withdrawn_the_policy_above_binds_again(root: Unit, below: Unit, chair: Person) -> None:
    above, own = in_force(root), in_force(below)
    assert policy_of(below) == own
    with pytest.raises(Refused) as refused:
        withdraw_policy(version=own, reason=" ", by=chair)
    assert refused.value.field == "reason"
    withdraw_policy(version=own, reason="The same as above", by=chair)
    assert policy_of(below) == above


@given(st.lists(st.integers(0, 2), min_size=0, max_size=4), st.sets(st.lists(st.integers(0, 2), max_size=4).map(tuple)))
def test_the_nearest_one_above_binds(place: list[int], owners: set[tuple[int, ...]]) -> None:
    """Against the sentence itself: walk up from the unit, the first that has one."""
    path = "root" + "".join(f"{step:04}" for step in place)
    paths = {"root" + "".join(f"{step:04}" for step in owner) for owner in owners}
    walked = next((path[:end] for end in range(len(path), 3, -4) if path[:end] in paths), "")
    assert nearest_of(path, paths) == walked


# ---- Attested --------------------------------------------------------------------------------------------------------
def test_one_act_attests_the_exact_version(root: Unit, below: Unit) -> None:
    version, person = in_force(root), PersonFactory.create(unit=below, name="An")
    attest(version, person)
    attest(version, person)
    event = AuditEvent.objects.get(verb="house_policy.attested")
    assert (event.actor_name, event.details["number"], event.details["hash"]) == ("An", 1, version.content_hash)
    assert PolicyAttestation.objects.get().content_hash == version.content_hash


def test_nobody_attests_what_they_have_not_before_them(root: Unit) -> None:
    version, person = in_force(root), PersonFactory.create(unit=root)
    with pytest.raises(Outdated):
        attest_policy(version=version, seen="0" * 64, by=person)
    with pytest.raises(PermissionDenied):
        attest(version, PersonFactory.create())
    with pytest.raises(PermissionDenied, match="service account"):
        attest(version, machine_of(person))
    with pytest.raises(Conflict):
        attest(PolicyFactory.create(unit=root, state=PolicyState.IN_CONSULTATION), person)


def test_a_new_version_asks_again(root: Unit, chair: Person, cell: Person) -> None:
    attested(in_force(root), chair)
    assert getattr(binding(chair), "attested_at", None) is not None
    version = asked_about(root, chair, texts={**TEXTS, "fr": "Nouveau"})
    say(version, root, cell)
    publish(version, chair)
    bound = binding(chair)
    assert bound == version
    assert getattr(bound, "attested_at", None) is None


def test_today_asks_to_attest_until_the_grace_ends(root: Unit) -> None:
    version, person = in_force(root, grace_days=10), PersonFactory.create(unit=root)
    (line,) = waiting_for(person)
    version.refresh_from_db()
    assert (line.url, line.due_at) == (version.get_absolute_url(), version.grace_ends)
    assert version.grace_ends == version.published_at + timedelta(days=10)
    attested(version, person)
    assert waiting_for(person) == []


def test_today_asks_who_answers_for_a_unit(root: Unit, below: Unit, chair: Person) -> None:
    version = asked_about(root, chair)
    local = person_with("communication_cell", below)
    (line,) = waiting_for(local)
    assert line.url == version.get_absolute_url()
    assert waiting_for(chair) == []
    say(version, below, local)
    assert waiting_for(local) == []


def test_the_figure_counts_active_people_of_the_units_that_are_bound(root: Unit, below: Unit, chair: Person) -> None:
    version = in_force(root)
    other = UnitFactory.create(parent=root)
    in_force(other)
    PersonFactory.create(unit=other)
    one, _two = PersonFactory.create(unit=below), PersonFactory.create(unit=below)
    PersonFactory.create(unit=below, is_active=False)
    machine_of(one)
    attested(version, one)
    rows = {row.unit: (row.done, row.asked) for row in attestations(version, chair)}
    assert rows[below] == (1, 2)
    assert other not in rows
    assert attestations(version, person_with("communication_cell", root)) == []


@pytest.mark.parametrize("act", ["write", "answer", "publish", "withdraw", "attest"])
def test_each_act_holds_the_row_of_the_version(root: Unit, chair: Person, cell: Person, act: str) -> None:
    """A yes and an edit at the same moment follow one another: the yes is for one text or the other."""
    version = asked_about(root, chair)
    version.refresh_from_db()
    seen = version.content_hash
    if act == "publish":
        say(version, root, cell)
    if act == "attest":
        version = in_force(UnitFactory.create(parent=root))
        seen = version.content_hash
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: write(version, chair, grace_days=3),
        "answer": lambda: say(version, root, cell),
        "publish": lambda: publish_policy(version=version, seen=seen, by=chair),
        "withdraw": lambda: withdraw_policy(version=version, reason="No", by=chair),
        "attest": lambda: attest_policy(version=version, seen=seen, by=chair),
    }
    with locks_taken() as taken:
        acts[act]()
    assert taken[0] == "organisation_policyversion"
