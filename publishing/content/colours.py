"""Pixels of any depth and colour space as the networks and browsers take them: sRGB, eight bits a colour."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageCms

SRGB = ImageCms.createProfile("sRGB")
SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
# What lies between two ways of rounding is no change that anybody should be told of.
ROUNDING = 3
SAMPLE = (64, 64)


def eight_bits(picture: Image.Image) -> Image.Image:
    """As L, RGB, CMYK or, where there are transparent parts, RGBA."""
    if picture.mode.startswith("I"):  # sixteen bits of grey: scaled, for a plain conversion cuts off what is above 255
        picture = picture.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        colours = picture.convert("RGBA")
        return colours if colours.getchannel("A").getextrema() != (255, 255) else colours.convert("RGB")
    if picture.mode in SPACES:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def in_srgb(picture: Image.Image, profile: bytes | None) -> tuple[Image.Image, bool]:
    """RGB or RGBA with nothing else attached, and whether the colours had to change; by `profile`, the ICC profile
    that came with the pixels, where it can be read and speaks of such pixels."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    bare = picture.convert("RGB") if alpha else picture
    plain = bare.convert("RGB")
    seen = _converted(bare, profile) if profile else None
    result = seen or plain
    if alpha:
        result.putalpha(alpha)
    ours = Image.new(result.mode, result.size)
    ours.paste(result)
    return ours, seen is not None and _differ(seen, plain)


def _converted(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """None where the profile is none, or one of other pixels."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if own.profile.xcolor_space.strip() != SPACES[picture.mode]:
            return None
        return ImageCms.profileToProfile(
            picture,
            own,
            SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _differ(one: Image.Image, other: Image.Image) -> bool:
    difference = ImageChops.difference(one.convert("RGB").resize(SAMPLE), other.convert("RGB").resize(SAMPLE))
    counts = difference.convert("RGB").histogram()  # 256 a colour
    return any(any(counts[256 * band + ROUNDING + 1 : 256 * (band + 1)]) for band in range(3))
