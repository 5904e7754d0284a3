"""Keys of programs that end soon: whoever administers the service account makes another one in time."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries.people import holders
from organisation.enums import Permission
from organisation.queries.keys import ending_keys
from organisation.sentences import Sentence


def _keys() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in ending_keys().order_by("pk").values_list("pk", flat=True))


def _about_key(pk: int) -> About | None:
    key = ending_keys().filter(pk=pk).select_related("person__unit", "person__responsible__unit").first()
    if key is None:
        return None
    machine = key.person
    assert machine.responsible is not None
    return About(
        key=str(key.pk),
        words=Sentence(_("The key %(key)s of %(name)s ends soon: renew it."), key=str(key), name=machine.name),
        url=reverse("organisation:person_detail", args=[machine.pk]),
        unit=machine.unit,
        sees=Permission.PERSON_VIEW,
        people=[machine.responsible, *holders(Permission.PERSON_MANAGE, machine.unit)],
        due_at=key.expires_at,
    )


KINDS = (Kind("key_ending", _("A program’s key ends soon"), Urgency.SOON, _keys, _about_key),)
