from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crisis.enums import Phase
from crisis.models import ChecklistItem, Playbook
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit

CREATED = audit.tell("playbook.created", _("%(actor)s wrote this playbook"))
UPDATED = audit.tell("playbook.updated", _("%(actor)s changed this playbook"))

MOST_STEPS = 300
Steps = Mapping[str, Sequence[str]]


@action
def create_playbook(*, unit: Unit, title: str, summary: str, steps: Steps, by: Person) -> Playbook:
    """A playbook of `unit`. `steps` maps each phase to its steps, in order."""
    policy.require(by, Permission.PLAYBOOK_WRITE, unit)
    playbook = Playbook.objects.create(unit=unit, title=title, summary=summary)
    _write(playbook, steps)
    audit.record(verb=CREATED, thing=playbook, by=by, title=title, steps=_as_lists(steps))
    return playbook


@action
def update_playbook(
    *, playbook: Playbook, title: str, summary: str, steps: Steps, by: Person, edition: int | None = None
) -> Playbook:
    """The next edition. Crises that were declared keep the steps they began with.

    `edition` is the one that `by` had before them: Conflict when somebody has changed it since.
    """
    locked = Playbook.objects.select_for_update(of=("self",)).select_related("unit").get(pk=playbook.pk)
    policy.require(by, Permission.PLAYBOOK_WRITE, locked)
    if edition is not None and edition != locked.edition:
        raise Conflict(locked, "update")
    told = ("title", "summary")
    before = audit.values_of(locked, told) | {"steps": _steps_of(locked)}
    locked.title, locked.summary, locked.edition = title, summary, locked.edition + 1
    locked.save(update_fields=["title", "summary", "edition"])
    Playbook.objects.filter(pk=locked.pk).update(changed_at=Now())
    locked.items.all().delete()
    _write(locked, steps)
    after = audit.values_of(locked, told) | {"steps": _steps_of(locked)}
    audit.record(verb=UPDATED, thing=locked, by=by, edition=locked.edition, **after, **audit.differences(before, after))
    return locked


def _write(playbook: Playbook, steps: Steps) -> None:
    items = [
        ChecklistItem(playbook=playbook, phase=phase, position=place, text=text)
        for phase in Phase.values
        for place, text in enumerate(steps.get(phase, ()), start=1)
    ]
    if not items:
        raise Refused(_("Write at least one step."), field="during")
    if len(items) > MOST_STEPS:
        raise Refused(_("A playbook has at most %(count)s steps.") % {"count": MOST_STEPS})
    if any(len(item.text) > 500 for item in items):
        raise Refused(_("A step has at most 500 characters."))
    ChecklistItem.objects.bulk_create(items)


def _steps_of(playbook: Playbook) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for phase, text in playbook.items.order_by("phase", "position").values_list("phase", "text"):
        found.setdefault(phase, []).append(text)
    return found


def _as_lists(steps: Steps) -> dict[str, list[str]]:
    return {phase: list(texts) for phase, texts in steps.items()}
