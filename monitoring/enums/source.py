from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class SourceState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("source", "Read regularly")
    PAUSED = "paused", pgettext_lazy("source", "Paused")
    ENDED = "ended", pgettext_lazy("source", "Ended")


SOURCE_LIFECYCLE = lifecycle(
    noun="source",
    states=SourceState,
    initial=SourceState.ACTIVE,
    finals=frozenset({SourceState.ENDED}),
    transitions=(
        Transition(
            name="pause",
            label=_("Pause this source"),
            sources=(SourceState.ACTIVE,),
            target=SourceState.PAUSED,
            permission=Permission.WATCH_MANAGE,
            told=_("%(actor)s paused this source"),
        ),
        Transition(
            name="resume",
            label=_("Read it again"),
            sources=(SourceState.PAUSED,),
            target=SourceState.ACTIVE,
            permission=Permission.WATCH_MANAGE,
            told=_("%(actor)s had this source read again"),
            guard="may_be_read",
        ),
        Transition(
            name="end",
            label=_("End this source"),
            sources=(SourceState.ACTIVE, SourceState.PAUSED),
            target=SourceState.ENDED,
            permission=Permission.WATCH_MANAGE,
            told=_("%(actor)s ended this source"),
        ),
        Transition(
            name="expire",
            label=_("The source's term is over"),
            sources=(SourceState.ACTIVE, SourceState.PAUSED),
            target=SourceState.ENDED,
            permission=None,
            told=_("%(actor)s ended this source: its term is over"),
        ),
    ),
)

# What is wrong with an address, by the code of a `networks.errors` type.
_SENTENCES: dict[str, str | Promise] = {
    "unavailable": _("The address cannot be reached just now. Parvis tries again by itself."),
    "rate_limited": _("The server asks us to come less often. Parvis waits and tries again."),
    "gone": _("There is nothing at this address any more. Look whether it has moved, and add the new one."),
    "permission_missing": _("The server lets nobody read this without signing in. Only public addresses can be read."),
    "egress_refused": _(
        "Parvis may not call this address. Check it for a typing error; only public addresses are read."
    ),
    "invalid": _("What is at this address cannot be read: it is of another kind, too large, or holds no text."),
}
_UNNAMED = _("The address did not answer as expected. Parvis tries again by itself.")


def source_sentence(code: str) -> str:
    """What `code` means for somebody who wants an address to be read; empty for no code."""
    return str(_SENTENCES.get(code, _UNNAMED)) if code else ""
