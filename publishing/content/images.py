"""An uploaded image becomes one of ours: decoded, turned upright, shrunk, brought to sRGB, written without metadata.

Nothing of the upload survives but its pixels: neither name, nor declared type, nor bytes that hide behind an image.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from networks.catalogue import NETWORKS
from networks.kinds import Capabilities
from networks.pictures import TIMES_TOLD, pixels_told
from organisation.lifecycle import Refused
from organisation.sentences import Sentence
from publishing.content import changes, colours, heif
from publishing.content.changes import Changes
from publishing.content.refusals import too_much

register_heif_opener()
READ = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")  # among JPEG, those that hold a second picture (MPO)
STILL = ("JPEG", "MPO", "HEIF")  # more than one picture in such a file is no movement
UPLOAD_BYTES = 15_000_000
PIXELS = 30_000_000
# A HEIC may be put together out of parts that are larger than what is seen of them.
PIXELS_TOLD = TIMES_TOLD * PIXELS
ORIENTATION = 0x0112
LONGEST_SIDE = 2048
LARGEST = 5_000_000  # more would only make sending slow
QUALITIES = (88, 78, 66, 50)


class Moving(Refused):
    """It moves: a film can be made of it (`publishing.content.moving`), and no image."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How many bytes an image may have."""

    most_bytes: int

    @classmethod
    def of(cls, chosen: Iterable[Capabilities] = ()) -> Fit:
        """What all the networks in `chosen` take that take pictures at all; all of the catalogue without one."""
        every = [network.capabilities for network in NETWORKS.values() if network.capabilities.publishes]
        takers = [one for one in chosen if one.pictures and one.media_types]
        takers = takers or [one for one in every if one.pictures and one.media_types]
        most = min((one.media_bytes for one in takers), default=LARGEST)
        return cls(min(most * 95 // 100, LARGEST))  # a little below: some count the envelope too


@dataclass(frozen=True, slots=True)
class SafeImage:
    """`content` are the bytes to keep; `flat` the same on a white ground, as JPEG, where it has transparent parts.

    `changes` say what became of the pixels (`publishing.content.changes`).
    """

    content: bytes
    mime: str
    width: int
    height: int
    flat: bytes = b""
    changes: Changes = ()

    @property
    def name(self) -> str:
        """The SHA-256 of the bytes, with the ending of their type."""
        return named(self.content, "png" if self.mime == "image/png" else "jpg")


def named(content: bytes, ending: str) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.{ending}"


def reencode(upload: BinaryIO, fit: Fit | None = None) -> SafeImage:
    """The image in `upload`, made anew so that it fits. Raises Refused at `image` with what is wrong."""
    raw = upload.read(UPLOAD_BYTES + 1)
    require_size(len(raw))
    picture, done = _decode(raw)
    content, mime, flat = _encode(picture, fit or Fit.of())
    done += changes.made(changes.GROUND if flat else None)
    return SafeImage(content, mime, picture.width, picture.height, flat, done)


def require_size(size: int) -> None:
    """Refused at `image` where so many bytes are more than a person may upload."""
    if size > UPLOAD_BYTES:
        raise Refused(_("The file is larger than 15 MB. Save the image smaller and try again."), field="image")


def _decode(raw: bytes) -> tuple[Image.Image, Changes]:
    """Its pixels, as RGB or RGBA, and what was done to them."""
    try:
        if raw[4:8] == b"ftyp" and heif.pixels_told(raw, PIXELS_TOLD) > PIXELS_TOLD:
            raise too_much("image")
        with Image.open(io.BytesIO(raw), formats=READ) as opened:
            _require_bearable(opened, raw)
            return _normalised(opened, deep=opened.format == "PNG" and raw[24] == 16)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _too_many_pixels() from None
    except Exception:  # whatever a hostile file makes a decoder say, to the person it is the same
        said = _("This file is not an image that Parvis can read. Use a JPEG, PNG, WebP, HEIC or GIF image.")
        raise Refused(said, field="image") from None


def _require_bearable(opened: Image.Image, raw: bytes) -> None:
    width, height = opened.size
    if width * height > PIXELS:
        raise _too_many_pixels()
    if pixels_told(opened, raw) > PIXELS_TOLD:
        raise too_much("image")
    if opened.format not in STILL and getattr(opened, "is_animated", False):
        raise Moving(_("A moving image goes out as a video. Choose a still one here."), field="image")


def _normalised(opened: Image.Image, *, deep: bool) -> tuple[Image.Image, Changes]:
    size, print_colours, profile = opened.size, opened.mode == "CMYK", opened.info.get("icc_profile")
    # The reader of HEIC turns by itself, and tells how it lay.
    lay = opened.info.get("original_orientation") or opened.getexif().get(ORIENTATION, 1)
    opened.draft(opened.mode, (LONGEST_SIDE, LONGEST_SIDE))
    picture = colours.eight_bits(ImageOps.exif_transpose(opened))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    picture, shifted = colours.in_srgb(picture, profile)
    smaller = Sentence(changes.SMALLER, width=size[0], height=size[1])
    return picture, changes.made(
        changes.FROM_HEIC if opened.format == "HEIF" else None,
        changes.UPRIGHT if lay not in (0, 1) else None,
        smaller if max(size) > LONGEST_SIDE else None,
        changes.DEPTH if deep else None,
        changes.FROM_PRINT if print_colours else changes.COLOURS if shifted else None,
    )


def _too_many_pixels() -> Refused:
    return Refused(_("The image has more than 30 million pixels. Save it smaller and try again."), field="image")


def _encode(picture: Image.Image, fit: Fit) -> tuple[bytes, str, bytes]:
    """PNG for what has transparent parts and is small enough, with the same on white; else JPEG, as good as fits."""
    if picture.mode != "RGBA":
        return _jpeg(picture, fit), "image/jpeg", b""
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    content, flat = _written(picture, "PNG", optimize=True), _jpeg(ground, fit)
    return (content, "image/png", flat) if len(content) <= LARGEST else (flat, "image/jpeg", b"")


def _jpeg(picture: Image.Image, fit: Fit) -> bytes:
    for quality in QUALITIES:
        content = _written(picture, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(content) <= fit.most_bytes:
            return content
    raise Refused(_("This image stays too large for the networks. Save it smaller and try again."), field="image")


def _written(picture: Image.Image, form: str, **options: int) -> bytes:
    with io.BytesIO() as target:
        picture.save(target, form, **options)
        return target.getvalue()
