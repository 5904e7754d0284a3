"""Reads of the crisis room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crisis.enums import CrisisState, Phase
from crisis.models import Crisis, CrisisStep, Playbook
from delivery.models import Hold
from networks.folding import holds, score
from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries import concerned
from organisation.enums import Permission
from organisation.models import AuditEvent, Person, Unit
from organisation.queries import story, within
from organisation.queries.searching import Find, Finds, first_finds
from organisation.queries.units import reach
from organisation.queries.waiting import Waiting
from organisation.sentences import Sentence, colon

TOLD_FOR = timedelta(days=30)  # after its end, as its notices are kept

_ORDER = Case(
    *(When(phase=phase, then=Value(place)) for place, phase in enumerate(Phase.values)), output_field=IntegerField()
)


@dataclass(frozen=True)
class PhaseSteps:
    """The steps of one phase, in order; `done` of them are ticked (none in a playbook)."""

    phase: Phase
    steps: list[Any]

    @property
    def done(self) -> int:
        return sum(getattr(step, "done_at", None) is not None for step in self.steps)


def visible_playbooks(person: Person) -> QuerySet[Playbook]:
    """Playbooks of the units where `person` sees crises, with how many steps each has."""
    found = Playbook.objects.filter(within(person, Permission.CRISIS_VIEW)).select_related("unit")
    return found.annotate(step_count=Count("items"))


def visible_crises(person: Person) -> QuerySet[Crisis]:
    """Crises and exercises in units where `person` sees them, with how many steps each has and how many are done."""
    found = Crisis.objects.filter(within(person, Permission.CRISIS_VIEW))
    return found.select_related("unit", "playbook", "declared_by", "hold").annotate(
        step_count=Count("steps"), done_count=Count("steps", filter=Q(steps__done_at__isnull=False))
    )


def crises_told(person: Person) -> QuerySet[Crisis]:
    """Of units above those where `person` sees crises: they are told of these (`CRISIS`), and may know no more than
    what they were told. As long as a notice of them is kept."""
    above = {path[:end] for path in reach(person, Permission.CRISIS_VIEW) for end in range(0, len(path), Unit.steplen)}
    lately = Q(ended_at__isnull=True) | Q(ended_at__gt=Now() - TOLD_FOR)
    return Crisis.objects.filter(lately, unit__path__in=above).select_related("unit", "hold")


def by_phase(steps: QuerySet[Any]) -> list[PhaseSteps]:
    """Steps of a playbook or a crisis, by phase in the order in which they come; phases without a step are left out."""
    return _grouped(steps.annotate(place=_ORDER).order_by("place", "position"))


def _grouped(steps: Iterable[Any]) -> list[PhaseSteps]:
    phases: dict[Phase, list[Any]] = {}
    for step in steps:
        phases.setdefault(Phase(step.phase), []).append(step)
    return [PhaseSteps(phase, found) for phase, found in phases.items()]


def done_in_phase(step: CrisisStep) -> tuple[int, int]:
    """How many steps of its phase are done, and how many there are."""
    beside = CrisisStep.objects.filter(crisis=step.crisis_id, phase=step.phase)
    counted = beside.aggregate(done=Count("pk", filter=Q(done_at__isnull=False)), number=Count("pk"))
    return counted["done"], counted["number"]


def what_came_between(step: CrisisStep) -> AuditEvent | None:
    """The latest that happened to the step, or to its crisis where that is over."""
    return story(step if step.crisis.is_running else step.crisis).first()


def freeze_of(crisis: Crisis) -> Hold | None:
    """The crisis's own freeze while it is in force."""
    if crisis.hold_id is None:
        return None
    return Hold.objects.in_force().filter(pk=crisis.hold_id).select_related("unit", "account", "placed_by").first()


def waiting_for(person: Person) -> list[Waiting]:
    """Running crises and exercises, with the steps still open, for who leads them."""
    running = visible_crises(person).filter(within(person, Permission.CRISIS_LEAD), state=CrisisState.DECLARED)
    open_steps = dict(running.values_list("pk", F("step_count") - F("done_count")))
    return [_waiting(crisis, open_steps[crisis.pk]) for crisis in running]


def _waiting(crisis: Crisis, left: int) -> Waiting:
    steps = ngettext("%(n)s step left", "%(n)s steps left", left) % {"n": left} if left else _("Every step is done")
    return Waiting(
        title=f"{crisis.kind_label}{colon()} {crisis.title}",
        detail=steps,
        url=reverse("crisis:crisis_detail", args=[crisis.pk]),
        act=_("Work the steps"),
        weight=0 if crisis.is_exercise else 5,
    )


def found_for(person: Person, words: str) -> Iterable[Finds]:
    """Playbooks in sight by title and use, the best first."""
    told = {one: f"{one.title} {one.summary}" for one in visible_playbooks(person)}
    found = sorted((one for one in told if holds(told[one], words)), key=lambda one: -score(told[one], words))
    yield from first_finds(gettext_lazy("Playbooks"), "life-preserver", found, _playbook_found)


def _playbook_found(playbook: Playbook) -> Find:
    return Find(playbook.title, playbook.unit.name, reverse("crisis:playbook_detail", args=[playbook.pk]))


# ---- What everybody in the units that it concerns has to know, at any hour -------------------------------------------
def _running() -> QuerySet[Crisis]:
    return Crisis.objects.filter(ended_at__isnull=True)


def _standing() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in _running().order_by("pk").values_list("pk", flat=True))


def _about(pk: int) -> About | None:
    crisis = _running().filter(pk=pk).select_related("unit").first()
    if crisis is None:
        return None
    words = gettext_lazy("Exercise: %(title)s") if crisis.is_exercise else gettext_lazy("Crisis: %(title)s")
    return About(
        key=str(crisis.pk),
        words=Sentence(words, title=crisis.title),
        url=reverse("crisis:crisis_detail", args=[crisis.pk]),
        unit=crisis.unit,
        sees=Permission.CRISIS_VIEW,
        people=concerned(Permission.CRISIS_VIEW, crisis.unit),
        reaches_down=True,
    )


CRISIS = Kind(
    key="crisis",
    label=gettext_lazy("A crisis was declared"),
    urgency=Urgency.EMERGENCY,
    standing=_standing,
    about=_about,
    needed_by=frozenset({Permission.CRISIS_LEAD}),
)
