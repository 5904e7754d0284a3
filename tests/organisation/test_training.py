"""Trainings: in each language, taken on demand or in sessions, certified until they expire, asked from the top down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organisation.actions import (
    call_off_session,
    change_training,
    end_training,
    forget_training,
    join_session,
    leave_session,
    make_training,
    plan_session,
    record_attendance,
    take_training,
)
from organisation.actions.training import _months_later
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent, Certificate, Person, PolicyAttestation, TrainingModule, TrainingSeat, Unit
from organisation.queries import waiting_for
from organisation.queries.training import asked_of, completion, levels, visible_trainings
from organisation.training import Pillar, Question, TrainingKind, Unreadable, alike, percent_right, read_questions
from tests.factories.machines import machine_of
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.training import (
    QUESTIONS,
    PolicyFactory,
    SessionFactory,
    TrainingFactory,
    attested,
    certified,
    gate,
)
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db
RIGHT = {0: 0, 1: 1}
FACTS: dict[str, Any] = {
    "pillar": Pillar.FRONT_LINE,
    "names": {"fr": "Les bases", "nl": "De basis"},
    "texts": {"fr": "Lisez.", "nl": "Lees."},
    "questions": {"fr": QUESTIONS, "nl": QUESTIONS},
    "pass_percent": 100,
    "valid_months": 12,
}


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def manager(root: Unit) -> Person:
    return person_with("community_manager", root, name="Manager")


@pytest.fixture
def person(root: Unit) -> Person:
    return PersonFactory.create(unit=root, name="An")


# ---- Questions -------------------------------------------------------------------------------------------------------
def test_questions_are_read_as_people_write_them() -> None:
    told = "? Who answers?\n+ We\n- Nobody\n\n? When?\n - Never\n + Soon"
    assert read_questions(told) == [
        Question("Who answers?", ("We", "Nobody"), 0),
        Question("When?", ("Never", "Soon"), 1),
    ]


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("+ First", 1),
        ("? One\n- Wrong\n- Wrong", 1),
        ("? One\n+ Right\n+ Right", 1),
        ("? One\n+ Right", 1),
        ("? One\n+ Right\n- Wrong\nA line", 4),
        ("?", 1),
        ("? One\n+ Right\n-", 3),
    ],
)
def test_what_is_no_question_is_told_by_its_line(told: str, line: int) -> None:
    with pytest.raises(Unreadable) as wrong:
        read_questions(told)
    assert wrong.value.line == line


def test_languages_ask_alike() -> None:
    assert alike([read_questions(QUESTIONS), read_questions(QUESTIONS.replace("One", "Un"))])
    assert not alike([read_questions(QUESTIONS), read_questions("? One\n- Wrong\n+ Right\n? Two\n- Wrong\n+ Right")])


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_nobody_passes_by_rounding(answers: list[bool]) -> None:
    asked = [Question("?", ("a", "b"), 0) for _one in answers]
    percent = percent_right(asked, {place: 0 if right else 1 for place, right in enumerate(answers)})
    assert percent * len(answers) <= 100 * sum(answers) < (percent + 1) * len(answers)


# ---- Made ------------------------------------------------------------------------------------------------------------
def test_a_training_is_made_by_who_manages_them_there(root: Unit, manager: Person, person: Person) -> None:
    with pytest.raises(PermissionDenied):
        make_training(unit=root, kind=TrainingKind.ON_DEMAND, by=person, **FACTS)
    module = make_training(unit=root, kind=TrainingKind.ON_DEMAND, by=manager, **FACTS)
    assert AuditEvent.objects.get(verb="training.made").object_id == str(module.pk)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"names": {"fr": "Seul"}}, "names_nl"),
        ({"texts": {"fr": "Seul"}}, "texts_nl"),
        ({"questions": {"fr": QUESTIONS}}, "questions_nl"),
        ({"questions": {"fr": QUESTIONS, "nl": "+ ?"}}, "questions_nl"),
        ({"questions": {"fr": QUESTIONS, "nl": "? One\n+ Right\n- Wrong"}}, None),
        ({"pillar": "sky"}, "pillar"),
    ],
)
def test_every_language_of_the_unit_has_all_of_it(
    root: Unit, manager: Person, facts: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        make_training(unit=root, kind=TrainingKind.ON_DEMAND, by=manager, **{**FACTS, **facts})
    assert refused.value.field == field


@pytest.mark.parametrize("facts", [{"pass_percent": 0}, {"pass_percent": 101}, {"valid_months": 0}])
def test_marks_and_months_have_their_bounds(root: Unit, manager: Person, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_training(unit=root, kind=TrainingKind.ON_DEMAND, by=manager, **{**FACTS, **facts})


def test_who_changed_it_meanwhile_is_not_written_over(manager: Person, root: Unit) -> None:
    module = TrainingFactory.create(unit=root)
    change_training(module=module, edition=1, by=manager, valid_months=6)
    with pytest.raises(Outdated):
        change_training(module=module, edition=1, by=manager, valid_months=3)
    assert AuditEvent.objects.get(verb="training.changed").details["fields"] == ["valid_months"]


def test_a_training_that_publishing_asks_for_is_not_ended(manager: Person, root: Unit) -> None:
    module = TrainingFactory.create(unit=root)
    gate(root, training="require", module=module)
    with pytest.raises(Refused, match=root.name):
        end_training(module=module, reason="Old", by=manager)
    root.gate.delete()
    end_training(module=module, reason="Old", by=manager)
    with pytest.raises(Conflict):
        take_training(module=module, given=RIGHT, edition=1, by=manager)


# ---- Taken on demand -------------------------------------------------------------------------------------------------
def test_passed_it_gives_a_certificate_with_a_number_and_an_end(root: Unit, person: Person) -> None:
    module = TrainingFactory.create(unit=root, valid_months=12)
    certificate = take_training(module=module, given=RIGHT, edition=1, by=person)
    assert certificate.expires_at == _months_later(certificate.given_at, 12)
    assert AuditEvent.objects.get(verb="training.passed").details == {"certificate": certificate.number}


def test_below_the_mark_nothing_is_kept(root: Unit, person: Person) -> None:
    module = TrainingFactory.create(unit=root, pass_percent=51)
    with pytest.raises(Refused, match="50 %"):
        take_training(module=module, given={0: 0, 1: 0}, edition=1, by=person)
    assert not Certificate.objects.exists()
    assert not AuditEvent.objects.exists()
    TrainingModule.objects.filter(pk=module.pk).update(pass_percent=50)
    assert take_training(module=module, given={0: 0, 1: 0}, edition=1, by=person).percent == 50


def test_every_question_is_answered_as_it_stands_now(root: Unit, person: Person) -> None:
    module = TrainingFactory.create(unit=root)
    with pytest.raises(Refused, match="every question"):
        take_training(module=module, given={0: 0}, edition=1, by=person)
    with pytest.raises(Outdated):
        take_training(module=module, given=RIGHT, edition=7, by=person)


def test_programs_and_strangers_take_none(root: Unit, person: Person) -> None:
    module = TrainingFactory.create(unit=root)
    for somebody in (machine_of(person), PersonFactory.create()):
        with pytest.raises(PermissionDenied):
            take_training(module=module, given=RIGHT, edition=1, by=somebody)


@pytest.mark.parametrize(
    ("given_at", "months", "expires"),
    [((2026, 1, 31), 1, (2026, 2, 28)), ((2024, 2, 29), 12, (2025, 2, 28)), ((2026, 11, 30), 24, (2028, 11, 30))],
)
def test_months_end_on_the_same_day_or_the_last(given_at: Any, months: int, expires: Any) -> None:
    assert _months_later(datetime(*given_at, 9, tzinfo=UTC), months) == datetime(*expires, 9, tzinfo=UTC)


# ---- Sessions --------------------------------------------------------------------------------------------------------
def test_a_session_has_so_many_places(root: Unit, manager: Person, person: Person) -> None:
    module = TrainingFactory.create(unit=root, kind=TrainingKind.SESSION)
    at = timezone.now() + timedelta(days=1)
    told = {"module": module, "place": "Room 1", "places": 1, "trainer": manager, "by": manager}
    with pytest.raises(Refused):
        plan_session(starts_at=timezone.now() - timedelta(minutes=1), **told)
    session = plan_session(starts_at=at, **told)
    seat = join_session(session=session, by=person)
    assert join_session(session=session, by=person) == seat
    with pytest.raises(Refused, match="No place"):
        join_session(session=session, by=manager)
    leave_session(session=session, by=person)
    join_session(session=session, by=manager)
    verbs = AuditEvent.objects.order_by("sequence").values_list("verb", flat=True)
    names = ("planned", "joined", "left", "joined")
    assert list(verbs) == [f"training_session.{name}" for name in names]
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingSeat.objects.create(session=session, person=manager)


def test_the_trainer_records_who_came_and_they_are_certified(root: Unit, person: Person) -> None:
    session = SessionFactory.create(module__unit=root, module__valid_months=6)
    seats = [
        TrainingSeat.objects.create(session=session, person=one) for one in (person, PersonFactory.create(unit=root))
    ]
    with pytest.raises(Refused, match="not begun"):
        record_attendance(session=session, came=[], by=session.trainer)
    type(session).objects.filter(pk=session.pk).update(starts_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(PermissionDenied):
        record_attendance(session=session, came=[], by=person)
    with pytest.raises(Outdated):
        record_attendance(session=session, came=[0], by=session.trainer)
    record_attendance(session=session, came=[seats[0].pk], by=session.trainer)
    assert Certificate.objects.get().person == person
    assert AuditEvent.objects.get(verb="training.certified").details["person"] == person.pk
    assert AuditEvent.objects.get(verb="training_session.recorded").details == {"came": 1, "seats": 2}
    with pytest.raises(Conflict):
        record_attendance(session=session, came=[], by=session.trainer)


def test_one_that_is_called_off_gives_nothing(root: Unit, manager: Person, person: Person) -> None:
    session = SessionFactory.create(module__unit=root)
    with pytest.raises(PermissionDenied):
        call_off_session(session=session, reason="Ill", by=person)
    call_off_session(session=session, reason="Ill", by=manager)
    assert AuditEvent.objects.get(verb="training_session.called_off").details["reason"] == "Ill"
    for act in (lambda: join_session(session=session, by=person), lambda: leave_session(session=session, by=person)):
        with pytest.raises(Conflict):
            act()


@pytest.mark.parametrize("act", ["join", "leave", "record", "call off"])
def test_who_comes_at_the_same_moment_waits_for_the_session(root: Unit, manager: Person, act: str) -> None:
    """The last place goes to one; nobody joins what is being recorded."""
    session = SessionFactory.create(module__unit=root, starts_at=timezone.now() + timedelta(days=1))
    TrainingSeat.objects.create(session=session, person=manager)
    if act == "record":
        type(session).objects.filter(pk=session.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    acts: dict[str, Callable[[], object]] = {
        "join": lambda: join_session(session=session, by=person_with("newcomer", root)),
        "leave": lambda: leave_session(session=session, by=manager),
        "record": lambda: record_attendance(session=session, came=[], by=manager),
        "call off": lambda: call_off_session(session=session, reason="Ill", by=manager),
    }
    with locks_taken() as taken:
        acts[act]()
    assert taken[0] == "organisation_trainingsession"


# ---- Who is asked ----------------------------------------------------------------------------------------------------
def test_each_pillar_asks_its_people(root: Unit) -> None:
    for pillar in Pillar:
        TrainingFactory.create(unit=root, pillar=pillar)

    def asked(role: str) -> set[str]:
        somebody = person_with(role, root) if role else PersonFactory.create(unit=root)
        found = {module.pillar for module in asked_of(somebody)}
        somebody.grants.update(revoked_at=timezone.now())
        return found

    assert asked("") == asked("committee_member") == {Pillar.FRONT_LINE}
    assert asked("communication_cell") == {Pillar.FRONT_LINE, Pillar.USERS}
    assert asked("administrator") == {Pillar.FRONT_LINE, Pillar.LEADERS}
    assert asked("community_manager") == set(Pillar)


def test_from_the_top_down_others_are_asked_once_who_answers_above_has_passed(root: Unit, person: Person) -> None:
    below = UnitFactory.create(parent=root)
    module, deep = TrainingFactory.create(unit=root), PersonFactory.create(unit=below)
    assert list(asked_of(deep)) == list(asked_of(person)) == [module]
    top, local = person_with("administrator", root), person_with("administrator", below)
    assert list(asked_of(top)) == list(asked_of(local)) == [module]
    assert list(asked_of(deep)) == list(asked_of(person)) == []
    certified(module, top)
    assert (list(asked_of(person)), list(asked_of(deep))) == ([module], [])
    certified(module, local)
    assert list(asked_of(deep)) == [module]


def test_an_expired_certificate_is_none(root: Unit, person: Person) -> None:
    module = TrainingFactory.create(unit=root)
    certified(module, person, expired=True)
    assert list(asked_of(person)) == [module]
    (line,) = waiting_for(person)
    assert line.url == module.get_absolute_url()
    certified(module, person)
    assert waiting_for(person) == []


def test_today_tells_that_a_certificate_ends_soon(root: Unit, person: Person) -> None:
    module, ends = TrainingFactory.create(unit=root), timezone.now() + timedelta(days=10)
    certified(module, person, expires_at=ends)
    (line,) = waiting_for(person)
    assert line.due_at == ends


def test_the_figure_goes_from_the_top_down(root: Unit, manager: Person) -> None:
    below = UnitFactory.create(parent=root)
    module = TrainingFactory.create(unit=root)
    done, _undone = PersonFactory.create(unit=below), PersonFactory.create(unit=below)
    certified(module, done)
    rows = completion(module, manager)
    assert [(row.unit, row.level, row.done, row.asked, row.leaders) for row in rows] == [
        (root, 1, 0, 2, 1),  # the manager, and who made the training
        (below, 2, 1, 2, 0),
    ]
    assert [(one.level, one.waits) for one in levels(rows)] == [(1, False), (2, True)]
    certified(module, manager)
    assert [one.waits for one in levels(completion(module, manager))] == [False, False]
    assert completion(module, person_with("communication_cell", root)) == []


def test_a_training_is_seen_below_its_unit(root: Unit, person: Person) -> None:
    module, other = TrainingFactory.create(unit=root), TrainingFactory.create(unit=UnitFactory.create(parent=root))
    assert set(visible_trainings(person)) == {module}
    assert set(visible_trainings(person_with("newcomer", root))) == {module, other}


# ---- Forgotten -------------------------------------------------------------------------------------------------------
def test_what_proves_something_that_is_over_is_forgotten(root: Unit, person: Person) -> None:
    now = timezone.now()
    module = TrainingFactory.create(unit=root)
    over = certified(module, person, given_at=now - timedelta(days=900), expires_at=now - timedelta(days=366))
    kept = [certified(module, person, expired=True), certified(module, person)]
    long_ago = SessionFactory.create(module__unit=root, starts_at=now - timedelta(days=366))
    TrainingSeat.objects.create(session=long_ago, person=person)
    old = attested(PolicyFactory.create(unit=root, state="superseded", published_at=now), person)
    young = attested(PolicyFactory.create(unit=root, state="superseded", published_at=now), person)
    PolicyAttestation.objects.filter(pk=old.pk).update(attested_at=now - timedelta(days=1826))
    assert forget_training() == 3
    assert not Certificate.objects.filter(pk=over.pk).exists()
    assert Certificate.objects.filter(pk__in=[one.pk for one in kept]).count() == 2
    assert list(PolicyAttestation.objects.all()) == [young]
    assert not TrainingSeat.objects.exists()
