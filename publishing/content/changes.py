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
FROM_CODEC = _("Re-encoded from %(codec)s.")
UPRIGHT_VIDEO = _("The video was turned upright.")
DEPTH_VIDEO = _("Reduced from %(bits)s bits a colour to 8.")
SAMPLING = _("Colours stored as every player reads them (4:2:0).")
HDR = _("Brought from high dynamic range (HDR) to the usual one.")
SOUND = _("Sound re-encoded from %(codec)s.")
SMALLER_VIDEO = _("The video was made smaller: it had %(width)s × %(height)s pixels.")
LIGHTER = _("Re-encoded to fit the networks: it had %(megabytes)s MB.")
REPACKED = _("Written anew as an MP4 that every player reads.")
FROM_MOVING = _("A moving image: it goes out as a video without sound.")
EXPORT = _("Export it as an MP4 with H.264 and AAC and try again.")


def made(*sentences: str | Promise | Sentence | None) -> Changes:
    """Those that are true, as a row keeps them."""
    return tuple(kept(one for one in sentences if one))


def listed(stored: Iterable[Stored]) -> list[str]:
    """One by one, in the language that is spoken now."""
    return [str(Sentence.of(one)) for one in stored]
