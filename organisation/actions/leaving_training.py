"""Training sessions of a trainer who leaves."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from organisation import audit, locks
from organisation.audit import action
from organisation.enums import Permission
from organisation.models import Person, TrainingSession
from organisation.open_work import HandOver, Thing, WorkKind

TAKEN_OVER = audit.tell("training_session.taken_over", _("%(actor)s gave this training session to another trainer"))


def _sessions(person: Person) -> Iterator[Thing]:
    held = TrainingSession.objects.filter(trainer=person, called_off_at__isnull=True, recorded_at__isnull=True)
    for one in held.select_related("module__unit"):
        yield Thing(one.pk, str(one), one.unit, one.get_absolute_url())


@action
def take_over_session(*, session: int, leaver: Person, to: Person, by: Person, reason: str) -> TrainingSession:
    """`to` trains in the place of `leaver`; nothing happens where somebody else does by now."""
    locked = locks.take(TrainingSession.objects.select_related("module__unit"), session)
    if locked.trainer_id != leaver.pk:
        return locked
    locked.trainer = to
    locked.save(update_fields=["trainer"])
    audit.record(verb=TAKEN_OVER, thing=locked, by=by, reason=reason, changes={"trainer": [leaver.pk, to.pk]})
    return locked


def _take_over(key: int, told: HandOver) -> None:
    take_over_session(session=key, leaver=told.leaver, to=told.to, by=told.by, reason=told.reason)


WORK = (
    WorkKind(
        key="training_session",
        label=_("Training sessions that they give"),
        one=_("Training session"),
        left=_("Nobody: it has no trainer at work"),
        takes=Permission.TRAINING_MANAGE,
        sees=Permission.TRAINING_VIEW,
        of=_sessions,
        hand_over=_take_over,
    ),
)
