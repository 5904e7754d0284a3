"""An uploaded image becomes one of ours: decoded, turned upright, shrunk, and written anew without any metadata.

Nothing of the upload survives but its pixels: neither name, nor declared type, nor bytes that hide behind an image.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from networks.catalogue import NETWORKS
from networks.kinds import Capabilities
from organisation.lifecycle import Refused
from publishing.content.refusals import too_much

READ = ("JPEG", "PNG", "WEBP")
UPLOAD_BYTES = 15_000_000
PIXELS = 30_000_000
# A JPEG may tell its pixels over and over, each time a little sharper: ten times is usual, and each costs the same.
PIXELS_TOLD = 20 * PIXELS
SCAN = b"\xff\xda"
LONGEST_SIDE = 2048
LARGEST = 5_000_000  # more would only make sending slow
QUALITIES = (88, 78, 66, 50)


@dataclass(frozen=True, slots=True)
class Fit:
    """What an image has to fit: bytes, and whether it may keep its transparency."""

    most_bytes: int
    transparent: bool

    @classmethod
    def of(cls, chosen: Iterable[Capabilities] = ()) -> Fit:
        """What all the networks in `chosen` take that take pictures at all; all of the catalogue without one."""
        every = [network.capabilities for network in NETWORKS.values() if network.capabilities.publishes]
        takers = [one for one in chosen if one.pictures and one.media_types]
        takers = takers or [one for one in every if one.pictures and one.media_types]
        most = min((one.media_bytes for one in takers), default=LARGEST)
        # A little below: some count the envelope too.
        return cls(min(most * 95 // 100, LARGEST), all("image/png" in one.media_types for one in takers))


@dataclass(frozen=True, slots=True)
class SafeImage:
    """`content` are the bytes to keep, `name` is the SHA-256 of them with the type's ending."""

    content: bytes
    mime: str
    width: int
    height: int

    @property
    def name(self) -> str:
        ending = "png" if self.mime == "image/png" else "jpg"
        return f"{hashlib.sha256(self.content).hexdigest()}.{ending}"


def reencode(upload: BinaryIO, fit: Fit | None = None) -> SafeImage:
    """The image in `upload`, made anew so that it fits. Raises Refused at `image` with what is wrong."""
    raw = upload.read(UPLOAD_BYTES + 1)
    require_size(len(raw))
    picture = _decode(raw)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    content, mime = _encode(picture, fit or Fit.of())
    return SafeImage(content, mime, picture.width, picture.height)


def require_size(size: int) -> None:
    """Refused at `image` where so many bytes are more than a person may upload."""
    if size > UPLOAD_BYTES:
        raise Refused(_("The file is larger than 15 MB. Save the image smaller and try again."), field="image")


def _decode(raw: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(raw), formats=READ) as opened:
            width, height = opened.size
            if width * height > PIXELS:
                raise _too_many_pixels()
            if opened.format == "JPEG" and width * height * raw.count(SCAN) > PIXELS_TOLD:
                raise too_much("image")
            if getattr(opened, "is_animated", False):
                raise Refused(_("Moving images cannot be sent yet. Choose a still one."), field="image")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _flat(ImageOps.exif_transpose(opened))
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _too_many_pixels() from None
    except Exception:  # whatever a hostile file makes a decoder say, to the person it is the same
        raise Refused(
            _("This file is not an image that Parvis can read. Use a JPEG, PNG or WebP image."), field="image"
        ) from None


def _too_many_pixels() -> Refused:
    return Refused(_("The image has more than 30 million pixels. Save it smaller and try again."), field="image")


def _flat(picture: Image.Image) -> Image.Image:
    """Colours as RGB, with transparency where there is any, and nothing else attached."""
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    colours = picture.convert("RGBA" if transparent else "RGB")
    if transparent and colours.getchannel("A").getextrema() == (255, 255):
        colours = colours.convert("RGB")
    bare = Image.new(colours.mode, colours.size)
    bare.paste(colours)
    return bare


def _encode(picture: Image.Image, fit: Fit) -> tuple[bytes, str]:
    """PNG for what is transparent and may be, else JPEG; as good as fits."""
    if picture.mode == "RGBA":
        content = _written(picture, "PNG", optimize=True)
        if fit.transparent and len(content) <= fit.most_bytes:
            return content, "image/png"
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    for quality in QUALITIES:
        content = _written(picture, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(content) <= fit.most_bytes:
            return content, "image/jpeg"
    raise Refused(_("This image stays too large for the networks. Save it smaller and try again."), field="image")


def _written(picture: Image.Image, form: str, **options: int) -> bytes:
    with io.BytesIO() as target:
        picture.save(target, form, **options)
        return target.getvalue()
