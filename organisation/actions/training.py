"""Trainings are made, taken on demand or in sessions, and certified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, locks, policy
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Language, Permission
from organisation.house_policy import PolicyState
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import (
    Certificate,
    Person,
    PolicyAttestation,
    PublishingGate,
    TrainingModule,
    TrainingSeat,
    TrainingSession,
    Unit,
)
from organisation.queries.training import visible_trainings
from organisation.sentences import Sentence
from organisation.training import Pillar, TrainingKind, Unreadable, alike, percent_right, read_questions

MADE = audit.tell("training.made", _("%(actor)s made this training"))
CHANGED = audit.tell("training.changed", _("%(actor)s changed this training"))
ENDED = audit.tell("training.ended", _("%(actor)s ended this training"))
PASSED = audit.tell("training.passed", _("%(actor)s passed this training"))
CERTIFIED = audit.tell("training.certified", _("%(actor)s recorded that somebody passed this training"))
PLANNED = audit.tell("training_session.planned", _("%(actor)s planned this training session"))
JOINED = audit.tell("training_session.joined", _("%(actor)s took a place in this training session"))
LEFT = audit.tell("training_session.left", _("%(actor)s gave a place in this training session back"))
CALLED_OFF = audit.tell("training_session.called_off", _("%(actor)s called this training session off"))
RECORDED = audit.tell("training_session.recorded", _("%(actor)s recorded who came to this training session"))

FOR_PEOPLE = _("A service account takes no training: who answers for it does.")
FIELDS = ("pillar", "names", "texts", "questions", "pass_percent", "valid_months")
KEPT_AFTER_EXPIRY = timedelta(days=365)
SEATS_KEPT = timedelta(days=365)
ATTESTATIONS_KEPT = timedelta(days=5 * 365)
OVER = (PolicyState.SUPERSEDED, PolicyState.WITHDRAWN)


# ---- Made -----------------------------------------------------------------------------------------------------------
@action
def make_training(*, unit: Unit, kind: str, by: Person, **facts: Any) -> TrainingModule:
    """`facts`: pillar, names, texts, questions (as they are written), each by language; pass_percent, valid_months."""
    policy.require(by, Permission.TRAINING_MANAGE, unit)
    module = TrainingModule(unit=unit, kind=kind, made_by=by, **facts)
    _require_whole(module)
    module.full_clean(exclude=["made_by"])
    module.save()
    audit.record(verb=MADE, thing=module, by=by, kind=kind, pillar=module.pillar)
    return module


@action
def change_training(*, module: TrainingModule, edition: int, by: Person, **facts: Any) -> TrainingModule:
    """Certificates that were given stand. Outdated where somebody has changed it since `edition`."""
    locked = _lock(module)
    policy.require(by, Permission.TRAINING_MANAGE, locked)
    if not locked.is_given:
        raise Conflict(locked, "change")
    if edition != locked.edition:
        raise Outdated(
            _("Somebody changed this training meanwhile. Yours is kept below; look at theirs, then save again.")
        )
    before = audit.values_of(locked, FIELDS)
    for name, value in facts.items():
        setattr(locked, name, value)
    _require_whole(locked)
    locked.full_clean(exclude=["made_by"])
    changed = sorted(name for name, old in before.items() if getattr(locked, name) != old)
    if changed:
        locked.edition += 1
        locked.save(update_fields=[*facts, "edition"])
        audit.record(verb=CHANGED, thing=locked, by=by, fields=changed)
    return locked


@action
def end_training(*, module: TrainingModule, reason: str, by: Person) -> TrainingModule:
    """It is no longer given; its certificates stand. Refused while publishing is bound to it."""
    locked = _lock(module)
    policy.require(by, Permission.TRAINING_MANAGE, locked)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    if not locked.is_given:
        raise Conflict(locked, "end")
    gates = PublishingGate.objects.filter(module=locked).select_related("unit").order_by("unit__path")
    if asking := [gate.unit.name for gate in gates]:
        raise Refused(
            Sentence(_("Whoever publishes for these units is asked for it: %(units)s."), units=", ".join(asking))
        )
    locked.ended_at = database_now()
    locked.save(update_fields=["ended_at"])
    audit.record(verb=ENDED, thing=locked, by=by, reason=reason.strip())
    return locked


def _require_whole(module: TrainingModule) -> None:
    languages = set(module.unit.languages)
    for field in ("names", "texts") if module.kind == TrainingKind.ON_DEMAND else ("names",):
        said = {code for code, text in getattr(module, field).items() if str(text).strip()}
        for code in sorted(languages - said):
            raise Refused(
                Sentence(
                    _("This is missing in one language of the unit: %(language)s."), language=Language(code).label
                ),
                field=f"{field}_{code}",
            )
    if module.kind not in TrainingKind.values or module.pillar not in Pillar.values:
        raise Refused(_("Choose a kind and a pillar."), field="pillar")
    if module.kind == TrainingKind.ON_DEMAND:
        _require_questions(module, languages)
    elif module.questions:
        raise Refused(_("A training in sessions asks no questions here."))


def _require_questions(module: TrainingModule, languages: set[str]) -> None:
    read = {}
    for code, text in module.questions.items():
        try:
            read[code] = read_questions(str(text))
        except Unreadable as wrong:
            said = _("Line %(line)s is not written as questions are: see the help above.")
            raise Refused(Sentence(said, line=wrong.line), field=f"questions_{code}") from wrong
    for code in sorted(languages):
        if not read.get(code):
            raise Refused(_("Ask at least one question in each language of the unit."), field=f"questions_{code}")
    if not alike(read.values()):
        raise Refused(
            _("The questions differ from language to language: as many, and the right answer at the same place.")
        )


# ---- Taken on demand ------------------------------------------------------------------------------------------------
@action
def take_training(*, module: TrainingModule, given: Mapping[int, int], edition: int, by: Person) -> Certificate:
    """`given`: by the place of a question, that of the answer. Passed, it gives a certificate; Refused below the pass
    mark, and nothing is kept of the try. Outdated where the questions have changed since `edition`."""
    _require_person(by, module)
    locked = _lock(module)
    if not locked.is_given or not locked.is_on_demand:
        raise Conflict(locked, "take")
    if edition != locked.edition:
        raise Outdated(_("This training was changed meanwhile. Read it again, then answer."))
    questions = locked.asked
    if set(given) != set(range(len(questions))):
        raise Refused(_("Answer every question."))
    percent = percent_right(questions, given)
    if percent < locked.pass_percent:
        said = _(
            "%(percent)s %% of your answers are right; %(needed)s %% are needed. Read the text again and try again."
        )
        raise Refused(Sentence(said, percent=percent, needed=locked.pass_percent))
    certificate = _certify(locked, by, percent)
    audit.record(verb=PASSED, thing=locked, by=by, certificate=certificate.number)
    return certificate


def _certify(module: TrainingModule, person: Person, percent: int | None) -> Certificate:
    now = database_now()
    expires = _months_later(now, module.valid_months) if module.valid_months else None
    return Certificate.objects.create(module=module, person=person, given_at=now, expires_at=expires, percent=percent)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _require_person(by: Person, module: TrainingModule) -> None:
    if by.is_machine:
        raise PermissionDenied(FOR_PEOPLE)
    if not visible_trainings(by).filter(pk=module.pk).exists():
        raise PermissionDenied


# ---- Sessions -------------------------------------------------------------------------------------------------------
@action
def plan_session(
    *, module: TrainingModule, starts_at: datetime, place: str, places: int, trainer: Person, by: Person
) -> TrainingSession:
    locked = _lock(module)
    policy.require(by, Permission.TRAINING_MANAGE, locked)
    if not locked.is_given or locked.is_on_demand:
        raise Conflict(locked, "plan")
    if starts_at <= database_now():
        raise Refused(_("This time has passed. Choose a later one."), field="starts_at")
    session = TrainingSession(module=locked, starts_at=starts_at, place=place.strip(), places=places, trainer=trainer)
    session.full_clean()
    session.save()
    audit.record(verb=PLANNED, thing=session, by=by, starts_at=starts_at.isoformat(), places=places, trainer=trainer.pk)
    return session


@action
def join_session(*, session: TrainingSession, by: Person) -> TrainingSeat:
    """A place for `by`; Refused where none is left or it has begun. Twice is once."""
    _require_person(by, session.module)
    locked = _lock_session(session)
    if not locked.is_open:
        raise Conflict(locked, "join")
    if locked.starts_at <= database_now():
        raise Refused(_("This session has begun."))
    if held := TrainingSeat.objects.filter(session=locked, person=by).first():
        return held
    if TrainingSeat.objects.filter(session=locked).count() >= locked.places:
        raise Refused(_("No place is left in this session."))
    seat = TrainingSeat.objects.create(session=locked, person=by)
    audit.record(verb=JOINED, thing=locked, by=by)
    return seat


@action
def leave_session(*, session: TrainingSession, by: Person) -> None:
    locked = _lock_session(session)
    seat = TrainingSeat.objects.filter(session=locked, person=by).first()
    if not locked.is_open or seat is None:
        raise Conflict(locked, "leave")
    seat.delete()
    audit.record(verb=LEFT, thing=locked, by=by)


@action
def call_off_session(*, session: TrainingSession, reason: str, by: Person) -> TrainingSession:
    locked = _lock_session(session)
    policy.require(by, Permission.TRAINING_MANAGE, locked)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    if not locked.is_open:
        raise Conflict(locked, "call_off")
    locked.called_off_at = database_now()
    locked.save(update_fields=["called_off_at"])
    audit.record(verb=CALLED_OFF, thing=locked, by=by, reason=reason.strip())
    return locked


@action
def record_attendance(*, session: TrainingSession, came: Iterable[int], by: Person) -> TrainingSession:
    """`came`: keys of the seats whose people came; each has a certificate now. By the trainer, or who manages trainings
    there; once, when it has begun."""
    locked = _lock_session(session)
    if locked.trainer_id != by.pk:
        policy.require(by, Permission.TRAINING_MANAGE, locked)
    elif by.is_machine:
        raise PermissionDenied(FOR_PEOPLE)
    if not locked.is_open:
        raise Conflict(locked, "record")
    if locked.starts_at > database_now():
        raise Refused(_("This session has not begun yet."))
    chosen, seats = set(came), list(TrainingSeat.objects.filter(session=locked).select_related("person").order_by("pk"))
    if chosen - {seat.pk for seat in seats}:
        raise Outdated(_("Somebody gave their place back meanwhile: look at the list again."))
    for seat in seats:
        seat.came = seat.pk in chosen
        seat.save(update_fields=["came"])
        if seat.came:
            certificate = _certify(locked.module, seat.person, None)
            audit.record(
                verb=CERTIFIED, thing=locked.module, by=by, person=seat.person_id, certificate=certificate.number
            )
    locked.recorded_at = database_now()
    locked.save(update_fields=["recorded_at"])
    audit.record(verb=RECORDED, thing=locked, by=by, came=len(chosen), seats=len(seats))
    return locked


def _lock(module: TrainingModule) -> TrainingModule:
    return locks.take(TrainingModule.objects.select_related("unit"), module.pk)


def _lock_session(session: TrainingSession) -> TrainingSession:
    return locks.take(TrainingSession.objects.select_related("module__unit"), session.pk)


# ---- Forgotten ------------------------------------------------------------------------------------------------------
def forget_training() -> int:
    """Certificates a year after they expired, who sat in a session a year after it, and attestations of versions that
    are over after five years; how many rows. What they prove is over."""
    rows = (
        Certificate.objects.filter(expires_at__lte=Now() - KEPT_AFTER_EXPIRY),
        TrainingSeat.objects.filter(session__starts_at__lte=Now() - SEATS_KEPT),
        PolicyAttestation.objects.filter(version__state__in=OVER, attested_at__lte=Now() - ATTESTATIONS_KEPT),
    )
    return sum(found.delete()[0] for found in rows)
