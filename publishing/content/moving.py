"""Moving images (GIF, WebP, PNG) as films: no network takes them all, and every one takes an MP4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageSequence

from organisation.lifecycle import Refused
from publishing.content import colours
from publishing.content.conversion import Report, from_frames

FORMS = ("GIF", "WEBP", "PNG")
RATE = 25  # frames a second
SHORTEST, LONGEST = 3, 60  # seconds: what is shorter runs again, as it does on a page
LONGEST_SIDE = 1280
MOST_PIXELS = 4_000_000_000  # of all frames of the film together
# Pixels: each frame has all of the ground, however little changes on it. Twice as many for a usual film that runs once:
# a minute of 1080p at 30 a second. Measured (November 2026): 0.05 seconds to decode one, as much to write it.
MOST_DECODED, GROUND = 2_000_000_000, 1920 * 1080
USUAL = 100  # milliseconds, where the file names no time that is meant


def film_of(path: Path, target: Path, report: Report) -> None:
    """Writes to `target` what the moving image at `path` shows, on a white ground; `report` is told percents. Refused
    at `image`."""
    try:
        with Image.open(path, formats=FORMS) as opened:
            if _decoded(opened) > most_decoded(opened, rounds=1):
                raise _too_long()
            size = _fitting(opened.size)
            times = _times(opened)
            rounds = -(-SHORTEST * 1000 // sum(times))
            written = size[0] * size[1] * rounds * sum(times) * RATE / 1000
            if (
                sum(times) > LONGEST * 1000
                or written > MOST_PIXELS
                or _decoded(opened) * rounds > most_decoded(opened, rounds)
            ):
                raise _too_long()
            from_frames(_frames(opened, times, size, rounds, report), size, RATE, target)
    except Refused:
        raise
    except Exception:  # whatever a hostile file makes a decoder say, to the person it is the same
        said = _("This moving image cannot be read to its end. Make a video of it and choose that.")
        raise Refused(said, field="image") from None


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Even, as films have to be, and no larger than is shown."""
    shrunk = min(1.0, LONGEST_SIDE / max(size))
    width, height = (max(2, round(side * shrunk / 2) * 2) for side in size)
    return width, height


def _decoded(opened: Image.Image) -> int:
    return opened.width * opened.height * int(getattr(opened, "n_frames", 1))


def most_decoded(opened: Image.Image, rounds: int) -> int:
    """Pixels that are decoded at most."""
    return MOST_DECODED * (2 if rounds == 1 and opened.width * opened.height <= GROUND else 1)


def _too_long() -> Refused:
    return Refused(_("This moving image is too long. Make a video of it and choose that."), field="image")


def _times(opened: Image.Image) -> list[int]:
    """Milliseconds for which each frame stands."""
    found = []
    for frame in ImageSequence.Iterator(opened):
        frame.load()  # only then a WebP tells
        stands = int(frame.info.get("duration") or 0)
        found.append(stands if stands > 10 else USUAL)
        if sum(found) > LONGEST * 1000:
            break
    return found


def _frames(
    opened: Image.Image, times: list[int], size: tuple[int, int], rounds: int, report: Report
) -> Iterator[bytes]:
    """So many copies of each that it stands for its time; `report` is told how far it is."""
    passed = written = 0
    for _round in range(rounds):
        for frame, stands in zip(ImageSequence.Iterator(opened), times, strict=False):
            picture, _shifted = colours.in_srgb(colours.eight_bits(frame), opened.info.get("icc_profile"))
            ground = Image.new("RGB", picture.size, "white")
            ground.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
            raw = ground.resize(size, Image.Resampling.LANCZOS).tobytes()
            passed += stands
            for _copy in range(round(passed * RATE / 1000) - written):
                yield raw
                written += 1
            report(min(99, passed * 100 // (rounds * sum(times))))
