"""What Parvis did to a file so that networks take it, as sentences that are kept and shown before approval."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.sentences import Sentence, Stored, kept

Changes = tuple[Stored, ...]

UPRIGHT = _("Turned upright.")
COLOURS = _("Colours converted to sRGB.")
FROM_PRINT = _("Colours for print (CMYK) converted to sRGB.")
DEPTH = _("Reduced from 16 bits a colour to 8.")
FROM_HEIC = _("Re-encoded from HEIC.")
SMALLER = _("Made smaller: it had %(width)s × %(height)s pixels.")
GROUND = _("It has transparent parts: networks that take none get it on a white ground.")


def made(*sentences: str | Promise | Sentence | None) -> Changes:
    """Those that are true, as a row keeps them."""
    return tuple(kept(one for one in sentences if one))


def listed(stored: Iterable[Stored]) -> list[str]:
    """One by one, in the language that is spoken now."""
    return [str(Sentence.of(one)) for one in stored]
