"""A person says how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.utils.translation import gettext_lazy as _

from notices.enums import Way
from notices.kinds import registered
from notices.models import Addressee, NoticeChoices
from notices.queries.letters import when_to_mail
from organisation import audit
from organisation.audit import action
from organisation.clock import database_now
from organisation.lifecycle import Refused
from organisation.models import Person

CHOSEN = audit.tell("notices.chosen", _("%(actor)s chose how they are told"))
NEEDED = _("Your role needs this: its mail cannot be switched off.")


@action
def choose(
    *, by: Person, digest_at: time, quiet_from: time | None, quiet_until: time | None, ways: Mapping[str, str]
) -> NoticeChoices:
    """What `by` wants; for whatever waits to be mailed to them too. `ways` by keys of kinds; what is not named stays.

    Refused, at the kind's key, where it is not a way that they may choose.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    for kind in registered():
        if kind.key in ways and ways[kind.key] not in kind.ways_for(by):
            raise Refused(NEEDED if ways[kind.key] == Way.OFF else _("Choose how this reaches you."), field=kind.key)
    choices = NoticeChoices.objects.filter(person=by).first() or NoticeChoices(person=by)
    new = {"digest_at": digest_at, "quiet_from": quiet_from, "quiet_until": quiet_until}
    new |= {"ways": choices.ways | {kind.key: ways[kind.key] for kind in registered() if kind.key in ways}}
    changes = audit.differences(audit.values_of(choices, new), new)
    if not changes["changes"] and choices.pk:
        return choices
    for name, value in new.items():
        setattr(choices, name, value)
    choices.save()
    _mail_anew(by, choices)
    audit.record(verb=CHOSEN, thing=choices, by=by, **changes)
    return choices


def _mail_anew(person: Person, choices: NoticeChoices) -> None:
    """What stands and has gone into no letter yet is mailed as they want it from now on."""
    waiting = Addressee.objects.filter(person=person, letter__isnull=True, seen_at__isnull=True)
    now = database_now()
    for one in waiting.filter(notice__settled_at__isnull=True).select_related("notice"):
        kind = one.notice.as_kind
        if kind is not None:
            one.mail_at = when_to_mail(kind, person, choices, now)
            one.save(update_fields=["mail_at"])
