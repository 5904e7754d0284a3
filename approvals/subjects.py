"""The rooms above say what can be approved: a registry by inversion, so that approvals knows none of them.

A room calls `register` in its AppConfig.ready. From then on nobody approves what they wrote, whatever the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from organisation import policy
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries.authority import same_hand

Facts = Mapping[str, Any]
WROTE = _("You wrote or changed this, or count as who did: somebody else has to approve it.")
OF_OTHERS = _("Of what others wrote: nobody approves their own words.")


@dataclass(frozen=True)
class Matter:
    """What has to be cleared: exactly this hash of this subject. `on_own_word`: no second hand is asked for."""

    kind: str
    subject_id: int
    content_hash: str
    on_own_word: bool = False


class Subject(Protocol):
    """What a kind of thing answers about itself. `thing` is one of its rows, held under lock wherever it may change."""

    @property
    def kind(self) -> str:
        """As requests and routes name it."""
        ...

    @property
    def noun(self) -> str:
        """Its model, as "app.model"."""
        ...

    @property
    def label(self) -> str | Promise:
        """What people call such things, in the plural."""
        ...

    @property
    def permission(self) -> Permission:
        """What it takes to approve one."""
        ...

    @property
    def sees(self) -> Permission:
        """What it takes to look at one."""
        ...

    def approval_url(self, thing: Any) -> str:
        """Where one is read and decided about."""
        ...

    def content_hash(self, thing: Any) -> str:
        """Of exactly what is to be approved, as it stands now."""
        ...

    def editors(self, thing: Any) -> Iterable[Person]:
        """Everybody who wrote a word of it: none of them approves it."""
        ...

    def reach(self, thing: Any) -> Iterable[str]:
        """Paths of all units in whose name it speaks: over each of them somebody who approves it must have a say."""
        ...

    def advanced(self, thing: Any, by: Person, details: Facts) -> None:
        """`by` took a step, and another is asked for. Told in the act that writes it, before it is written, as are the
        others: what the subject refuses is not recorded."""
        ...

    def cleared(self, thing: Any, by: Person, details: Facts) -> None:
        """`by` took the last step."""
        ...

    def sent_back(self, thing: Any, by: Person, details: Facts) -> None:
        """`by` asked for changes."""
        ...

    def rejected(self, thing: Any, by: Person, details: Facts) -> None:
        """`by` refused it."""
        ...


_SUBJECTS: dict[str, Subject] = {}


@predicate
def has_written(person: Person, thing: object) -> bool:
    """Wrote or edited it, or counts as somebody who did."""
    subject = subject_of(thing)
    return subject is not None and any(same_hand(person, editor) for editor in subject.editors(thing))


def register(subject: Subject) -> None:
    """From now on `subject` speaks for things of its kind, and their editors approve none of them."""
    if subject.permission not in {one.permission for one in _SUBJECTS.values()}:
        policy.condition(subject.permission, ~has_written, why=WROTE, rule=OF_OTHERS)
    _SUBJECTS[subject.kind] = subject


def subject_of(thing: Any) -> Subject | None:
    """Who speaks for `thing`; None where it is nothing that is approved."""
    meta = getattr(thing, "_meta", None)
    return next((one for one in _SUBJECTS.values() if meta is not None and one.noun == meta.label_lower), None)


def subject(kind: str) -> Subject:
    """KeyError where no room has registered this kind."""
    return _SUBJECTS[kind]


def registered() -> list[Subject]:
    return [_SUBJECTS[kind] for kind in sorted(_SUBJECTS)]
